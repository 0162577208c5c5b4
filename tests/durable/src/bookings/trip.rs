//! What the services have done for one saga, and what may never be seen of it.

use crate::seen::Seen;
use std::collections::{BTreeMap, BTreeSet};

/// What the ledger says of one saga, step by step, in the order of the lines.
#[derive(Debug, Default)]
pub(super) struct Trip {
    /// The keys under which a step was called.
    begun: BTreeMap<String, Vec<String>>,
    /// Under which it was done.
    did: BTreeMap<String, BTreeSet<String>>,
    /// Under which something was called to take it back.
    back: BTreeMap<String, BTreeSet<String>>,
    /// Under which it was.
    pub(super) undid: BTreeMap<String, BTreeSet<String>>,
    pub(super) unknown: u64,
}

impl Trip {
    /// Takes a line in, and looks whether it may stand where it does.
    pub(super) fn line(&mut self, words: &[&str], line: &str) {
        let own = |map: &mut BTreeMap<String, BTreeSet<String>>, step: &str, key: &str| {
            map.entry(step.to_owned()).or_default().insert(key.to_owned());
        };
        match words {
            ["called", _, step, key] => {
                assert!(self.back.is_empty(), "forward after backward: {line}");
                self.begun.entry((*step).to_owned()).or_default().push((*key).to_owned());
            }
            ["did", _, step, key] => own(&mut self.did, step, key),
            ["back", _, step, key, of, known, given] => {
                let did = self.did.get(*step).is_some_and(|keys| keys.contains(*of));
                assert!(*known == "unknown" || did, "not done, but known to be: {line}");
                assert_eq!(*known == "known", *given == "given", "{line}");
                if let Some(begun) = self.begun.get(*step) {
                    assert!(begun.iter().all(|key| key == of), "another key was called: {line}");
                }
                self.unknown += u64::from(*known == "unknown");
                own(&mut self.back, step, key);
            }
            ["undid", _, step, key, _] => own(&mut self.undid, step, key),
            _ => {}
        }
    }

    fn has(&self, step: &str) -> bool {
        self.did.contains_key(step)
    }

    /// What holds at every moment.
    pub(super) fn check(&self, name: &str) {
        for (what, keys) in [("called", &self.back), ("done", &self.did), ("undone", &self.undid)] {
            for (step, keys) in keys {
                assert_eq!(keys.len(), 1, "{name}: {step} was {what} under several keys: {self:?}");
            }
        }
        for (step, keys) in &self.begun {
            let all: BTreeSet<&String> = keys.iter().collect();
            assert_eq!(all.len(), 1, "{name}: {step} was called under several keys: {self:?}");
        }
        let finished = self.has("mail");
        assert!(!finished || self.back.is_empty(), "{name}: finished and taken back: {self:?}");
    }

    /// What holds when the saga has ended.
    pub(super) fn check_end(&self, name: &str, state: &str, note: &str, seen: &mut Seen) {
        let steps = ["room", "car", "flight"];
        match state {
            "Booked" => {
                seen.count("booked", 1);
                let all = steps.iter().chain(&["ticket", "mail"]).all(|step| self.has(step));
                assert!(all && self.back.is_empty(), "{name}: not all is done: {self:?}");
            }
            "TakenBack" => {
                seen.count("taken back", 1);
                assert!(!self.has("mail"), "{name}: {self:?}");
                assert!(!self.has("ticket"), "{name}: paid and taken back: {self:?}");
                for step in steps.iter().filter(|step| self.has(step)) {
                    assert!(self.undid.contains_key(*step), "{name}: {step} is left: {self:?}");
                }
            }
            "Stuck" => {
                seen.count("stuck", 1);
                assert!(!self.has("mail"), "{name}: {self:?}");
                if note.contains("it is not known whether `ticket` was done") {
                    assert!(self.back.is_empty(), "{name}: taken back: {self:?}");
                    return;
                }
                assert!(!self.has("ticket"), "{name}: paid and taken back: {self:?}");
                for step in steps.iter().filter(|step| self.has(step)) {
                    let is_told = note.contains(&format!("`{step}` was not taken back"));
                    assert!(
                        is_told || self.undid.contains_key(*step),
                        "{name}: {step} is left, and nobody says so: {note:?} {self:?}"
                    );
                }
            }
            other => panic!("{name} has ended in {other}"),
        }
    }
}
