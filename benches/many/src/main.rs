//! `cargo run --release -p statewright-many-bench FOLDER [INSTANCES]`: the engine with very many
//! instances, on the disk of the folder: at rest in the file, alive in memory, due in one second, unfinished
//! when the program was killed.

// A program, not a library: nothing here is reached from outside.
#![allow(unreachable_pub, missing_docs)]

mod alive;
mod at_rest;
mod due;
mod killed;
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
        ["write", folder, instances] => killed::write(Path::new(folder), instances.parse()?),
        ["busy", folder, _] => runtime.block_on(killed::busy(Path::new(folder))),
        ["again", folder, _] => runtime.block_on(killed::again(Path::new(folder))),
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
    let path = folder.to_str().ok_or("the folder is named as no text is")?;
    let of = |what: &'static str, count: u64| [what.to_owned(), path.to_owned(), count.to_string()];
    let run = |what: [String; 3]| -> Result<(), Failed> {
        let status = Command::new(std::env::current_exe()?).args(&what).status()?;
        if status.success() { Ok(()) } else { Err(format!("{what:?}: {status}").into()) }
    };
    let kill = |what: [String; 3]| killed::kill(&what.each_ref().map(String::as_str));
    run(of("make", instances))?;
    run(of("open", instances))?;
    kill(of("write", instances))?;
    let left = std::fs::metadata(folder.join("parcels.db-wal"))?.len() as f64;
    measure::say("then killed: the log, which is not in the file yet", left / 1048576.0, "MiB");
    run(of("open", instances))?;
    run(of("due", instances))?;
    run(of("alive", instances / 10))?;
    kill(of("busy", instances))?;
    run(of("again", instances))?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
