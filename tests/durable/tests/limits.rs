//! What waits has a limit, and who comes above it is told so at once.

use statewright::engine::Settings;
use statewright::store::faulty::{Fault, Faulty, on_tokio};
use statewright::store::{Memory, Status, Store};
use statewright::{Cursor, Dispatch, Engine, EngineError};
use statewright_durable_tests::alarm::Bell;
use statewright_durable_tests::alarm_machine::{self, Alarm};
use statewright_durable_tests::marked::Speaker;
use statewright_durable_tests::marked_machine::{Event, Marked, Start};
use statewright_durable_tests::nest::{self, Nest};
use std::time::Duration;
use tokio::task::JoinSet;

const MINUTE: Duration = Duration::from_secs(60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    settings.shards = 1;
    change(&mut settings);
    settings
}

async fn started(store: impl Store, settings: Settings) -> Engine {
    let engine = Engine::builder().store(store).settings(settings);
    let engine = engine.register::<Marked>(Speaker::default()).start().await.expect("it starts");
    let start = Start { name: "a".to_owned() };
    engine.start::<Marked>("a", start).await.expect("the key is free");
    engine
}

/// Sends so many events at once, each by somebody else.
fn sent(engine: &Engine, count: u32) -> JoinSet<Result<Dispatch, EngineError>> {
    let mut sent = JoinSet::new();
    for n in 0..count {
        let engine = engine.clone();
        sent.spawn(async move { engine.send::<Marked>("a", Event::Set { n }).await });
    }
    sent
}

fn at_once(sent: &mut JoinSet<Result<Dispatch, EngineError>>) -> Vec<EngineError> {
    let answers = std::iter::from_fn(|| sent.try_join_next());
    answers.map(|answer| answer.expect("no panic").expect_err("none is durable yet")).collect()
}

#[tokio::test(start_paused = true)]
async fn so_many_messages_wait_for_an_instance() {
    // What starts it is written, and the next batch takes its time.
    let plan = |number| (number == 2).then_some(Fault::Late(MINUTE));
    let store = Faulty::new(Memory::new(), plan, on_tokio);
    let engine = started(store, settings(|settings| settings.mailbox = 3)).await;
    let mut sent = sent(&engine, 1);
    tokio::time::sleep(Duration::from_secs(1)).await;
    // One is on its way.
    let mut others = self::sent(&engine, 5);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(at_once(&mut others), [EngineError::Overloaded(3), EngineError::Overloaded(3)]);
    assert_eq!(at_once(&mut sent), []);
    tokio::time::sleep(MINUTE).await;
    for answer in sent.join_all().await.into_iter().chain(others.join_all().await) {
        assert_eq!(answer, Ok(Dispatch::Handled));
    }
    assert_eq!(engine.state::<Marked>("a").await.expect("it is there").context.steps, 4);
}

#[tokio::test(start_paused = true)]
async fn so_many_wait_also_while_it_is_read() {
    let settings = settings(|settings| settings.mailbox = 3);
    let engine = started(Memory::new(), settings).await;
    tokio::time::sleep(MINUTE).await;
    // It has left memory: the first of them has it read.
    let answers = sent(&engine, 5).join_all().await;
    let refused = answers.iter().filter(|answer| **answer == Err(EngineError::Overloaded(3)));
    assert_eq!(refused.count(), 2, "{answers:?}");
    assert_eq!(engine.state::<Marked>("a").await.expect("it is there").context.steps, 3);
}

#[tokio::test(start_paused = true)]
async fn those_with_nothing_to_do_leave_memory_if_there_are_too_many() {
    let store = Memory::new();
    let settings = settings(|settings| (settings.resident, settings.idle) = (4, YEAR));
    let engine = Engine::builder().store(store.clone()).settings(settings);
    let engine = engine.register::<Alarm>(Bell::default()).start().await.expect("it starts");
    for at in 0..10 {
        let (name, wait) = (format!("{at}"), MINUTE);
        let start = alarm_machine::Start { name: name.clone(), wait };
        engine.start::<Alarm>(&name, start).await.expect("the key is free");
    }
    // Who is not in memory is due in the store.
    let at_rest = store.due(u64::MAX, 100).expect("memory can be read").len();
    assert!((6..10).contains(&at_rest), "{at_rest} are at rest");
    tokio::time::sleep(2 * MINUTE).await;
    for at in 0..10 {
        let view = engine.state::<Alarm>(&format!("{at}")).await.expect("it is there");
        assert_eq!(view.status, Status::Finished);
    }
}

#[tokio::test(start_paused = true)]
async fn machines_start_each_other_so_deep() {
    let settings = settings(|settings| settings.depth = 2);
    let engine = Engine::builder().settings(settings).register::<Nest>(());
    let engine = engine.start().await.expect("it starts");
    engine.start::<Nest>("1", nest::Start { level: 1 }).await.expect("the key is free");
    let ended = |view: &statewright::engine::View<Nest>| view.status == Status::Finished;
    let view = engine.wait_for::<Nest>("1", ended).await.expect("it ends");
    let nest::State::Failed { why } = view.state else { panic!("{:?}", view.state) };
    assert!(why.contains(&EngineError::TooDeep(2).to_string()), "{why}");
    let deepest = engine.state::<Nest>("4").await.map(|view| view.seq);
    assert!(matches!(deepest, Err(EngineError::UnknownInstance { .. })), "{deepest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_not_registered_is_named() {
    let engine = Engine::builder().start().await.expect("it starts");
    let unknown = || EngineError::UnknownMachine("Marked".to_owned());
    let start = Start { name: "a".to_owned() };
    assert_eq!(engine.start::<Marked>("a", start).await, Err(unknown()));
    assert_eq!(engine.send::<Marked>("a", Event::Arm).await, Err(unknown()));
    assert_eq!(engine.state::<Marked>("a").await.err(), Some(unknown()));
    assert_eq!(engine.retry::<Marked>("a").await, Err(unknown()));
    assert_eq!(engine.outputs::<Marked>("a", Cursor::START).err(), Some(unknown()));
}

#[tokio::test(start_paused = true)]
async fn times_without_end_are_limits_too() {
    let store = Memory::new();
    let never = || {
        settings(|settings| {
            settings.idle = Duration::MAX;
            settings.inbox = Duration::MAX;
            settings.journal = Duration::MAX;
            settings.finished = Duration::MAX;
            settings.answers = Duration::MAX;
        })
    };
    let engine = started(store.clone(), never()).await;
    assert_eq!(engine.send::<Marked>("a", Event::Set { n: 1 }).await, Ok(Dispatch::Handled));
    tokio::time::sleep(YEAR).await;
    assert_eq!(engine.send::<Marked>("a", Event::Set { n: 2 }).await, Ok(Dispatch::Handled));
    assert_eq!(engine.history::<Marked>("a", 1, 10).await.map(|steps| steps.len()), Ok(3));
    engine.stop().await;
}
