//! Wall clocks that are set while the engine runs, or are ahead when it starts.

use statewright::Engine;
use statewright::engine::Settings;
use statewright::store::Memory;
use statewright_durable_tests::alarm::Bell;
use statewright_durable_tests::alarm_machine::{Alarm, Start};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// A day in milliseconds, and a time from which it can be taken.
const DAY: u64 = 24 * 60 * 60 * 1000;
const NOON: u64 = 20_000 * DAY;

async fn engine(store: &Memory, bell: &Bell, clock: fn() -> u64) -> Engine {
    let mut settings = Settings::default();
    settings.inbox = 60 * MINUTE;
    let engine = Engine::builder().store(store.clone()).settings(settings).wall_clock(clock);
    engine.register::<Alarm>(bell.clone()).start().await.expect("it starts")
}

async fn set(engine: &Engine, name: &str, wait: Duration) {
    let start = Start { name: name.to_owned(), wait };
    engine.start::<Alarm>(name, start).await.expect("the key is free");
}

/// What the wall shows in the test that sets it.
static WALL: AtomicU64 = AtomicU64::new(NOON);

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_while_the_engine_runs_moves_no_timer() {
    for other in [NOON + DAY, NOON - DAY] {
        let bell = Bell::default();
        WALL.store(NOON, Ordering::SeqCst);
        let engine = engine(&Memory::new(), &bell, || WALL.load(Ordering::SeqCst)).await;
        // One in memory, and one that has left it by then.
        set(&engine, "soon", MINUTE / 20).await;
        set(&engine, "later", 10 * MINUTE).await;
        WALL.store(other, Ordering::SeqCst);
        tokio::time::sleep(MINUTE / 30).await;
        assert_eq!(bell.rung(), [""; 0], "early");
        tokio::time::sleep(MINUTE / 30).await;
        assert_eq!(bell.rung(), ["soon"]);
        tokio::time::sleep(9 * MINUTE).await;
        assert_eq!(bell.rung(), ["soon"], "early");
        tokio::time::sleep(MINUTE).await;
        assert_eq!(bell.rung(), ["soon", "later"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_due_by_a_clock_that_is_ahead_at_the_start_fires_at_once() {
    let (store, bell) = (Memory::new(), Bell::default());
    let first = engine(&store, &bell, || NOON).await;
    for (name, hours) in [("tomorrow", 25), ("tonight", 6), ("this afternoon", 1)] {
        set(&first, name, hours * 60 * MINUTE).await;
    }
    first.stop().await;
    assert_eq!(bell.rung(), [""; 0]);
    let _second = engine(&store, &bell, || NOON + DAY).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(bell.rung(), ["this afternoon", "tonight"]);
    tokio::time::sleep(59 * MINUTE).await;
    assert_eq!(bell.rung().len(), 2, "early");
    tokio::time::sleep(2 * MINUTE).await;
    assert_eq!(bell.rung().len(), 3);
}
