//! What an engine tells of itself: metrics, spans and events, and that the documentation names them.
#![cfg(test)]

mod recorder;
mod spans;

use recorder::Recorder;
use spans::Spans;
use statewright::engine::{Settings, View, describe_metrics};
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{Memory, Sqlite, Status, Store, StoreError};
use statewright::{Dispatch, Engine};
use statewright_durable_tests::alarm::Bell;
use statewright_durable_tests::alarm_machine::{self, Alarm};
use statewright_durable_tests::fragile::Flaky;
use statewright_durable_tests::fragile_machine::{self, Fragile};
use statewright_durable_tests::marked::Speaker;
use statewright_durable_tests::marked_machine::{self, Marked};
use statewright_durable_tests::order::{Event, Order, Start, State, Working};
use statewright_durable_tests::shop::{Charging, Shop};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const MINUTE: Duration = Duration::from_secs(60);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("it can be made")
}

/// Runs something in paused time and on one thread; gives what was recorded.
fn recorded(run: impl AsyncFnOnce()) -> Recorder {
    let recorder = Recorder::default();
    metrics::with_local_recorder(&recorder, || runtime().block_on(run()));
    recorder
}

async fn orders(store: impl Store, shop: &Shop) -> Engine {
    let engine = Engine::builder().store(store).register::<Order>(shop.clone());
    engine.start().await.expect("it starts")
}

async fn submitted(engine: &Engine, key: &str) {
    let start = Start { order_id: key.to_owned(), total: 5 };
    engine.start::<Order>(key, start).await.expect("the key is free");
    assert_eq!(engine.send::<Order>(key, Event::Submit).await, Ok(Dispatch::Handled));
}

async fn finished(engine: &Engine, key: &str) {
    let finished = |view: &View<Order>| view.status == Status::Finished;
    engine.wait_for::<Order>(key, finished).await.expect("it ends");
}

#[test]
fn steps_activities_and_answers_are_counted() {
    let seen = recorded(async || {
        let engine = orders(Memory::new(), &Shop::default()).await;
        submitted(&engine, "a").await;
        finished(&engine, "a").await;
        engine.stop().await;
    });
    let order = [("machine", "Order")];
    assert_eq!(seen.counter("statewright_steps_total", &order), 5);
    assert_eq!(seen.counter("statewright_activities_total", &order), 3);
    let ok = [("machine", "Order"), ("outcome", "ok")];
    assert_eq!(seen.counter("statewright_activity_ends_total", &ok), 3);
    assert_eq!(seen.histogram("statewright_activity_seconds", &order).len(), 3);
    // Its start and its event.
    assert_eq!(seen.histogram("statewright_answer_seconds", &order), [0.0, 0.0]);
    let batches = seen.histogram("statewright_batch_size", &[]);
    assert_eq!(batches.len(), seen.histogram("statewright_commit_seconds", &[]).len());
    assert!(!batches.is_empty() && batches.iter().all(|size| *size == 1.0), "{batches:?}");
}

#[test]
fn an_answer_takes_as_long_as_the_store_does() {
    let seen = recorded(async || {
        let slow = |number| (number == 2).then_some(Fault::Late(MINUTE));
        let store = Faulty::new(Memory::new(), slow, on_tokio);
        let engine = orders(store, &Shop::default()).await;
        submitted(&engine, "a").await;
        engine.stop().await;
    });
    assert_eq!(seen.histogram("statewright_answer_seconds", &[("machine", "Order")]), [0.0, 60.0]);
    assert_eq!(seen.histogram("statewright_commit_seconds", &[])[..2], [0.0, 60.0]);
}

#[test]
fn a_late_result_is_dropped_and_counted() {
    let seen = recorded(async || {
        let (store, shop) = (Memory::new(), Shop::default());
        shop.charging(Charging::Hangs);
        // The step that leaves the state is durable only when the charge has come back.
        let slow = |number| (number == 4).then_some(Fault::Late(2 * 60 * MINUTE));
        let engine = orders(Faulty::new(store, slow, on_tokio), &shop).await;
        submitted(&engine, "a").await;
        let charging = |view: &View<Order>| matches!(view.state, State::Working(Working::Charging));
        engine.wait_for::<Order>("a", charging).await.expect("it gets there");
        let cancel = Event::Cancel { reason: "late".to_owned() };
        assert_eq!(engine.send::<Order>("a", cancel).await, Ok(Dispatch::Handled));
        finished(&engine, "a").await;
        let view = engine.state::<Order>("a").await.expect("it is there");
        assert_eq!(view.context.receipt, None);
        engine.stop().await;
    });
    assert_eq!(seen.counter("statewright_late_results_total", &[]), 1);
}

