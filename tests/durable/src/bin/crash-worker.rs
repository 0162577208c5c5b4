//! The program that the crash test kills: hundreds of instances, with clients that send events in
//! order and note what was accepted.
//!
//! `crash-worker FOLDER INSTANCES EVENTS SEED REPLAYED`: runs until all is done, prints how long the
//! start took, and ends. What the clients know is in the folder, so that it goes on where it was
//! killed. The journal of every so manieth instance is replayed, as it is found at the start and at
//! the end. With the feature `failpoints`, `POINT=name:3` has it killed when it comes to that point
//! for the third time.

use statewright::engine::{Replay, Settings};
use statewright::store::{InboxKind, Posted, Sqlite, Status, Store};
use statewright::{Engine, EngineError};
use statewright_durable_tests::arm::arm;
use statewright_durable_tests::subject::Ledger;
use statewright_durable_tests::subject_machine::{Event, Start, Subject};
use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What clients know: the number of the last event of each instance that was accepted.
struct Accepted {
    last: HashMap<String, u64>,
    lines: Mutex<File>,
}

impl Accepted {
    fn open(path: &Path) -> std::io::Result<Self> {
        let known = std::fs::read_to_string(path).unwrap_or_default();
        // A line that was cut by the end of the program is one that nobody was told.
        let whole = known.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut last = HashMap::new();
        for line in whole.lines() {
            if let Some((key, n)) = line.split_once(' ') {
                last.insert(key.to_owned(), n.parse().unwrap_or(0));
            }
        }
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self { last, lines: Mutex::new(file) })
    }

    fn note(&self, key: &str, n: u64) -> std::io::Result<()> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.write_all(format!("{key} {n}\n").as_bytes())
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let mut number = || arguments.next().and_then(|n| n.parse::<u64>().ok()).ok_or("a number");
    let (instances, events, seed, replayed) = (number()?, number()?, number()?, number()?);
    arm();

    let begin = Instant::now();
    let mut settings = Settings::default();
    // So that instances leave memory and come back within a run.
    settings.idle = Duration::from_millis(seed * 5 % 25);
    settings.inbox = Duration::from_millis(20);
    let engine = Engine::builder()
        .store(Sqlite::open(folder.join("subjects.db"))?)
        .settings(settings)
        .register::<Subject>(Ledger::append(&folder.join("ledger"))?)
        .start()
        .await?;
    println!("started {}", begin.elapsed().as_micros());

    replay(&engine, instances, replayed, seed).await?;
    let outside = Arc::new(Sqlite::open_read_only(folder.join("subjects.db"))?);
    let accepted = Arc::new(Accepted::open(&folder.join("accepted"))?);
    let mut clients = tokio::task::JoinSet::new();
    for at in 0..instances {
        let (engine, accepted) = (engine.clone(), Arc::clone(&accepted));
        let outside = Arc::clone(&outside);
        clients.spawn(async move {
            let client = client(&engine, &accepted, &outside, at, events, seed);
            client.await.map_err(|error| error.to_string())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    until_taken(&outside).await?;
    replay(&engine, instances, replayed, seed).await?;
    engine.stop().await;
    println!("done");
    Ok(())
}

/// Makes the steps of every so manieth instance again that is there.
async fn replay(
    engine: &Engine,
    instances: u64,
    every: u64,
    seed: u64,
) -> Result<(), Box<dyn Error>> {
    for at in (0..instances).filter(|at| (at + seed).is_multiple_of(every)) {
        match engine.replay::<Subject>(&format!("subject-{at}")).await {
            Ok(Replay::Same(_)) | Err(EngineError::UnknownInstance { .. }) => {}
            other => return Err(format!("subject-{at}: {other:?}").into()),
        }
    }
    Ok(())
}

/// Leaves a message, as another program would.
fn leave(outside: &Sqlite, key: &str) -> Result<(), Box<dyn Error>> {
    let at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
    outside.post(&Posted {
        machine: "Subject".to_owned(),
        key: key.to_owned(),
        kind: InboxKind::Send,
        body: "\"Hold\"".to_owned(),
        message_id: Some(format!("left-{at}")),
        at,
    })?;
    Ok(())
}

/// Waits until no message of another program waits any more.
async fn until_taken(outside: &Sqlite) -> Result<(), Box<dyn Error>> {
    while !outside.inbox(0, 1)?.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Starts an instance, sends its events in order, waits until its jobs are done, and ends it.
async fn client(
    engine: &Engine,
    accepted: &Accepted,
    outside: &Sqlite,
    at: u64,
    events: u64,
    seed: u64,
) -> Result<(), Box<dyn Error>> {
    let key = format!("subject-{at}");
    let start = Start { name: key.clone(), rounds: 3 + (at % 4) as u32 };
    match engine.start::<Subject>(&key, start).await {
        Ok(()) | Err(EngineError::Duplicate { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let first = accepted.last.get(&key).map_or(1, |last| last + 1);
    for n in first..=events {
        if (n + at + seed).is_multiple_of(7) {
            // Now and then events are put off for a while.
            match engine.send::<Subject>(&key, Event::Hold).await {
                Ok(_) | Err(EngineError::Finished(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        engine.send_with_id::<Subject>(&key, &format!("add-{n}"), Event::Add { n }).await?;
        accepted.note(&key, n)?;
        if (n * 7 + at + seed).is_multiple_of(23) {
            leave(outside, &key)?;
        }
        if (n * 31 + at + seed).is_multiple_of(5) {
            tokio::time::sleep(Duration::from_millis((n * 13 + at) % 25)).await;
        }
    }
    let done = engine
        .wait_for::<Subject>(&key, move |view| {
            view.status == Status::Finished
                || (view.context.last >= events && view.context.jobs >= view.context.rounds)
        })
        .await?;
    if done.status == Status::Running {
        match engine.send_with_id::<Subject>(&key, "finish", Event::Finish).await {
            Ok(_) | Err(EngineError::Finished(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
