//! The load of the durable benchmarks: orders, clients that start them, and what is measured while
//! they do. In a crate of its own, since who links one SQLite cannot link another: Statewright is
//! measured by one program, the others by a second one, both with this.

// For two programs of this repository, and nobody else.
#![allow(missing_docs)]

mod lateness;
mod load;
mod order;

pub use load::{Figures, Load, Until, measure};
pub use order::{Activities, SAGA, STEPS, Step, refusal};

use clap::Args;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// An engine with a fresh store in a folder, on the tokio runtime that it was opened on.
pub trait Engine: Send + Sync + Sized + 'static {
    /// Opens it on an empty folder.
    fn open(
        folder: &Path,
        activities: Arc<Activities>,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// What it does for an order: [`STEPS`], or [`SAGA`].
    const STEPS: &'static [Step] = &STEPS;

    /// Takes an order through the steps, each durable before the next one starts, and gives what is
    /// [expected](Engine::expected) when the last one is durable too.
    fn run(&self, order: u64) -> impl Future<Output = Result<String>> + Send;

    /// The outputs of all steps; of a saga, why it was taken back.
    fn expected(order: u64) -> String {
        if Self::STEPS.len() == STEPS.len() { order::outputs(order) } else { refusal(order) }
    }
}

/// Measures an engine in this process.
pub type Measure = fn(&Path, &Load) -> Result<Figures>;

/// What a process is told that measures one engine.
#[derive(Args)]
pub struct Alone {
    /// Whom to measure in this process, which prints what it measured
    pub contender: String,
    /// The empty folder for its store
    #[arg(long)]
    pub store: PathBuf,
    /// Until so many orders are done, rather than for seconds
    #[arg(long)]
    pub orders: Option<u64>,
}

impl Alone {
    /// Measures here, in a process that was started for it, and prints the figures.
    ///
    /// # Errors
    /// The engine fails, or does something else than the orders ask for.
    pub fn measure(&self, measure: Measure, clients: NonZero<usize>, seconds: f64) -> Result<()> {
        let until = match self.orders {
            Some(orders) => Until::Orders(orders),
            None => Until::Time {
                warm_up: Duration::from_secs(1),
                measured: Duration::try_from_secs_f64(seconds)?,
            },
        };
        let figures = measure(&self.store, &Load { clients: clients.get(), until })?;
        println!("{}", serde_json::to_string(&figures)?);
        Ok(())
    }
}

/// The value that this part of all values is not above.
#[must_use]
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
