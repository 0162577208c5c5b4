//! Who runs the orders. One file a contender; another one is such a file and a line in `ALL`.

mod cano;
mod durare;
mod duroxide;
mod memable;
mod plain;

use crate::Result;
use crate::load::{self, Figures, Load};
use crate::order::Activities;
use std::path::Path;
use std::sync::Arc;

/// An engine with a fresh store in a folder, on the tokio runtime that it was opened on.
pub trait Engine: Send + Sync + Sized + 'static {
    /// Opens it on an empty folder.
    fn open(
        folder: &Path,
        activities: Arc<Activities>,
    ) -> impl Future<Output = Result<Self>> + Send;

    /// Takes an order through the four steps, each durable before the next one starts, and gives
    /// their outputs when the last one is durable too.
    fn run(&self, order: u64) -> impl Future<Output = Result<String>> + Send;
}

/// An engine by name.
pub struct Contender {
    pub name: &'static str,
    pub measure: fn(&Path, &Load) -> Result<Figures>,
}

impl Contender {
    const fn new<E: Engine>(name: &'static str) -> Self {
        Self { name, measure: load::measure::<E> }
    }
}

/// All contenders; the first is what the others are held against.
pub const ALL: &[Contender] = &[
    Contender::new::<plain::Ahead>("plain"),
    Contender::new::<plain::Growing>("plain-growing"),
    Contender::new::<durare::Durare>("durare"),
    Contender::new::<duroxide::Duroxide<100>>("duroxide"),
    Contender::new::<duroxide::Duroxide<1>>("duroxide-1ms"),
    Contender::new::<memable::Memable>("memable"),
    Contender::new::<cano::Cano>("cano"),
];
