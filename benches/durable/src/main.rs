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
mod turns;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use contenders::ALL;
use load::{Load, Until};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

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
    /// Measure only while the disk syncs nearly every page in at most so many milliseconds
    #[arg(long, value_name = "MILLISECONDS")]
    calm: Option<f64>,
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
        None => turns::everybody(&arguments),
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

/// The value that this part of all values is not above.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
