//! Events that are delayed have a limit, as those that are put off have, and both hold whoever is the
//! cause: who sends is told, what nobody can be told of parks the instance.
#![cfg(test)]

use statewright::engine::{Edit, Replay, Settings, View};
use statewright::store::{Filter, Letters, Memory, Status};
use statewright::{Dispatch, Engine, EngineError};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

statewright::flow! {
    durable machine Desk {
        key id
        context { id: String  reminded: u32 = 0  asked: u32 = 0 }
        event Note
        event Remind
        event Forget
        event Watch
        event Close
        event Open
        event Ask
        on Remind do set reminded = reminded + 1
        on Forget do cancel Remind -> Calm
        initial state Calm {
            on Note do raise Remind after 1h
            on Watch -> Watching
            on Close -> Closed
            on Ask do set asked = asked + 1
        }
        state Watching { every 1s do raise Remind after 1h }
        state Closed {
            every 1s do raise Ask
            defer Ask
            on Open -> Calm
        }
    }
    durable machine Boss {
        key id
        context { id: String }
        event Call
        initial state Calling { on Call do send Desk("d").Note }
    }
}

use boss::Boss;
use desk::{Desk, Event, Start, State};

async fn engine(store: &Memory, most: usize) -> Engine {
    let mut settings = Settings::default();
    (settings.delayed, settings.deferred) = (most, most);
    let builder = Engine::builder().store(store.clone()).settings(settings);
    let builder = builder.register::<Desk>(()).register::<Boss>(());
    builder.start().await.expect("nobody else has the store")
}

async fn started(store: &Memory, most: usize) -> Engine {
    let engine = engine(store, most).await;
    engine.start::<Desk>("d", Start { id: "d".to_owned() }).await.expect("the key is free");
    engine
}

async fn desk(engine: &Engine) -> View<Desk> {
    engine.state::<Desk>("d").await.expect("it is kept")
}

/// Why it is parked.
async fn cause(engine: &Engine) -> String {
    let parked = Filter { status: Some(Status::Parked), ..Filter::default() };
    let parked = engine.list(parked).await.expect("the store is read");
    parked.into_iter().filter_map(|parked| parked.cause).collect()
}

#[tokio::test(start_paused = true)]
async fn more_than_the_limit_is_refused_until_there_is_room() {
    let store = Memory::new();
    let first = started(&store, 3).await;
    for _ in 0..3 {
        assert_eq!(first.send::<Desk>("d", Event::Note).await, Ok(Dispatch::Handled));
    }
    for _ in 0..2 {
        let refused = first.send_with_id::<Desk>("d", "again", Event::Note).await;
        assert_eq!(refused, Err(EngineError::Overloaded(3)));
    }
    assert_eq!(desk(&first).await.seq, 4, "nothing of it has happened");
    first.stop().await;
    drop(first);

    let second = engine(&store, 3).await;
    assert_eq!(second.send::<Desk>("d", Event::Note).await, Err(EngineError::Overloaded(3)));
    assert_eq!(second.send::<Desk>("d", Event::Ask).await, Ok(Dispatch::Handled), "it adds none");
    tokio::time::sleep(2 * HOUR).await;
    let again = second.send_with_id::<Desk>("d", "again", Event::Note).await;
    assert_eq!(again, Ok(Dispatch::Handled));
    for _ in 0..2 {
        assert_eq!(second.send::<Desk>("d", Event::Note).await, Ok(Dispatch::Handled));
    }
    assert_eq!(second.send::<Desk>("d", Event::Note).await, Err(EngineError::Overloaded(3)));
    assert_eq!(second.send::<Desk>("d", Event::Forget).await, Ok(Dispatch::Handled));
    assert_eq!(second.send::<Desk>("d", Event::Note).await, Ok(Dispatch::Handled));
    tokio::time::sleep(2 * HOUR).await;
    assert_eq!(desk(&second).await.context.reminded, 4);
}

#[tokio::test(start_paused = true)]
async fn letters_wait_until_there_is_room() {
    let engine = started(&Memory::new(), 3).await;
    engine.start::<Boss>("b", boss::Start { id: "b".to_owned() }).await.expect("it is free");
    for _ in 0..5 {
        assert_eq!(engine.send::<Boss>("b", boss::Event::Call).await, Ok(Dispatch::Handled));
    }
    tokio::time::sleep(HOUR / 2).await;
    let letters = engine.letters(Letters::default()).await.expect("the store is read");
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(letters.iter().all(|letter| letter.refusals.is_empty()), "{letters:?}");
    tokio::time::sleep(HOUR).await;
    assert_eq!(engine.letters(Letters::default()).await, Ok(Vec::new()));
    assert_eq!(desk(&engine).await.context.reminded, 3);
    tokio::time::sleep(HOUR).await;
    assert_eq!(desk(&engine).await.context.reminded, 5);
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_delays_too_many_parks_and_a_person_makes_room() {
    let engine = started(&Memory::new(), 3).await;
    assert_eq!(engine.send::<Desk>("d", Event::Watch).await, Ok(Dispatch::Handled));
    for _ in 0..2 {
        tokio::time::sleep(60 * SECOND).await;
        let found = desk(&engine).await;
        assert_eq!((found.status, found.context.reminded), (Status::Parked, 0));
        let cause = cause(&engine).await;
        assert!(cause.contains("3 events are put off, or delayed, already"), "{cause}");
        assert_eq!(engine.retry::<Desk>("d").await, Ok(()), "there is no more room now");
    }
    tokio::time::sleep(SECOND).await;
    let forgot = engine.retry_with::<Desk>("d", Edit::Event(Event::Forget)).await;
    assert_eq!(forgot, Ok(Dispatch::Handled));
    tokio::time::sleep(2 * HOUR).await;
    let found = desk(&engine).await;
    assert_eq!((found.status, found.state), (Status::Running, State::Calm));
    assert_eq!(found.context.reminded, 0);
    let replayed = engine.replay::<Desk>("d").await;
    assert!(matches!(replayed, Ok(Replay::Same(_))), "{replayed:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_raised_and_put_off_too_often_parks_and_more_may_be_allowed() {
    let store = Memory::new();
    let first = started(&store, 3).await;
    assert_eq!(first.send::<Desk>("d", Event::Close).await, Ok(Dispatch::Handled));
    tokio::time::sleep(60 * SECOND).await;
    assert_eq!(desk(&first).await.status, Status::Parked);
    let cause = cause(&first).await;
    assert!(cause.contains("3 events are put off, or delayed, already"), "{cause}");
    first.stop().await;
    drop(first);

    let second = engine(&store, 1_000).await;
    assert_eq!(second.retry::<Desk>("d").await, Ok(()));
    assert_eq!(second.send::<Desk>("d", Event::Open).await, Ok(Dispatch::Handled));
    let found = desk(&second).await;
    assert_eq!(found.status, Status::Running);
    assert!(found.context.asked >= 4, "that at which it was parked too: {}", found.context.asked);
}

#[tokio::test(start_paused = true)]
async fn who_has_more_than_is_allowed_now_goes_on() {
    let store = Memory::new();
    let first = started(&store, 5).await;
    for _ in 0..5 {
        assert_eq!(first.send::<Desk>("d", Event::Note).await, Ok(Dispatch::Handled));
    }
    first.stop().await;
    drop(first);

    let second = engine(&store, 2).await;
    assert_eq!(second.send::<Desk>("d", Event::Ask).await, Ok(Dispatch::Handled));
    tokio::time::sleep(2 * HOUR).await;
    assert_eq!(desk(&second).await.context.reminded, 5);
}
