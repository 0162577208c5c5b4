//! What has to be true of a store and a ledger whenever the program is killed.

use serde_json::Value;
use statewright::store::{Filter, Record, Sqlite, Status, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What was looked at.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) steps: u64,
    pub(crate) attempts: u64,
    /// Attempts under a key that there had been before.
    pub(crate) repeated: u64,
    pub(crate) timers: u64,
    pub(crate) finished: u64,
}

impl Facts {
    pub(crate) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.attempts += other.attempts;
        self.repeated += other.repeated;
        self.timers += other.timers;
        self.finished += other.finished;
    }
}

/// Looks at everything. At the end of a run nothing may be open any more.
pub(crate) fn check(folder: &Path, is_end: bool, events: u64) -> Facts {
    let path = folder.join("subjects.db");
    if !path.exists() {
        return Facts::default();
    }
    let store = match Sqlite::open_read_only(&path) {
        Ok(store) => store,
        // Killed while the file was being made.
        Err(error) if !is_end => {
            assert!(accepted(folder).is_empty(), "{error}, but something was accepted");
            return Facts::default();
        }
        Err(error) => panic!("{error}"),
    };
    let mut facts = Facts::default();
    let ledger = ledger(folder);
    facts.attempts = ledger.len() as u64;
    facts.repeated = facts.attempts - ledger.iter().collect::<BTreeSet<_>>().len() as u64;
    let accepted = accepted(folder);
    let mut asked = BTreeSet::new();
    let instances = store.list(&Filter::default()).expect("the store can be read");
    for instance in &instances {
        let journal = store.history(instance.id, 0, usize::MAX).expect("the journal can be read");
        let mut subject = Subject { id: instance.id, key: &instance.key, ..Subject::default() };
        journal.iter().for_each(|record| subject.step(record));
        facts.steps += journal.len() as u64;
        facts.timers += subject.timers;
        let known = accepted.get(instance.key.as_str()).copied().unwrap_or(0);
        assert!(
            subject.added >= known,
            "{}: {known} events were accepted, {} are kept",
            instance.key,
            subject.added
        );
        assert!(!matches!(instance.status, Status::Parked | Status::Abandoned), "{instance:?}");
        if instance.status == Status::Finished {
            facts.finished += 1;
            assert_eq!(subject.context("last"), events, "{}", instance.key);
            assert_eq!(subject.context("applied"), events, "{}", instance.key);
            assert_eq!(subject.last["context"]["broken"], Value::Bool(false), "{}", instance.key);
        }
        asked.extend(
            subject.asked.iter().map(|id| format!("Subject/{}/{}/{id}", instance.key, instance.id)),
        );
    }
    for key in accepted.keys() {
        assert!(instances.iter().any(|i| i.key == *key), "`{key}` was accepted and is lost");
    }
    for key in ledger {
        assert!(asked.contains(&key), "an attempt before its commit: {key}");
    }
    facts
}

/// Accepted events by instance: the number of the last.
fn accepted(folder: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(folder.join("accepted")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines = whole.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(key, n)| (key.to_owned(), n.parse().expect("a number"))).collect()
}

/// The idempotency keys of all attempts.
fn ledger(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("ledger")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(what, _)| *what != "end").map(|(_, key)| key.to_owned()).collect()
}

/// An instance, as its journal tells of it.
#[derive(Default)]
struct Subject<'j> {
    id: u64,
    key: &'j str,
    seq: u64,
    at: u64,
    /// Events that were taken, in order.
    added: u64,
    messages: BTreeSet<String>,
    /// Activities that were asked for, and those that have ended.
    asked: BTreeSet<u64>,
    ended: BTreeSet<u64>,
    timers: u64,
    /// Deadlines that are open behind the last step.
    open: Vec<u64>,
    /// The instance behind the last step.
    last: Value,
}

impl Subject<'_> {
    fn step(&mut self, record: &Record) {
        let place = format!("step {} of `{}` ({})", record.seq, self.key, self.id);
        assert_eq!(record.seq, self.seq + 1, "{place}: a step is missing");
        assert!(record.at >= self.at, "{place}: time has gone back");
        (self.seq, self.at) = (record.seq, record.at);
        let body: Value = serde_json::from_str(&record.body).expect("a record is JSON");
        if let Some(n) = body["event"]["Add"]["n"].as_u64() {
            assert_eq!(n, self.added + 1, "{place}: an event is lost, repeated or out of order");
            self.added = n;
        }
        if let Some(message) = body["message"].as_str() {
            assert!(self.messages.insert(message.to_owned()), "{place}: {message} is taken twice");
        }
        if let Some(id) = body["to"].as_u64() {
            assert!(self.asked.contains(&id), "{place}: a result that nothing has asked for");
            assert!(self.ended.insert(id), "{place}: two results of one activity");
        }
        for asked in body["asks"].as_array().into_iter().flatten() {
            let id = asked["id"].as_u64().expect("a number");
            assert!(self.asked.insert(id), "{place}: a number of an activity is used again");
        }
        if let Some(due) = body["due"].as_u64() {
            self.timers += 1;
            assert!(record.at >= due, "{place}: a timer has fired early");
            let at = self.open.iter().position(|open| *open == due);
            assert!(at.is_some(), "{place}: a timer that was not set, or has fired before");
        }
        self.last = body["after"].clone();
        let timers = self.last["timers"].as_array().into_iter().flatten();
        self.open = timers.map(|timer| deadline(&timer["deadline"])).collect();
    }

    fn context(&self, field: &str) -> u64 {
        self.last["context"][field].as_u64().expect("a number")
    }
}

fn deadline(duration: &Value) -> u64 {
    let part = |name: &str| duration[name].as_u64().expect("a number");
    part("secs") * 1000 + part("nanos") / 1_000_000
}
