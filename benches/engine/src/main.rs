//! Statewright under the load of `benches/durable`, which starts this program: what it brings, SQLite
//! above all, cannot be linked with what the others bring.
//!
//! `cargo run --release -p statewright-engine-bench -- statewright-memory --store /tmp/empty`

// A program, not a library: nothing here is reached from outside.
#![allow(unreachable_pub, missing_docs)]

mod order;
mod saga;

use clap::Parser;
use order::{Disk, InMemory, Relaxed};
use saga::Saga;
use statewright_load::{Alone, Measure, Result, measure};
use std::num::NonZero;

/// Runs orders with Statewright and prints what that cost, as JSON.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    alone: Alone,
    /// How many clients at the same time
    #[arg(long, default_value = "64")]
    clients: NonZero<usize>,
    /// How long to measure, after a second of warming up
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

/// The engine on each of its stores.
const ALL: [(&str, Measure); 4] = [
    ("statewright", measure::<Disk>),
    ("statewright-relaxed", measure::<Relaxed>),
    ("statewright-memory", measure::<InMemory>),
    ("statewright-saga", measure::<Saga>),
];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let name = &arguments.alone.contender;
    let found = ALL.iter().find(|(known, _)| known == name);
    let (_, measure) = found.ok_or_else(|| format!("no such contender: `{name}`"))?;
    arguments.alone.measure(*measure, arguments.clients, arguments.seconds)
}
