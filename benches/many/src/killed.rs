//! Stores that a kill -9 has left: what is not in the file yet is in the log beside it.

use crate::at_rest::{Template, commit};
use crate::machine::parcel::{Event, Parcel, Start};
use crate::machine::{Host, start};
use crate::measure::{Failed, memory, millis, say};
use statewright::EngineError;
use statewright::store::{Sqlite, Store};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// So many wait for an activity when the program is killed.
const UNFINISHED: u64 = 10_000;

/// So many are started at the same time.
const STARTING: u64 = 256;

/// The log is brought into the file when it is a little longer.
const LOG: u64 = 15 << 20;

/// What a program says that wants to be killed.
const READY: &str = "ready";

/// Has this program do something, and kills it when it is ready.
///
/// # Errors
/// It ends before.
pub fn kill(what: &[&str]) -> Result<(), Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.args(what).stdout(Stdio::piped()).spawn()?;
    let said = child.stdout.take().ok_or("it says nothing")?;
    let is_ready = BufReader::new(said).lines().any(|line| line.is_ok_and(|line| line == READY));
    // SIGKILL.
    child.kill()?;
    child.wait()?;
    if is_ready { Ok(()) } else { Err(format!("{what:?} has ended").into()) }
}

fn wait_to_be_killed() -> Result<(), Failed> {
    println!("{READY}");
    std::io::stdout().flush()?;
    std::thread::sleep(Duration::from_secs(600));
    Err("nobody has killed it".into())
}

/// Makes the log as long as it becomes, with more instances at rest.
pub fn write(folder: &Path, instances: u64) -> Result<(), Failed> {
    let store = Sqlite::open(folder.join("parcels.db"))?;
    store.claim()?;
    let template = Template::read(&store)?;
    let (first, now) = (store.next_instance()?, store.last_time()?);
    let due = now + 40 * 24 * 60 * 60 * 1000;
    let log = folder.join("parcels.db-wal");
    for number in 0.. {
        if std::fs::metadata(&log)?.len() >= LOG {
            break;
        }
        // Their keys are behind all others.
        let copy = template.copy(first + number, 4 * instances + number, due + number)?;
        commit(&store, vec![copy])?;
    }
    wait_to_be_killed()
}

/// Starts many that wait for an activity.
pub async fn busy(folder: &Path) -> Result<(), Failed> {
    let (host, told) = mpsc::channel();
    let store = Sqlite::open(folder.join("busy.db"))?;
    let engine = start(store, Duration::from_secs(5), Host(host)).await?;
    let tasks: Vec<_> = (0..STARTING)
        .map(|task| {
            let engine = engine.clone();
            tokio::spawn(async move {
                for number in (0..UNFINISHED).filter(|number| number % STARTING == task) {
                    let id = format!("busy-{number:05}");
                    engine.start::<Parcel>(&id, Start { id: id.clone() }).await?;
                    engine.send::<Parcel>(&id, Event::Collect).await?;
                }
                Ok::<(), EngineError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    for _ in 0..UNFINISHED {
        told.recv_timeout(Duration::from_secs(60))?;
    }
    wait_to_be_killed()
}

/// Starts an engine on what they have left.
pub async fn again(folder: &Path) -> Result<(), Failed> {
    let left = folder.join("busy.db-wal").metadata()?.len() as f64;
    let before = memory()?;
    let (host, told) = mpsc::channel();
    let begun = Instant::now();
    let store = Sqlite::open(folder.join("busy.db"))?;
    let engine = start(store, Duration::from_secs(5), Host(host)).await?;
    let started = millis(begun);
    for _ in 0..UNFINISHED {
        told.recv_timeout(Duration::from_secs(60))?;
    }
    let all = millis(begun);
    let what = format!("{UNFINISHED} unfinished, behind a kill -9:");
    say(&format!("{what} the log"), left / 1048576.0, "MiB");
    say(&format!("{what} until the engine takes messages"), started, "ms");
    say(&format!("{what} until all activities run again"), all, "ms");
    say(&format!("{what} memory then"), (memory()? - before) / 1048576.0, "MiB");
    engine.stop().await;
    Ok(())
}
