//! Messages that other programs leave in the store.

use statewright::Engine;
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{InboxKind, Memory, Posted, Status, Store, StoreError};
use statewright_durable_tests::fragile::Flaky;
use statewright_durable_tests::fragile_machine::{self, Fragile};
use statewright_durable_tests::order::{Order, Start};
use statewright_durable_tests::shop::Shop;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

fn left(store: &Memory, machine: &str, key: &str, kind: InboxKind, body: &str) -> i64 {
    let posted = Posted {
        machine: machine.to_owned(),
        key: key.to_owned(),
        kind,
        body: body.to_owned(),
        message_id: None,
        at: 1,
    };
    store.post(&posted).expect("memory can be written")
}

async fn answer(store: &Memory, message: i64) -> String {
    for _ in 0..100 {
        if let Some(answer) = store.inbox_answer(message).expect("memory can be read") {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no answer");
}

#[tokio::test(start_paused = true)]
async fn messages_are_taken_and_answered() {
    let store = Memory::new();
    let engine = Engine::builder().store(store.clone()).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    let start = Start { order_id: "a".to_owned(), total: 500 };
    engine.start::<Order>("a", start).await.expect("the key is free");
    let unknown = left(&store, "Order", "b", InboxKind::Send, "\"Submit\"");
    assert_eq!(answer(&store, unknown).await, "error: there is no `Order` with key `b`");
    let wrong = left(&store, "Order", "a", InboxKind::Send, "\"Sumbit\"");
    let said = answer(&store, wrong).await;
    assert!(said.starts_with("error: cannot be decoded: no event of the machine"), "{said}");
    let retry = left(&store, "Order", "a", InboxKind::Retry, "");
    assert_eq!(answer(&store, retry).await, "error: `a` is not parked");
    let submit = left(&store, "Order", "a", InboxKind::Send, "\"Submit\"");
    assert_eq!(answer(&store, submit).await, "Handled");
    let late = left(&store, "Order", "a", InboxKind::Send, "\"Submit\"");
    assert_eq!(answer(&store, late).await, "error: `a` is finished");
}

#[tokio::test(start_paused = true)]
async fn a_person_can_retry_and_abandon() {
    let (store, host) = (Memory::new(), Flaky::default());
    host.fails.store(true, Ordering::SeqCst);
    let engine = Engine::builder().store(store.clone()).register::<Fragile>(host.clone());
    let engine = engine.start().await.expect("it starts");
    for key in ["a", "b"] {
        let start = fragile_machine::Start { name: key.to_owned() };
        engine.start::<Fragile>(key, start).await.expect("the key is free");
        let parked = engine.wait_for::<Fragile>(key, |view| view.status == Status::Parked).await;
        assert_eq!(parked.expect("it is parked").status, Status::Parked);
    }
    host.fails.store(false, Ordering::SeqCst);
    let retry = left(&store, "Fragile", "a", InboxKind::Retry, "");
    assert_eq!(answer(&store, retry).await, "Handled");
    let waiting =
        |view: &statewright::engine::View<Fragile>| view.state == fragile_machine::State::Waiting;
    engine.wait_for::<Fragile>("a", waiting).await.expect("it goes on");
    let abandon = left(&store, "Fragile", "b", InboxKind::Abandon, "");
    assert_eq!(answer(&store, abandon).await, "Handled");
    let view = engine.state::<Fragile>("b").await.expect("it can be looked at");
    assert_eq!(view.status, Status::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn a_message_is_taken_once_also_if_the_disk_lies_about_it() {
    for fault in [
        Fault::Denied(StoreError::Failed("after it was written".to_owned())),
        Fault::Refused(StoreError::Full("for a moment".to_owned())),
    ] {
        let (store, host) = (Memory::new(), Flaky::default());
        let plan = {
            let fault = fault.clone();
            // The fifth batch is the one with the message: start, the end of the call, and the rest
            // come before.
            move |number| (2..=4).contains(&number).then(|| fault.clone())
        };
        let faulty = Faulty::new(store.clone(), plan, on_tokio);
        let engine = Engine::builder().store(faulty).register::<Fragile>(host.clone());
        let engine = engine.start().await.expect("it starts");
        let start = fragile_machine::Start { name: "a".to_owned() };
        engine.start::<Fragile>("a", start).await.expect("the first batch is written");
        let ping = left(&store, "Fragile", "a", InboxKind::Send, "\"Ping\"");
        let said = answer(&store, ping).await;
        assert!(["Handled", "Unhandled"].contains(&said.as_str()), "{said}");
        tokio::time::sleep(Duration::from_secs(5)).await;
        let history = engine.history::<Fragile>("a", 1, 100).await.expect("it can be read");
        let pings = history.iter().filter(|step| step.to_string().starts_with("Ping"));
        assert_eq!(pings.count(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_sender_are_taken_in_order_also_if_the_first_has_to_come_again() {
    for refused in 1..6 {
        let (store, refuses) = (Memory::new(), Arc::new(AtomicI32::new(0)));
        let left_to_refuse = Arc::clone(&refuses);
        let plan = move |_| {
            let refuses = left_to_refuse.fetch_sub(1, Ordering::SeqCst) > 0;
            refuses.then(|| Fault::Refused(StoreError::Full("for a moment".to_owned())))
        };
        let faulty = Faulty::new(store.clone(), plan, on_tokio);
        let engine = Engine::builder().store(faulty).register::<Order>(Shop::default());
        let engine = engine.start().await.expect("it starts");
        let start = Start { order_id: "a".to_owned(), total: 5 };
        engine.start::<Order>("a", start).await.expect("the key is free");
        refuses.store(refused, Ordering::SeqCst);
        let cancel = |reason: &str, id: Option<&str>| {
            let posted = Posted {
                machine: "Order".to_owned(),
                key: "a".to_owned(),
                kind: InboxKind::Send,
                body: format!("{{\"Cancel\":{{\"reason\":\"{reason}\"}}}}"),
                message_id: id.map(str::to_owned),
                at: 1,
            };
            store.post(&posted).expect("memory can be written")
        };
        // What the second was answered, if it was taken before, is asked of the store first, and so
        // the first is on its way alone.
        let (first, second, third) =
            (cancel("first", None), cancel("second", Some("2")), cancel("third", None));
        for message in [first, second, third] {
            assert_eq!(answer(&store, message).await, "Unhandled");
        }
        let history = engine.history::<Order>("a", 2, 100).await.expect("it can be read");
        let taken: Vec<String> = history.iter().map(ToString::to_string).collect();
        let taken: Vec<&str> = taken.iter().filter_map(|step| step.split('"').nth(1)).collect();
        assert_eq!(taken, ["first", "second", "third"], "{refused} refused");
    }
}
