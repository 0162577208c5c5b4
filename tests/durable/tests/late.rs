//! Timers of instances that are not in memory come in time, whatever else is due.

use statewright::engine::Settings;
use statewright::store::{Memory, Status, Store};
use statewright::{Dispatch, Engine};
use statewright_durable_tests::fragile::Flaky;
use statewright_durable_tests::fragile_machine::{self, Fragile};
use statewright_durable_tests::order::{Order, Start, State};
use statewright_durable_tests::shop::Shop;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

/// Nobody looks after messages, and so nobody comes by in between.
fn quiet() -> Settings {
    let mut settings = Settings::default();
    settings.inbox = 24 * 365 * HOUR;
    settings
}

async fn orders(store: &Memory) -> Engine {
    let engine = Engine::builder().store(store.clone()).settings(quiet());
    engine.register::<Order>(Shop::default()).start().await.expect("it starts")
}

async fn draft(engine: &Engine, key: &str) {
    let start = Start { order_id: key.to_owned(), total: 5 };
    engine.start::<Order>(key, start).await.expect("the key is free");
}

/// The state in the store, without waking the instance.
async fn listed(engine: &Engine, key: &str) -> String {
    let all = engine.list(Default::default()).await.expect("memory can be read");
    all.into_iter().find(|one| one.key == key).expect("it was started").state
}

#[tokio::test(start_paused = true)]
async fn one_that_is_due_soon_behind_another_is_in_time() {
    let engine = orders(&Memory::new()).await;
    for key in ["a", "b", "c"] {
        draft(&engine, key).await;
        tokio::time::sleep(20 * SECOND).await;
    }
    tokio::time::sleep(MONTH - 59 * SECOND).await;
    for (key, next) in [("a", "b"), ("b", "c")] {
        let now = (listed(&engine, key).await, listed(&engine, next).await);
        assert_eq!(now, ("Rejected".to_owned(), "Draft".to_owned()));
        tokio::time::sleep(20 * SECOND).await;
    }
    assert_eq!(listed(&engine, "c").await, "Rejected");
}

#[tokio::test(start_paused = true)]
async fn instances_of_machines_that_are_not_there_hold_up_nobody() {
    let store = Memory::new();
    let both = Engine::builder().store(store.clone()).settings(quiet());
    let both = both.register::<Fragile>(Flaky::default()).register::<Order>(Shop::default());
    let both = both.start().await.expect("it starts");
    for at in 0..1_100 {
        let key = format!("f-{at}");
        let start = fragile_machine::Start { name: key.clone() };
        both.start::<Fragile>(&key, start).await.expect("the key is free");
    }
    draft(&both, "a").await;
    tokio::time::sleep(10 * SECOND).await;
    both.stop().await;
    drop(both);
    let engine = orders(&store).await;
    tokio::time::sleep(MONTH).await;
    assert_eq!(store.due(u64::MAX, 2_000).map(|due| due.len()), Ok(1_100), "all others wait");
    assert_eq!(listed(&engine, "a").await, "Rejected");
}

#[tokio::test(start_paused = true)]
async fn nobody_who_has_stopped_waiting_keeps_an_instance_in_memory() {
    let engine = orders(&Memory::new()).await;
    draft(&engine, "a").await;
    let waiting = engine.wait_for::<Order>("a", |view| view.status == Status::Finished);
    assert!(tokio::time::timeout(SECOND, waiting).await.is_err());
    // One who leaves memory is due in the store.
    tokio::time::sleep(HOUR).await;
    let all = engine.list(Default::default()).await.expect("memory can be read");
    assert!(all[0].due.is_some(), "it is still in memory");
    assert_eq!(engine.state::<Order>("a").await.expect("it is there").state, State::Draft);
}

#[tokio::test(start_paused = true)]
async fn so_many_may_wait_for_an_instance() {
    let mut settings = quiet();
    settings.mailbox = 3;
    let engine = Engine::builder().settings(settings).register::<Order>(Shop::default());
    let engine = engine.start().await.expect("it starts");
    draft(&engine, "a").await;
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let engine = engine.clone();
        waiting.spawn(async move { engine.wait_for::<Order>("a", |_| false).await });
        tokio::time::sleep(SECOND).await;
    }
    for _ in 0..2 {
        let refused = waiting.join_next().await.expect("five wait").expect("no panic");
        assert!(matches!(refused, Err(statewright::EngineError::Overloaded(3))), "{refused:?}");
    }
    // Those who send are not refused for those who wait.
    let sent = engine.send::<Order>("a", statewright_durable_tests::order::Event::Submit).await;
    assert_eq!(sent, Ok(Dispatch::Handled));
}
