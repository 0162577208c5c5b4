//! Stores that older programs have left: this one brings them up and goes on with all that is in
//! them. `layouts/1.sql` is what layout 1 held, and stays as it is.

use statewright::engine::{Replay, Settings};
use statewright::store::{Memory, Sqlite, Status, Store, StoreError};
use statewright::{Cursor, Dispatch, Engine, EngineError};
use statewright_durable_tests::fragile::Flaky;
use statewright_durable_tests::fragile_machine::{self, Fragile};
use statewright_durable_tests::order::{Event, Order, Output, State};
use statewright_durable_tests::shop::Shop;
use std::path::{Path, PathBuf};
use std::time::Duration;

async fn engine(store: impl Store, shop: &Shop) -> Engine {
    let mut settings = Settings::default();
    settings.inbox = Duration::from_millis(20);
    let builder = Engine::builder().store(store).settings(settings);
    // Two seconds behind the last commit.
    let builder = builder.wall_clock(|| 1_700_000_002_000);
    let builder = builder.register::<Order>(shop.clone()).register::<Fragile>(Flaky::default());
    builder.start().await.expect("it starts")
}

/// The store as it was left, for machines of the shapes that they have now.
async fn left(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("layout-1-{test}.db"));
    for ending in ["", "-wal", "-shm", "-owner"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    let memory = Memory::new();
    engine(memory.clone(), &Shop::default()).await.stop().await;
    let mut sql = include_str!("../layouts/1.sql").to_owned();
    for (_, shape) in memory.shapes().expect("memory can be read") {
        let hash = format!("{:016x}", shape.hash);
        sql = sql.replace(&format!("SHAPE OF {}", shape.machine), &hash);
    }
    let connection = rusqlite::Connection::open(&path).expect("the folder can be written");
    connection.execute_batch(&sql).expect("it is SQL");
    path
}

#[tokio::test]
async fn what_a_program_of_layout_1_left_is_gone_on_with() {
    let (path, shop) = (left("run").await, Shop::default());
    let store = Sqlite::open(&path).expect("it is brought up");
    let engine = engine(store, &shop).await;
    // What was being charged is charged again, under the same key.
    let ended = |view: &statewright::engine::View<Order>| view.status == Status::Finished;
    for key in ["charging", "draft"] {
        let order = engine.wait_for::<Order>(key, ended).await.expect("it goes on");
        assert_eq!(order.state, State::Completed { tracking: "T-1".to_owned() }, "{key}");
        assert!(matches!(engine.replay::<Order>(key).await, Ok(Replay::Same(_))), "{key}");
    }
    assert!(shop.calls().contains(&"charge Order/charging/3/2".to_owned()), "{:?}", shop.calls());
    assert!(!shop.calls().iter().any(|call| call.contains("reserve Order/charging")));
    // What was finished is there, with its outputs and answers.
    let again = engine.send_with_id::<Order>("done", "m-1", Event::Submit).await;
    assert_eq!(again, Ok(Dispatch::Handled));
    let mut outputs = engine.outputs::<Order>("done", Cursor::START).expect("it is registered");
    let shipped = Output::Shipped { tracking: "T-1".to_owned() };
    assert_eq!(outputs.next().await, Ok(Some((Cursor(1), shipped))));
    assert_eq!(engine.history::<Order>("done", 0, 100).await.map(|steps| steps.len()), Ok(5));
    // What was parked still is, and can be retried.
    let sent = engine.send::<Fragile>("parked", fragile_machine::Event::Ping).await;
    assert!(matches!(sent, Err(EngineError::Parked { .. })), "{sent:?}");
    assert_eq!(engine.retry::<Fragile>("parked").await, Ok(()));
    engine.stop().await;
}

#[tokio::test]
async fn one_who_only_looks_at_an_older_layout_is_told_or_sees_it() {
    let path = left("look").await;
    match Sqlite::open_read_only(&path) {
        Ok(store) => assert_eq!(store.next_instance(), Ok(5)),
        Err(error) => assert!(matches!(error, StoreError::Older { found: 1, .. }), "{error}"),
    }
}
