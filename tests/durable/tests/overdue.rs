//! What is overdue fires at once and in the order of its deadlines, wherever it is: in memory, at
//! rest in the store, or left by a program that was killed.

use statewright::engine::Settings;
use statewright::store::faulty::{Faulty, Plan, on_tokio};
use statewright::store::{Memory, Store, StoreError};
use statewright::{Engine, EngineError};
use statewright_durable_tests::alarm::Bell;
use statewright_durable_tests::alarm_machine::{Alarm, Start};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A time from which others can be taken: milliseconds since 1970.
const NOON: u64 = 20_000 * 24 * 3600 * 1000;

fn settings(shards: usize) -> Settings {
    let mut settings = Settings::default();
    settings.shards = shards;
    // Nobody looks after messages, and so nobody comes by in between.
    settings.inbox = 365 * DAY;
    settings
}

async fn engine(store: &Memory, bell: &Bell, settings: Settings, clock: fn() -> u64) -> Engine {
    let engine = Engine::builder().store(store.clone()).settings(settings).wall_clock(clock);
    engine.register::<Alarm>(bell.clone()).start().await.expect("it starts")
}

/// Sets alarms of which each is due in another minute, in no order that the numbers of instances or
/// their keys have.
async fn set(engine: &Engine, numbers: impl Iterator<Item = u64>) {
    for at in numbers {
        let minute = at * 7_919 % PRIME;
        let name = format!("{minute:04}");
        let start = Start { name: name.clone(), wait: minute as u32 * MINUTE };
        engine.start::<Alarm>(&name, start).await.expect("the key is free");
    }
}

/// More than the keeper wakes in one go.
const PRIME: u64 = 1_201;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("it can be made")
}

/// Holds that all have rung, the earliest first among those that share a shard: all of them are in so
/// many rows, each in order.
#[track_caller]
fn check(bell: &Bell, shards: usize) {
    let rung = bell.rung();
    assert_eq!(rung.len() as u64, PRIME - 1);
    let mut rows: Vec<&str> = Vec::new();
    for name in &rung {
        match rows.iter_mut().filter(|last| **last < name.as_str()).max() {
            Some(last) => *last = name,
            None => rows.push(name),
        }
    }
    assert!(rows.len() <= shards, "{} rows of {shards}: {:?}", rows.len(), &rung[..20]);
}

#[test]
fn in_memory_the_earliest_fires_first() {
    for shards in [1, 3] {
        let bell = Bell::default();
        runtime().block_on(async {
            let mut settings = settings(shards);
            settings.idle = 365 * DAY;
            let engine = engine(&Memory::new(), &bell, settings, || NOON).await;
            set(&engine, 1..PRIME).await;
            // As when the computer was suspended.
            tokio::time::advance(DAY).await;
            tokio::time::sleep(MINUTE).await;
        });
        check(&bell, shards);
    }
}

#[test]
fn at_the_start_the_earliest_fires_first_whether_it_rested_or_ran() {
    for shards in [1, 3] {
        for resting in [0, PRIME / 2, PRIME] {
            let (store, bell) = (Memory::new(), Bell::default());
            let before = runtime();
            before.block_on(async {
                let engine = engine(&store, &bell, settings(shards), || NOON).await;
                set(&engine, 1..resting).await;
                tokio::time::sleep(MINUTE / 2).await;
                set(&engine, resting.max(1)..PRIME).await;
            });
            let at_rest = store.due(u64::MAX, 10_000).expect("memory can be read").len() as u64;
            assert_eq!(at_rest, resting.saturating_sub(1));
            // As if the program had been killed.
            drop(before);
            assert_eq!(bell.rung(), [""; 0]);
            runtime().block_on(async {
                let engine = engine(&store, &bell, settings(shards), || NOON + 86_400_000).await;
                tokio::time::sleep(MINUTE).await;
                engine.stop().await;
            });
            check(&bell, shards);
        }
    }
}

/// The store cannot say what ran.
struct Unreadable;

impl Plan for Unreadable {
    fn call(&mut self, method: &'static str) -> Option<StoreError> {
        (method == "running").then(|| StoreError::Failed("no such table".to_owned()))
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_cannot_start_lets_go_of_the_store() {
    let (store, bell) = (Memory::new(), Bell::default());
    let faulty = Faulty::new(store.clone(), Unreadable, on_tokio);
    let failed = Engine::builder().store(faulty).register::<Alarm>(bell.clone()).start().await;
    assert!(matches!(failed.err(), Some(EngineError::Store(StoreError::Failed(_)))));
    tokio::time::sleep(MINUTE).await;
    engine(&store, &bell, settings(1), || NOON).await;
}
