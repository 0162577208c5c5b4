//! Instances that cannot be read, or were made by a machine of another shape: they are parked with
//! the cause, stay in lists as they were, and a person can give them up.

use statewright::engine::{Cause, CauseKind, Versions};
use statewright::store::faulty::{Fault, Faulty, Plan, on_tokio};
use statewright::store::{
    Filter, InboxKind, InstanceId, Memory, Posted, Status, Store, StoreError, Summary,
};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::order::{Event, Order, Start};
use statewright_durable_tests::shop::Shop;
use std::time::Duration;

/// The same machine later, with other states.
mod later {
    statewright::flow! {
        durable machine Order version 2 {
            key order_id
            context { order_id: String }
            event Submit
            initial state Basket { on Submit -> Gone }
            final state Gone
        }
    }
}

/// The first instance cannot be read, and the disk may fail.
#[derive(Default)]
struct Damaged {
    full: bool,
}

impl Plan for Damaged {
    fn corrupt(&mut self, instance: InstanceId) -> Option<String> {
        (instance == 1).then(|| "the row is cut off".to_owned())
    }

    fn commit(&mut self, _: u64) -> Option<Fault> {
        self.full.then(|| Fault::Refused(StoreError::Full("for good".to_owned())))
    }
}

async fn orders(store: impl Store) -> Engine {
    let engine = Engine::builder().store(store).register::<Order>(Shop::default());
    engine.start().await.expect("it starts")
}

async fn orders_of_later(store: &Memory) -> Engine {
    let engine = Engine::builder().store(store.clone()).register::<later::order::Order>(());
    engine.start().await.expect("it starts")
}

/// A store with a draft and, if wanted, one that is finished; nobody runs it.
async fn stored(finished: bool) -> Memory {
    let store = Memory::new();
    let engine = orders(store.clone()).await;
    let start = Start { order_id: "a".to_owned(), total: if finished { 500 } else { 5 } };
    engine.start::<Order>("a", start).await.expect("the key is free");
    if finished {
        let id = engine.send_with_id::<Order>("a", "m-1", Event::Submit).await;
        assert_eq!(id, Ok(Dispatch::Handled));
    }
    engine.stop().await;
    store
}

fn listed(store: &Memory) -> Summary {
    let mut all = store.list(&Filter::default()).expect("memory can be read");
    all.remove(0)
}

