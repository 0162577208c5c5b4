//! `Engine::stop`: what was sent before is done, what is sent later is refused, and nothing is lost in
//! between.

use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{Memory, Store};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::marked::Speaker;
use statewright_durable_tests::marked_machine::{Event, Marked, Start};
use std::time::Duration;
use tokio::task::JoinSet;

async fn engine(store: impl Store) -> Engine {
    let engine = Engine::builder().store(store).register::<Marked>(Speaker::default());
    engine.start().await.expect("nobody else runs on it")
}

async fn started(store: impl Store) -> Engine {
    let engine = engine(store).await;
    let start = Start { name: "a".to_owned() };
    engine.start::<Marked>("a", start).await.expect("the key is free");
    engine
}

fn send(to: &mut JoinSet<Result<Dispatch, EngineError>>, engine: &Engine, count: u32) {
    for n in 0..count {
        let engine = engine.clone();
        to.spawn(async move { engine.send::<Marked>("a", Event::Set { n: n % 10 }).await });
    }
}

async fn steps(store: &Memory) -> u32 {
    let engine = engine(store.clone()).await;
    let steps = engine.state::<Marked>("a").await.expect("it is there").context.steps;
    assert_eq!(engine.send::<Marked>("a", Event::Arm).await, Ok(Dispatch::Handled));
    steps
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_before_is_answered_and_durable() {
    let store = Memory::new();
    let slow = |number| (number == 2).then_some(Fault::Late(Duration::from_secs(60)));
    let engine = started(Faulty::new(store.clone(), slow, on_tokio)).await;
    let mut sent = JoinSet::new();
    send(&mut sent, &engine, 1);
    tokio::time::sleep(Duration::from_millis(1)).await;
    // The first is on its way into the store, and the others wait for it.
    send(&mut sent, &engine, 20);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let begun = tokio::time::Instant::now();
    let stopping = tokio::spawn({
        let engine = engine.clone();
        async move { engine.stop().await }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    let late = engine.send::<Marked>("a", Event::Set { n: 1 }).await;
    assert_eq!(late, Err(EngineError::Stopped));
    assert!(sent.try_join_next().is_none(), "nothing is durable yet");
    for answer in sent.join_all().await {
        assert_eq!(answer, Ok(Dispatch::Handled));
    }
    stopping.await.expect("no panic");
    assert!(begun.elapsed() >= Duration::from_secs(59), "it does not wait for what is on its way");
    drop(engine);
    assert_eq!(steps(&store).await, 21);
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_meanwhile_is_done_or_refused_and_never_lost() {
    for before in [0, 1, 7, 30] {
        let store = Memory::new();
        let engine = started(store.clone()).await;
        let mut sent = JoinSet::new();
        send(&mut sent, &engine, before);
        let stopping = tokio::spawn({
            let engine = engine.clone();
            async move { engine.stop().await }
        });
        send(&mut sent, &engine, 30);
        let answers = sent.join_all().await;
        stopping.await.expect("no panic");
        let done = answers.iter().filter(|answer| **answer == Ok(Dispatch::Handled)).count();
        let refused = answers.iter().filter(|answer| **answer == Err(EngineError::Stopped));
        assert_eq!(done + refused.count(), answers.len(), "{answers:?}");
        assert!(done as u32 >= before);
        drop(engine);
        assert_eq!(steps(&store).await, done as u32);
    }
}
