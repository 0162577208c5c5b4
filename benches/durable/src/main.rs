//! Durable steps: how close engines come to a plain file on the same disk.
//!
//! `cargo run --release -- [contender...] [--clients 1,16] [--seconds n]`, see README.md.

mod alone;
mod contenders;
mod disk;
mod lateness;
mod load;
mod order;
mod table;

use alone::Alone;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use contenders::{ALL, Contender};
use disk::Disk;
use load::{Load, Until};
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use table::Row;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Holds durable engines against a plain file on the same disk.
#[derive(Parser)]
struct Arguments {
    /// Whom to measure; everybody if nobody is named, and the plain file always
    #[arg(value_parser = PossibleValuesParser::new(ALL.iter().map(|contender| contender.name)))]
    contenders: Vec<String>,
    /// How many clients at the same time
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    clients: Vec<NonZero<usize>>,
    /// How long to measure each, after a second of warming up
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// How often; medians count
    #[arg(long, default_value = "5")]
    runs: NonZero<usize>,
    /// Where the stores are made; it has to be on a disk [default: beside the program]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// One contender in this process, which prints what it measured
    #[arg(long, hide = true)]
    alone: Option<String>,
    /// Until so many orders are done, rather than for seconds
    #[arg(long, hide = true)]
    orders: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.alone {
        Some(contender) => alone(&arguments, contender),
        None => everybody(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures here, in a process that was started for it.
fn alone(arguments: &Arguments, contender: &str) -> Result<()> {
    let contender = ALL.iter().find(|c| c.name == contender).ok_or("no such contender")?;
    let folder = arguments.folder.as_deref().ok_or("no folder was named")?;
    let until = match arguments.orders {
        Some(orders) => Until::Orders(orders),
        None => Until::Time {
            warm_up: Duration::from_secs(1),
            measured: Duration::try_from_secs_f64(arguments.seconds)?,
        },
    };
    let &[clients] = arguments.clients.as_slice() else {
        return Err("a process measures one number of clients".into());
    };
    let figures = (contender.measure)(folder, &Load { clients: clients.get(), until })?;
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}

/// Measures all in turns, so that what else the machine does hits all alike.
fn everybody(arguments: &Arguments) -> Result<()> {
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
            row.latencies.push(disk::latency(&folder)?);
            measure(row, &folder, arguments.seconds);
        }
    }
    for row in &mut rows {
        eprintln!("syncs: {} clients, {}", row.clients, row.contender);
        match of(row, &folder).syncs() {
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
    for &clients in &arguments.clients {
        for (at, contender) in ALL.iter().enumerate() {
            if at == 0 || asked(contender) {
                let (clients, contender) = (clients.get(), contender.name);
                rows.push(Row::new(clients, contender));
            }
        }
    }
    rows
}

fn of<'a>(row: &Row, folder: &'a Path) -> Alone<'a> {
    Alone { contender: row.contender, clients: row.clients, folder }
}

/// Who fails is out of the medians of this run, and the reader is told.
fn measure(row: &mut Row, folder: &Path, seconds: f64) {
    match of(row, folder).for_seconds(seconds) {
        Ok(figures) => row.runs.push(figures),
        Err(error) => eprintln!("{} with {} clients: {error}", row.contender, row.clients),
    }
}

/// The value that this part of all values is not above.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
