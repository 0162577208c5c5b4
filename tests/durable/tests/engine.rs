//! What the engine promises to those who start instances and send to them. Time stands still unless
//! nothing else is to be done.

use statewright::engine::{Cause, CauseKind, Replay, Settings, View};
use statewright::store::{Filter, Memory, Status, Store};
use statewright::{Cursor, Dispatch, Engine, EngineError};
use statewright_durable_tests::fragile::Flaky;
use statewright_durable_tests::fragile_machine::{self, Fragile};
use statewright_durable_tests::order::{Event, Order, Output, Start, State, Working};
use statewright_durable_tests::shop::{Charging, Shop};
use std::sync::atomic::Ordering;
use std::time::Duration;

async fn engine(store: &Memory, shop: &Shop) -> Engine {
    Engine::builder()
        .store(store.clone())
        .register::<Order>(shop.clone())
        .start()
        .await
        .expect("an engine on a store in memory starts")
}

async fn running() -> (Engine, Shop, Memory) {
    let (store, shop) = (Memory::new(), Shop::default());
    (engine(&store, &shop).await, shop, store)
}

fn order(id: &str, total: u32) -> Start {
    Start { order_id: id.to_owned(), total }
}

async fn submitted(engine: &Engine, key: &str) {
    engine.start::<Order>(key, order(key, 5)).await.expect("the key is free");
    assert_eq!(engine.send::<Order>(key, Event::Submit).await, Ok(Dispatch::Handled));
}

async fn ended(engine: &Engine, key: &str) -> State {
    let ended = engine
        .wait_for::<Order>(key, |view| {
            view.status == Status::Finished
                || matches!(view.state, State::Completed { .. } | State::Rejected)
        })
        .await;
    ended.expect("the order ends").state
}

#[tokio::test(start_paused = true)]
async fn an_order_goes_through() {
    let (engine, shop, _) = running().await;
    submitted(&engine, "a").await;
    assert_eq!(ended(&engine, "a").await, State::Completed { tracking: "T-1".to_owned() });
    let keys = ["log go", "reserve Order/a/1/1", "charge Order/a/1/2", "ship Order/a/1/3"];
    assert_eq!(shop.calls(), keys);
    let view = engine.state::<Order>("a").await.expect("a finished order can be looked at");
    assert_eq!(view.status, Status::Finished);
    assert_eq!(view.context.receipt.map(|receipt| receipt.amount), Some(5));
    assert_eq!(engine.replay::<Order>("a").await, Ok(Replay::Same(5)));
}

