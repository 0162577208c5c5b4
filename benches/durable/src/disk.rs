//! The disk below the stores: that it is one, and how long it takes to sync.

use statewright_load::{Result, quantile};
use std::fmt;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

/// File systems that keep everything in memory.
const MEMORY: [&str; 3] = ["tmpfs", "ramfs", "devtmpfs"];

/// What the kernel calls the file system of a folder and what is below it.
pub struct Disk {
    system: String,
    device: String,
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.system, self.device)
    }
}

impl Disk {
    /// The disk that a folder is on, if it is one.
    pub fn of(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        // The longest mount point is the nearest one; of two at one place the last one is seen.
        let nearest = mounts
            .lines()
            .filter_map(Mount::parse)
            .filter(|mount| folder.starts_with(mount.point))
            .max_by_key(|mount| mount.point.len())
            .ok_or("the kernel names no mount point above the folder")?;
        if MEMORY.contains(&nearest.system) {
            let (folder, system) = (folder.display(), nearest.system);
            return Err(format!(
                "{folder} is on {system}, which is memory: name a folder on a disk with `--folder`"
            )
            .into());
        }
        Ok(Self { system: nearest.system.into(), device: nearest.device.into() })
    }
}

/// A line of the kernel's list of mounts.
struct Mount<'a> {
    point: &'a str,
    system: &'a str,
    device: &'a str,
}

impl<'a> Mount<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (place, what) = line.split_once(" - ")?;
        let mut what = what.split(' ');
        Some(Self { point: place.split(' ').nth(4)?, system: what.next()?, device: what.next()? })
    }
}

const SYNCS: u64 = 200;
const PAGE: u64 = 4096;

/// Half of all syncs of a page within a file, and all but a hundredth, took at most so many
/// milliseconds.
pub fn latency(folder: &Path) -> Result<[f64; 2]> {
    let path = folder.join("latency");
    let file = File::create(&path)?;
    file.write_all_at(&vec![0; (SYNCS * PAGE) as usize], 0)?;
    file.sync_all()?;
    let page = [1; PAGE as usize];
    let mut times = Vec::new();
    for at in 0..SYNCS {
        let start = Instant::now();
        file.write_all_at(&page, at * PAGE)?;
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    fs::remove_file(path)?;
    Ok([0.5, 0.99].map(|part| quantile(&mut times, part)))
}
