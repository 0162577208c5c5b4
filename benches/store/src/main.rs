//! `cargo run --release -p statewright-store-bench [FOLDER]`: what it costs to keep instances in a
//! file, on the disk of the folder; beside it a plain file, which is the least that it can cost.
//!
//! `... FOLDER large` makes a store of a million instances besides and reads it.

mod large;
mod lives;
mod measure;
mod plain;
mod steps;

use measure::Failed;
use std::path::PathBuf;

/// So many commits go into a batch.
const BATCHES: [usize; 4] = [1, 8, 64, 512];

fn main() -> Result<(), Failed> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join("statewright-store-bench");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    plain::fsyncs(&folder)?;
    println!("\n{:30} {:>6} {:>9} {:>8} {:>10}", "", "batch", "per s", "us each", "writer us");
    plain::appends(&folder)?;
    for instances in [20, 1_000, 20_000] {
        steps::run(&folder, instances)?;
    }
    lives::run(&folder)?;
    if words.next().is_some_and(|word| word == "large") {
        large::run(&folder)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
