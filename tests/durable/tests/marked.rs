//! Steps that cannot be written, and actions that panic.

use statewright::engine::CauseKind;
use statewright::store::{Memory, Status};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::marked::{Mark, Speaker};
use statewright_durable_tests::marked_machine::{Event, Marked, Start, State};
use std::time::Duration;

async fn running() -> (Engine, Memory, Speaker) {
    let (store, host) = (Memory::new(), Speaker::default());
    let engine = Engine::builder().store(store.clone()).register::<Marked>(host.clone());
    let engine = engine.start().await.expect("it starts");
    let start = Start { name: "a".to_owned() };
    engine.start::<Marked>("a", start).await.expect("the key is free");
    (engine, store, host)
}

#[tokio::test(start_paused = true)]
async fn a_step_that_cannot_be_written_has_not_happened() {
    let (engine, _, _) = running().await;
    let refused = engine.send::<Marked>("a", Event::Set { n: 13 }).await;
    let why = "thirteen is not written".to_owned();
    assert_eq!(refused, Err(EngineError::Undecodable(why)));
    let view = engine.state::<Marked>("a").await.expect("it is there");
    assert_eq!((view.context.steps, view.context.mark), (0, None));
    assert_eq!(engine.send::<Marked>("a", Event::Set { n: 7 }).await, Ok(Dispatch::Handled));
    let view = engine.state::<Marked>("a").await.expect("it is there");
    assert_eq!((view.context.steps, view.context.mark), (1, Some(Mark(7))));
}

#[tokio::test(start_paused = true)]
async fn a_timer_whose_step_cannot_be_written_has_not_fired() {
    let (engine, _, _) = running().await;
    engine.send::<Marked>("a", Event::Arm).await.expect("it is open");
    for _ in 0..2 {
        let parked = engine.wait_for::<Marked>("a", |view| view.status == Status::Parked).await;
        let view = parked.expect("it is parked");
        assert_eq!((view.state, view.context.steps), (State::Armed, 0));
        match engine.send::<Marked>("a", Event::Say).await {
            Err(EngineError::Parked { cause, .. }) => {
                assert_eq!(cause.kind, CauseKind::Undecodable, "{cause}");
            }
            other => panic!("{other:?}"),
        }
        // The timer is still there, and is tried again.
        engine.retry::<Marked>("a").await.expect("it is parked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn actions_behind_one_that_panics_are_called() {
    let (engine, _, host) = running().await;
    assert_eq!(engine.send::<Marked>("a", Event::Say).await, Ok(Dispatch::Handled));
    engine.state::<Marked>("a").await.expect("it is there");
    assert_eq!(host.said(), ["first", "panic", "last"]);
}

#[tokio::test(start_paused = true)]
async fn a_number_that_no_file_can_hold_is_refused() {
    let (engine, store, host) = running().await;
    let grow = async |by: f64| engine.send::<Marked>("a", Event::Grow { by }).await;
    assert_eq!(grow(1e300).await, Ok(Dispatch::Handled));
    for (by, number) in [(1e300, "inf"), (f64::NAN, "NaN")] {
        let why = format!("the number {number} cannot be kept: it is not finite");
        assert_eq!(grow(by).await, Err(EngineError::Undecodable(why)));
    }
    engine.stop().await;
    let engine = Engine::builder().store(store).register::<Marked>(host);
    let engine = engine.start().await.expect("it starts");
    let view = engine.state::<Marked>("a").await.expect("it can be read");
    assert_eq!((view.status, view.context.size), (Status::Running, 1e300));
}
