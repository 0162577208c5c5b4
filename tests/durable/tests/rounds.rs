//! Every way in which a loop goes on and ends, by a table, in memory and on an engine, where the program may
//! end between any two rounds. Time stands still unless nothing else is to be done.

#![allow(clippy::unwrap_used)]

use rounds::{Activities, Context, Machine, MeasureError, Rounds, Start, State};
use statewright::engine::{Replay, View};
use statewright::store::{Memory, Millis, Status};
use statewright::{Cx, Engine};
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

statewright::flow! {
    durable machine Rounds {
        key id
        context { id: String  target: f64  near: f64  value: f64 = 0.0  rounds: u32 = 0  last: u32 = 0 }
        activity measure(round: u32) -> f64
        policy patient { timeout never }

        initial loop state Going max 5 deadline 2m {
            until value >= target
            until change(value) < near for 2

            initial state Measuring {
                invoke measure(round) with patient
                on done(x) do set value = x, set rounds = rounds + 1, set last = round -> Resting
                on error(e) -> Failed(e.message)
            }
            state Resting {
                after 10s -> Round
            }
            final state Round

            on converged -> Converged
            on exhausted -> Exhausted
        }
        final state Converged
        @outcome(failure)
        final state Exhausted
        @outcome(failure)
        final state Failed(why: String)
    }
}

/// Measures one value a round, and takes a minute for those that are below zero.
#[derive(Clone, Debug)]
struct Gauge {
    values: Arc<Vec<f64>>,
    /// In which second which round was measured.
    calls: Arc<Mutex<Vec<(u64, u32)>>>,
    start: Instant,
}

impl Gauge {
    fn new(values: &[f64]) -> Self {
        let (values, calls) = (Arc::new(values.to_vec()), Arc::default());
        Self { values, calls, start: Instant::now() }
    }
}

