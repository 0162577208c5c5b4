//! A world of sagas whose services fail in every way, and some of which are cancelled on the way. No saga
//! is both finished and taken back, nothing is taken back twice, nothing is left half done without being
//! told, and what goes back never goes forward again.

mod end;
mod services;

use crate::booking_machine::{Booking, Event, Start};
use crate::ledger::Ledger;
use crate::moods::Moods;
use crate::seen::Seen;
use crate::trip::Trip;
use crate::world::{Clients, Left, Plan, World};
use services::Services;
use statewright::engine::{Builder, Replay};
use statewright::store::Status;
use statewright::{Engine, EngineError};
use std::collections::BTreeMap;
use std::time::Duration;

/// Bookings.
pub struct Bookings {
    plan: Plan,
    ledger: Ledger,
}

/// Starts a booking, cancels some a little later, and waits for its end.
async fn client(clients: Clients, at: u64, seed: u64) -> Result<(), EngineError> {
    // Another one for each seed: how services answer depends on it.
    let key = format!("trip-{seed}-{at}");
    clients.start::<Booking>(&key, || Start { name: key.clone() }).await?;
    if (at * 7 + seed).is_multiple_of(4) {
        tokio::time::sleep(Duration::from_millis((at * 13 + seed * 5) % 60)).await;
        clients.send::<Booking>(&key, "cancel", || Event::Cancel).await?;
    }
    clients.end_of::<Booking>(&key).await.map(|_| ())
}

impl World for Bookings {
    const NAME: &'static str = "bookings";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        let (ledger, are_healthy) = (self.ledger.clone(), self.plan.is_healthy);
        builder.register::<Booking>(Services { ledger, moods: Moods { are_healthy } })
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let Plan { size, seed, .. } = self.plan;
        clients.each(size, |clients, at| client(clients, at, seed)).await
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Booking>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        let mut trips: BTreeMap<&str, Trip> = BTreeMap::new();
        for line in left.ledger.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if words.len() > 3 {
                trips.entry(words[1]).or_default().line(&words, line);
            }
        }
        for (name, trip) in &trips {
            trip.check(name, trip.has("mail"));
            seen.count("undone", trip.undid.len() as u64);
            seen.count("unknown", trip.unknown);
        }
        let mut ended = 0;
        for journal in left.of("Booking") {
            let key = &*journal.of.key;
            if journal.of.status != Status::Finished {
                continue;
            }
            let Some(trip) = trips.get(key) else { panic!("{key} did nothing") };
            let note = journal.context("note").as_str().unwrap_or_default();
            end::check(trip, key, (&journal.of.state, note), seen);
            ended += 1;
        }
        assert!(!left.is_end || ended == plan.size, "{ended} of {} sagas have ended", plan.size);
    }
}
