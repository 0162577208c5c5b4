//! What is on its way between instances.

use super::disk::Disk;
use crate::store::{LetterChange, LetterId, LetterRow, Letters, Millis};

impl Disk {
    /// The first number that no letter has or has had.
    pub(super) fn next_letter(&self) -> LetterId {
        self.next_letter
    }

    /// True if the letter is there and dead, false if it is owed.
    pub(super) fn is_dead(&self, letter: LetterId) -> Option<bool> {
        self.letters.get(&letter).map(|row| row.is_dead)
    }

    pub(super) fn letters(&self, wanted: &Letters) -> Vec<LetterRow> {
        let limit = if wanted.limit == 0 { usize::MAX } else { wanted.limit };
        let behind = self.letters.range(wanted.after.saturating_add(1)..);
        let found = behind.map(|(_, row)| row).filter(|row| wanted.has(row));
        found.take(limit).cloned().collect()
    }

    /// That it may be done was checked.
    pub(super) fn change_letter(&mut self, change: LetterChange, at: Millis) {
        match change {
            LetterChange::Sent(letter) => {
                self.next_letter = self.next_letter.max(letter.id + 1);
                let row = LetterRow { refusals: Vec::new(), is_dead: false, letter };
                self.letters.insert(row.letter.id, row);
            }
            LetterChange::Taken(id) | LetterChange::Abandoned(id) => {
                self.letters.remove(&id);
            }
            LetterChange::Refused(id, cause) => {
                if let Some(row) = self.letters.get_mut(&id) {
                    row.is_dead = true;
                    row.refusals.push((at, cause));
                }
            }
            LetterChange::Resent(id, body) => {
                if let Some(row) = self.letters.get_mut(&id) {
                    row.is_dead = false;
                    if let Some(body) = body {
                        row.letter.body = body;
                    }
                }
            }
        }
    }
}
