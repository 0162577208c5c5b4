//! Letters between instances of a shard that panics while they are on their way: each is taken once and in
//! order, a child is started once, and its end comes back once.

#![allow(clippy::unwrap_used)]

use statewright::engine::{Replay, Settings, View};
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{Filter, Letters, Memory, Status};
use statewright::{Cursor, Dispatch, Engine, EngineError};
use statewright_durable_tests::marked::{Speaker, Trap};
use statewright_durable_tests::marked_machine::{self, Marked};
use std::time::Duration;

statewright::flow! {
    durable machine Giver {
        key id
        context { id: String  given: u64 = 0 }
        event Go(n: u64)
        initial state Giving { on Go(n) do set given = given + 1, send Taker("t").Item(n) }
    }
    durable machine Taker {
        key id
        context { id: String }
        event Item(n: u64)
        output Got(n: u64)
        initial state Taking { on Item(n) do emit Got(n) }
    }
    durable machine Parent {
        key id
        context { id: String  heard: u64 = 0 }
        event Leave
        initial state Waiting {
            invoke machine Child(id)
            on done do set heard = heard + 1 -> Done
            on error -> Done
            on Leave -> Done
        }
        state Done { after 1h -> Over }
        final state Over
    }
    durable machine Child {
        key id
        context { id: String }
        event Finish
        initial state Working { on Finish -> Finished }
        final state Finished
    }
}

use child::Child;
use giver::Giver;
use parent::Parent;
use taker::Taker;

/// Each commit takes as long, so that some are on their way when the shard panics.
const LATE: Duration = Duration::from_millis(700);

/// What is between two things that are sent.
const BEAT: Duration = Duration::from_millis(150);

async fn engine(store: Memory) -> Engine {
    let mut settings = Settings::default();
    settings.shards = 1;
    let store = Faulty::new(store, |_| Some(Fault::Late(LATE)), on_tokio);
    let builder = Engine::builder().store(store).settings(settings);
    let builder = builder.register::<Giver>(()).register::<Taker>(()).register::<Parent>(());
    let builder = builder.register::<Child>(()).register::<Marked>(Speaker::default());
    builder.start().await.unwrap()
}

/// The instance that takes its shard with it when it leaves memory, 5 s from now.
async fn trapped(engine: &Engine) {
    let start = marked_machine::Start { name: "x".to_owned() };
    engine.start::<Marked>("x", start).await.unwrap();
    let put = marked_machine::Event::Put { kind: Trap::DROPPED };
    assert_eq!(engine.send::<Marked>("x", put).await, Ok(Dispatch::Handled));
    Trap::is_set(true);
}

#[tokio::test(start_paused = true)]
async fn letters_survive_a_shard_that_panics() {
    let store = Memory::new();
    let engine = engine(store.clone()).await;
    engine.start::<Taker>("t", taker::Start { id: "t".to_owned() }).await.unwrap();
    engine.start::<Giver>("g", giver::Start { id: "g".to_owned() }).await.unwrap();
    trapped(&engine).await;
    let mut sent = tokio::task::JoinSet::new();
    // From before the panic to behind it there is always something on its way.
    for n in 0..60_u64 {
        let giving = engine.clone();
        sent.spawn(async move { (n, giving.send::<Giver>("g", giver::Event::Go { n }).await) });
        let (starting, id) = (engine.clone(), format!("p-{n}"));
        sent.spawn(async move {
            let start = parent::Start { id: id.clone() };
            (1_000 + n, starting.start::<Parent>(&id, start).await.map(|()| Dispatch::Handled))
        });
        if let Some(before) = n.checked_sub(12) {
            // Half of the children end, half of the parents do not wait for it.
            let (ending, id) = (engine.clone(), format!("p-{before}"));
            sent.spawn(async move {
                let ended = match before % 2 {
                    0 => ending.send::<Child>(&id, child::Event::Finish).await,
                    _ => ending.send::<Parent>(&id, parent::Event::Leave).await,
                };
                (2_000 + before, ended)
            });
        }
        tokio::time::sleep(BEAT).await;
    }
    let mut answers = std::collections::BTreeMap::new();
    while let Some(answer) = sent.join_next().await {
        let (number, answer) = answer.unwrap();
        answers.insert(number, answer);
    }
    let panicked = answers.values().any(|answer| matches!(answer, Err(EngineError::Panicked(_))));
    let parked = engine.send::<Marked>("x", marked_machine::Event::Say).await;
    assert!(matches!(parked, Err(EngineError::Parked { .. })), "{parked:?}");
    // What was accepted is taken, once and in order; what was not has not happened.
    let accepted: Vec<u64> =
        answers.range(..1_000).filter(|(_, a)| a.is_ok()).map(|(n, _)| *n).collect();
    assert!(accepted.len() > 40, "{panicked}: {answers:?}");
    let mut outputs = engine.outputs::<Taker>("t", Cursor::START).unwrap();
    let mut got = Vec::new();
    while got.len() < accepted.len() {
        let taker::Output::Got { n } = outputs.next().await.unwrap().unwrap().1;
        got.push(n);
    }
    assert_eq!(got, accepted);
    // All that is owed comes, and nothing twice.
    while !engine.letters(Letters::default()).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(engine.state::<Giver>("g").await.unwrap().context.given, accepted.len() as u64);
    assert!(matches!(engine.replay::<Taker>("t").await, Ok(Replay::Same(_))));
    for (number, answer) in answers.range(1_000..2_000) {
        let (n, id) = (number - 1_000, format!("p-{}", number - 1_000));
        if answer.is_err() {
            assert!(engine.state::<Parent>(&id).await.is_err(), "it was denied, and is there");
            continue;
        }
        let view: View<Parent> = engine.state::<Parent>(&id).await.unwrap();
        let child = engine.state::<Child>(&id).await.unwrap();
        let ended = answers.get(&(2_000 + n)).is_some_and(Result::is_ok);
        let (heard, status) = match (ended, n % 2) {
            (false, _) => (0, Status::Running),
            (true, 0) => (1, Status::Finished),
            (true, _) => (0, Status::Cancelled),
        };
        assert_eq!((view.context.heard, child.status), (heard, status), "{id}");
        assert!(matches!(engine.replay::<Parent>(&id).await, Ok(Replay::Same(_))));
    }
    let children = Filter { machine: Some("Child".to_owned()), ..Filter::default() };
    let parents = Filter { machine: Some("Parent".to_owned()), ..Filter::default() };
    let count = |filter| async { engine.list(filter).await.unwrap().len() };
    assert_eq!(count(children).await, count(parents).await, "each was started once");
    engine.stop().await;
}
