//! What is overdue when a program comes back: timers fire at their deadlines, one behind the other, but who
//! is asked by one has all the time to answer.

use statewright::engine::{Builder, Replay, Task};
use statewright::store::{Memory, Status, TaskFilter};
use statewright::{Dispatch, Engine};
use std::time::Duration;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

statewright::flow! {
    durable machine Approval {
        key id
        context { id: String  reminded: u32 = 0 }

        initial state Resting { after 1h -> Turning }
        state Turning { after 1h -> First }
        state First {
            human sign(id) -> bool { timeout 1d }
            on done(_) -> Signed
            on timeout -> Second
        }
        state Second {
            human sign_for(id) -> bool {
                remind every 8h
                escalate after 20h to role("heads")
                timeout 1d
            }
            every 6h do set reminded = reminded + 1
            on done(_) -> Signed
            on timeout -> Missed
        }
        final state Signed
        final state Missed
    }
}

use approval::{Approval, Start, State};

thread_local! {
    /// When the test looked at the clock first; each test has a thread of its own.
    static START: Instant = Instant::now();
}

/// The wall goes on with the clock of the test, whichever engine looks at it.
fn wall() -> u64 {
    1_700_000_000_000 + START.with(Instant::elapsed).as_millis() as u64
}

fn builder(store: &Memory) -> Builder {
    Engine::builder().store(store.clone()).wall_clock(wall).register::<Approval>(())
}

/// Nothing runs for so long.
async fn away(engine: Engine, time: Duration, store: &Memory) -> Engine {
    drop(engine);
    tokio::time::sleep(time).await;
    let engine = builder(store).start().await.expect("a store in memory is nobody's");
    tokio::time::sleep(Duration::from_millis(10)).await;
    engine
}

async fn asked(engine: &Engine) -> Task {
    let mut tasks = engine.tasks(TaskFilter::default()).await.expect("the store is read");
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    tasks.remove(0)
}

async fn started() -> (Engine, Memory) {
    let store = Memory::new();
    let engine = builder(&store).start().await.expect("a store in memory is nobody's");
    let start = Start { id: "a".to_owned() };
    engine.start::<Approval>("a", start).await.expect("the key is free");
    (engine, store)
}

#[tokio::test(start_paused = true)]
async fn who_is_asked_late_has_all_the_time_to_answer() {
    let (engine, store) = started().await;
    // Both timers of the way there are overdue; the question is asked now.
    let engine = away(engine, 5 * DAY, &store).await;
    let first = asked(&engine).await;
    assert_eq!(first.name, "sign");
    assert!(wall() - first.opened < 60_000, "{first:?}");
    assert_eq!(first.due, Some(first.opened + DAY.as_millis() as u64));
    // So is the second, though the end of the first wait is long ago.
    let engine = away(engine, 5 * DAY, &store).await;
    let second = asked(&engine).await;
    assert_eq!((second.name.as_str(), second.reminded, second.escalated), ("sign_for", 0, 0));
    assert_eq!(second.due, Some(second.opened + DAY.as_millis() as u64));
    assert_eq!(engine.state::<Approval>("a").await.expect("it is there").context.reminded, 0);
    tokio::time::sleep(22 * HOUR).await;
    let late = asked(&engine).await;
    assert_eq!((late.reminded, late.escalated), (2, 1), "each at its time");
    assert_eq!(engine.state::<Approval>("a").await.expect("it is there").context.reminded, 3);
    assert_eq!(engine.answer(late.id, true).await, Ok(Dispatch::Handled));
    let view = engine.state::<Approval>("a").await.expect("it is there");
    assert_eq!(view.state, State::Signed);
    assert!(matches!(engine.replay::<Approval>("a").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn who_was_asked_in_time_is_not_waited_for_any_longer() {
    let (engine, store) = started().await;
    tokio::time::sleep(3 * HOUR).await;
    assert_eq!(asked(&engine).await.name, "sign");
    let engine = away(engine, 20 * HOUR, &store).await;
    assert_eq!(asked(&engine).await.name, "sign", "it goes on waiting");
    let engine = away(engine, 4 * HOUR, &store).await;
    assert_eq!(asked(&engine).await.name, "sign_for", "a day is over");
    tokio::time::sleep(DAY + HOUR).await;
    let view = engine.state::<Approval>("a").await.expect("it is there");
    assert_eq!((view.state, view.status), (State::Missed, Status::Finished));
}
