//! Time, and the time of the thread that writes.

use statewright::store::{Commit, Outcome, Sqlite, Store};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Anything that goes wrong ends the program.
pub(crate) type Failed = Box<dyn std::error::Error>;

/// How long something is done before its time is taken for good.
const TIME: Duration = Duration::from_secs(2);

/// The body of a step: as long as that of a small machine.
pub(crate) const BODY: &str = "{\"event\":{\"Paid\":{\"order\":4711,\"amount\":\"12.50\"}},\"from\":\"Open\",\"effects\":[{\"output\":{\"Receipt\":{\"order\":4711}}}],\"cause\":\"api\"}";

/// A new store that is claimed.
pub(crate) fn fresh(path: &Path) -> Result<Sqlite, Failed> {
    for ending in ["", "-wal", "-shm", "-owner"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        drop(std::fs::remove_file(PathBuf::from(name)));
    }
    let store = Sqlite::open(path)?;
    store.claim()?;
    Ok(store)
}

/// Commits one batch and waits for it.
pub(crate) fn commit(store: &dyn Store, batch: Vec<Commit>) -> Result<Vec<Outcome>, Failed> {
    let (tell, told) = mpsc::channel();
    store.commit(batch, Box::new(move |result| drop(tell.send(result))));
    Ok(told.recv()??)
}

/// Does something again and again, and prints what each of the things done in it took.
pub(crate) fn repeat(
    name: &str,
    batch: usize,
    each: usize,
    mut work: impl FnMut() -> Result<(), Failed>,
) -> Result<(), Failed> {
    let (start, writer) = (Instant::now(), writer_time());
    let mut done = 0;
    while start.elapsed() < TIME {
        work()?;
        done += each;
    }
    let seconds = start.elapsed().as_secs_f64();
    let micros = |seconds: f64| seconds * 1e6 / done as f64;
    let cpu = writer_time().zip(writer).map(|(now, then)| micros((now - then).as_secs_f64()));
    let cpu = cpu.map_or_else(|| "-".to_string(), |cpu| format!("{cpu:.2}"));
    let (rate, wall) = (done as f64 / seconds, micros(seconds));
    println!("{name:30} {batch:>6} {rate:>9.0} {wall:>8.2} {cpu:>10}");
    Ok(())
}

/// How long something takes.
pub(crate) fn once<T>(name: &str, work: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    let start = Instant::now();
    let done = work()?;
    println!("{name:60} {:>8.2} ms", start.elapsed().as_secs_f64() * 1e3);
    Ok(done)
}

/// How long the thread that writes has computed, where the system tells.
fn writer_time() -> Option<Duration> {
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        let name = std::fs::read_to_string(task.join("comm")).ok()?;
        if name.trim() == "store-writer" {
            let stat = std::fs::read_to_string(task.join("schedstat")).ok()?;
            return Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?));
        }
    }
    None
}
