//! Instances in memory, with a timer each.

use crate::machine::parcel::{Parcel, Start};
use crate::machine::{Host, start};
use crate::measure::{Failed, memory, say};
use statewright::store::Sqlite;
use statewright::{Engine, EngineError};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// So many are started at the same time.
const STARTING: u64 = 256;

const HOUR: Duration = Duration::from_secs(60 * 60);

pub async fn run(folder: &Path, instances: u64) -> Result<(), Failed> {
    let store = Sqlite::open(folder.join("alive.db"))?;
    let (host, _told) = mpsc::channel();
    let engine = start(store, HOUR, Host(host)).await?;
    // What the store and the runtime need themselves is there before anything is counted.
    many(&engine, 0..STARTING * 16).await?;
    let before = memory()?;
    let after = STARTING * 16 + instances;
    many(&engine, STARTING * 16..after).await?;
    let each = (memory()? - before) / instances as f64;
    say(&format!("{instances} instances in memory, each"), each, "bytes");
    engine.stop().await;
    Ok(())
}

async fn many(engine: &Engine, numbers: std::ops::Range<u64>) -> Result<(), Failed> {
    let tasks: Vec<_> = (0..STARTING)
        .map(|task| {
            let (engine, numbers) = (engine.clone(), numbers.clone());
            tokio::spawn(async move {
                for number in numbers.filter(|number| number % STARTING == task) {
                    let id = format!("alive-{number:07}");
                    engine.start::<Parcel>(&id, Start { id: id.clone() }).await?;
                }
                Ok::<(), EngineError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}