#[test]
fn timers_are_late_by_what_it_takes_until_their_steps_are_durable() {
    let seen = recorded(async || {
        let mut settings = Settings::default();
        settings.inbox = 60 * MINUTE;
        // Two are set. The step of the first timer takes its time; the other leaves memory before.
        let slow = |number| (number == 3).then_some(Fault::Late(MINUTE));
        let store = Faulty::new(Memory::new(), slow, on_tokio);
        let engine = Engine::builder().store(store).settings(settings);
        let engine = engine.register::<Alarm>(Bell::default()).start().await.expect("it starts");
        for (name, wait) in [("soon", Duration::from_secs(2)), ("later", 5 * MINUTE)] {
            let start = alarm_machine::Start { name: name.to_owned(), wait };
            engine.start::<Alarm>(name, start).await.expect("the key is free");
        }
        tokio::time::sleep(30 * MINUTE).await;
        engine.stop().await;
    });
    let late = seen.histogram("statewright_timer_lateness_seconds", &[("machine", "Alarm")]);
    assert!(matches!(late[..], [60.0..61.0, 0.0..1.0]), "{late:?}");
}

#[test]
fn those_that_are_parked_are_known_also_after_a_restart() {
    let fragile = [("machine", "Fragile")];
    let (store, host) = (Memory::new(), Flaky::default());
    let engine = async || {
        let engine = Engine::builder().store(store.clone()).register::<Fragile>(host.clone());
        engine.start().await.expect("it starts")
    };
    host.fails.store(true, Ordering::SeqCst);
    let seen = recorded(async || {
        let engine = engine().await;
        for key in ["a", "b", "c"] {
            let start = fragile_machine::Start { name: key.to_owned() };
            engine.start::<Fragile>(key, start).await.expect("the key is free");
            let parked = |view: &View<Fragile>| view.status == Status::Parked;
            engine.wait_for::<Fragile>(key, parked).await.expect("it is parked");
        }
        engine.abandon::<Fragile>("c").await.expect("it is parked");
        engine.stop().await;
    });
    assert_eq!(seen.counter("statewright_parked_total", &fragile), 3);
    assert_eq!(seen.gauge("statewright_parked", &fragile), 2.0);
    host.fails.store(false, Ordering::SeqCst);
    let seen = recorded(async || {
        let engine = engine().await;
        engine.retry::<Fragile>("a").await.expect("it is parked");
        tokio::time::sleep(Duration::from_secs(1)).await;
        engine.stop().await;
    });
    assert_eq!(seen.gauge("statewright_parked", &fragile), 1.0);
}

#[test]
fn what_goes_wrong_is_counted() {
    let seen = recorded(async || {
        let full = |number| {
            let error = StoreError::Full("for a moment".to_owned());
            (number == 3).then_some(Fault::Refused(error))
        };
        let engine = Engine::builder().store(Faulty::new(Memory::new(), full, on_tokio));
        let engine =
            engine.register::<Marked>(Speaker::default()).start().await.expect("it starts");
        let start = marked_machine::Start { name: "a".to_owned() };
        engine.start::<Marked>("a", start).await.expect("the key is free");
        engine.send::<Marked>("a", marked_machine::Event::Say).await.expect("it is open");
        let refused = engine.send::<Marked>("a", marked_machine::Event::Arm).await;
        assert!(refused.is_err(), "{refused:?}");
        engine.stop().await;
    });
    assert_eq!(seen.counter("statewright_panicked_actions_total", &[]), 1);
    assert_eq!(seen.counter("statewright_commit_failures_total", &[]), 1);
}

#[test]
fn messages_that_wait_and_instances_in_memory_are_known() {
    let seen = recorded(async || {
        let mut settings = Settings::default();
        settings.shards = 1;
        let engine = Engine::builder().settings(settings).register::<Order>(Shop::default());
        let engine = engine.start().await.expect("it starts");
        for key in ["a", "b"] {
            let start = Start { order_id: key.to_owned(), total: 5 };
            engine.start::<Order>(key, start).await.expect("the key is free");
        }
        drop(engine);
    });
    assert_eq!(seen.gauge("statewright_resident", &[("shard", "0")]), 2.0);
    assert_eq!(seen.gauge("statewright_waiting", &[("shard", "0")]), 0.0);
}

