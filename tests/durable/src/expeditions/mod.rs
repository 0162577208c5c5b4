//! A world of sagas in sagas: steps that are machines, which take themselves back, are taken back by other
//! machines, or are cancelled on the way. Of none of the three sagas of an expedition anything is both
//! finished and taken back, taken back under two keys, left half done without being told, or asked for once
//! its way back has begun.

mod services;
mod tale;

use crate::berth::Berth;
use crate::expedition::{Event, Expedition, Start};
use crate::ledger::Ledger;
use crate::passage::Passage;
use crate::seen::Seen;
use crate::unberth::Unberth;
use crate::unpassage::Unpassage;
use crate::world::{Clients, Left, Plan, World};
use services::Services;
use statewright::engine::{Builder, Replay};
use statewright::store::{Letters, Status};
use statewright::{Engine, EngineError};
use std::time::Duration;
use tale::Tales;

/// Expeditions.
pub struct Expeditions {
    plan: Plan,
    ledger: Ledger,
}

/// Starts an expedition, cancels some a little later, and waits for its end.
async fn client(clients: Clients, at: u64, seed: u64) -> Result<(), EngineError> {
    // Another one for each seed: how services answer depends on it.
    let key = format!("to-{seed}-{at}");
    clients.start::<Expedition>(&key, || Start { id: key.clone() }).await?;
    if (at * 7 + seed).is_multiple_of(3) {
        tokio::time::sleep(Duration::from_millis((at * 13 + seed * 5) % 40)).await;
        clients.send::<Expedition>(&key, "cancel", || Event::Cancel).await?;
    }
    clients.end_of::<Expedition>(&key).await.map(|_| ())
}

impl World for Expeditions {
    const NAME: &'static str = "expeditions";
    const CANCELS: bool = true;

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        let services = Services::new(self.ledger.clone(), self.plan.is_healthy);
        let builder = builder.register::<Expedition>(services.clone());
        let builder = builder.register::<Passage>(services.clone());
        let builder = builder.register::<Unpassage>(services.clone());
        builder.register::<Berth>(services.clone()).register::<Unberth>(services)
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let Plan { size, seed, .. } = self.plan;
        clients.each(size, |clients, at| client(clients, at, seed)).await?;
        // Who was cancelled takes back what it has done, and nobody waits for that.
        let store = &clients.store;
        loop {
            let running = store.running(0, 1).map_err(EngineError::Store)?;
            let owed = store.letters(&Letters::default()).map_err(EngineError::Store)?;
            let due = store.next_due().map_err(EngineError::Store)?;
            if running.is_empty() && owed.is_empty() && due.is_none() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn replay(engine: &Engine, machine: &str, key: &str) -> Result<Replay, EngineError> {
        match machine {
            "Expedition" => engine.replay::<Expedition>(key).await,
            "Passage" => engine.replay::<Passage>(key).await,
            "Unpassage" => engine.replay::<Unpassage>(key).await,
            "Berth" => engine.replay::<Berth>(key).await,
            _ => engine.replay::<Unberth>(key).await,
        }
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        let tales = Tales::read(left.ledger);
        let mut ended = 0;
        for journal in left.journals {
            let (of, status) = (&journal.of, journal.of.status);
            seen.count("cancelled", u64::from(status == Status::Cancelled));
            tales.check((&of.machine, &of.key), (status == Status::Finished).then_some(&*of.state));
            assert!(!left.is_end || status != Status::Running, "{of:?} has not ended");
            if of.machine != "Expedition" || status != Status::Finished {
                continue;
            }
            ended += 1;
            let note = journal.context("note").as_str().unwrap_or_default();
            tales.check_expedition(&of.key, (&of.state, note), left.is_end, seen);
        }
        tales.count(seen);
        let size = plan.size;
        assert!(!left.is_end || ended == size, "{ended} of {size} expeditions have ended");
    }
}
