//! The program that the crash tests kill: a world on a store on disk.
//!
//! `worker WORLD FOLDER SIZE ROUNDS SEED HEALTHY REPLAYED`: runs until all is done, prints how long the
//! start took, and ends. What hosts and clients know is in the folder, so that it goes on where it was
//! killed. The journal of every so manieth instance is replayed, as it is found at the start, and of all
//! at the end. With the feature `failpoints`, `POINT=name:3` has it killed when it comes to that point for
//! the third time. With `RELAXED` commits are not synced, and with `LOG=65536` the log is brought into the
//! file when it has so many bytes. With `PATIENT` clients try again what the store has refused.

use statewright::Engine;
use statewright::engine::Turns;
use statewright::store::{Durability, Millis, Sqlite};
use statewright_durable_tests::arm::arm;
use statewright_durable_tests::bookings::Bookings;
use statewright_durable_tests::drafts::Drafts;
use statewright_durable_tests::errands::Errands;
use statewright_durable_tests::expeditions::Expeditions;
use statewright_durable_tests::in_use::InUse;
use statewright_durable_tests::kills::{ledger_in, number, store_in};
use statewright_durable_tests::ledger::Ledger;
use statewright_durable_tests::letters::Letters;
use statewright_durable_tests::petitions::Petitions;
use statewright_durable_tests::polls::Polls;
use statewright_durable_tests::subjects::Subjects;
use statewright_durable_tests::world::{Clients, Plan, World, replay, settings};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [world, folder, numbers @ ..] = arguments.as_slice() else {
        return Err("a world and a folder".into());
    };
    let numbers: Vec<u64> = numbers.iter().map(|n| n.parse()).collect::<Result<_, _>>()?;
    let [size, rounds, seed, is_healthy, replayed] = numbers[..] else {
        return Err("five numbers".into());
    };
    let plan = Plan { size, rounds, seed, is_healthy: is_healthy == 1 };
    let folder = Path::new(folder);
    arm();
    match world.as_str() {
        Bookings::NAME => run::<Bookings>(folder, plan, replayed).await,
        Drafts::NAME => run::<Drafts>(folder, plan, replayed).await,
        Errands::NAME => run::<Errands>(folder, plan, replayed).await,
        Expeditions::NAME => run::<Expeditions>(folder, plan, replayed).await,
        InUse::NAME => run::<InUse>(folder, plan, replayed).await,
        Letters::NAME => run::<Letters>(folder, plan, replayed).await,
        Petitions::NAME => run::<Petitions>(folder, plan, replayed).await,
        Polls::NAME => run::<Polls>(folder, plan, replayed).await,
        Subjects::NAME => run::<Subjects>(folder, plan, replayed).await,
        other => Err(format!("there is no world `{other}`").into()),
    }
}

async fn run<W: World>(folder: &Path, plan: Plan, replayed: u64) -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    let world = W::new(plan, Ledger::append(&ledger_in(folder))?);
    let mut settings = settings(plan.seed);
    W::set(plan, &mut settings);
    let durability = match std::env::var_os("RELAXED") {
        Some(_) => Durability::Relaxed,
        None => Durability::Full,
    };
    let mut options = Sqlite::options().durability(durability);
    if let Some(bytes) = number("LOG") {
        options = options.log_bytes(bytes);
    }
    let store = options.open(store_in(folder))?;
    let builder = Engine::builder().store(store).settings(settings);
    let engine = world.register(builder).start().await?;
    println!("started {}", begin.elapsed().as_micros());

    let store = Arc::new(Sqlite::open_read_only(store_in(folder))?);
    let turns = Turns::default();
    let are_patient = std::env::var_os("PATIENT").is_some();
    let clients = Clients { engine: engine.clone(), store, wall, are_patient, turns };
    replay::<W>(&clients, replayed, plan.seed).await?;
    world.live(clients.clone()).await?;
    replay::<W>(&clients, 1, 0).await?;
    engine.stop().await;
    Ok(())
}

fn wall() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}