/// The writer of a file has a thread of its own, so this is seen by the recorder of the process.
#[test]
fn transactions_of_the_file_are_timed() {
    static SEEN: std::sync::LazyLock<Recorder> = std::sync::LazyLock::new(Recorder::default);
    metrics::set_global_recorder(&*SEEN).expect("there is no other");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("seen");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    let runtime = Builder::new_multi_thread().enable_time().build().expect("it can be made");
    runtime.block_on(async {
        let store = Sqlite::open(folder.join("orders.db")).expect("it can be made");
        let engine = orders(store, &Shop::default()).await;
        submitted(&engine, "a").await;
        finished(&engine, "a").await;
        engine.stop().await;
    });
    let works = SEEN.histogram("statewright_transaction_works", &[]);
    let synced = SEEN.histogram("statewright_sync_seconds", &[]);
    assert!(works.len() >= 3, "{works:?}");
    assert_eq!(SEEN.histogram("statewright_transaction_seconds", &[]).len(), works.len());
    assert!(synced.len() >= 3 && synced.iter().all(|took| *took > 0.0), "{synced:?}");
}

#[test]
fn the_documentation_has_every_name_and_no_other() {
    let recorder = Recorder::default();
    metrics::with_local_recorder(&recorder, describe_metrics);
    let described = recorder.described();
    let docs = include_str!("../../../docs/observed.md");
    let names = docs.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("| `statewright_")?.split_once("` | ")?;
        Some((format!("statewright_{name}"), rest.split(' ').next()?.to_owned()))
    });
    let documented: BTreeSet<(String, String)> = names.collect();
    assert_eq!(documented, described);
}

#[test]
fn each_step_has_a_span_with_what_has_caused_it() {
    let spans = Spans::default();
    let _default = tracing::subscriber::set_default(spans.clone());
    runtime().block_on(async {
        let engine = orders(Memory::new(), &Shop::default()).await;
        let start = Start { order_id: "a".to_owned(), total: 5 };
        engine.start::<Order>("a", start).await.expect("the key is free");
        engine.send_with_id::<Order>("a", "m-1", Event::Submit).await.expect("it is a draft");
        finished(&engine, "a").await;
        engine.stop().await;
    });
    let steps = spans.named("step");
    let expected = |seq: u32, cause: &str, more: &str| {
        format!("machine=Order key=a instance=1 seq={seq} cause={cause}{more}")
    };
    assert_eq!(
        steps,
        [
            expected(2, "event", " message=m-1"),
            expected(3, "end", " activity=Order/a/1/1"),
            expected(4, "end", " activity=Order/a/1/2"),
            expected(5, "end", " activity=Order/a/1/3"),
        ]
    );
    let activities = spans.named("activity");
    assert_eq!(activities.len(), 3);
    for (at, span) in activities.iter().enumerate() {
        let of = format!("invocation={n} attempt=1 activity=Order/a/1/{n}", n = at + 1);
        assert_eq!(*span, format!("machine=Order key=a instance=1 {of}"));
    }
}

#[test]
fn a_panic_and_a_commit_that_fails_are_told_with_their_machine() {
    let spans = Spans::default();
    let _default = tracing::subscriber::set_default(spans.clone());
    runtime().block_on(async {
        let full = |number| {
            let error = StoreError::Full("for a moment".to_owned());
            (number == 2).then_some(Fault::Refused(error))
        };
        let engine = orders(Faulty::new(Memory::new(), full, on_tokio), &Shop::default()).await;
        let start = Start { order_id: "a".to_owned(), total: 13 };
        engine.start::<Order>("a", start).await.expect("the key is free");
        assert!(engine.send::<Order>("a", Event::Submit).await.is_err(), "13 panics");
        let cancel = Event::Cancel { reason: "late".to_owned() };
        assert!(engine.send::<Order>("a", cancel).await.is_err(), "the disk is full");
        engine.stop().await;
    });
    let events = spans.events();
    for (message, more) in
        [("the host has panicked", "panic=thirteen"), ("a commit has failed", "error=")]
    {
        let event = events.iter().find(|event| event.contains(message));
        let event = event.unwrap_or_else(|| panic!("no `{message}` in {events:?}"));
        for part in ["machine=Order", "key=a", "instance=1", more] {
            assert!(event.contains(part), "{event}");
        }
    }
}
