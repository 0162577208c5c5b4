//! What was done for expeditions, and what may never be seen of one.

use crate::seen::Seen;
use crate::trip::Trip;
use std::collections::{BTreeMap, BTreeSet};

/// What the ledger says of all sagas.
#[derive(Debug, Default)]
pub(super) struct Tales<'l> {
    /// By machine and key.
    sagas: BTreeMap<&'l str, Trip>,
    /// The machines that were known to be done when they were taken back.
    known: BTreeSet<String>,
}

/// The saga of a machine that is a step, and the step of which saga it is.
const PARTS: [(&str, &str); 2] = [("berth", "Berth"), ("passage", "Passage")];

/// How a saga ends whose steps are all done.
const DONE: [(&str, &str); 3] = [("Berth", "Held"), ("Passage", "Booked"), ("Expedition", "Gone")];

impl<'l> Tales<'l> {
    pub(super) fn read(ledger: &'l str) -> Self {
        let mut tales = Self::default();
        for line in ledger.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            if words.len() > 3 {
                tales.sagas.entry(words[1]).or_default().line(&words, line);
            }
            if let ["back", of, step, _, "-", "known", _] = words[..] {
                let part = PARTS.iter().find(|(name, _)| *name == step).expect("it is a machine").1;
                let key = of.split_once('/').expect("a machine and a key").1;
                tales.known.insert(format!("{part}/{key}"));
            }
        }
        tales
    }

    /// What holds of the saga of an instance at every moment, whose state is final if there is one.
    pub(super) fn check(&self, (machine, key): (&str, &str), state: Option<&str>) {
        let name = format!("{machine}/{key}");
        let Some(trip) = self.sagas.get(&*name) else { return };
        let is_done = state.is_some_and(|state| DONE.contains(&(machine, state)));
        trip.check(&name, is_done);
        // A machine that is known to be done is taken back by another one, and not by itself.
        let is_known = self.known.contains(&name);
        assert!(!is_known || trip.back.is_empty(), "{name}: taken back twice: {self:?}");
    }

    fn did(&self, machine: &str, key: &str, step: &str) -> bool {
        self.sagas.get(&*format!("{machine}/{key}")).is_some_and(|trip| trip.has(step))
    }

    fn undid(&self, machine: &str, key: &str, step: &str) -> bool {
        let trip = self.sagas.get(&*format!("{machine}/{key}"));
        trip.is_some_and(|trip| trip.undid.contains_key(step))
    }

    /// What holds of an expedition that has ended; of what it has cancelled, when that has too.
    pub(super) fn check_expedition(
        &self,
        key: &str,
        (state, note): (&str, &str),
        is_end: bool,
        seen: &mut Seen,
    ) {
        let of = |machine: &str| self.sagas.get(&*format!("{machine}/{key}"));
        let all = ["Berth", "Passage", "Expedition"].map(of);
        let goes_back = all.iter().flatten().any(|trip| !trip.back.is_empty());
        let is_led = self.did("Expedition", key, "guide");
        match state {
            "Gone" => {
                seen.count("gone", 1);
                let steps = [("Berth", "berth"), ("Berth", "paper"), ("Passage", "fare")];
                let all = steps.iter().all(|(machine, step)| self.did(machine, key, step));
                assert!(all && is_led && self.did("Expedition", key, "gear"), "{key}: {self:?}");
                assert!(!goes_back, "{key}: finished and taken back: {self:?}");
            }
            "Broken" if note.contains("it is not known whether `guide` was done") => {
                seen.count("broken", 1);
                assert!(!goes_back, "{key}: taken back: {self:?}");
            }
            "CalledOff" | "Broken" => {
                let what = if state == "Broken" { "broken" } else { "called off" };
                seen.count(what, 1);
                assert!(!is_led, "{key}: led and taken back: {self:?}");
                let left = self.left(key, is_end);
                let told = |step: &str| note.contains(&format!("`{step}` was not taken back"));
                let untold = left.into_iter().find(|step| !told(step));
                assert_eq!(untold, None, "{key}: is left, and nobody says so: {note:?} {self:?}");
            }
            other => panic!("{key} has ended in {other}"),
        }
    }

    /// The steps of an expedition of which something is done and not taken back.
    fn left(&self, key: &str, is_end: bool) -> BTreeSet<&'static str> {
        let settled = self.undid("Expedition", key, "passage");
        let fare = self.did("Passage", key, "fare") && !self.undid("Passage", key, "fare");
        let freed = self.undid("Berth", key, "berth") || self.undid("Passage", key, "berth");
        let berth = self.did("Berth", key, "berth") && !freed;
        let gear = self.did("Expedition", key, "gear") && !self.undid("Expedition", key, "gear");
        let passage = is_end && !settled && (fare || berth);
        let left = [("passage", passage), ("gear", gear)];
        left.into_iter().filter(|(_, is_left)| *is_left).map(|(step, _)| step).collect()
    }

    pub(super) fn count(&self, seen: &mut Seen) {
        for trip in self.sagas.values() {
            seen.count("undone", trip.undid.len() as u64);
            seen.count("unknown", trip.unknown);
        }
    }
}
