//! What holds of every journal, whatever the machine is.

use crate::ledger::said;
use crate::seen::Seen;
use serde_json::Value;
use statewright::engine::{follow, last_state};
use statewright::store::{Filter, Record, Status, Store, Stored, Summary};
use std::collections::{BTreeMap, BTreeSet};

/// An instance, with its steps.
#[derive(Debug)]
pub struct Journal {
    /// Whose.
    pub of: Summary,
    /// What each record says, with when.
    pub steps: Vec<(u64, Value)>,
    /// What is known of its calls.
    pub calls: Calls,
    /// The instance behind its last step.
    pub last: Value,
}

/// What became of the calls of an instance.
#[derive(Debug, Default)]
pub struct Calls {
    /// Those that were asked for.
    pub asked: BTreeSet<u64>,
    /// Those that have ended.
    pub ended: BTreeSet<u64>,
    /// Those that nobody waits for any more.
    pub revoked: BTreeSet<u64>,
    /// The attempts of each, by its place in the chain, that may have begun.
    tries: BTreeMap<(u64, u64), u64>,
    /// When the next attempt of each is due.
    due: BTreeMap<u64, u64>,
}

impl Calls {
    fn step(&mut self, at: u64, step: &Value, place: &str) {
        let asks = step["asks"].as_array().map_or(&[][..], Vec::as_slice);
        let ids = asks.iter().map(|asked| asked["id"].as_u64().expect("a number"));
        let ids: BTreeSet<u64> = ids.collect();
        let to = step["to"].as_u64();
        if let Some(id) = to {
            assert!(self.asked.contains(&id), "{place}: a result that nothing has asked for");
            assert!(!self.revoked.contains(&id), "{place}: {id} was given up");
            let due = self.due.remove(&id).unwrap_or(0);
            // What a cancelled instance waits for is cut short.
            let is_cut = step["cut"] == true;
            assert!(is_cut || at >= due, "{place}: an attempt of {id} has ended before it was due");
            if let Some(due) = step["again"]["due"].as_u64() {
                self.due.insert(id, due);
                let next = step["again"]["attempt"].as_u64().expect("a number");
                let call = step["again"]["call"].as_u64().expect("a number");
                let before = self.tries.insert((id, call), next);
                let before = before.expect("it was asked for");
                assert_eq!(next, before + 1, "{place}: attempts are forgotten or made again");
            } else if ids.contains(&id) {
                let falls = self.tries.range((id, 0)..=(id, u64::MAX)).count() as u64;
                self.tries.insert((id, falls), 1);
            } else {
                assert!(self.ended.insert(id), "{place}: two results of {id}");
            }
        }
        for id in ids.into_iter().filter(|id| to != Some(*id)) {
            assert!(self.asked.insert(id), "{place}: the number {id} is used again");
            self.tries.insert((id, 0), 1);
        }
        let revoked = step["revokes"].as_array().into_iter().flatten();
        self.revoked.extend(revoked.filter_map(Value::as_u64));
    }
}

impl Journal {
    fn read(store: &dyn Store, of: Summary) -> Self {
        let records = store.history(of.id, 0, usize::MAX).expect("the journal can be read");
        let mut calls = Calls::default();
        let (mut steps, mut last) = (Vec::new(), Value::Null);
        let (mut seq, mut time) = (0, 0);
        for Record { seq: next, at, body, .. } in records {
            let place = format!("step {next} of `{}` ({})", of.key, of.id);
            assert_eq!(next, seq + 1, "{place}: a step is missing");
            assert!(at >= time, "{place}: time has gone back");
            (seq, time) = (next, at);
            let step: Value = serde_json::from_str(&body).expect("a record is JSON");
            calls.step(at, &step, &place);
            follow(&mut last, &step);
            steps.push((at, step));
        }
        Self { of, steps, calls, last }
    }

    /// The calls of it have this key, up to their numbers.
    fn key(&self) -> String {
        format!("{}/{}/{}", self.of.machine, self.of.key, self.of.id)
    }

    /// A field of its context.
    #[must_use]
    pub fn context(&self, field: &str) -> &Value {
        &self.last["context"][field]
    }

    /// The journal leads to what is kept.
    fn check_kept(&self, store: &dyn Store) {
        let key = &self.of.key;
        let kept = store.load(&[self.of.id]).expect("the store can be read").pop();
        let Some(Stored::Whole(kept)) = kept else { panic!("{key} cannot be read: {kept:?}") };
        let kept = last_state(&kept).expect("it can be read");
        let kept: Value = serde_json::from_str(&kept).expect("it is JSON");
        assert_eq!(lasting(self.last.clone()), lasting(kept), "{key}: its steps lead elsewhere");
    }
}

