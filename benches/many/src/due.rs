//! Timers: one more beside very many, and ten thousand that are due in one second.

use crate::at_rest::{Template, commit};
use crate::machine::parcel::{Parcel, Start};
use crate::machine::{Host, start};
use crate::measure::{Failed, millis, quantile, say};
use statewright::store::{Sqlite, Store};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// So many are due in one second.
const DUE: u64 = 10_000;

/// So many more are set, one after the other.
const MORE: u32 = 1_000;

/// So long from now, in milliseconds: longer than making them takes.
const AHEAD: u64 = 8_000;

pub async fn run(folder: &Path, instances: u64) -> Result<(), Failed> {
    let store = Sqlite::open(folder.join("parcels.db"))?;
    store.claim()?;
    let template = Template::read(&store)?;
    let first = store.next_instance()?;
    let from = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64 + AHEAD;
    let due = |number: u64| from + number * 1000 / DUE;
    for chunk in (0..DUE).collect::<Vec<_>>().chunks(1000) {
        // Their numbers as keys, behind those that are there.
        let like = |number: &u64| template.copy(first + number, instances + number, due(*number));
        commit(&store, chunk.iter().map(like).collect::<Result<_, _>>()?)?;
    }
    let (host, told) = mpsc::channel();
    let engine = start(store, Duration::ZERO, Host(host)).await?;
    let begun = Instant::now();
    for number in 0..MORE {
        let id = format!("more-{number}");
        engine.start::<Parcel>(&id, Start { id: id.clone() }).await?;
    }
    say(&format!("one more timer beside {instances}"), millis(begun) / f64::from(MORE), "ms");
    let mut late = Vec::new();
    while late.len() < DUE as usize {
        let (id, at) = told.recv_timeout(Duration::from_secs(120))?;
        // The ten that are carried are told of too.
        let Some(number) = id.strip_prefix("parcel-") else { continue };
        let number = number.parse::<u64>()? - instances;
        let at = at.duration_since(UNIX_EPOCH)?.as_secs_f64() * 1e3;
        late.push(at - due(number) as f64);
    }
    let earliest = quantile(&mut late, 0.0);
    if earliest < 0.0 {
        return Err(format!("a timer was {earliest} ms early").into());
    }
    for (part, name) in [(0.5, "half"), (0.99, "99 of 100"), (1.0, "all")] {
        let name = format!("of {DUE} timers due in a second, {name} were late by at most");
        say(&name, quantile(&mut late, part), "ms");
    }
    engine.stop().await;
    Ok(())
}
