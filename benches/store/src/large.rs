//! A store of a million instances.

use crate::measure::{Failed, commit, fresh, once};
use crate::steps::{create, record, rest};
use statewright::store::{Commit, Filter, Kept, Rest, Sqlite, Status, Store};
use std::path::{Path, PathBuf};

const INSTANCES: u64 = 1_000_000;
/// So many of them run.
const RUNNING: u64 = 10_000;

pub(crate) fn run(folder: &Path) -> Result<(), Failed> {
    let path = folder.join("large.db");
    println!();
    let store = fresh(&path)?;
    once("a million instances are made", || {
        for chunk in (1..=INSTANCES).collect::<Vec<_>>().chunks(1000) {
            commit(&store, chunk.iter().map(|id| made(*id)).collect())?;
        }
        Ok(())
    })?;
    // Sixteen steps each, in any order.
    for seq in 3..=18 {
        let steps = (0..RUNNING).map(|at| INSTANCES / RUNNING * at + 1);
        let steps = steps.map(|id| Commit { records: vec![record(seq)], ..Commit::of(id, seq) });
        commit(&store, steps.collect())?;
    }
    let crashed = as_after_a_crash(folder, &path)?;
    once("closing", || {
        drop(store);
        Ok(())
    })?;
    let store = once("opening and claiming", || {
        let store = Sqlite::open(&path)?;
        store.claim()?;
        Ok(store)
    })?;
    drop(once("opening and claiming after a crash", || {
        let store = Sqlite::open(&crashed)?;
        store.claim()?;
        Ok(store)
    })?);
    read(&store)?;
    once("pruning 1000 rows", || {
        let kept = Kept { journal_since: 2, finished_since: 0, answers_since: 0 };
        Ok(store.prune(&kept, 1000)?)
    })?;
    once("looking through it for what can be pruned, and nothing can", || {
        let kept = Kept { journal_since: 1, finished_since: 1, answers_since: 1 };
        Ok(store.prune(&kept, 1000)?)
    })?;
    Ok(())
}

/// The files as they are while the store is open.
fn as_after_a_crash(folder: &Path, path: &Path) -> Result<PathBuf, Failed> {
    let crashed = folder.join("crashed.db");
    for ending in ["", "-wal"] {
        let [from, to] = [path, &crashed].map(|path| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        });
        let bytes = std::fs::copy(from, to)?;
        println!(
            "{:60} {:>8.2} MiB",
            format!("the file `large.db{ending}`"),
            bytes as f64 / 1_048_576.0
        );
    }
    Ok(crashed)
}

fn read(store: &Sqlite) -> Result<(), Failed> {
    once("the first number that no instance has", || Ok(store.next_instance()?))?;
    let ids = once("10,000 that run", || Ok(store.running(0, 20_000)?))?;
    once("loading them with 16 steps each", || Ok(store.load(&ids)?))?;
    once("loading them again", || Ok(store.load(&ids)?))?;
    once("what is due", || Ok(store.due(u64::MAX, 100)?))?;
    let state = |state: &str| Filter { state: Some(state.to_string()), ..Filter::default() };
    let limited = |filter: Filter| Filter { limit: 100, ..filter };
    let status = Filter { status: Some(Status::Parked), ..Filter::default() };
    let machine = Filter { machine: Some("Order".to_string()), ..Filter::default() };
    let filters = [
        ("all", Filter::default()),
        ("of a machine", machine),
        ("in a state that half of them are in", state("Operating")),
        ("in a state that none is in", state("Nowhere")),
        ("that are parked, which are few", status),
    ];
    for (name, filter) in filters {
        let count = once(&format!("counting those {name}"), || Ok(store.count(&filter)?))?;
        let name = format!("listing the first 100 of {count} {name}");
        once(&name, || Ok(store.list(&limited(filter))?))?;
    }
    Ok(())
}

/// At rest after two steps, in one of twenty states.
fn made(id: u64) -> Commit {
    let state = match id % 20 {
        even if even % 2 == 0 => "Operating.Cars.Go".to_string(),
        odd => format!("Waiting.For{odd}"),
    };
    let status = if id.is_multiple_of(50_000) { Status::Parked } else { Status::Running };
    let due = id.is_multiple_of(7).then_some(id);
    let rest = Rest { state, status, due, ..rest(2, true) };
    Commit { records: vec![record(1), record(2)], rest: Some(rest), ..create(id) }
}
