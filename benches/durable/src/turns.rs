//! All contenders in turns, so that what else the machine does hits all alike.

use crate::alone::Alone;
use crate::contenders::{ALL, Contender};
use crate::disk::{self, Disk};
use crate::table::{self, Row};
use crate::{Arguments, Result};
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
    for run in 1..=arguments.runs.get() {
        for row in &mut rows {
            eprintln!("run {run}: {} clients, {}", row.clients, row.contender);
            measure(row, &folder, arguments)?;
        }
    }
    for row in &mut rows {
        eprintln!("syncs: {} clients, {}", row.clients, row.contender);
        match alone(row, &folder).syncs() {
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

fn alone<'a>(row: &Row, folder: &'a Path) -> Alone<'a> {
    Alone { contender: row.contender, clients: row.clients, folder }
}

/// How often a measurement is tried while the disk has other things to do.
const TRIES: usize = 4;

/// One run, with the disk as it was before and after it. Who fails is out of the medians of this
/// run, and the reader is told.
fn measure(row: &mut Row, folder: &Path, arguments: &Arguments) -> Result<()> {
    let calm = arguments.calm.unwrap_or(f64::INFINITY);
    for left in (0..TRIES).rev() {
        let before = calm_down(folder, calm)?;
        let figures = match alone(row, folder).for_seconds(arguments.seconds) {
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
