//! Simulated runs: paused time, tasks that take turns by chance, a store in memory that fails by plan
//! and dies in the middle. Far more schedules than real kills can reach, and the same seed gives the same
//! one.

use crate::kills::number;
use crate::ledger::Ledger;
use crate::seen::Seen;
use crate::world::{Clients, Plan, World, look, replay, settings};
use statewright::engine::Turns;
use statewright::store::faulty::{Faulty, Rates, Seeded};
use statewright::store::{Filter, Memory, Millis, Record, Store};
use statewright::{Engine, EngineError};
use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

/// What goes wrong in the lives that are not the last.
const FAULTS: Rates =
    Rates { refused: 30, denied: 20, late: 60, told_late: 60, dead: 15, calls: 10, corrupt: 0 };

/// So many lives have faults; the others are for all to come to its end.
const FAULTY: u64 = 6;

/// Time goes on from the last commit, and does not depend on when the test is run.
fn wall() -> Millis {
    1_000_000
}

/// A run of a world from its beginning to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it has shown.
    pub seen: Seen,
    /// What hosts and clients have written down, and all steps of all instances with their times: two runs
    /// that have the same are the same.
    pub trace: String,
}

/// One life of the program: true if all has come to its end, false if the process has died.
async fn life<W: World>(
    world: &W,
    (plan, turns): (Plan, u64),
    (store, life): (&Memory, u64),
) -> Result<bool, EngineError> {
    let rates = if life < FAULTY { FAULTS } else { Rates::default() };
    let of_life = |seed: u64| seed.wrapping_mul(1000) + life;
    let turns = Turns::by_chance(of_life(turns));
    let of_store = turns.clone();
    let later = move |delay, call: Box<dyn FnOnce() + Send>| {
        tokio::spawn(of_store.among(async move {
            tokio::time::sleep(delay).await;
            call();
        }));
    };
    let faulty = Faulty::new(store.clone(), Seeded::new(of_life(plan.seed), rates), later);
    let faulty = Arc::new(faulty);
    let mut settings = settings(of_life(plan.seed));
    W::set(plan, &mut settings);
    let builder = Engine::builder().store(Arc::clone(&faulty)).settings(settings).wall_clock(wall);
    let started = world.register(builder).turns(turns.clone()).start().await;
    let Ok(engine) = started else { return Ok(false) };
    let outside = Arc::new(store.clone());
    let clients =
        Clients { engine: engine.clone(), store: outside, wall, are_patient: true, turns };
    let all = async {
        world.live(clients.clone()).await?;
        replay::<W>(&clients, 1, 0).await?;
        engine.stop().await;
        Ok::<_, EngineError>(())
    };
    // A process that has died answers nobody.
    let died = async {
        while !faulty.is_dead() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        // In this order: else it would be one that no seed makes again.
        biased;
        done = all => done.map(|()| true),
        () = died => Ok(false),
        // By the clock of the simulation, which goes on as long as somebody waits.
        () = tokio::time::sleep(Duration::from_secs(3600)) => panic!("somebody waits for ever"),
    }
}

/// Lives, until all has come to its end; what is left is looked at behind each. Another seed for `turns`
/// gives another order to the tasks, and leaves all else as it is.
///
/// # Panics
/// A promise was broken.
#[must_use]
pub fn simulate<W: World>(plan: Plan, turns: u64) -> Run {
    let (store, ledger, mut seen) = (Memory::new(), Ledger::default(), Seen::default());
    let left = Trace { store: &store, ledger: &ledger };
    for at in 0..20 {
        // With its runtime everything of a life ends at once, as with a process.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
        // Every other time all services work behind the first death.
        let is_healthy = plan.seed % 2 == 1 && at > 0;
        let plan = Plan { is_healthy, ..plan };
        let world = W::new(plan, ledger.clone());
        let done = runtime.block_on(life(&world, (plan, turns), (&store, at)));
        let done = done.unwrap_or_else(|error| panic!("{error}"));
        drop(runtime);
        let (found, over) = look::<W>(plan, &store, &ledger.text(), done);
        seen.add(&found);
        if done {
            return Run { seen, trace: left.to_string() };
        }
        seen.count("deaths", 1);
        over.iter().for_each(|line| ledger.line(line).expect("there is room in memory"));
    }
    panic!("the lives do not end")
}

/// Everything that was done, and when.
struct Trace<'r> {
    store: &'r Memory,
    ledger: &'r Ledger,
}

impl fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ledger.text())?;
        for one in self.store.list(&Filter::default()).map_err(|_| fmt::Error)? {
            let steps = self.store.history(one.id, 0, usize::MAX).map_err(|_| fmt::Error)?;
            for Record { seq, at, state, body } in steps {
                writeln!(f, "{}/{}/{} {seq} {at} {state} {body}", one.machine, one.key, one.id)?;
            }
        }
        Ok(())
    }
}

impl Drop for Trace<'_> {
    /// One seed alone is run to see why it fails.
    fn drop(&mut self) {
        if std::thread::panicking() && number("SIMULATION_SEED").is_some() {
            eprintln!("{self}");
        }
    }
}

/// Simulates a world, once for each seed: so many as are said, or as `SIMULATIONS` says. A seed that fails
/// is printed, and `SIMULATION_SEED` runs it alone and prints all that has happened.
///
/// # Panics
/// A promise was broken.
#[must_use]
pub fn simulations<W: World>(plan: Plan, otherwise: u64) -> Seen {
    simulated::<W>(
        plan,
        match number("SIMULATION_SEED") {
            Some(seed) => seed..seed + 1,
            None => 0..number("SIMULATIONS").unwrap_or(otherwise),
        },
    )
}

/// Simulates a world with these seeds.
///
/// # Panics
/// A promise was broken: it says with which seed, and which.
#[must_use]
pub fn simulated<W: World>(plan: Plan, seeds: Range<u64>) -> Seen {
    let mut seen = Seen::default();
    for seed in seeds.clone() {
        match catch_unwind(|| simulate::<W>(Plan { seed, ..plan }, seed)) {
            Ok(run) => seen.add(&run.seen),
            Err(panic) => panic!(
                "{}: seed {seed} breaks a promise: {}\nSIMULATION_SEED={seed} runs it again",
                W::NAME,
                said(&*panic)
            ),
        }
    }
    println!("{}: {} seeds: {seen}", W::NAME, seeds.end - seeds.start);
    seen
}

/// What a panic says.
#[must_use]
pub fn said(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&str>().copied();
    literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}