/// Without what changes beside the steps: actions that were called since, and the doubt about an attempt
/// that was cut off.
fn lasting(mut state: Value) -> Value {
    if let Some(state) = state.as_object_mut() {
        state.remove("calls");
    }
    let courses = state["courses"].as_object_mut().into_iter();
    for course in courses.flat_map(|courses| courses.values_mut()) {
        course.as_object_mut().map(|course| course.remove("unsure"));
    }
    state
}

/// Reads all journals, and looks at what holds of all, with the attempts that a ledger tells of. At the
/// end nothing may be open any more. In some worlds instances may be cancelled.
///
/// # Panics
/// A promise was broken.
pub fn read_all(
    store: &dyn Store,
    ledger: &str,
    (is_end, may_cancel): (bool, bool),
    seen: &mut Seen,
) -> Vec<Journal> {
    let instances = store.list(&Filter::default()).expect("the store can be read");
    let journals: Vec<Journal> =
        instances.into_iter().map(|instance| Journal::read(store, instance)).collect();
    for journal in &journals {
        journal.check_kept(store);
        let (key, status) = (&journal.of.key, journal.of.status);
        let goes_well = matches!(status, Status::Running | Status::Finished)
            || may_cancel && status == Status::Cancelled;
        assert!(goes_well, "{:?}", journal.of);
        seen.count("steps", journal.steps.len() as u64);
        let Calls { asked, ended, revoked, .. } = &journal.calls;
        if status == Status::Finished {
            let lost = asked.iter().find(|id| !ended.contains(id) && !revoked.contains(id));
            assert_eq!(lost, None, "{key}: a call has neither ended nor been given up");
            seen.count("finished", 1);
        }
        seen.count("given up", revoked.len() as u64);
    }
    attempts(&journals, ledger, seen);
    if is_end {
        let left = store.inbox(0, usize::MAX).expect("the store can be read");
        assert!(left.is_empty(), "messages of other programs were not taken: {left:?}");
        let letters = store.letters(&Default::default()).expect("the store can be read");
        assert!(letters.is_empty(), "letters are left over: {letters:?}");
    }
    journals
}

/// Looks at the attempts that were made: behind their commits, in order, and not of what was over.
fn attempts(journals: &[Journal], ledger: &str, seen: &mut Seen) {
    let of: BTreeMap<String, &Journal> =
        journals.iter().map(|journal| (journal.key(), journal)).collect();
    let mut known: BTreeMap<&str, u64> = BTreeMap::new();
    let mut over: BTreeSet<&str> = BTreeSet::new();
    for line in ledger.lines() {
        if let Some(key) = line.strip_prefix("over ") {
            over.insert(key);
        }
        let Some((key, attempt)) = line.strip_prefix("begin ").and_then(|it| it.split_once(' '))
        else {
            continue;
        };
        let attempt: u64 = attempt.parse().expect("an attempt is a number");
        let (owner, id, call) = parts(key);
        let own = &key[..owner.len() + 1 + id.to_string().len()];
        assert!(!over.contains(own), "{key} was over, and is asked for again");
        let calls = of.get(owner).map(|journal| &journal.calls);
        let most = calls.and_then(|calls| calls.tries.get(&(id, call))).copied().unwrap_or(0);
        assert!(attempt <= most, "an attempt before its commit: {line}, of {most}");
        let before = known.insert(key, attempt).unwrap_or(0);
        assert!(attempt == before || attempt == before + 1, "{key}: {attempt} behind {before}");
        seen.count("attempts", 1);
        seen.count("repeated", u64::from(attempt == before));
    }
}

/// A key of an attempt: that of the instance, the number of the call, its place in its chain.
fn parts(key: &str) -> (&str, u64, u64) {
    let ends: Vec<usize> = key.match_indices('/').map(|(at, _)| at).chain([key.len()]).collect();
    let owner = &key[..ends[2]];
    let number = |of: &str| of.parse().expect("a number");
    let id = number(&key[ends[2] + 1..ends[3]]);
    (owner, id, ends.get(4).map_or(0, |end| number(&key[ends[3] + 1..*end])))
}

/// The keys of all calls that nothing waits for any more and that are not known to the ledger as such.
#[must_use]
pub fn over(journals: &[Journal], ledger: &str) -> Vec<String> {
    let known: BTreeSet<&str> = said(ledger, "over").collect();
    let all = journals.iter().flat_map(|journal| {
        let own = journal.key();
        let over = journal.calls.ended.union(&journal.calls.revoked);
        over.map(move |id| format!("{own}/{id}"))
    });
    all.filter(|key| !known.contains(key.as_str())).collect()
}
