//! Durable steps: how close engines come to a plain file on the same disk.
//!
//! `cargo run --release -- [contender...] [--clients 1,16] [--seconds n]`, see README.md.

mod alone;
mod contenders;
mod disk;
mod ours;
mod table;
mod turns;

use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};
use contenders::{ALL, Place};
use statewright_load::{Alone, Result};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

/// Holds durable engines against a plain file on the same disk.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    alone: Option<Command>,
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
    /// Have every sync take so many milliseconds more, as on a slower disk (with `strace`)
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0.0)]
    slower: f64,
}

#[derive(Subcommand)]
enum Command {
    /// One contender in this process, which prints what it measured
    #[command(hide = true)]
    Alone {
        #[command(flatten)]
        alone: Alone,
        #[arg(long)]
        clients: NonZero<usize>,
        #[arg(long, default_value_t = 0.0)]
        seconds: f64,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.alone {
        Some(Command::Alone { alone, clients, seconds }) => measure(alone, *clients, *seconds),
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
fn measure(alone: &Alone, clients: NonZero<usize>, seconds: f64) -> Result<()> {
    let found = ALL.iter().find(|contender| contender.name == alone.contender);
    match found.map(|contender| &contender.place) {
        Some(Place::Here(measure)) => alone.measure(*measure, clients, seconds),
        Some(Place::Ours) | None => Err("no contender of this program".into()),
    }
}