async fn cause(engine: &Engine) -> Cause {
    match engine.send::<Order>("a", Event::Submit).await {
        Err(EngineError::Parked { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_parked_as_it_was_and_can_be_given_up() {
    let store = stored(false).await;
    let engine = orders(Faulty::new(store.clone(), Damaged::default(), on_tokio)).await;
    assert_eq!(cause(&engine).await.kind, CauseKind::Undecodable);
    let parked = listed(&store);
    assert_eq!((parked.status, parked.state.as_str(), parked.seq), (Status::Parked, "Draft", 1));
    let start = Start { order_id: "a".to_owned(), total: 5 };
    let again = engine.start::<Order>("a", start).await;
    assert!(matches!(again, Err(EngineError::Duplicate { .. })), "{again:?}");
    let retried = engine.retry::<Order>("a").await;
    assert!(matches!(retried, Err(EngineError::Parked { .. })), "{retried:?}");
    assert_eq!(engine.abandon::<Order>("a").await, Ok(()));
    for _ in 0..2 {
        let given_up = Err(EngineError::Abandoned("a".to_owned()));
        assert_eq!(engine.send::<Order>("a", Event::Submit).await, given_up);
        assert_eq!(engine.abandon::<Order>("a").await, given_up.map(drop));
        let kept = listed(&store);
        assert_eq!((kept.status, kept.state.as_str(), kept.seq), (Status::Abandoned, "Draft", 1));
        // Why it was is not forgotten.
        assert!(kept.cause.is_some_and(|cause| cause.contains("the row is cut off")));
    }
    engine.stop().await;
    let engine = orders(store.clone()).await;
    let sent = engine.send::<Order>("a", Event::Submit).await;
    assert_eq!(sent, Err(EngineError::Abandoned("a".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn one_of_another_shape_waits_for_its_own_or_can_be_given_up() {
    let store = stored(false).await;
    let engine = orders_of_later(&store).await;
    match engine.send::<later::order::Order>("a", later::order::Event::Submit).await {
        Err(EngineError::Parked { cause, .. }) => {
            assert_eq!(cause.kind, CauseKind::Incompatible);
            assert_eq!(cause.versions, Some(Versions { made_by: 1, registered: 2 }));
            assert!(cause.message.starts_with("made by version 1 of `Order`"), "{cause}");
        }
        other => panic!("{other:?}"),
    }
    let parked = listed(&store);
    assert_eq!((parked.status, parked.state.as_str()), (Status::Parked, "Draft"));
    engine.stop().await;
    // Nothing of it was touched: the version that made it goes on, if a person says so.
    let engine = orders(store.clone()).await;
    engine.retry::<Order>("a").await.expect("it is parked and can be read");
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Ok(Dispatch::Handled));
    engine.stop().await;
    drop(engine);
    let store = stored(false).await;
    let engine = orders_of_later(&store).await;
    assert_eq!(engine.abandon::<later::order::Order>("a").await, Ok(()), "also at first sight");
    assert_eq!(listed(&store).status, Status::Abandoned);
    engine.stop().await;
    let engine = orders(store.clone()).await;
    let view = engine.state::<Order>("a").await.expect("its own version can look at it");
    assert_eq!(view.status, Status::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_message_is_answered_like_the_first_though_it_cannot_be_read() {
    let store = stored(false).await;
    let engine = orders(store.clone()).await;
    let cancel = || Event::Cancel { reason: "late".to_owned() };
    let first = engine.send_with_id::<Order>("a", "m-1", cancel()).await;
    assert_eq!(first, Ok(Dispatch::Unhandled));
    engine.stop().await;
    drop(engine);
    let engine = orders(Faulty::new(store.clone(), Damaged::default(), on_tokio)).await;
    for _ in 0..2 {
        assert_eq!(engine.send_with_id::<Order>("a", "m-1", cancel()).await, first);
        let other = engine.send_with_id::<Order>("a", "m-2", cancel()).await;
        assert!(matches!(other, Err(EngineError::Parked { .. })), "{other:?}");
    }
    engine.stop().await;
    drop(engine);
    let engine = orders_of_later(&store).await;
    let event = later::order::Event::Submit;
    let again = engine.send_with_id::<later::order::Order>("a", "m-1", event).await;
    assert_eq!(again, first);
}

#[tokio::test(start_paused = true)]
async fn another_program_can_have_it_given_up() {
    let store = stored(false).await;
    let engine = orders(Faulty::new(store.clone(), Damaged::default(), on_tokio)).await;
    let left = |kind| {
        let posted = Posted {
            machine: "Order".to_owned(),
            key: "a".to_owned(),
            kind,
            body: String::new(),
            message_id: None,
            at: 1,
        };
        store.post(&posted).expect("memory can be written")
    };
    for (kind, answer) in [
        (InboxKind::Retry, "error: `a` is parked: the row is cut off"),
        (InboxKind::Abandon, "Handled"),
        (InboxKind::Abandon, "error: `a` was abandoned"),
    ] {
        let message = left(kind);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let said = store.inbox_answer(message).expect("memory can be read");
        assert_eq!(said.as_deref(), Some(answer), "{kind:?}");
    }
    assert_eq!(listed(&store).status, Status::Abandoned);
    drop(engine);
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_stays_so_though_it_cannot_be_read() {
    let store = stored(true).await;
    let engine = orders(Faulty::new(store.clone(), Damaged::default(), on_tokio)).await;
    let finished = Err(EngineError::Finished("a".to_owned()));
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, finished);
    assert_eq!(engine.abandon::<Order>("a").await, finished.map(drop));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(listed(&store).status, Status::Finished);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_told_if_giving_up_is_not_durable() {
    let store = stored(false).await;
    let engine = orders(Faulty::new(store.clone(), Damaged { full: true }, on_tokio)).await;
    let refused = engine.abandon::<Order>("a").await;
    assert!(matches!(refused, Err(EngineError::Store(StoreError::Full(_)))), "{refused:?}");
    assert_eq!(listed(&store).status, Status::Running);
}
