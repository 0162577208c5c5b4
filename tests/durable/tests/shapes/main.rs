//! Instances that were made by one version of a program, and go on with another.
#![cfg(test)]

mod compatible;
mod failing;
mod fan_outs;
mod late;
mod loops;
mod migrated;
mod people;
mod refused;
mod sagas;
mod settled;
mod steps;
mod versions;

use statewright::engine::Builder;
use statewright::store::Memory;
use statewright::{Cx, Engine, Failure};
use std::sync::{Arc, Mutex, PoisonError};

/// A host for all versions: notes what it is asked.
#[derive(Clone, Debug, Default)]
struct Shop {
    calls: Arc<Mutex<Vec<String>>>,
    /// Charging takes for ever.
    hangs: Arc<Mutex<bool>>,
}

impl Shop {
    fn note(&self, what: String) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hangs(&self, hangs: bool) {
        *self.hangs.lock().unwrap_or_else(PoisonError::into_inner) = hangs;
    }

    async fn charged(&self, cx: &Cx, cents: u64) -> Result<String, Failure> {
        self.note(format!("charge {} {cents}", cx.idempotency_key()));
        let hangs = *self.hangs.lock().unwrap_or_else(PoisonError::into_inner);
        if hangs {
            std::future::pending::<()>().await;
        }
        Ok(format!("paid {cents}"))
    }
}

/// An engine to which machines are added. Time goes on from the last commit.
fn builder(store: &Memory) -> Builder {
    Engine::builder().store(store.clone()).wall_clock(|| 0)
}

async fn engine(builder: Builder) -> Engine {
    builder.start().await.expect("a store in memory is nobody's")
}

/// Stops an engine as if its program was killed.
async fn killed(engine: Engine) {
    drop(engine);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}
