//! What has to be true of a store and a ledger whenever the program is killed.

use serde_json::Value;
use statewright::store::{Filter, Record, Status, Store};
use std::collections::{BTreeMap, BTreeSet};

/// What was looked at.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) steps: u64,
    pub(crate) attempts: u64,
    /// Attempts under a key that there had been before.
    pub(crate) repeated: u64,
    pub(crate) timers: u64,
    /// Actions that were called.
    pub(crate) reports: u64,
    pub(crate) finished: u64,
}

/// What is known of what was done, beside the store.
pub(crate) struct Done<'l> {
    /// The number of the last event of each instance that was accepted.
    pub(crate) accepted: &'l BTreeMap<String, u64>,
    /// The idempotency keys of all attempts of activities.
    pub(crate) attempts: &'l [String],
    /// All calls of actions: `key/number`.
    pub(crate) reports: &'l [String],
}

impl Facts {
    pub(crate) fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.attempts += other.attempts;
        self.repeated += other.repeated;
        self.timers += other.timers;
        self.reports += other.reports;
        self.finished += other.finished;
    }
}

/// Looks at all journals, with what was done.
pub(crate) fn journals(store: &dyn Store, done: &Done<'_>, events: u64) -> Facts {
    let mut facts = Facts { attempts: done.attempts.len() as u64, ..Facts::default() };
    facts.reports = done.reports.len() as u64;
    let attempts: BTreeSet<&String> = done.attempts.iter().collect();
    facts.repeated = facts.attempts - attempts.len() as u64;
    let reports: BTreeSet<&String> = done.reports.iter().collect();
    let (mut asked, mut called) = (BTreeSet::new(), BTreeSet::new());
    let instances = store.list(&Filter::default()).expect("the store can be read");
    for instance in &instances {
        let journal = store.history(instance.id, 0, usize::MAX).expect("the journal can be read");
        let mut subject = Subject { id: instance.id, key: &instance.key, ..Subject::default() };
        journal.iter().for_each(|record| subject.step(record));
        facts.steps += journal.len() as u64;
        facts.timers += subject.timers;
        let known = done.accepted.get(instance.key.as_str()).copied().unwrap_or(0);
        let (key, added) = (&instance.key, subject.added);
        assert!(added >= known, "{key}: {known} events were accepted, {added} are kept");
        assert!(!matches!(instance.status, Status::Parked | Status::Abandoned), "{instance:?}");
        if instance.status == Status::Finished {
            facts.finished += 1;
            assert_eq!(subject.context("last"), events, "{key}");
            assert_eq!(subject.context("applied"), events, "{key}");
            assert_eq!(subject.last["context"]["broken"], Value::Bool(false), "{key}");
        }
        let keys = subject.asked.iter().map(|id| format!("Subject/{key}/{}/{id}", instance.id));
        asked.extend(keys);
        let calls: Vec<String> = subject.called.iter().map(|n| format!("{key}/{n}")).collect();
        if instance.status == Status::Finished {
            let lost = calls.iter().find(|call| !reports.contains(call));
            assert_eq!(lost, None, "an action was decided and is never called");
            let lost = subject
                .asked
                .difference(&subject.ended.union(&subject.revoked).copied().collect())
                .next()
                .copied();
            assert_eq!(lost, None, "{key}: an activity has neither ended nor been given up");
        }
        called.extend(calls);
    }
    for key in done.accepted.keys() {
        assert!(instances.iter().any(|i| i.key == *key), "`{key}` was accepted and is lost");
    }
    for key in done.attempts {
        assert!(asked.contains(key), "an attempt before its commit: {key}");
    }
    for call in reports {
        assert!(called.contains(call), "an action before its commit: {call}");
    }
    facts
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
    /// Those that nobody waits for any more.
    revoked: BTreeSet<u64>,
    /// Actions that were decided: the numbers they were called with.
    called: BTreeSet<u64>,
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
        let revoked = body["revokes"].as_array().into_iter().flatten();
        self.revoked.extend(revoked.filter_map(Value::as_u64));
        for call in body["calls"].as_array().into_iter().flatten() {
            let n = call["report"][1].as_u64().expect("the only action of the machine");
            assert!(self.called.insert(n), "{place}: an action is decided twice");
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
