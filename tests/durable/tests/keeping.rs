//! How long things are kept, and what is said when they are not kept any more. Time stands still
//! unless nothing else is to be done.

use statewright::engine::Settings;
use statewright::store::{Memory, Status};
use statewright::{Dispatch, Engine, EngineError};
use statewright_durable_tests::order::{Event, Order, Start};
use statewright_durable_tests::shop::Shop;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn engine(store: &Memory) -> Engine {
    let mut settings = Settings::default();
    // Days go by in these tests, and nobody leaves messages.
    settings.inbox = Duration::from_secs(3600);
    settings.journal = 61 * MINUTE;
    Engine::builder()
        .store(store.clone())
        .settings(settings)
        .register::<Order>(Shop::default())
        .start()
        .await
        .expect("an engine on a store in memory starts")
}

async fn draft(engine: &Engine, key: &str) {
    let start = Start { order_id: key.to_owned(), total: 5 };
    engine.start::<Order>(key, start).await.expect("the key is free");
}

fn cancel() -> Event {
    Event::Cancel { reason: "late".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn what_was_before_steps_that_are_not_kept_is_not_made_up() {
    let engine = engine(&Memory::new()).await;
    draft(&engine, "a").await;
    tokio::time::sleep(90 * MINUTE).await;
    engine.send::<Order>("a", Event::Submit).await.expect("it is a draft");
    tokio::time::sleep(MINUTE).await;
    let all = engine.history::<Order>("a", 0, 100).await.expect("memory can be read");
    assert_eq!(all[1].from.as_deref(), Some("Draft"));
    // The first step gets old, and is deleted.
    tokio::time::sleep(31 * MINUTE).await;
    for from in 0..=2 {
        let steps = engine.history::<Order>("a", from, 100).await.expect("memory can be read");
        assert_eq!(steps[0].seq, 2);
        assert_eq!(steps[0].from, None, "from {from}: the step before is not kept");
        assert_eq!(steps[1..], all[2..]);
    }
    let steps = engine.history::<Order>("a", 3, 100).await.expect("memory can be read");
    assert_eq!(steps, all[2..]);
}

/// How often an order was asked to be cancelled.
async fn cancelled(engine: &Engine, key: &str) -> usize {
    let steps = engine.history::<Order>(key, 0, 100).await.expect("memory can be read");
    steps.iter().filter(|step| step.to_string().starts_with("Cancel")).count()
}

#[tokio::test(start_paused = true)]
async fn a_message_is_known_as_long_as_is_said_and_no_longer() {
    let engine = engine(&Memory::new()).await;
    draft(&engine, "a").await;
    // Somebody who waits keeps the instance in memory.
    let waits = engine.clone();
    tokio::spawn(async move { waits.wait_for::<Order>("a", |_| false).await });
    let send = async || engine.send_with_id::<Order>("a", "m-1", cancel()).await;
    assert_eq!(send().await, Ok(Dispatch::Unhandled));
    tokio::time::sleep(6 * DAY).await;
    assert_eq!((send().await, cancelled(&engine, "a").await), (Ok(Dispatch::Unhandled), 1));
    tokio::time::sleep(DAY + Duration::from_secs(2 * 3600)).await;
    assert_eq!((send().await, cancelled(&engine, "a").await), (Ok(Dispatch::Unhandled), 2));
    // It counts from then on.
    tokio::time::sleep(6 * DAY).await;
    assert_eq!((send().await, cancelled(&engine, "a").await), (Ok(Dispatch::Unhandled), 2));
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_is_kept_as_long_as_is_said_or_its_answers_are() {
    let mut settings = Settings::default();
    settings.inbox = Duration::from_secs(3600);
    settings.finished = DAY;
    settings.answers = 3 * DAY;
    let engine = Engine::builder().settings(settings).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    for key in ["plain", "answered"] {
        draft(&engine, key).await;
    }
    assert_eq!(engine.send::<Order>("plain", Event::Submit).await, Ok(Dispatch::Handled));
    let answered = async || engine.send_with_id::<Order>("answered", "m-1", Event::Submit).await;
    assert_eq!(answered().await, Ok(Dispatch::Handled));
    tokio::time::sleep(DAY - 2 * 60 * MINUTE).await;
    for key in ["plain", "answered"] {
        let status = engine.state::<Order>(key).await.map(|view| view.status);
        assert_eq!(status, Ok(Status::Finished), "{key}");
    }
    tokio::time::sleep(DAY).await;
    let gone = engine.state::<Order>("plain").await.map(|view| view.status);
    assert!(matches!(gone, Err(EngineError::UnknownInstance { .. })), "{gone:?}");
    // Its key is free. What was answered is still answered so.
    draft(&engine, "plain").await;
    assert_eq!(answered().await, Ok(Dispatch::Handled));
    tokio::time::sleep(DAY + 4 * 60 * MINUTE).await;
    assert!(matches!(answered().await, Err(EngineError::UnknownInstance { .. })));
}

fn is_gone(found: &Result<Status, EngineError>) -> bool {
    matches!(found, Err(EngineError::UnknownInstance { .. }))
}

async fn status(engine: &Engine, key: &str) -> Result<Status, EngineError> {
    engine.state::<Order>(key).await.map(|view| view.status)
}

async fn keeping(store: &Memory, change: impl FnOnce(&mut Settings)) -> Engine {
    let mut settings = Settings::default();
    change(&mut settings);
    let engine = Engine::builder().store(store.clone()).settings(settings);
    engine.register::<Order>(Shop::default()).start().await.expect("nobody else has the store")
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_a_moment_is_gone_minutes_later() {
    let moment = |settings: &mut Settings| settings.finished = Duration::from_millis(500);
    let engine = keeping(&Memory::new(), moment).await;
    draft(&engine, "a").await;
    draft(&engine, "draft").await;
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Ok(Dispatch::Handled));
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(status(&engine, "a").await, Ok(Status::Finished));
    tokio::time::sleep(2 * MINUTE).await;
    let found = status(&engine, "a").await;
    assert!(is_gone(&found), "{found:?}");
    assert_eq!(status(&engine, "draft").await, Ok(Status::Running), "it has not ended");
}

#[tokio::test(start_paused = true)]
async fn it_goes_also_if_nobody_looks_for_messages_of_other_programs() {
    let nobody = |settings: &mut Settings| {
        (settings.finished, settings.inbox) = (DAY, Duration::MAX);
    };
    let engine = keeping(&Memory::new(), nobody).await;
    draft(&engine, "a").await;
    assert_eq!(engine.send::<Order>("a", Event::Submit).await, Ok(Dispatch::Handled));
    tokio::time::sleep(DAY + 61 * MINUTE).await;
    let found = status(&engine, "a").await;
    assert!(is_gone(&found), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_never_runs_for_an_hour_deletes_too() {
    let store = Memory::new();
    for run in 0..3 {
        let engine = keeping(&store, |settings| settings.finished = 40 * MINUTE).await;
        draft(&engine, &format!("{run}")).await;
        if run == 0 {
            assert_eq!(engine.send::<Order>("0", Event::Submit).await, Ok(Dispatch::Handled));
        }
        tokio::time::sleep(30 * MINUTE).await;
        let found = status(&engine, "0").await;
        assert_eq!(is_gone(&found), run == 2, "in run {run}: {found:?}");
        // The time of the next run begins at the last commit of this one.
        draft(&engine, &format!("{run} ends")).await;
        engine.stop().await;
    }
}
