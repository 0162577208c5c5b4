//! Instances that are parked, as whoever looks after them wants to see them: why, at what, and how
//! often that was tried.

use super::error::{Cause, CauseKind, Stuck};
use super::history::ending_in_words;
use crate::store::{Millis, Record, Seq, Store, StoreError, Summary};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// So many steps are read in one go, from the last one back.
const PAGE: u64 = 32;

/// An instance that is parked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// What lists say of it.
    pub instance: Summary,
    /// Why, and what it could not get past ([`Cause::payload`]).
    pub cause: Cause,
    /// How often that was tried, the first in front, as far as the journal is kept: that of an
    /// instance that is parked is.
    pub attempts: Vec<Attempt>,
}

/// An attempt that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Attempt {
    /// When: milliseconds since 1970.
    pub at: Millis,
    /// What came of it.
    pub error: String,
}

impl Parked {
    /// What is known of an instance that a list says is parked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn find(store: &dyn Store, instance: Summary) -> Result<Self, StoreError> {
        let text = instance.cause.as_deref().unwrap_or_default();
        let unread = || Cause::new(CauseKind::Undecodable, text);
        let cause = serde_json::from_str(text).unwrap_or_else(|_| unread());
        let attempts = attempts(store, &instance, &cause)?;
        Ok(Self { instance, cause, attempts })
    }

    /// What it could not get past, if that is known.
    pub fn payload(&self) -> Option<&Stuck> {
        self.cause.payload.as_deref()
    }
}

/// What a record says of attempts.
#[derive(Deserialize)]
struct Said {
    parked: Option<Cause>,
    to: Option<u64>,
    #[serde(default)]
    reply: Value,
    retried: Option<IgnoredAny>,
    #[serde(default)]
    asks: Vec<Asks>,
}

/// A call that a step has asked for.
#[derive(Deserialize)]
struct Asks {
    id: u64,
}

/// What a record is for what is looked for.
enum Found {
    Attempt(String),
    /// Something else happened in between.
    Other,
    /// There is nothing before it.
    Before,
}

impl Said {
    fn of(record: &Record) -> Option<Self> {
        serde_json::from_str(&record.body).ok()
    }

    /// What it says of the same call, the same timer, or the same park.
    fn found(self, at: Millis, of: Option<&Stuck>) -> Found {
        match (self.parked, of) {
            (Some(cause), _) if is_same(cause.payload.as_deref(), of) => {
                Found::Attempt(cause.message)
            }
            // Whatever has come of it, the call was still waited for behind it.
            (None, Some(Stuck::Call { id, .. })) if self.to == Some(*id) => {
                Found::Attempt(ending_in_words(&self.reply).to_string())
            }
            (_, Some(Stuck::Timer { due, .. })) if at < *due => Found::Before,
            (None, Some(Stuck::Call { id, .. })) if self.asks.iter().any(|asks| asks.id == *id) => {
                Found::Before
            }
            (None, None) if self.retried.is_none() => Found::Before,
            _ => Found::Other,
        }
    }
}

fn is_same(a: Option<&Stuck>, b: Option<&Stuck>) -> bool {
    match (a, b) {
        (Some(Stuck::Call { id: a, .. }), Some(Stuck::Call { id: b, .. })) => a == b,
        (Some(Stuck::Timer { due: a, .. }), Some(Stuck::Timer { due: b, .. })) => a == b,
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn attempts(
    store: &dyn Store,
    instance: &Summary,
    cause: &Cause,
) -> Result<Vec<Attempt>, StoreError> {
    let mut attempts = Vec::new();
    let mut to = instance.seq;
    let mut last: Option<Seq> = None;
    'pages: while to > 0 {
        let from = to.saturating_sub(PAGE - 1).max(1);
        let mut page = store.history(instance.id, from, (to - from + 1) as usize)?;
        // A store gives the next that it has for one that it does not keep any more.
        page.retain(|record| record.seq <= to);
        for record in page.iter().rev() {
            let Some(said) = Said::of(record) else { continue };
            match said.found(record.at, cause.payload.as_deref()) {
                Found::Attempt(error) => {
                    last.get_or_insert(record.seq);
                    attempts.push(Attempt { at: record.at, error });
                }
                Found::Before => break 'pages,
                Found::Other => {}
            }
        }
        if page.first().is_none_or(|first| first.seq > from) {
            break;
        }
        to = from - 1;
    }
    attempts.reverse();
    if last != Some(instance.seq) {
        // One that cannot be read has written nothing of it.
        attempts.push(Attempt { at: instance.changed, error: cause.message.clone() });
    }
    Ok(attempts)
}
