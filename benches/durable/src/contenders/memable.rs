//! `memable` on redb.

use memable::{Context, EngineError, WorkflowState};
use statewright_load::{Activities, Engine, Result, STEPS};
use std::path::Path;
use std::sync::Arc;

pub struct Memable {
    engine: memable::Engine,
}

impl Engine for Memable {
    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        let mut engine = memable::Engine::builder().open(folder.join("memable.redb"))?.build();
        engine.register("order", move |ctx: Context| run(ctx, activities.clone()));
        engine.start().await?;
        Ok(Self { engine })
    }

    async fn run(&self, order: u64) -> Result<String> {
        match self.engine.invoke("order").input(order).await?.wait().await {
            WorkflowState::Completed(Some(outputs)) => Ok(outputs),
            other => Err(format!("order {order}: {other}").into()),
        }
    }
}

/// A workflow gives nothing but the last status that it set.
async fn run(ctx: Context, activities: Arc<Activities>) -> std::result::Result<(), EngineError> {
    let order = ctx.input::<u64>()?.unwrap_or(u64::MAX);
    let mut outputs = Vec::with_capacity(STEPS.len());
    for step in STEPS {
        let activities = activities.clone();
        let activity = async move || Ok(activities.run(step, order));
        let output: String = ctx.step(step.name()).run(activity).await?;
        outputs.push(output);
    }
    ctx.set_status(outputs.join(" "));
    Ok(())
}
