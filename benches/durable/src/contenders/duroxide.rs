//! `duroxide` on its SQLite provider. That one sets `synchronous` to a word that SQLite does not
//! know and takes for NORMAL, which does not sync at a commit; its connections are set to FULL here.

use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{
    ActivityContext, Client, OrchestrationContext, OrchestrationRegistry, OrchestrationStatus,
};
use statewright_load::{Activities, Engine, Result, STEPS};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Looks for work so many milliseconds after it found none; a hundred is its default.
pub struct Duroxide<const POLL: u64> {
    client: Client,
    _runtime: Arc<Runtime>,
}

impl<const POLL: u64> Engine for Duroxide<POLL> {
    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        let url = format!("sqlite:{}?mode=rwc", folder.join("duroxide.db").display());
        let provider = Arc::new(SqliteProvider::new(&url, None).await?);
        sync_at_commit(&provider).await?;
        let orchestrations = OrchestrationRegistry::builder().register("order", run).build();
        let runtime = Runtime::start_with_options(
            provider.clone(),
            registry(&activities),
            orchestrations,
            options(POLL),
        )
        .await;
        Ok(Self { client: Client::new(provider), _runtime: runtime })
    }

    async fn run(&self, order: u64) -> Result<String> {
        let instance = format!("order-{order:07}");
        while let Err(error) =
            self.client.start_orchestration(&instance, "order", order.to_string()).await
        {
            unless_locked(&error)?;
        }
        let status = loop {
            match self.client.wait_for_orchestration(&instance, Duration::from_secs(600)).await {
                Ok(status) => break status,
                Err(error) => unless_locked(&error)?,
            }
        };
        match status {
            OrchestrationStatus::Completed { output, .. } => Ok(output),
            other => Err(format!("{instance}: {other:?}").into()),
        }
    }
}

/// An order whose wish was turned away since the file was locked asks again.
fn unless_locked(error: &impl ToString) -> Result<()> {
    let error = error.to_string();
    if error.contains("locked") { Ok(()) } else { Err(error.into()) }
}

/// All connections of the pool are taken, so that each is set; none is given up for minutes.
async fn sync_at_commit(provider: &SqliteProvider) -> Result<()> {
    let pool = provider.get_pool();
    let mut connections = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut connection = pool.acquire().await?;
        sqlx::query("PRAGMA synchronous = FULL").execute(&mut *connection).await?;
        connections.push(connection);
    }
    Ok(())
}

fn options(poll_milliseconds: u64) -> RuntimeOptions {
    RuntimeOptions {
        dispatcher_min_poll_interval: Duration::from_millis(poll_milliseconds),
        ..Default::default()
    }
}

fn registry(activities: &Arc<Activities>) -> ActivityRegistry {
    STEPS
        .into_iter()
        .fold(ActivityRegistry::builder(), |builder, step| {
            let activities = activities.clone();
            builder.register(step.name(), move |_: ActivityContext, order: String| {
                let output = order.parse().map(|order| activities.run(step, order));
                async move { output.map_err(|e| format!("{order}: {e}")) }
            })
        })
        .build()
}

async fn run(ctx: OrchestrationContext, order: String) -> std::result::Result<String, String> {
    let mut outputs = Vec::with_capacity(STEPS.len());
    for step in STEPS {
        outputs.push(ctx.schedule_activity(step.name(), order.clone()).await?);
    }
    Ok(outputs.join(" "))
}
