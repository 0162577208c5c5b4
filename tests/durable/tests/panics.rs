//! Code of the program that panics where the engine calls it: predicates, and what is written by hand
//! for values. One shard owns all instances here, and nobody but the one who asked notices.
#![cfg(test)]

use statewright::engine::{CauseKind, Settings, View};
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{InboxKind, Memory, Posted, Status, Store, StoreError};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::marked::{Speaker, Trap};
use statewright_durable_tests::marked_machine::{Event, Marked, Start};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Traps are set for the whole process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.shards = 1;
    settings
}

async fn engine(store: impl Store) -> Engine {
    let engine = Engine::builder().store(store).settings(settings());
    engine.register::<Marked>(Speaker::default()).start().await.expect("it starts")
}

async fn start(engine: &Engine, key: &str) {
    let start = Start { name: key.to_owned() };
    engine.start::<Marked>(key, start).await.expect("the key is free");
}

/// An engine with `a`, of which something panics, and `b`.
async fn running() -> (Engine, Memory) {
    let store = Memory::new();
    let engine = engine(store.clone()).await;
    for key in ["a", "b"] {
        start(&engine, key).await;
    }
    (engine, store)
}

async fn put(engine: &Engine, key: &str, kind: u32) -> Result<Dispatch, EngineError> {
    engine.send::<Marked>(key, Event::Put { kind }).await
}

async fn steps(engine: &Engine, key: &str) -> u32 {
    engine.state::<Marked>(key).await.expect("it can be looked at").context.steps
}

async fn goes_on(engine: &Engine, key: &str) {
    let before = steps(engine, key).await;
    assert_eq!(engine.send::<Marked>(key, Event::Set { n: 1 }).await, Ok(Dispatch::Handled));
    assert_eq!(steps(engine, key).await, before + 1);
}

