//! What is on its way from one instance to another.
//!
//! A letter is in the store from the commit in which its sender has decided it to the commit in
//! which its receiver has taken it. So it is taken once, whatever happens in between.

use super::{InstanceId, Millis};

/// The number of a letter; from 1, and never given again.
pub type LetterId = u64;

/// Something on its way from one instance to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number. Those of one sender are in the order in which they were sent.
    pub id: LetterId,
    /// When it was sent.
    pub at: Millis,
    /// Who has sent it.
    pub sender: Sender,
    /// The machine of the instance it is for.
    pub machine: String,
    /// The key of the instance it is for.
    pub key: String,
    /// What is wanted.
    pub kind: LetterKind,
    /// What it says, JSON.
    pub body: String,
}

/// Who has sent a letter.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sender {
    /// Its machine.
    pub machine: String,
    /// Its key.
    pub key: String,
    /// Its number.
    pub instance: InstanceId,
}

/// What a letter wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// An event is to be taken.
    Event,
    /// An instance is to be started for its sender.
    Start,
    /// Its sender does not wait any more for the instance that it has started.
    Cancel,
    /// The instance that its receiver has started has ended.
    Ended,
}

/// What a commit does to letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterChange {
    /// It is sent: from now on it is owed.
    Sent(Letter),
    /// One that was owed was taken: it is there no more.
    Taken(LetterId),
    /// One that was owed is refused, for this cause (JSON): it is dead until a person sends it again.
    Refused(LetterId, String),
    /// One that was dead is owed again, with another body if there is one.
    Resent(LetterId, Option<String>),
    /// One that was dead is given up: it is there no more.
    Abandoned(LetterId),
}

impl LetterChange {
    /// Which letter.
    pub fn id(&self) -> LetterId {
        match self {
            Self::Sent(letter) => letter.id,
            Self::Taken(id) | Self::Refused(id, _) | Self::Resent(id, _) | Self::Abandoned(id) => {
                *id
            }
        }
    }

    /// What the letter is meant to be before it, if it is meant to be there: dead, or owed.
    pub(super) fn wants_dead(&self) -> Option<bool> {
        match self {
            Self::Sent(_) => None,
            Self::Taken(_) | Self::Refused(..) => Some(false),
            Self::Resent(..) | Self::Abandoned(_) => Some(true),
        }
    }
}

/// A letter as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// It.
    pub letter: Letter,
    /// How often it was refused: when, and why (JSON), the first in front.
    pub refusals: Vec<(Millis, String)>,
    /// It was refused last, and waits for a person. Otherwise it is owed.
    pub is_dead: bool,
}

/// Which letters. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// Dead ones, or those that are owed.
    pub is_dead: Option<bool>,
    /// For this machine.
    pub machine: Option<String>,
    /// For instances with this key.
    pub key: Option<String>,
    /// Behind this one.
    pub after: LetterId,
    /// At most so many; 0 means all.
    pub limit: usize,
}

impl Letters {
    /// True if it is one of them, but for the limit.
    pub(super) fn has(&self, row: &LetterRow) -> bool {
        let letter = &row.letter;
        self.is_dead.is_none_or(|dead| dead == row.is_dead)
            && self.machine.as_ref().is_none_or(|machine| *machine == letter.machine)
            && self.key.as_ref().is_none_or(|key| *key == letter.key)
            && letter.id > self.after
    }
}

/// What is said when a letter is sent under a number that is not free.
pub(super) fn not_free(letter: LetterId) -> String {
    format!("letter {letter} was to be sent, but its number was given before")
}

/// What is said when a letter is taken that is not owed.
pub(super) fn not_owed(letter: LetterId) -> String {
    format!("letter {letter} was to be taken, but is not owed")
}
