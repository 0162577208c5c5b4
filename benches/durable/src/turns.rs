//! All contenders in turns, so that what else the machine does hits all alike.

use crate::alone::Process;
use crate::contenders::{ALL, Contender, Place};
use crate::disk::{self, Disk};
use crate::table::{self, Row};
use crate::{Arguments, ours};
use statewright_load::Result;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Measures all who are asked for and prints the table.
pub fn everybody(arguments: &Arguments) -> Result<()> {
    let folder = match &arguments.folder {
        Some(folder) => folder.clone(),
        None => std::env::current_exe()?.with_file_name("durable-stores"),
    };
    fs::create_dir_all(&folder)?;
    println!("The stores are on {}.", Disk::of(&folder)?);
    let mut rows = rows(arguments);
    let programs = Programs::of(&rows)?;
    for run in 1..=arguments.runs.get() {
        for row in &mut rows {
            eprintln!("run {run}: {} clients, {}", row.clients, row.contender);
            measure(row, &programs, &folder, arguments)?;
        }
    }
    for row in &mut rows {
        eprintln!("syncs: {} clients, {}", row.clients, row.contender);
        match programs.process(row, &folder).syncs() {
            Ok(syncs) => row.syncs = Some(syncs),
            Err(error) => eprintln!("syncs are not counted: {error}"),
        }
    }
    table::print(&rows);
    Ok(())
}

/// Who is asked for, by clients; the plain file always.
fn rows(arguments: &Arguments) -> Vec<Row> {
    let asked = |contender: &Contender| {
        let names = &arguments.contenders;
        names.is_empty() || names.iter().any(|name| name == contender.name)
    };
    let mut rows = Vec::new();
    for clients in &arguments.clients {
        for (at, contender) in ALL.iter().enumerate() {
            if at == 0 || asked(contender) {
                rows.push(Row::new(clients.get(), contender.name));
            }
        }
    }
    rows
}

/// How a process is started that measures a contender.
struct Programs {
    here: Vec<OsString>,
    /// Empty if it is not asked for.
    ours: Vec<OsString>,
}

impl Programs {
    /// Those that are needed.
    fn of(rows: &[Row]) -> Result<Self> {
        let here = vec![std::env::current_exe()?.into(), "alone".into()];
        let is_needed = rows.iter().any(|row| is_ours(row.contender));
        let ours = if is_needed { vec![ours::build()?.into()] } else { Vec::new() };
        Ok(Self { here, ours })
    }

    fn process<'a>(&'a self, row: &Row, folder: &'a Path) -> Process<'a> {
        let Row { contender, clients, .. } = *row;
        let program = if is_ours(contender) { &self.ours } else { &self.here };
        Process { contender, clients, program, folder }
    }
}

fn is_ours(name: &str) -> bool {
    ALL.iter().any(|contender| contender.name == name && matches!(contender.place, Place::Ours))
}

/// How often a measurement is tried while the disk has other things to do.
const TRIES: usize = 4;

/// One run, with the disk as it was before and after it. Who fails is out of the medians of this
/// run, and the reader is told.
fn measure(row: &mut Row, programs: &Programs, folder: &Path, arguments: &Arguments) -> Result<()> {
    let calm = arguments.calm.unwrap_or(f64::INFINITY);
    for left in (0..TRIES).rev() {
        let before = calm_down(folder, calm)?;
        let figures =
            match programs.process(row, folder).for_seconds(arguments.seconds, arguments.slower) {
                Ok(figures) => figures,
                Err(error) => {
                    eprintln!("{} with {} clients: {error}", row.contender, row.clients);
                    return Ok(());
                }
            };
        let after = disk::latency(folder)?;
        if after[1] <= calm || left == 0 {
            row.latencies.push([before[0].max(after[0]), before[1].max(after[1])]);
            row.runs.push(figures);
            return Ok(());
        }
        eprintln!("the disk was busy; once more");
    }
    Ok(())
}

/// How long to wait for a calm disk: a minute.
const LOOKS: usize = 30;

/// Waits until the disk is calm, or for so long that it will not be.
fn calm_down(folder: &Path, calm: f64) -> Result<[f64; 2]> {
    let mut latency = disk::latency(folder)?;
    for _ in 0..LOOKS {
        if latency[1] <= calm {
            break;
        }
        std::thread::sleep(Duration::from_secs(2));
        latency = disk::latency(folder)?;
    }
    Ok(latency)
}
