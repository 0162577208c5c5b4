//! The program that the crash test of letters kills: instances that send to each other, and parents
//! that start children.
//!
//! `letter-worker FOLDER SEED`: runs until all have ended.

use statewright::engine::{Settings, Storable};
use statewright::store::{Sqlite, Status};
use statewright::{Cx, Engine, EngineError};
use statewright_durable_tests::letters::{ITEMS, PARENTS, ROUNDS, SINKS, SOURCES};
use statewright_durable_tests::{child, parent, sink, source};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

/// Works out what children ask.
struct Worker;

impl child::Activities for Worker {
    async fn square(&self, _: &Cx, n: u64) -> Result<u64, child::SquareError> {
        tokio::time::sleep(Duration::from_millis(n % 3)).await;
        Ok(n * n)
    }
}

struct Names;

impl parent::Logic for Names {
    fn child_of(id: &str, round: u64) -> String {
        format!("{id}-{round}")
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let seed: u64 = arguments.next().and_then(|n| n.parse().ok()).ok_or("a number")?;
    let mut settings = Settings::default();
    // So that instances leave memory and come back within a run, and letters wait for room.
    settings.idle = Duration::from_millis(seed * 5 % 25);
    settings.mailbox = 2 + (seed % 5) as usize;
    settings.shards = 1 + (seed % 3) as usize;
    let engine = Engine::builder()
        .store(Sqlite::open(folder.join("letters.db"))?)
        .settings(settings)
        .register::<source::Source>(())
        .register::<sink::Sink>(())
        .register::<parent::Parent>(Names)
        .register::<child::Child>(Worker)
        .start()
        .await?;
    for at in 0..SINKS {
        let id = format!("sink-{at}");
        begin::<sink::Sink>(&engine, &id, || sink::Start { id: id.clone() }).await?;
    }
    let mut clients = tokio::task::JoinSet::new();
    for at in 0..SOURCES {
        let engine = engine.clone();
        clients.spawn(async move { send(&engine, at).await.map_err(|error| error.to_string()) });
    }
    for at in 0..PARENTS {
        let engine = engine.clone();
        clients.spawn(async move { ask(&engine, at).await.map_err(|error| error.to_string()) });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    engine.stop().await;
    println!("done");
    Ok(())
}

/// Starts an instance, unless it was started before the program was killed.
async fn begin<M: Storable>(
    engine: &Engine,
    id: &str,
    start: impl Fn() -> M::Start,
) -> Result<(), EngineError> {
    loop {
        match engine.start::<M>(id, start()).await {
            Ok(()) | Err(EngineError::Duplicate { .. }) => return Ok(()),
            Err(EngineError::Overloaded(_)) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => return Err(error),
        }
    }
}

async fn send(engine: &Engine, at: u64) -> Result<(), EngineError> {
    let (id, sink) = (format!("source-{at}"), format!("sink-{}", at % SINKS));
    let start = || source::Start { id: id.clone(), sink: sink.clone(), count: ITEMS };
    begin::<source::Source>(engine, &id, start).await?;
    loop {
        match engine.send_with_id::<source::Source>(&id, "go", source::Event::Go).await {
            Ok(_) | Err(EngineError::Finished(_)) => break,
            Err(EngineError::Overloaded(_)) => tokio::time::sleep(Duration::from_millis(1)).await,
            Err(error) => return Err(error),
        }
    }
    ended::<source::Source>(engine, &id).await
}

async fn ask(engine: &Engine, at: u64) -> Result<(), EngineError> {
    let id = format!("parent-{at}");
    let start = || parent::Start { id: id.clone(), rounds: ROUNDS };
    begin::<parent::Parent>(engine, &id, start).await?;
    ended::<parent::Parent>(engine, &id).await
}

async fn ended<M: Storable>(engine: &Engine, id: &str) -> Result<(), EngineError> {
    loop {
        match engine.wait_for::<M>(id, |view| view.status == Status::Finished).await {
            Err(EngineError::Overloaded(_)) => tokio::time::sleep(Duration::from_millis(1)).await,
            other => return other.map(|_| ()),
        }
    }
}
