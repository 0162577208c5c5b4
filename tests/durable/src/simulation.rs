//! Simulated runs: paused time, a store in memory that fails by plan and dies in the middle. Far more
//! schedules than real kills can reach, and the same seed gives the same one.

use crate::kills::number;
use crate::ledger::Ledger;
use crate::seen::Seen;
use crate::world::{Clients, Plan, World, look, replay, settings};
use statewright::store::faulty::{Faulty, Rates, Seeded, on_tokio};
use statewright::store::{Memory, Millis};
use statewright::{Engine, EngineError};
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

/// One life of the program: true if all has come to its end, false if the process has died.
async fn life<W: World>(
    world: &W,
    plan: Plan,
    (store, life): (&Memory, u64),
) -> Result<bool, EngineError> {
    let rates = if life < FAULTY { FAULTS } else { Rates::default() };
    let seed = plan.seed.wrapping_mul(1000) + life;
    let faulty = Arc::new(Faulty::new(store.clone(), Seeded::new(seed, rates), on_tokio));
    let mut settings = settings(seed);
    W::set(plan, &mut settings);
    let builder = Engine::builder().store(Arc::clone(&faulty)).settings(settings).wall_clock(wall);
    let Ok(engine) = world.register(builder).start().await else { return Ok(false) };
    let outside = Arc::new(store.clone());
    let clients = Clients { engine: engine.clone(), store: outside, wall, are_patient: true };
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
        done = all => done.map(|()| true),
        () = died => Ok(false),
        // By the clock of the simulation, which goes on as long as somebody waits.
        () = tokio::time::sleep(Duration::from_secs(3600)) => panic!("somebody waits for ever"),
    }
}

/// Lives, until all has come to its end; what is left is looked at behind each.
fn simulate<W: World>(plan: Plan) -> Seen {
    let (store, ledger, mut seen) = (Memory::new(), Ledger::default(), Seen::default());
    for at in 0..20 {
        // With its runtime everything of a life ends at once, as with a process.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
        let world = W::new(plan, ledger.clone());
        let done = runtime.block_on(life(&world, plan, (&store, at)));
        let done = done.unwrap_or_else(|error| panic!("{error}"));
        drop(runtime);
        let (found, over) = look::<W>(plan, &store, &ledger.text(), done);
        seen.add(&found);
        if done {
            return seen;
        }
        seen.count("deaths", 1);
        over.iter().for_each(|line| ledger.line(line).expect("there is room in memory"));
    }
    panic!("the lives do not end")
}

/// Simulates a world, once for each seed: so many as are said, or as `SIMULATIONS` says. A seed that fails
/// is printed, and `SIMULATION_SEED` runs it alone.
///
/// # Panics
/// A promise was broken.
#[must_use]
pub fn simulations<W: World>(plan: Plan, otherwise: u64) -> Seen {
    let seeds = match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATIONS").unwrap_or(otherwise),
    };
    let mut seen = Seen::default();
    for seed in seeds.clone() {
        let run = std::panic::catch_unwind(|| simulate::<W>(Plan { seed, ..plan }));
        match run {
            Ok(found) => seen.add(&found),
            Err(_) => panic!(
                "{}: seed {seed} breaks a promise: SIMULATION_SEED={seed} runs it again",
                W::NAME
            ),
        }
    }
    println!("{}: {} seeds: {seen}", W::NAME, seeds.end - seeds.start);
    seen
}
