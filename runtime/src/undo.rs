//! What a saga knows of its steps when it takes them back: under which key each was called, and if it is
//! known that it was done.

use crate::chart::Chart;
use crate::core::Core;
use serde::{Deserialize, Serialize};

/// What an activity takes back that a saga calls as a compensation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoing {
    /// The step, as the machine calls it.
    pub step: String,
    /// The idempotency key under which it was called: the service can be asked by it.
    pub idempotency_key: String,
    /// True if the step has said that it was done. Else it may have been done or not: it ended with
    /// another error than a declared one, or was cancelled.
    pub is_known: bool,
}

/// A step of a saga that some other takes back: the numbers of their `invoke`s, and its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undoes {
    /// Takes it back.
    pub invoke: u16,
    /// Does it.
    pub of: u16,
    /// The step, as the machine calls it.
    pub step: &'static str,
    /// The id of the state that does it, under which it is kept.
    pub state: &'static str,
}

/// A call of a saga, for an instance that nobody waits for any more: such a one is not left half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of its `invoke`.
    pub invoke: u16,
    /// The id of the saga.
    pub saga: &'static str,
    /// The saga begins with it.
    pub is_first: bool,
    /// What it does there.
    pub role: Role,
}

/// What a call does in a saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A step that is taken back. Cut short, it ends with this trigger: that of an error that nobody
    /// declares.
    Step(u32),
    /// The pivot. If it ends with this trigger, nobody knows whether it was done.
    Pivot(u32),
    /// A step behind the pivot.
    Later,
    /// Takes a step back; with any error it has not.
    Undo,
}

/// A step that was asked for and may have to be taken back, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The id of the state that does it.
    pub state: String,
    /// The number of the invocation.
    pub id: u64,
    /// It has said that it was done.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known: bool,
}

/// The step that an invocation takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// The step, as the machine calls it.
    pub step: String,
    /// The number of the invocation that did it.
    pub id: u64,
    /// It has said that it was done.
    #[serde(default, skip_serializing_if = "is_false")]
    pub known: bool,
}

impl Back {
    /// What the activity is told, given how the keys of the instance are made.
    #[cfg(feature = "tokio")]
    pub(crate) fn undoing(&self, key: impl FnOnce(u64) -> String) -> Undoing {
        Undoing { step: self.step.clone(), idempotency_key: key(self.id), is_known: self.known }
    }
}

// Serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(known: &bool) -> bool {
    !known
}

impl<C: Chart> Core<C> {
    /// Notes that a step is asked for under a number, or finds the step that is taken back.
    pub(crate) fn note_asked(&mut self, invoke: u16, id: u64) -> Option<Box<Back>> {
        let undoes =
            C::UNDOES.iter().find(|undoes| [undoes.invoke, undoes.of].contains(&invoke))?;
        let known = self.taken.iter().position(|taken| taken.state == undoes.state);
        if undoes.invoke == invoke {
            let Taken { id, known, .. } = self.taken[known?];
            return Some(Box::new(Back { step: undoes.step.to_owned(), id, known }));
        }
        let taken = Taken { state: undoes.state.to_owned(), id, known: false };
        match known {
            Some(at) => self.taken[at] = taken,
            None => self.taken.push(taken),
        }
        None
    }

    /// Notes that a step was done.
    pub(crate) fn note_done(&mut self, id: u64) {
        if let Some(taken) = self.taken.iter_mut().find(|taken| taken.id == id) {
            taken.known = true;
        }
    }
}