impl Activities for Gauge {
    async fn measure(&self, _: &Cx, round: u32) -> Result<f64, MeasureError> {
        self.calls.lock().unwrap().push((self.start.elapsed().as_secs(), round));
        let value = self.values[round as usize - 1];
        if value < 0.0 {
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Ok(value)
    }
}

thread_local! {
    /// When the test began: the wall clock of the engines in it goes on from there.
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

fn wall() -> Millis {
    let begun = BEGUN.get().map_or(0, |begun| begun.elapsed().as_millis());
    1_000_000 + Millis::try_from(begun).unwrap()
}

/// How it has ended, behind how many rounds, in which second, and when which round was measured.
type Seen = (String, u32, u64, Vec<(u64, u32)>);

fn seen(state: &State, context: &Context, gauge: &Gauge) -> Seen {
    assert_eq!(context.last, context.rounds, "rounds are counted from one");
    let seconds = gauge.start.elapsed().as_secs();
    (format!("{state:?}"), context.rounds, seconds, gauge.calls.lock().unwrap().clone())
}

async fn in_memory(gauge: Gauge, start: Start) -> Seen {
    let handle = Machine::new(gauge.clone(), start).unwrap().spawn();
    let mut state = handle.state();
    let is_over = |state: &State| !matches!(state, State::Going { .. });
    let state = state.wait_for(is_over).await.unwrap().clone();
    seen(&state, handle.stop().await.unwrap().context(), &gauge)
}

/// On an engine; the program ends and begins anew in these seconds.
async fn durable(gauge: Gauge, start: Start, kills: &[u64]) -> Seen {
    BEGUN.set(BEGUN.get().or_else(|| Some(Instant::now())));
    let store = Memory::new();
    let begin = || {
        let builder = Engine::builder().store(store.clone()).wall_clock(wall);
        builder.register::<Rounds>(gauge.clone()).start()
    };
    let mut engine = begin().await.unwrap();
    engine.start::<Rounds>("k", start).await.unwrap();
    for at in kills {
        tokio::time::sleep_until(gauge.start + Duration::from_secs(*at)).await;
        drop(engine);
        tokio::task::yield_now().await;
        engine = begin().await.unwrap();
    }
    let is_over = |view: &View<Rounds>| view.status == Status::Finished;
    let view = engine.wait_for::<Rounds>("k", is_over).await.unwrap();
    let seen = seen(&view.state, &view.context, &gauge);
    assert!(matches!(engine.replay::<Rounds>("k").await, Ok(Replay::Same(_))));
    seen
}

/// The target, what counts as near, what is measured in each round, how it ends, behind how many rounds,
/// and in which second.
type Row<'a> = (f64, f64, &'a [f64], &'a str, u32, u64);

/// A target, or a change, that is never reached.
const FAR: f64 = 1e9;
const NONE: f64 = 0.0;

const TABLE: &[Row<'static>] = &[
    // The target is reached in the first round, in a later one, in the last one.
    (1.0, NONE, &[1.0], "Converged", 1, 10),
    (1.0, NONE, &[0.0, 0.5, 1.5], "Converged", 3, 30),
    (1.0, NONE, &[0.0, 0.1, 0.2, 0.3, 1.0], "Converged", 5, 50),
    // Never: there were enough rounds.
    (1.0, NONE, &[0.0, 0.1, 0.2, 0.3, 0.4], "Exhausted", 5, 50),
    // Two changes in a row are small. The first round has none.
    (FAR, 0.1, &[0.0, 0.0, 0.0], "Converged", 3, 30),
    (FAR, 0.1, &[5.0, 5.05, 5.01], "Converged", 3, 30),
    // One that is not begins the count anew; as large as the bound is not below it.
    (FAR, 0.5, &[1.0, 1.25, 1.75, 2.0, 2.25], "Converged", 5, 50),
    (FAR, 0.5, &[1.0, 1.25, 1.75, 2.0, 3.0], "Exhausted", 5, 50),
    // Downwards too.
    (FAR, 0.5, &[9.0, 8.75, 8.5], "Converged", 3, 30),
    // The first of two conditions that holds.
    (6.0, 0.5, &[1.0, 6.0], "Converged", 2, 20),
    (6.0, 0.5, &[1.0, 1.0, 1.0], "Converged", 3, 30),
    // The time is up: in the middle of a round, and between two.
    (FAR, NONE, &[-1.0, -2.0, -3.0], "Exhausted", 1, 120),
    (FAR, NONE, &[-1.0, 1.0, 2.0, 3.0, 4.0], "Exhausted", 5, 110),
    (FAR, NONE, &[-1.0, 1.0, -2.0], "Exhausted", 2, 120),
];

fn start(target: f64, near: f64) -> Start {
    Start { id: "k".to_owned(), target, near }
}

#[tokio::test(start_paused = true)]
async fn each_loop_goes_by_the_table() {
    for (target, near, values, end, rounds, second) in TABLE {
        let found = in_memory(Gauge::new(values), start(*target, *near)).await;
        assert_eq!(
            (&*found.0, found.1, found.2),
            (*end, *rounds, *second),
            "{values:?}, in memory"
        );
        let numbers: Vec<u32> = found.3.iter().map(|(_, round)| *round).collect();
        assert!(numbers.iter().copied().eq(1..=numbers.len() as u32), "{values:?}: {numbers:?}");
        let engine = durable(Gauge::new(values), start(*target, *near), &[]).await;
        assert_eq!(engine, found, "{values:?}, on an engine");
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_between_rounds_changes_nothing_of_it() {
    for (target, near, values, _, _, second) in TABLE {
        let without = in_memory(Gauge::new(values), start(*target, *near)).await;
        // No measuring is cut off by it: those that take a while begin in these seconds.
        let is_calm = |at: &u64| {
            let takes = |(begun, round): &(u64, u32)| {
                values[*round as usize - 1] < 0.0 && (*begun..begun + 60).contains(at)
            };
            *at < *second && !without.3.iter().any(takes)
        };
        let each: Vec<u64> = (5..*second).step_by(10).filter(is_calm).collect();
        for at in &each {
            let found = durable(Gauge::new(values), start(*target, *near), &[*at]).await;
            assert_eq!(found, without, "{values:?}, killed at {at}");
        }
        let found = durable(Gauge::new(values), start(*target, *near), &each).await;
        assert_eq!(found, without, "{values:?}, killed at {each:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_in_a_round_measures_that_one_again() {
    let values = [1.0, -1.0, 2.0];
    let found = durable(Gauge::new(&values), start(2.0, NONE), &[30]).await;
    let calls = vec![(0, 1), (10, 2), (30, 2), (100, 3)];
    assert_eq!(found, ("Converged".to_owned(), 3, 110, calls));
}
