//! `cargo run --release -p statewright-many-bench FOLDER [INSTANCES]`: the engine with very many
//! instances, on the disk of the folder: at rest in the file, alive in memory, due in one second.

// A program, not a library: nothing here is reached from outside.
#![allow(unreachable_pub, missing_docs)]

mod alive;
mod at_rest;
mod due;
mod machine;
mod measure;

use measure::Failed;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A hundredth of what the figures are made with.
const INSTANCES: u64 = 10_000;

fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder] => everything(Path::new(folder), INSTANCES),
        [folder, instances] => everything(Path::new(folder), instances.parse()?),
        ["make", folder, instances] => {
            runtime.block_on(at_rest::make(Path::new(folder), instances.parse()?))
        }
        ["open", folder, _] => runtime.block_on(at_rest::open(Path::new(folder))),
        ["due", folder, instances] => {
            runtime.block_on(due::run(Path::new(folder), instances.parse()?))
        }
        ["alive", folder, instances] => {
            runtime.block_on(alive::run(Path::new(folder), instances.parse()?))
        }
        _ => Err("name a folder on a disk, and how many instances there are to be".into()),
    }
}

/// Each in a process of its own, whose memory is its own.
fn everything(folder: &Path, instances: u64) -> Result<(), Failed> {
    let folder: PathBuf = folder.join("statewright-many-bench");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let alive = instances / 10;
    for (what, count) in
        [("make", instances), ("open", instances), ("due", instances), ("alive", alive)]
    {
        let mut command = Command::new(std::env::current_exe()?);
        let status = command.arg(what).arg(&folder).arg(count.to_string()).status()?;
        if !status.success() {
            return Err(format!("{what}: {status}").into());
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
