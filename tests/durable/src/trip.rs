//! What services have done for one saga, as a ledger tells it, and what may never be seen of any.

use std::collections::{BTreeMap, BTreeSet};

/// What the ledger says of one saga, step by step, in the order of the lines.
#[derive(Debug, Default)]
pub struct Trip {
    /// The keys under which a step was called.
    begun: BTreeMap<String, Vec<String>>,
    /// Under which it was done.
    did: BTreeMap<String, BTreeSet<String>>,
    /// Under which something was called to take it back.
    pub back: BTreeMap<String, BTreeSet<String>>,
    /// Under which it was.
    pub undid: BTreeMap<String, BTreeSet<String>>,
    /// How often it was not known whether there was something to be taken back.
    pub unknown: u64,
}

impl Trip {
    /// Takes a line in, and looks whether it may stand where it does: `called`, `did` or `undid`, the saga,
    /// the step, the key, and of `undid` the key of the step; `back` tells too what is known.
    ///
    /// # Panics
    /// It may not.
    pub fn line(&mut self, words: &[&str], line: &str) {
        let own = |map: &mut BTreeMap<String, BTreeSet<String>>, step: &str, key: &str| {
            map.entry(step.to_owned()).or_default().insert(key.to_owned());
        };
        match words {
            ["called", _, step, key] => {
                assert!(self.back.is_empty(), "forward after backward: {line}");
                self.begun.entry((*step).to_owned()).or_default().push((*key).to_owned());
            }
            ["did", _, step, key] => {
                assert!(!self.back.contains_key(*step), "done beside its way back: {line}");
                own(&mut self.did, step, key);
            }
            ["back", _, step, key, of, known, given] => {
                assert_eq!(*known == "known", *given == "given", "{line}");
                // A machine that takes a machine back is not told its key.
                let is_step = *of != "-";
                let did = self.did.get(*step).is_some_and(|keys| keys.contains(*of));
                assert!(
                    !is_step || *known == "unknown" || did,
                    "not done, but known to be: {line}"
                );
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

    /// Whether a step was done.
    #[must_use]
    pub fn has(&self, step: &str) -> bool {
        self.did.contains_key(step)
    }

    /// What holds at every moment.
    ///
    /// # Panics
    /// A promise was broken.
    pub fn check(&self, name: &str, is_finished: bool) {
        for (what, keys) in [("called", &self.back), ("done", &self.did), ("undone", &self.undid)] {
            for (step, keys) in keys {
                assert_eq!(keys.len(), 1, "{name}: {step} was {what} under several keys: {self:?}");
            }
        }
        for (step, keys) in &self.begun {
            let all: BTreeSet<&String> = keys.iter().collect();
            assert_eq!(all.len(), 1, "{name}: {step} was called under several keys: {self:?}");
        }
        assert!(!is_finished || self.back.is_empty(), "{name}: finished and taken back: {self:?}");
    }
}
