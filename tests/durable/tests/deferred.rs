//! Events that are put off have a limit, above which who sends is told.
#![cfg(test)]

use statewright::engine::Settings;
use statewright::store::{Letters, Memory};
use statewright::{Dispatch, Engine, EngineError};

statewright::flow! {
    durable machine Desk {
        key id
        context { id: String  served: u32 = 0 }
        event Open
        event Ask
        initial state Closed {
            defer Ask
            on Open -> Serving
        }
        state Serving { on Ask do set served = served + 1 }
    }
}

use desk::{Desk, Event, Start};

#[tokio::test(start_paused = true)]
async fn more_than_the_limit_is_refused_and_what_was_accepted_is_kept() {
    let store = Memory::new();
    let engine = || async {
        let mut settings = Settings::default();
        settings.deferred = 3;
        let builder = Engine::builder().store(store.clone()).settings(settings);
        builder.register::<Desk>(()).start().await.expect("nobody else has the store")
    };
    let first = engine().await;
    first.start::<Desk>("a", Start { id: "a".to_owned() }).await.expect("the key is free");
    for _ in 0..3 {
        assert_eq!(first.send::<Desk>("a", Event::Ask).await, Ok(Dispatch::Deferred));
    }
    for _ in 0..2 {
        let refused = first.send_with_id::<Desk>("a", "again", Event::Ask).await;
        assert_eq!(refused, Err(EngineError::Overloaded(3)));
    }
    first.stop().await;
    drop(first);

    let second = engine().await;
    assert_eq!(second.send::<Desk>("a", Event::Ask).await, Err(EngineError::Overloaded(3)));
    assert_eq!(second.send::<Desk>("a", Event::Open).await, Ok(Dispatch::Handled));
    let again = second.send_with_id::<Desk>("a", "again", Event::Ask).await;
    assert_eq!(again, Ok(Dispatch::Handled));
    assert_eq!(second.state::<Desk>("a").await.expect("it is kept").context.served, 4);
}

statewright::flow! {
    durable machine Worker {
        key id
        context { id: String  got: Vec<u32> = [] }
        event Job(n: u32)
        event Ready
        fn with(list: Vec<u32>, n: u32) -> Vec<u32>
        initial state Away { defer Job  on Ready -> Here }
        state Here { on Job(n) do set got = with(got, n) }
    }
    durable machine Boss {
        key id
        context { id: String }
        event Give(n: u32)
        event Call
        initial state Giving {
            on Give(n) do send Worker("w").Job(n)
            on Call do send Worker("w").Ready
        }
    }
}

use boss::Boss;
use worker::Worker;

struct Lists;

impl worker::Logic for Lists {
    fn with(list: &[u32], n: u32) -> Vec<u32> {
        list.iter().copied().chain([n]).collect()
    }
}

async fn at_work(store: &Memory) -> Engine {
    let mut settings = Settings::default();
    settings.deferred = 3;
    let builder = Engine::builder().store(store.clone()).settings(settings);
    let builder = builder.register::<Worker>(Lists).register::<Boss>(());
    builder.start().await.expect("nobody else has the store")
}

async fn give(engine: &Engine, boss: &str, n: u32) {
    let given = engine.send::<Boss>(boss, boss::Event::Give { n }).await;
    given.expect("a boss goes on");
}

async fn got(engine: &Engine, count: usize) -> Vec<u32> {
    let all = engine.wait_for::<Worker>("w", move |view| view.context.got.len() >= count).await;
    all.expect("the worker goes on").context.got
}

/// A worker who is away, and two bosses.
async fn away(store: &Memory) -> Engine {
    let engine = at_work(store).await;
    engine.start::<Worker>("w", worker::Start { id: "w".to_owned() }).await.expect("it is free");
    for id in ["a", "b"] {
        engine.start::<Boss>(id, boss::Start { id: id.to_owned() }).await.expect("it is free");
    }
    engine
}

#[tokio::test(start_paused = true)]
async fn letters_that_cannot_be_put_off_wait_and_keep_their_order() {
    let store = Memory::new();
    let engine = away(&store).await;
    for n in 0..8 {
        give(&engine, "a", n).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let letters = engine.letters(Letters::default()).await.expect("the store is read");
    assert_eq!(letters.len(), 5, "{letters:?}");
    assert!(letters.iter().all(|letter| letter.refusals.is_empty()), "{letters:?}");
    // Also the next engine knows what waits.
    engine.stop().await;
    drop(engine);
    let engine = at_work(&store).await;
    engine.send::<Worker>("w", worker::Event::Ready).await.expect("the worker is there");
    give(&engine, "a", 8).await;
    assert_eq!(got(&engine, 9).await, (0..9).collect::<Vec<_>>());
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn what_others_send_does_not_wait_for_who_sends_too_much() {
    let engine = away(&Memory::new()).await;
    for n in 0..8 {
        give(&engine, "a", n).await;
    }
    engine.send::<Boss>("b", boss::Event::Call).await.expect("b goes on");
    assert_eq!(got(&engine, 8).await, (0..8).collect::<Vec<_>>());
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
}
