//! What is around the engine goes wrong: the disk, the file, the clock, a row.

use statewright::engine::{CauseKind, Settings};
use statewright::store::faulty::{Fault, Faulty, Plan, on_tokio};
use statewright::store::{Filter, InstanceId, Memory, Sqlite, Status, Store, StoreError};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::delivery::{Drives, Van};
use statewright_durable_tests::delivery_machine::{self, Delivery};
use statewright_durable_tests::order::{Event, Order, Start, State};
use statewright_durable_tests::shop::Shop;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn order(id: &str) -> Start {
    Start { order_id: id.to_owned(), total: 5 }
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

#[tokio::test]
async fn a_full_disk_is_told_and_loses_nothing() {
    let file = folder("disk-full").join("orders.db");
    let store = Sqlite::options().max_bytes(200_000).open(&file).expect("it can be made");
    let engine = Engine::builder().store(store).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    let mut accepted = 0;
    let error = loop {
        let key = format!("order-{accepted}");
        match engine.start::<Order>(&key, order(&key)).await {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 10_000, "the disk is never full");
    };
    assert!(matches!(error, EngineError::Store(StoreError::Full(_))), "{error}");
    let refused = engine.state::<Order>(&format!("order-{accepted}")).await;
    assert!(matches!(refused, Err(EngineError::UnknownInstance { .. })), "{refused:?}");
    let sent = engine.send::<Order>("order-0", Event::Submit).await;
    assert!(matches!(sent, Err(EngineError::Store(StoreError::Full(_)))), "{sent:?}");
    let view = engine.state::<Order>("order-0").await.expect("it can still be read");
    assert_eq!((view.state, view.seq), (State::Draft, 1));
    engine.stop().await;
    // With more room everything that was accepted is there, and goes on.
    let store = Sqlite::open(&file).expect("it can be opened");
    let engine = Engine::builder().store(store).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    for at in 0..accepted {
        engine.state::<Order>(&format!("order-{at}")).await.expect("it was accepted");
    }
    assert_eq!(engine.send::<Order>("order-0", Event::Submit).await, Ok(Dispatch::Handled));
}

#[tokio::test]
async fn a_file_that_was_deleted_is_missed_before_anything_is_accepted() {
    let file = folder("disk-gone").join("orders.db");
    let store = Sqlite::open(&file).expect("it can be made");
    let engine = Engine::builder().store(store).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    engine.start::<Order>("a", order("a")).await.expect("the key is free");
    std::fs::remove_file(&file).expect("it can be deleted");
    let sent = engine.send::<Order>("a", Event::Submit).await;
    assert!(matches!(sent, Err(EngineError::Store(StoreError::Gone(_)))), "{sent:?}");
}

/// The store refuses for a while, as a disk does that is full or was mounted anew.
struct ForAWhile(Arc<AtomicBool>, StoreError);

impl Plan for ForAWhile {
    fn commit(&mut self, _: u64) -> Option<Fault> {
        self.0.load(Ordering::SeqCst).then(|| Fault::Refused(self.1.clone()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_refuses_for_a_while_is_told_and_what_runs_goes_on_behind_it() {
    for error in [StoreError::ReadOnly("orders.db".to_owned()), StoreError::Full("it".to_owned())] {
        let (refuses, shop) = (Arc::new(AtomicBool::new(false)), Shop::default());
        let plan = ForAWhile(Arc::clone(&refuses), error.clone());
        let store = Faulty::new(Memory::new(), plan, on_tokio);
        let engine = Engine::builder().store(store).register::<Order>(shop.clone());
        let engine = engine.start().await.expect("it starts");
        for key in ["runs", "waits"] {
            engine.start::<Order>(key, order(key)).await.expect("the key is free");
        }
        assert_eq!(engine.send::<Order>("runs", Event::Submit).await, Ok(Dispatch::Handled));
        refuses.store(true, Ordering::SeqCst);
        let refused = Err(EngineError::Store(error));
        assert_eq!(engine.send::<Order>("waits", Event::Submit).await, refused);
        assert_eq!(engine.start::<Order>("new", order("new")).await, refused.map(drop));
        tokio::time::sleep(Duration::from_secs(60)).await;
        let view = engine.state::<Order>("waits").await.expect("it can be read");
        assert_eq!((view.state, view.seq), (State::Draft, 1));
        refuses.store(false, Ordering::SeqCst);
        let ended = |view: &statewright::engine::View<Order>| view.status == Status::Finished;
        let view = engine.wait_for::<Order>("runs", ended).await.expect("it goes on");
        assert_eq!(view.state, State::Completed { tracking: "T-1".to_owned() });
        // Attempts whose ends could not be kept were made again, under the same keys.
        let mut keys = shop.calls();
        keys.retain(|call| call.contains("Order/runs/"));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert_eq!(engine.send::<Order>("waits", Event::Submit).await, Ok(Dispatch::Handled));
        assert_eq!(engine.start::<Order>("new", order("new")).await, Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_the_disk_has_kept_and_denied_goes_on() {
    let why = || StoreError::Failed("it was written, and then the disk went away".to_owned());
    let denied = move |number| (number == 1).then(|| Fault::Denied(why()));
    let disk = Memory::new();
    let store = Faulty::new(disk.clone(), denied, on_tokio);
    let engine = Engine::builder().store(store).register::<Delivery>(Van::new(&[Drives::Arrives]));
    let engine = engine.start().await.expect("it starts");
    let start = || delivery_machine::Start { id: "d".to_owned() };
    let told = engine.start::<Delivery>("d", start()).await;
    assert!(matches!(told, Err(EngineError::Store(_))), "{told:?}");
    // Nobody asks for it, but what it calls is called.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let kept = disk.list(&Filter::default()).expect("it can be read");
    assert_eq!(kept.iter().map(|one| one.status).collect::<Vec<_>>(), [Status::Finished]);
    let told = engine.start::<Delivery>("d", start()).await;
    assert!(matches!(told, Err(EngineError::Duplicate { .. })), "{told:?}");
}

/// Refuses all commits behind the second, as long as it is to; so many at most, that a test which would
/// go on for ever ends.
struct Refusals(Arc<AtomicBool>);

impl Plan for Refusals {
    fn commit(&mut self, number: u64) -> Option<Fault> {
        let refuses = self.0.load(Ordering::SeqCst) && (3..10_000).contains(&number);
        refuses.then(|| Fault::Refused(StoreError::Full("it".to_owned())))
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_lets_no_activity_be_called_again_and_again() {
    let (refuses, shop) = (Arc::new(AtomicBool::new(true)), Shop::default());
    let plan = Refusals(Arc::clone(&refuses));
    let store = Faulty::new(Memory::new(), plan, on_tokio);
    let engine = Engine::builder().store(store).register::<Order>(shop.clone());
    let engine = engine.start().await.expect("it starts");
    engine.start::<Order>("a", order("a")).await.expect("the key is free");
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Ok(Dispatch::Handled));
    let waits = engine.clone();
    let ended = |view: &statewright::engine::View<Order>| view.status == Status::Finished;
    let waiter = tokio::spawn(async move { waits.wait_for::<Order>("a", ended).await });
    tokio::time::sleep(Duration::from_secs(30)).await;
    let calls = shop.calls().iter().filter(|call| call.starts_with("reserve")).count();
    assert!((2..=62).contains(&calls), "{calls} calls in 30 s");
    refuses.store(false, Ordering::SeqCst);
    let ended = waiter.await.expect("it does not panic");
    ended.expect("it waits as long as it takes");
}

#[tokio::test]
async fn a_second_engine_on_the_file_is_refused() {
    let file = folder("disk-owned").join("orders.db");
    let engine = |file: PathBuf| async move {
        let store = Sqlite::open(&file).expect("it can be opened");
        Engine::builder().store(store).register::<Order>(Shop::default()).start().await
    };
    let first = engine(file.clone()).await.expect("it starts");
    let second = engine(file.clone()).await;
    assert!(matches!(second.err(), Some(EngineError::Store(StoreError::Owned(_)))));
    first.stop().await;
    engine(file).await.expect("nobody runs on it any more");
}

/// A day in milliseconds, and a time from which it can be taken.
const DAY: u64 = 24 * 60 * 60 * 1000;
const NOON: u64 = 20_000 * DAY;

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_back_makes_no_timer_early_and_none_a_day_late() {
    let (store, shop) = (Memory::new(), Shop::default());
    let engine = |clock: fn() -> u64| {
        let mut settings = Settings::default();
        settings.inbox = Duration::from_secs(3600);
        let engine = Engine::builder().store(store.clone()).settings(settings).wall_clock(clock);
        engine.register::<Order>(shop.clone()).start()
    };
    let days = |days: u64| Duration::from_millis(days * DAY);
    let first = engine(|| NOON).await.expect("it starts");
    first.start::<Order>("a", order("a")).await.expect("the key is free");
    tokio::time::sleep(days(10)).await;
    // A commit at this time: from here the next engine goes on.
    first.start::<Order>("b", order("b")).await.expect("the key is free");
    first.stop().await;
    let second = engine(|| NOON + 9 * DAY).await.expect("it starts");
    tokio::time::sleep(days(20) - Duration::from_secs(60)).await;
    let state = second.state::<Order>("a").await.expect("it is there").state;
    assert_eq!(state, State::Draft, "the timer of 30 days has fired early");
    tokio::time::sleep(Duration::from_secs(120)).await;
    let state = second.state::<Order>("a").await.expect("it is there").state;
    assert_eq!(state, State::Rejected, "the timer of 30 days is late");
}

/// One instance cannot be read.
struct Damaged(InstanceId);

impl Plan for Damaged {
    fn corrupt(&mut self, instance: InstanceId) -> Option<String> {
        (instance == self.0).then(|| "the row is cut off".to_owned())
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_cannot_be_read_is_parked_and_no_other() {
    let (store, shop) = (Memory::new(), Shop::default());
    let first = Engine::builder().store(store.clone()).register::<Order>(shop.clone());
    let first = first.start().await.expect("it starts");
    for key in ["a", "b"] {
        first.start::<Order>(key, order(key)).await.expect("the key is free");
    }
    first.stop().await;
    let damaged = Faulty::new(store.clone(), Damaged(1), on_tokio);
    let second = Engine::builder().store(damaged).register::<Order>(shop);
    let second = second.start().await.expect("it starts");
    match second.send::<Order>("a", Event::Submit).await {
        Err(EngineError::Parked { cause, .. }) => {
            assert_eq!(cause.kind, CauseKind::Undecodable);
            assert_eq!(cause.message, "the row is cut off");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(second.send::<Order>("b", Event::Submit).await, Ok(Dispatch::Handled));
    let parked = second.list(statewright::store::Filter::default()).await.expect("it can be read");
    assert_eq!(parked[0].status, Status::Parked);
}
