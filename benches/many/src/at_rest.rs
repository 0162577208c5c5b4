//! Instances at rest in the file, of which ten have something to do.

use crate::machine::parcel::{Event, Parcel, Start};
use crate::machine::{Host, start};
use crate::measure::{Failed, memory, millis, say};
use serde_json::{Value, json};
use statewright::store::{Commit, Created, Filter, Instance, Record, Rest, Sqlite, Store, Stored};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// So many wait for an activity.
const PENDING: usize = 10;

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Makes them: one by the engine, and all the others like it, as the engine would have left them.
pub async fn make(folder: &Path, instances: u64) -> Result<(), Failed> {
    let path = folder.join("parcels.db");
    let (host, _told) = mpsc::channel();
    let engine = start(Sqlite::open(&path)?, Duration::ZERO, Host(host)).await?;
    engine.start::<Parcel>("template", Start { id: "template".into() }).await?;
    for number in 0..PENDING {
        let id = format!("pending-{number}");
        engine.start::<Parcel>(&id, Start { id: id.clone() }).await?;
        engine.send::<Parcel>(&id, Event::Collect).await?;
    }
    engine.stop().await;
    // Who closes the file last brings everything into it.
    drop(engine);
    let store = Sqlite::open(&path)?;
    store.claim()?;
    let template = Template::read(&store)?;
    let first = store.next_instance()?;
    let (begun, now) = (Instant::now(), store.last_time()?);
    let numbers: Vec<u64> = (0..instances).collect();
    for chunk in numbers.chunks(1000) {
        let due = |number: u64| now + 30 * DAY + number;
        let like = |number: &u64| template.copy(first + number, *number, due(*number));
        commit(&store, chunk.iter().map(like).collect::<Result<_, _>>()?)?;
    }
    say(&format!("{instances} instances are made"), millis(begun), "ms");
    drop(store);
    let bytes = std::fs::metadata(&path)?.len() as f64;
    say("the file, an instance", bytes / instances as f64, "bytes");
    Ok(())
}

/// Starts an engine on them, and looks at them.
pub async fn open(folder: &Path) -> Result<(), Failed> {
    let before = memory()?;
    let (host, told) = mpsc::channel();
    let begun = Instant::now();
    let store = Sqlite::open(folder.join("parcels.db"))?;
    let engine = start(store, Duration::from_secs(5), Host(host)).await?;
    say("from start until it takes messages", millis(begun), "ms");
    for _ in 0..PENDING {
        told.recv_timeout(Duration::from_secs(60))?;
    }
    say("from start until the ten activities run again", millis(begun), "ms");
    say("memory then", (memory()? - before) / 1048576.0, "MiB");
    for (state, what) in [("Shelved", "nearly all"), ("Carried", "ten")] {
        let filter = Filter { state: Some(state.into()), limit: 100, ..Filter::default() };
        let begun = Instant::now();
        let found = engine.list(filter).await?.len();
        let name = format!("listing the first {found} in a state that {what} are in");
        say(&name, millis(begun), "ms");
    }
    say("memory then", (memory()? - before) / 1048576.0, "MiB");
    engine.stop().await;
    Ok(())
}

/// An instance as the engine has left it.
pub struct Template {
    instance: Instance,
    record: Record,
}

impl Template {
    /// # Errors
    /// It is not there.
    pub fn read(store: &dyn Store) -> Result<Self, Failed> {
        let id = store.find("Parcel", "template")?.ok_or("there is no template")?;
        let Some(Stored::Whole(instance)) = store.load(&[id])?.pop() else {
            return Err("the template cannot be read".into());
        };
        let record = store.history(id, 1, 1)?.pop().ok_or("the template has no step")?;
        Ok(Self { instance: *instance, record })
    }

    /// The same under another key, due at another time.
    ///
    /// # Errors
    /// It is not at rest.
    pub fn copy(&self, id: u64, number: u64, due: u64) -> Result<Commit, Failed> {
        let key = format!("parcel-{number:07}");
        let snapshot = self.instance.snapshot.as_deref().ok_or("the template has no snapshot")?;
        let mut snapshot: Value = serde_json::from_str(&snapshot.replace("template", &key))?;
        snapshot["timers"][0]["deadline"] =
            json!({ "secs": due / 1000, "nanos": due % 1000 * 1_000_000 });
        let body = self.record.body.replace("template", &key);
        let rest = Rest {
            status: self.instance.status,
            at_rest: true,
            due: Some(due),
            shape: self.instance.shape,
            seq: self.instance.seq,
            state: self.record.state.clone(),
            snapshot: Some(snapshot.to_string()),
            cause: None,
        };
        let created =
            Created { machine: self.instance.machine.clone(), key, shape: self.instance.shape };
        Ok(Commit {
            created: Some(created),
            records: vec![Record { body, ..self.record.clone() }],
            rest: Some(rest),
            ..Commit::of(id, self.record.at)
        })
    }
}

/// Commits a batch and waits for it.
///
/// # Errors
/// The store's.
pub fn commit(store: &dyn Store, batch: Vec<Commit>) -> Result<(), Failed> {
    let (tell, told) = mpsc::channel();
    // If nobody waits any more, the program has ended.
    store.commit(batch, Box::new(move |result| drop(tell.send(result))));
    told.recv()??;
    Ok(())
}