fn panicked<T>(with: &str) -> Result<T, EngineError> {
    Err(EngineError::Panicked(with.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_predicate_that_panics_is_told_to_who_waits() {
    let (engine, _) = running().await;
    let never = |view: &View<Marked>| panic!("it cannot be {}", view.context.name);
    let waited = engine.wait_for::<Marked>("a", never).await.map(|view| view.seq);
    assert_eq!(waited, panicked("it cannot be a"));
    // One that panics at a later step.
    let later = |view: &View<Marked>| {
        assert_eq!(view.context.steps, 0, "too late");
        false
    };
    let waiting = engine.clone();
    let waiting = tokio::spawn(async move { waiting.wait_for::<Marked>("a", later).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(engine.send::<Marked>("a", Event::Set { n: 1 }).await, Ok(Dispatch::Handled));
    let waited = waiting.await.expect("the task that waits does not panic");
    assert!(matches!(waited.err(), Some(EngineError::Panicked(why)) if why.contains("too late")));
    for key in ["a", "b"] {
        goes_on(&engine, key).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_whose_writing_panics_leaves_the_instance_as_it_was() {
    let (engine, _) = running().await;
    assert_eq!(put(&engine, "a", Trap::WRITTEN).await, panicked("a trap is written"));
    assert_eq!(steps(&engine, "a").await, 0);
    for key in ["a", "b"] {
        goes_on(&engine, key).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_whose_reading_panics_parks_its_instance() {
    let (engine, store) = running().await;
    assert_eq!(put(&engine, "a", Trap::READ).await, Ok(Dispatch::Handled));
    // It leaves memory, and has to be read.
    tokio::time::sleep(Duration::from_secs(60)).await;
    for _ in 0..2 {
        match engine.send::<Marked>("a", Event::Set { n: 1 }).await {
            Err(EngineError::Parked { cause, .. }) => {
                assert_eq!(cause.kind, CauseKind::Panicked, "{cause}");
                assert!(cause.message.contains("a trap is read"), "{cause}");
            }
            other => panic!("{other:?}"),
        }
        goes_on(&engine, "b").await;
    }
    drop(engine);
    tokio::task::yield_now().await;
    // Also for those who start with it.
    let engine = self::engine(store).await;
    goes_on(&engine, "b").await;
    assert_eq!(engine.abandon::<Marked>("a").await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_reading_panics_is_answered() {
    let (engine, store) = running().await;
    let left = |body: &str| {
        let posted = Posted {
            machine: "Marked".to_owned(),
            key: "a".to_owned(),
            kind: InboxKind::Send,
            body: body.to_owned(),
            message_id: None,
            at: 1,
        };
        store.post(&posted).expect("memory can be written")
    };
    let caught = left("{\"Caught\":{\"trap\":2}}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let answer = store.inbox_answer(caught).expect("memory can be read").expect("it is answered");
    assert!(answer.contains("a trap is read"), "{answer}");
    for key in ["a", "b"] {
        goes_on(&engine, key).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_whose_copying_panics_is_told_to_who_asks() {
    let _one = ONE_AT_A_TIME.lock().await;
    let (engine, _) = running().await;
    assert_eq!(put(&engine, "a", Trap::COPIED).await, Ok(Dispatch::Handled));
    Trap::is_set(true);
    let seen = engine.state::<Marked>("a").await.map(|view| view.seq);
    assert_eq!(seen, panicked("a trap is copied"));
    let sent = engine.send::<Marked>("a", Event::Set { n: 1 }).await;
    assert_eq!(sent, panicked("a trap is copied"));
    goes_on(&engine, "b").await;
    Trap::is_set(false);
    goes_on(&engine, "a").await;
}

/// An instance that cannot be let go of ends its shard, which goes on from the store.
#[tokio::test(start_paused = true)]
async fn a_shard_that_panics_goes_on_from_the_store() {
    let _one = ONE_AT_A_TIME.lock().await;
    let (engine, store) = running().await;
    assert_eq!(put(&engine, "a", Trap::DROPPED).await, Ok(Dispatch::Handled));
    engine.send::<Marked>("b", Event::Arm).await.expect("it is open");
    start(&engine, "c").await;
    let waiting = engine.clone();
    let waiting = tokio::spawn(async move {
        waiting.wait_for::<Marked>("b", |view| view.status == Status::Parked).await
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    Trap::is_set(true);
    tokio::time::sleep(Duration::from_secs(10)).await;
    // `a` has left memory meanwhile, and taken the shard with it.
    match engine.send::<Marked>("a", Event::Set { n: 1 }).await {
        Err(EngineError::Parked { cause, .. }) => {
            assert_eq!(cause.kind, CauseKind::Panicked, "{cause}");
            assert!(cause.message.contains("a trap is dropped"), "{cause}");
        }
        other => panic!("{other:?}"),
    }
    goes_on(&engine, "c").await;
    // Timers are still there, and who waits for them.
    let parked = waiting.await.expect("no panic").expect("its timer makes a step that fails");
    assert_eq!(parked.status, Status::Parked);
    engine.retry::<Marked>("a").await.expect("it is parked");
    goes_on(&engine, "a").await;
    engine.stop().await;
    let counts = store.list(&Default::default()).expect("memory can be read");
    assert_eq!(counts.len(), 3);
}

/// What the next batches come to.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Plain,
    Late,
    Refused,
}

#[tokio::test(start_paused = true)]
async fn what_was_on_its_way_when_a_shard_panics_is_answered_as_it_came_out() {
    let _one = ONE_AT_A_TIME.lock().await;
    for behind in [Next::Plain, Next::Refused] {
        let next = Arc::new(Mutex::new(Next::Plain));
        let planned = Arc::clone(&next);
        let plan = move |_| {
            let mut next = planned.try_lock().expect("nobody holds it");
            let now = std::mem::replace(&mut *next, Next::Plain);
            match now {
                Next::Plain => None,
                Next::Late => {
                    *next = behind;
                    Some(Fault::Late(Duration::from_secs(60)))
                }
                Next::Refused => Some(Fault::Refused(StoreError::Full("it".to_owned()))),
            }
        };
        let engine = engine(Faulty::new(Memory::new(), plan, on_tokio)).await;
        for key in ["a", "b", "c"] {
            start(&engine, key).await;
        }
        assert_eq!(put(&engine, "a", Trap::DROPPED).await, Ok(Dispatch::Handled));
        // All leave memory, and `a` comes back to be looked at.
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(steps(&engine, "a").await, 1);
        Trap::is_set(true);
        *next.lock().await = Next::Late;
        let mut sent = tokio::task::JoinSet::new();
        for key in ["b", "c", "b"] {
            let engine = engine.clone();
            sent.spawn(async move { (key, engine.send::<Marked>(key, Event::Set { n: 1 }).await) });
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        // `a` leaves memory again meanwhile. Who sends now waits for what is late too.
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(put(&engine, "b", 0).await, Ok(Dispatch::Handled));
        while let Some(answer) = sent.join_next().await {
            let (key, answer) = answer.expect("no panic");
            let is_refused = key == "c" && behind == Next::Refused;
            assert_eq!(answer.is_err(), is_refused, "{key}: {answer:?}");
        }
        let c = u32::from(behind == Next::Plain);
        assert_eq!((steps(&engine, "b").await, steps(&engine, "c").await), (3, c));
        let a = engine.send::<Marked>("a", Event::Say).await;
        assert!(matches!(a, Err(EngineError::Parked { .. })), "{a:?}");
        engine.stop().await;
    }
}
