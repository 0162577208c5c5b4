//! Attempts are as durable as everything else. Time stands still unless nothing else is to be done.

#![allow(clippy::unwrap_used)]

use statewright::Engine;
use statewright::engine::{Replay, View};
use statewright::store::{Memory, Millis, Seq, Status};
use statewright_durable_tests::delivery::{Drives, Van};
use statewright_durable_tests::delivery_machine::{Delivery, Event, Start};
use std::cell::Cell;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

thread_local! {
    /// When the test began: the wall clock of the engines in it goes on from there.
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

fn wall() -> Millis {
    let begun = BEGUN.get().map_or(0, |begun| begun.elapsed().as_millis());
    1_000_000 + Millis::try_from(begun).unwrap()
}

async fn engine(store: &Memory, van: &Van) -> Engine {
    BEGUN.set(BEGUN.get().or_else(|| Some(Instant::now())));
    let engine = Engine::builder().store(store.clone()).wall_clock(wall);
    engine.register::<Delivery>(van.clone()).start().await.unwrap()
}

async fn begun(drives: &[Drives]) -> (Engine, Van, Memory) {
    begun_with(Van::new(drives)).await
}

async fn begun_with(van: Van) -> (Engine, Van, Memory) {
    let store = Memory::new();
    let engine = engine(&store, &van).await;
    engine.start::<Delivery>("d", Start { id: "d".to_owned() }).await.unwrap();
    (engine, van, store)
}

async fn ended(engine: &Engine) -> View<Delivery> {
    engine.wait_for::<Delivery>("d", |view| view.status == Status::Finished).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_tried_again_at_its_time() {
    let (engine, van, _) = begun(&[Drives::IsDown, Drives::GetsLost, Drives::Arrives]).await;
    assert_eq!(ended(&engine).await.context.by.as_deref(), Some("van"));
    // A second attempt after 60 s, cut off after 10 s, a third one 60 s behind that.
    let calls = [
        "0 drive Delivery/d/1/1 1",
        "60 drive Delivery/d/1/1 2",
        "130 drive Delivery/d/1/1 3",
        "130 file Delivery/d/1/2 1",
    ];
    assert_eq!(van.calls(), calls);
    assert_eq!(engine.replay::<Delivery>("d").await, Ok(Replay::Same(5)));
    let words: Vec<String> = engine
        .history::<Delivery>("d", Seq::MIN, 10)
        .await
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(words[1].contains("Drive failed: Down"), "{words:#?}");
    assert!(words[1].ends_with("tries again in 60s, attempt 2"), "{words:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_fallback_stands_in_when_all_attempts_have_failed() {
    let (engine, van, _) = begun(&[Drives::IsDown]).await;
    let given = ended(&engine).await;
    assert_eq!(given.context.by.as_deref(), Some("post"));
    let calls = van.calls();
    assert_eq!(calls[3..5], ["180 drive Delivery/d/1/1 4", "180 post Delivery/d/1/1/1 1"]);
    assert!(matches!(engine.replay::<Delivery>("d").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_the_end() {
    let (engine, van, _) = begun(&[Drives::IsRefused]).await;
    assert_eq!(ended(&engine).await.context.why.as_deref(), Some("refused"));
    assert_eq!(van.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_restart_neither_forgets_an_attempt_nor_hurries_it() {
    let (first, van, store) = begun(&[Drives::IsDown]).await;
    // Behind the second attempt the program ends.
    tokio::time::sleep(Duration::from_secs(61)).await;
    drop(first);
    tokio::task::yield_now().await;
    assert_eq!(van.calls().len(), 2);
    let engine = engine(&store, &van).await;
    tokio::time::sleep(Duration::from_secs(58)).await;
    assert_eq!(van.calls(), Vec::<String>::new(), "not due yet");
    van.drives(Drives::Arrives);
    ended(&engine).await;
    assert_eq!(van.calls()[0], "120 drive Delivery/d/1/1 3");
    assert!(matches!(engine.replay::<Delivery>("d").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_cut_off_is_made_again_under_its_number() {
    let (first, van, store) = begun(&[Drives::IsDown, Drives::GetsLost]).await;
    tokio::time::sleep(Duration::from_secs(65)).await;
    drop(first);
    tokio::task::yield_now().await;
    van.drives(Drives::Arrives);
    let engine = engine(&store, &van).await;
    ended(&engine).await;
    assert_eq!(van.calls()[1..3], ["60 drive Delivery/d/1/1 2", "65 drive Delivery/d/1/1 2"]);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_waits_for_its_next_attempt_takes_events() {
    let (engine, van, _) = begun(&[Drives::IsDown]).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    engine.send::<Delivery>("d", Event::Give).await.unwrap();
    ended(&engine).await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(van.calls().len(), 1, "nobody waits for it any more");
}

#[tokio::test(start_paused = true)]
async fn a_person_gives_all_attempts_back() {
    let van = Van::new(&[Drives::Arrives]);
    van.is_stuck.store(true, Ordering::SeqCst);
    let (engine, van, _) = begun_with(van).await;
    let parked = |view: &View<Delivery>| view.status == Status::Parked;
    engine.wait_for::<Delivery>("d", parked).await.unwrap();
    van.is_stuck.store(false, Ordering::SeqCst);
    engine.retry::<Delivery>("d").await.unwrap();
    ended(&engine).await;
    assert_eq!(van.calls().last().map(String::as_str), Some("0 file Delivery/d/1/2 1"));
    assert!(matches!(engine.replay::<Delivery>("d").await, Ok(Replay::Same(_))));
}
