//! Letters: what instances send to each other, and what becomes of those that cannot be delivered.

use super::error::{Cause, CauseKind, EngineError};
use super::parked::Parked;
use crate::store::{Filter, LetterKind, LetterRow, Letters, Status, Store, StoreError};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Something that an instance sends, until it is a letter.
pub(super) struct Sending {
    pub(super) machine: String,
    pub(super) key: String,
    pub(super) kind: LetterKind,
    /// JSON.
    pub(super) body: String,
}

/// A message as its machine writes it: `{"Shipping":{"key":"o-1","event":..}}`.
#[derive(Deserialize)]
struct Addressed<'m> {
    key: String,
    #[serde(borrow)]
    event: &'m RawValue,
}

impl Sending {
    /// What a machine sends, as JSON.
    pub(super) fn message(json: &str) -> Result<Self, EngineError> {
        let undecodable = |error: serde_json::Error| EngineError::Undecodable(error.to_string());
        let tagged: BTreeMap<String, Addressed<'_>> =
            serde_json::from_str(json).map_err(undecodable)?;
        let nothing = || EngineError::Undecodable("a message names no machine".to_owned());
        let (machine, Addressed { key, event }) = tagged.into_iter().next().ok_or_else(nothing)?;
        Ok(Self { machine, key, kind: LetterKind::Event, body: event.get().to_owned() })
    }
}

/// Why a letter is refused.
pub(super) fn cause(error: &EngineError) -> Cause {
    let kind = match error {
        EngineError::UnknownMachine(_) => CauseKind::UnknownMachine,
        EngineError::UnknownInstance { .. } => CauseKind::UnknownInstance,
        EngineError::Finished(_) | EngineError::Abandoned(_) | EngineError::Cancelled(_) => {
            CauseKind::Ended
        }
        EngineError::Undecodable(_) => CauseKind::Undecodable,
        EngineError::Panicked(_) => CauseKind::Panicked,
        _ => CauseKind::Step,
    };
    Cause::new(kind, error.to_string())
}

/// The same as it is kept, JSON.
pub(super) fn cause_text(error: &EngineError) -> String {
    // Words can always be written.
    serde_json::to_string(&cause(error)).unwrap_or_default()
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadLetter {
    /// An instance that is parked.
    Parked(Parked),
    /// A letter that could not be delivered.
    Letter(LetterRow),
}

impl DeadLetter {
    /// All that a store has, of one machine or of all: instances first, each kind by number.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn find(store: &dyn Store, machine: Option<String>) -> Result<Vec<Self>, StoreError> {
        let status = Some(Status::Parked);
        let parked = Filter { machine: machine.clone(), status, ..Filter::default() };
        let dead = Letters { is_dead: Some(true), machine, ..Letters::default() };
        let parked = store.list(&parked)?.into_iter().map(|one| Parked::find(store, one));
        let letters = store.letters(&dead)?.into_iter().map(Self::Letter).map(Ok);
        parked.map(|found| found.map(Self::Parked)).chain(letters).collect()
    }
}
