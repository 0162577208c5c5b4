//! Timers of which many are overdue: each fires once, in order, before what is sent then, and none of
//! it is taken for timers that set each other without end.

use clock::Clock;
use course::Course;
use reminders::{Event, Reminders};
use ring::Ring;
use statewright::engine::{Replay, Settings};
use statewright::store::{Memory, Status};
use statewright::{Engine, EngineError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

statewright::flow! {
    /// Counts minutes.
    durable machine Clock {
        key id
        context { id: String, minutes: u32 = 0, asked_at: u32 = 0 }
        event Ask
        initial state Counting {
            every 1m do set minutes = minutes + 1
            on Ask do set asked_at = minutes
        }
    }

    /// Sets as many reminders as it is asked for, all for one time.
    durable machine Reminders {
        key id
        context { id: String, rung: u32 = 0 }
        event Set
        event Rings
        initial state Waiting {
            on Set do raise Rings after 1h
            on Rings do set rung = rung + 1
        }
    }

    /// Comes to its end in time, whatever is due beside.
    durable machine Course {
        key id
        context { id: String }
        initial parallel state Both {
            region Short { initial state Wait { after 50m -> Over } final state Over }
            region Long {
                initial state First { after 60m -> Second }
                state Second { after 30m -> Third }
                state Third { after 15m -> Over }
                final state Over
            }
            on done -> Done
            after 100m -> Late
        }
        final state Done
        final state Late
    }

    /// Never comes to the next minute.
    durable machine Ring {
        key id
        context { id: String }
        initial state There { after 0s -> Back }
        state Back { after 0s -> There }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

thread_local! { static START: Instant = Instant::now(); }

/// Paused time, which goes on while no engine runs.
fn wall() -> u64 {
    1_700_000_000_000 + START.with(Instant::elapsed).as_millis() as u64
}

async fn engine(store: &Memory) -> Engine {
    let mut settings = Settings::default();
    settings.delayed = 1_500;
    let engine = Engine::builder().store(store.clone()).wall_clock(wall).settings(settings);
    let engine = engine.register::<Clock>(()).register::<Reminders>(()).register::<Ring>(());
    engine.register::<Course>(()).start().await.expect("it starts")
}

#[tokio::test(start_paused = true)]
async fn what_is_overdue_happens_at_its_time() {
    for away in [1, 3] {
        let store = Memory::new();
        let first = engine(&store).await;
        first.start::<Course>("c", course::Start { id: "c".into() }).await.expect("it is free");
        drop(first);
        sleep(away * HOUR).await;
        let engine = engine(&store).await;
        sleep(2 * HOUR).await;
        let view = engine.state::<Course>("c").await.expect("it is there");
        // In time it is left at 100 minutes, before the long way is at its end.
        assert_eq!(view.state, course::State::Late, "away for {away} h");
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_was_away_for_days_counts_all_minutes_before_it_answers() {
    let store = Memory::new();
    let first = engine(&store).await;
    first.start::<Clock>("c", clock::Start { id: "c".into() }).await.expect("the key is free");
    drop(first);
    sleep(62 * HOUR + Duration::from_secs(1)).await;
    let engine = engine(&store).await;
    engine.send::<Clock>("c", clock::Event::Ask).await.expect("it runs");
    let view = engine.state::<Clock>("c").await.expect("it is there");
    assert_eq!((view.status, view.context.asked_at), (Status::Running, 62 * 60));
    // A computer that was suspended, with the engine in it.
    tokio::time::advance(62 * HOUR).await;
    engine.send::<Clock>("c", clock::Event::Ask).await.expect("it runs");
    let view = engine.state::<Clock>("c").await.expect("it is there");
    assert_eq!((view.status, view.context.asked_at), (Status::Running, 124 * 60));
    let replayed = engine.replay::<Clock>("c").await.expect("it can be read");
    assert!(matches!(replayed, Replay::Same(_)), "{replayed:?}");
}

#[tokio::test(start_paused = true)]
async fn many_that_are_due_at_one_time_all_fire() {
    let engine = engine(&Memory::new()).await;
    engine.start::<Reminders>("r", reminders::Start { id: "r".into() }).await.expect("it is free");
    for _ in 0..1500 {
        engine.send::<Reminders>("r", Event::Set).await.expect("it runs");
    }
    sleep(2 * HOUR).await;
    let view = engine.state::<Reminders>("r").await.expect("it is there");
    assert_eq!((view.status, view.context.rung), (Status::Running, 1500));
}

#[tokio::test(start_paused = true)]
async fn timers_that_set_each_other_without_end_are_parked() {
    let engine = engine(&Memory::new()).await;
    let started = engine.start::<Ring>("r", ring::Start { id: "r".into() }).await;
    assert!(matches!(started, Ok(()) | Err(EngineError::Parked { .. })), "{started:?}");
    sleep(HOUR).await;
    let view = engine.state::<Ring>("r").await.expect("it is there");
    assert_eq!(view.status, Status::Parked);
}