#[tokio::test(start_paused = true)]
async fn declared_errors_go_outwards() {
    let (engine, shop, _) = running().await;
    shop.charging(Charging::Declines);
    submitted(&engine, "a").await;
    assert_eq!(ended(&engine, "a").await, State::Rejected);
    let view = engine.state::<Order>("a").await.expect("it is there");
    assert_eq!(view.context.note.as_deref(), Some("no funds"));
    assert!(shop.calls().contains(&"release Order/a/1/3".to_owned()), "{:?}", shop.calls());
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error_of_its_activity() {
    let (engine, shop, _) = running().await;
    shop.charging(Charging::Panics);
    submitted(&engine, "a").await;
    assert_eq!(ended(&engine, "a").await, State::Rejected);
    let note = engine.state::<Order>("a").await.expect("it is there").context.note;
    assert_eq!(note.as_deref(), Some("panicked: the card reader is broken"));
}

#[tokio::test(start_paused = true)]
async fn a_panicking_guard_hurts_nobody() {
    let (engine, _, _) = running().await;
    engine.start::<Order>("a", order("a", 13)).await.expect("the key is free");
    let sent = engine.send::<Order>("a", Event::Submit).await;
    assert_eq!(sent, Err(EngineError::Panicked("thirteen".to_owned())));
    assert_eq!(engine.state::<Order>("a").await.expect("it is there").state, State::Draft);
    submitted(&engine, "b").await;
    assert!(matches!(ended(&engine, "b").await, State::Completed { .. }));
}

async fn fragile(store: &Memory, host: &Flaky) -> Engine {
    let engine = Engine::builder().store(store.clone()).register::<Fragile>(host.clone());
    engine.start().await.expect("an engine on a store in memory starts")
}

async fn parked(engine: &Engine) -> Cause {
    let waited = engine.wait_for::<Fragile>("a", |view| view.status == Status::Parked).await;
    assert_eq!(waited.expect("it is parked").status, Status::Parked);
    match engine.send::<Fragile>("a", fragile_machine::Event::Ping).await {
        Err(EngineError::Parked { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_nothing_catches_parks_the_instance_until_it_is_retried() {
    let (store, host) = (Memory::new(), Flaky::default());
    let engine = fragile(&store, &host).await;
    host.fails.store(true, Ordering::SeqCst);
    let start = fragile_machine::Start { name: "a".to_owned() };
    engine.start::<Fragile>("a", start).await.expect("the key is free");
    let cause = parked(&engine).await;
    assert_eq!(cause.kind, CauseKind::Uncaught);
    assert!(cause.message.ends_with("Unexpected: no route to host"), "{cause}");
    // It stays parked when the program is started anew, and nothing is called.
    drop(engine);
    tokio::task::yield_now().await;
    let engine = fragile(&store, &host).await;
    assert_eq!(parked(&engine).await.kind, CauseKind::Uncaught);
    assert_eq!(host.calls.load(Ordering::SeqCst), 1);
    host.fails.store(false, Ordering::SeqCst);
    engine.retry::<Fragile>("a").await.expect("it is parked");
    let waiting = |view: &View<Fragile>| view.state == fragile_machine::State::Waiting;
    let view = engine.wait_for::<Fragile>("a", waiting).await.expect("it goes on");
    assert_eq!(view.context.tries, 2);
    let history = engine.history::<Fragile>("a", 0, 100).await.expect("it is there");
    let lines: Vec<String> = history.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "start(name: \"a\")  -> Fetching  asks Fetch(name: \"a\")",
            "parked: an activity has ended with an error that no state catches: Unexpected: no route to host  in Fetching",
            "retried  in Fetching",
            "Fetch gave 2  Fetching -> Waiting",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_timer_whose_guard_panics_parks_the_instance() {
    let (store, host) = (Memory::new(), Flaky::default());
    let engine = fragile(&store, &host).await;
    let start = fragile_machine::Start { name: "a".to_owned() };
    engine.start::<Fragile>("a", start).await.expect("the key is free");
    let cause = parked(&engine).await;
    assert_eq!(cause.kind, CauseKind::Panicked);
    assert!(cause.message.contains("the third is poison"), "{cause}");
    assert_eq!(host.calls.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn everything_is_gone_on_with() {
    let (first, shop, store) = running().await;
    shop.charging(Charging::Hangs);
    submitted(&first, "a").await;
    let charging = |state: &State| matches!(state, State::Working(Working::Charging));
    first.wait_for::<Order>("a", move |view| charging(&view.state)).await.expect("it gets there");
    // As if the program had been killed: nothing is stopped or told.
    drop(first);
    tokio::task::yield_now().await;
    shop.charging(Charging::Works);
    let second = engine(&store, &shop).await;
    assert!(matches!(ended(&second, "a").await, State::Completed { .. }));
    let charges: Vec<_> =
        shop.calls().into_iter().filter(|call| call.starts_with("charge")).collect();
    assert_eq!(charges, ["charge Order/a/1/2", "charge Order/a/1/2"], "the same key again");
}

#[tokio::test(start_paused = true)]
async fn leaving_a_state_cancels_what_it_invokes() {
    let (engine, shop, _) = running().await;
    shop.charging(Charging::Hangs);
    submitted(&engine, "a").await;
    let charging = |state: &State| matches!(state, State::Working(Working::Charging));
    engine.wait_for::<Order>("a", move |view| charging(&view.state)).await.expect("it gets there");
    let cancel = Event::Cancel { reason: "changed my mind".to_owned() };
    engine.send::<Order>("a", cancel).await.expect("it is handled");
    assert_eq!(ended(&engine, "a").await, State::Rejected);
    tokio::task::yield_now().await;
    assert_eq!(shop.cancelled(), ["Order/a/1/2"]);
}

#[tokio::test(start_paused = true)]
async fn timers_fire_also_for_those_that_are_not_in_memory() {
    let (store, shop) = (Memory::new(), Shop::default());
    let mut settings = Settings::default();
    // So that a month is not made of millions of looks into the inbox.
    settings.inbox = Duration::from_secs(3600);
    let engine = Engine::builder().store(store.clone()).settings(settings).register::<Order>(shop);
    let engine = engine.start().await.expect("it starts");
    engine.start::<Order>("a", order("a", 5)).await.expect("the key is free");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    // It has left memory, and waits in the store.
    assert!(store.next_due().expect("memory can be read").is_some());
    tokio::time::sleep(Duration::from_secs(30 * 24 * 3600)).await;
    let view = engine.state::<Order>("a").await.expect("it is there");
    assert_eq!(view.state, State::Rejected);
}

#[tokio::test(start_paused = true)]
async fn every_mistake_has_its_error() {
    let (engine, _, _) = running().await;
    let name = || ("Order".to_owned(), "a".to_owned());
    let unknown = {
        let (machine, key) = name();
        EngineError::UnknownInstance { machine, key }
    };
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Err(unknown.clone()));
    assert_eq!(engine.state::<Order>("a").await.err(), Some(unknown));
    engine.start::<Order>("a", order("a", 500)).await.expect("the key is free");
    let duplicate = {
        let (machine, key) = name();
        EngineError::Duplicate { machine, key }
    };
    assert_eq!(engine.start::<Order>("a", order("a", 5)).await, Err(duplicate));
    let other = engine.start::<Order>("b", order("c", 5)).await;
    let mismatch = EngineError::KeyMismatch { key: "b".to_owned(), field: "c".to_owned() };
    assert_eq!(other, Err(mismatch));
    assert_eq!(engine.retry::<Order>("a").await, Err(EngineError::NotParked("a".to_owned())));
    engine.send::<Order>("a", Event::Submit).await.expect("it is handled");
    let finished = Err(EngineError::Finished("a".to_owned()));
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, finished);
    engine.start::<Order>("d", order("d", 5)).await.expect("the key is free");
    engine.abandon::<Order>("d").await.expect("it is there");
    let abandoned = Err(EngineError::Abandoned("d".to_owned()));
    assert_eq!(engine.send::<Order>("d", Event::Submit).await, abandoned);
    engine.stop().await;
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Err(EngineError::Stopped));
}

#[tokio::test(start_paused = true)]
async fn a_repeated_message_is_answered_like_the_first() {
    let (first, shop, store) = running().await;
    first.start::<Order>("a", order("a", 5)).await.expect("the key is free");
    let send = |engine: Engine| async move {
        engine.send_with_id::<Order>("a", "m-1", Event::Submit).await
    };
    assert_eq!(send(first.clone()).await, Ok(Dispatch::Handled));
    assert_eq!(send(first.clone()).await, Ok(Dispatch::Handled));
    first.stop().await;
    let second = engine(&store, &shop).await;
    let again = send(second.clone()).await;
    assert_eq!(again, Ok(Dispatch::Handled), "also when it is finished");
    let submits = second.history::<Order>("a", 0, 100).await.expect("it is there");
    let submits = submits.iter().filter(|step| step.to_string().starts_with("Submit"));
    assert_eq!(submits.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn outputs_come_once_each_with_a_cursor() {
    let (engine, _, _) = running().await;
    submitted(&engine, "a").await;
    let mut outputs = engine.outputs::<Order>("a", Cursor::START).expect("it is registered");
    let shipped = Output::Shipped { tracking: "T-1".to_owned() };
    assert_eq!(outputs.next().await, Ok(Some((Cursor(1), shipped))));
    assert_eq!(outputs.next().await, Ok(None));
    let mut behind = engine.outputs::<Order>("a", Cursor(1)).expect("it is registered");
    assert_eq!(behind.next().await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn too_much_is_refused() {
    let (store, shop) = (Memory::new(), Shop::default());
    let mut settings = Settings::default();
    settings.waiting = 3;
    settings.shards = 1;
    let engine = Engine::builder().store(store).settings(settings).register::<Order>(shop);
    let engine = engine.start().await.expect("it starts");
    engine.start::<Order>("a", order("a", 5)).await.expect("the key is free");
    let mut answers = Vec::new();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let engine = engine.clone();
        tasks.spawn(async move { engine.send::<Order>("a", Event::Submit).await });
    }
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.expect("no panic"));
    }
    let refused = answers.iter().filter(|answer| **answer == Err(EngineError::Overloaded(3)));
    assert_eq!(refused.count(), 2, "{answers:?}");
}

#[tokio::test(start_paused = true)]
async fn instances_are_listed_by_state() {
    let (engine, _, _) = running().await;
    for key in ["a", "b"] {
        engine.start::<Order>(key, order(key, 5)).await.expect("the key is free");
    }
    submitted(&engine, "c").await;
    ended(&engine, "c").await;
    let filter = Filter { state: Some("Draft".to_owned()), ..Filter::default() };
    let drafts = engine.list(filter).await.expect("memory can be read");
    assert_eq!(drafts.iter().map(|order| order.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}
