//! Simulated runs: paused time, a store in memory that fails by plan and dies in the middle, clients
//! that send in an order made by chance. Far more schedules than real kills can reach.
//!
//! `SIMULATIONS=10000 cargo test -p statewright-durable-tests --release --test simulated` is the
//! full setting. A seed that fails is printed; `SIMULATION_SEED=17` runs it alone.

mod checks;

use checks::{Done, Facts, journals};
use statewright::engine::Settings;
use statewright::store::faulty::{Faulty, Rates, Seeded, on_tokio};
use statewright::store::{Memory, Status};
use statewright::{Cx, Engine, EngineError};
use statewright_durable_tests::subject_machine::{
    Actions, Activities, Event, JobError, Start, Subject, UndoError,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const INSTANCES: u64 = 5;
const EVENTS: u64 = 8;

/// Attempts, with their idempotency keys, and calls of actions.
#[derive(Clone, Default)]
struct Attempts {
    keys: Arc<Mutex<Vec<String>>>,
    reports: Arc<Mutex<Vec<String>>>,
}

impl Actions for Attempts {
    fn report(&self, name: &str, n: u64) {
        let report = format!("{name}/{n}");
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
    }
}

impl Attempts {
    fn note(&self, cx: &Cx) {
        let key = cx.idempotency_key().to_owned();
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).push(key);
    }
}

impl Activities for Attempts {
    async fn job(&self, cx: &Cx, _: &str, round: u32) -> Result<u32, JobError> {
        self.note(cx);
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 7)).await;
        match round % 3 {
            1 => Err(JobError::Refused { why: "every third".to_owned() }),
            _ => Ok(round + 1),
        }
    }

    async fn undo(&self, cx: &Cx, _: &str, _: u32) -> Result<(), UndoError> {
        self.note(cx);
        Ok(())
    }
}

/// What clients know: how many events of each instance were accepted.
type Accepted = Arc<Mutex<BTreeMap<String, u64>>>;

/// One life of the program: until all is done, or the store says that the process has died.
async fn life(
    store: &Memory,
    attempts: &Attempts,
    accepted: &Accepted,
    seed: u64,
    faults: Rates,
) -> bool {
    let faulty = Arc::new(Faulty::new(store.clone(), Seeded::new(seed, faults), on_tokio));
    let mut settings = Settings::default();
    settings.idle = Duration::from_millis(seed % 50);
    settings.shards = 1 + (seed % 3) as usize;
    let builder = Engine::builder().store(Arc::clone(&faulty)).settings(settings);
    let Ok(engine) = builder.register::<Subject>(attempts.clone()).start().await else {
        return false;
    };
    let mut clients = tokio::task::JoinSet::new();
    for at in 0..INSTANCES {
        let (engine, accepted) = (engine.clone(), Arc::clone(accepted));
        clients.spawn(async move { client(&engine, &accepted, at, seed).await });
    }
    let all = async {
        while let Some(done) = clients.join_next().await {
            done.expect("a client does not panic");
        }
    };
    // A process that has died answers nobody.
    let died = async {
        while !faulty.is_dead() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::pin!(all, died);
    let lived = tokio::select! {
        () = &mut all => true,
        () = &mut died => false,
        // By the clock of the simulation, which goes on as long as somebody waits.
        () = tokio::time::sleep(Duration::from_secs(3600)) => panic!("somebody waits for ever"),
    };
    if lived {
        engine.stop().await;
    }
    lived
}

/// Sends what was not accepted yet until it is, whatever the store says.
async fn client(engine: &Engine, accepted: &Accepted, at: u64, seed: u64) {
    let key = format!("subject-{at}");
    // Never none: time would stand still as long as somebody tries again and again.
    let pause =
        |n: u64| Duration::from_millis(1 + seed.wrapping_mul(31).wrapping_add(n * 17 + at) % 23);
    loop {
        let start = Start { name: key.clone(), rounds: 3 };
        match engine.start::<Subject>(&key, start).await {
            Ok(()) | Err(EngineError::Duplicate { .. }) => break,
            Err(EngineError::Store(_)) => tokio::time::sleep(pause(0)).await,
            Err(error) => panic!("{error}"),
        }
    }
    let first =
        accepted.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map_or(1, |n| n + 1);
    let mut n = first;
    while n <= EVENTS {
        if (n + at + seed).is_multiple_of(4) {
            let _ = engine.send::<Subject>(&key, Event::Hold).await;
        }
        let id = format!("add-{n}");
        match engine.send_with_id::<Subject>(&key, &id, Event::Add { n }).await {
            Ok(_) => {
                accepted.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), n);
                n += 1;
            }
            Err(EngineError::Store(_)) => {}
            Err(error) => panic!("{key}: {error}"),
        }
        tokio::time::sleep(pause(n)).await;
    }
    loop {
        let done = engine
            .wait_for::<Subject>(&key, |view| {
                view.status == Status::Finished
                    || (view.context.last >= EVENTS && view.context.jobs >= view.context.rounds)
            })
            .await;
        match done {
            Ok(view) if view.status == Status::Finished => return,
            Ok(_) => match engine.send_with_id::<Subject>(&key, "finish", Event::Finish).await {
                Ok(_) | Err(EngineError::Store(_)) => {}
                Err(error) => panic!("{key}: {error}"),
            },
            Err(EngineError::Store(_)) => {}
            Err(error) => panic!("{key}: {error}"),
        }
        tokio::time::sleep(pause(n)).await;
    }
}

fn simulate(seed: u64) -> Facts {
    let mut seen = Facts::default();
    let (store, attempts, accepted) = (Memory::new(), Attempts::default(), Accepted::default());
    let faults =
        Rates { refused: 30, denied: 20, late: 60, told_late: 60, dead: 15, calls: 10, corrupt: 0 };
    let mut lives = 0;
    loop {
        // The last lives are without faults, so that all comes to its end.
        let faults = if lives < 6 { faults } else { Rates::default() };
        let seed = seed.wrapping_mul(1000) + lives;
        // With its runtime everything of a life ends at once, as with a process.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
        let done = runtime.block_on(life(&store, &attempts, &accepted, seed, faults));
        drop(runtime);
        let known = accepted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let keys = attempts.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reports = attempts.reports.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = Done { accepted: &known, attempts: &keys, reports: &reports };
        let facts = journals(&store, &known, EVENTS);
        seen.add(&facts);
        if done {
            assert_eq!(facts.finished, INSTANCES, "all have ended");
            return seen;
        }
        lives += 1;
        assert!(lives < 20, "the lives do not end");
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.parse().ok())
}

#[test]
fn no_schedule_breaks_a_promise() {
    let seeds = match number("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIMULATIONS").unwrap_or(200),
    };
    let mut seen = Facts::default();
    for seed in seeds {
        let run = std::panic::catch_unwind(|| simulate(seed));
        match run {
            Ok(facts) => seen.add(&facts),
            Err(_) => panic!("seed {seed} breaks a promise: SIMULATION_SEED={seed} runs it again"),
        }
    }
    println!("{seen:?}");
    assert!(seen.repeated > 0, "no attempt was repeated: no process has died at the right moment");
}
