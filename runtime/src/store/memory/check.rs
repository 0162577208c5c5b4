//! Whether a batch may be committed. Nothing is changed here, so a batch that may not leaves no
//! trace.

use super::disk::Disk;
use crate::store::letters;
use crate::store::progress::{self, Progress};
use crate::store::{Commit, Created, InstanceId, LetterChange, LetterId, Outcome};
use std::collections::{HashMap, HashSet};

/// What the commits of a batch have done so far.
struct Batch<'d> {
    disk: &'d Disk,
    progress: HashMap<InstanceId, Progress>,
    keys: HashSet<(&'d str, &'d str)>,
    taken: HashSet<i64>,
    /// Letters as they are behind the commits so far: dead, owed, or gone.
    letters: HashMap<LetterId, Option<bool>>,
}

/// The outcome of each commit with the progress it leaves; or why the batch cannot be committed.
pub(super) fn check(
    disk: &Disk,
    batch: &[Commit],
) -> Result<Vec<(Outcome, Option<Progress>)>, String> {
    let mut state = Batch {
        disk,
        progress: HashMap::new(),
        keys: HashSet::new(),
        taken: HashSet::new(),
        letters: HashMap::new(),
    };
    batch.iter().map(|commit| state.check(commit)).collect()
}

impl<'d> Batch<'d> {
    fn check<'c: 'd>(&mut self, commit: &'c Commit) -> Result<(Outcome, Option<Progress>), String> {
        let ask_dead = commit.letters.iter().filter(|change| change.wants_dead() == Some(true));
        if ask_dead.into_iter().any(|change| self.is_dead(change.id()) != Some(true)) {
            return Ok((Outcome::NotDead, None));
        }
        let id = commit.instance;
        let before = match &commit.created {
            Some(created) if self.is_key_taken(created) => return Ok((Outcome::Duplicate, None)),
            Some(_) if !progress::is_instance(id) || self.progress(id).is_some() => {
                return Err(progress::taken(id));
            }
            Some(_) => Some(Progress::new(commit.at)),
            None => self.progress(id),
        };
        for (message, _) in &commit.taken {
            if !self.disk.is_waiting(*message) || !self.taken.insert(*message) {
                return Err(progress::not_waiting(*message));
            }
        }
        commit.letters.iter().try_for_each(|change| self.letter(change))?;
        if !progress::concerns_instance(commit) {
            return Ok((Outcome::Done, None));
        }
        let after = before.ok_or_else(|| progress::missing(id))?.after(commit)?;
        self.progress.insert(id, after);
        Ok((Outcome::Done, Some(after)))
    }

    fn is_dead(&self, letter: LetterId) -> Option<bool> {
        self.letters.get(&letter).copied().unwrap_or_else(|| self.disk.is_dead(letter))
    }

    fn letter(&mut self, change: &LetterChange) -> Result<(), String> {
        let id = change.id();
        let after = match change {
            LetterChange::Sent(_) if self.is_dead(id).is_some() => {
                return Err(letters::not_free(id));
            }
            LetterChange::Sent(_) => Some(false),
            LetterChange::Taken(_) | LetterChange::Abandoned(_) => None,
            LetterChange::Refused(..) => Some(true),
            LetterChange::Resent(..) => Some(false),
        };
        if self.is_dead(id) != change.wants_dead() {
            return Err(letters::not_owed(id));
        }
        self.letters.insert(id, after);
        Ok(())
    }

    /// Takes the key if nobody has it.
    fn is_key_taken<'c: 'd>(&mut self, created: &'c Created) -> bool {
        self.disk.find(&created.machine, &created.key).is_some()
            || !self.keys.insert((&created.machine, &created.key))
    }

    fn progress(&self, id: InstanceId) -> Option<Progress> {
        let stored = || self.disk.instances.get(&id).map(|row| row.progress);
        self.progress.get(&id).copied().or_else(stored)
    }
}
