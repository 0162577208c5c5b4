//! `durare` on SQLite. Its own `connect` sets `synchronous=NORMAL`, which does not sync at a
//! commit; a pool that is made here says FULL.

use durare::{DurableContext, DurableEngine, Error, SqliteProvider, WorkflowOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use statewright_load::{Activities, Engine, Result, STEPS};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub struct Durare {
    engine: DurableEngine,
}

impl Engine for Durare {
    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        // All but `synchronous` and a longer patience as its `connect` has it.
        let options = SqliteConnectOptions::new()
            .filename(folder.join("durare.db"))
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(60));
        let pool = SqlitePoolOptions::new()
            .max_connections(5)
            .acquire_timeout(Duration::from_secs(60))
            .connect_with(options)
            .await?;
        let mut engine = DurableEngine::new(Arc::new(SqliteProvider::from_pool(pool))).await?;
        engine.register("order", move |ctx: DurableContext, order: u64| {
            run(ctx, activities.clone(), order)
        });
        Ok(Self { engine })
    }

    async fn run(&self, order: u64) -> Result<String> {
        let options = WorkflowOptions::with_id(format!("order-{order:07}"));
        let handle = self.engine.start::<_, String>("order", order, options).await?;
        Ok(handle.result().await?)
    }
}

async fn run(
    ctx: DurableContext,
    activities: Arc<Activities>,
    order: u64,
) -> durare::Result<String> {
    let mut outputs = Vec::with_capacity(STEPS.len());
    for step in STEPS {
        let output: String =
            ctx.step(step.name(), || async { Ok::<_, Error>(activities.run(step, order)) }).await?;
        outputs.push(output);
    }
    Ok(outputs.join(" "))
}
