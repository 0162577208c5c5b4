//! The program that is killed while people are asked: many petitions, with clerks who answer at once,
//! claim first, claim and forget, or do nothing.
//!
//! `people-worker FOLDER INSTANCES ROUNDS SEED`: ends when all are counted. What clerks were told is in
//! the folder: `seen TASK`, `claimed TASK WHO`, `answered TASK ANSWER`, each line behind the fact.

use statewright::engine::{Replay, Task};
use statewright::store::{Sqlite, Status, TaskFilter};
use statewright::{Engine, EngineError};
use statewright_durable_tests::petition::{Petition, Start};
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What clerks were told.
#[derive(Clone)]
struct Told(Arc<Mutex<File>>);

impl Told {
    fn note(&self, line: &str) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{line}\n").as_bytes())
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let mut number = || arguments.next().and_then(|n| n.parse::<u64>().ok()).ok_or("a number");
    let (instances, rounds, seed) = (number()?, number()? as u32, number()?);
    let file = File::options().create(true).append(true).open(folder.join("told"))?;
    let told = Told(Arc::new(Mutex::new(file)));

    let store = Sqlite::open(folder.join("petitions.db"))?;
    let engine = Engine::builder().store(store).register::<Petition>(()).start().await?;
    let mut clerks = tokio::task::JoinSet::new();
    for at in 0..instances {
        let (engine, told) = (engine.clone(), told.clone());
        clerks.spawn(async move {
            let clerk = clerk(&engine, &told, (at, rounds, seed));
            clerk.await.map_err(|error| error.to_string())
        });
    }
    while let Some(done) = clerks.join_next().await {
        done??;
    }
    for at in 0..instances {
        let replayed = engine.replay::<Petition>(&format!("p-{at}")).await?;
        if !matches!(replayed, Replay::Same(_)) {
            return Err(format!("p-{at} is replayed otherwise: {replayed:?}").into());
        }
    }
    engine.stop().await;
    Ok(())
}

/// Starts a petition and does something about each question.
async fn clerk(
    engine: &Engine,
    told: &Told,
    (at, rounds, seed): (u64, u32, u64),
) -> Result<(), Box<dyn Error>> {
    let key = format!("p-{at}");
    match engine.start::<Petition>(&key, Start { id: key.clone(), rounds }).await {
        Ok(()) | Err(EngineError::Duplicate { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mut behind = 0;
    loop {
        let view = engine.wait_for::<Petition>(&key, move |view| {
            view.status == Status::Finished || view.context.round > behind
        });
        let view = view.await?;
        if view.status == Status::Finished {
            return Ok(());
        }
        behind = view.context.round;
        let filter = TaskFilter { key: Some(key.clone()), ..TaskFilter::default() };
        for task in engine.tasks(filter).await? {
            told.note(&format!("seen {}", task.id))?;
            match treat(engine, told, &task, at + seed + u64::from(behind)).await {
                // The clerk was too slow.
                Ok(()) | Err(EngineError::TaskClosed { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// What a clerk does depends on the number.
async fn treat(engine: &Engine, told: &Told, task: &Task, number: u64) -> Result<(), EngineError> {
    let noted = |line: String| {
        told.note(&line).map_err(|error| EngineError::Undecodable(error.to_string()))
    };
    let id = task.id;
    if number.is_multiple_of(2) {
        engine.claim(id, "ann").await?;
        noted(format!("claimed {id} ann"))?;
    }
    let yes = number.is_multiple_of(3);
    match number % 4 {
        0 => {
            tokio::time::sleep(Duration::from_millis(number * 13 % 120)).await;
            engine.answer_as(id, "ann", yes).await?;
        }
        1 => {
            engine.answer(id, yes).await?;
        }
        _ => return Ok(()),
    }
    noted(format!("answered {id} {yes}"))
}
