//! Instances that instances have started: who has started whom, and how they end.
//!
//! A child knows its parent, a parent the children that it waits for; both are part of the instance.
//! What they tell each other are letters: start, cancel, ended.

use super::error::EngineError;
use super::exact;
use super::letters::Sending;
use crate::activity::Failure;
use crate::store::{InstanceId, Letter, LetterKind, Sender};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Who has started an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parent {
    pub(super) machine: String,
    pub(super) key: String,
    pub(super) instance: InstanceId,
    /// What it waits for.
    pub(super) invocation: u64,
    /// How many there are above.
    pub(super) depth: usize,
}

/// An instance that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Child {
    pub(super) machine: String,
    pub(super) key: String,
}

/// What a letter says that starts an instance.
#[derive(Serialize, Deserialize)]
pub(super) struct Started<'s> {
    invocation: u64,
    depth: usize,
    #[serde(borrow)]
    start: &'s RawValue,
}

/// What a letter says that cancels one.
#[derive(Serialize, Deserialize)]
struct Cancelled {
    invocation: u64,
}

/// What a letter says when one has ended.
#[derive(Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) invocation: u64,
    pub(super) end: Ending,
}

/// How an instance has ended for the one that has started it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ending {
    /// In a final state, with its data.
    Done(Map<String, Value>),
    /// In a final state that is a failure: which, with its data.
    Failed(String, Map<String, Value>),
    /// Otherwise: it was refused, given up.
    Otherwise(Failure),
}

impl Parent {
    /// Who has started an instance, and with what, JSON.
    pub(super) fn of(letter: &Letter) -> Result<(Self, String), EngineError> {
        let started: Started<'_> = read(&letter.body)?;
        let Sender { machine, key, instance } = letter.sender.clone();
        let Started { invocation, depth, start } = started;
        Ok((Self { machine, key, instance, invocation, depth }, start.get().to_owned()))
    }

    /// True if the letter is from it, and about what it waits for.
    pub(super) fn cancels(&self, letter: &Letter) -> bool {
        let cancelled = serde_json::from_str::<Cancelled>(&letter.body);
        letter.sender.instance == self.instance
            && cancelled.is_ok_and(|cancelled| cancelled.invocation == self.invocation)
    }

    /// Tells it how what it has started has ended.
    pub(super) fn told(&self, end: Ending) -> Sending {
        ended(&self.machine, &self.key, self.invocation, end)
    }
}

impl Child {
    /// Starts it: `request` is what is asked, as its machine writes it.
    pub(super) fn start(
        &self,
        invocation: u64,
        depth: usize,
        request: &str,
    ) -> Result<Sending, EngineError> {
        // `{"Shipping":{"order_id":"o-1"}}`
        let tagged: std::collections::BTreeMap<String, &RawValue> = read(request)?;
        let nothing = || EngineError::Undecodable("a child is started with nothing".to_owned());
        let start = tagged.into_values().next().ok_or_else(nothing)?;
        Ok(self.sending(LetterKind::Start, &Started { invocation, depth, start }))
    }

    /// Nobody waits for it any more.
    pub(super) fn cancel(&self, invocation: u64) -> Sending {
        self.sending(LetterKind::Cancel, &Cancelled { invocation })
    }

    fn sending(&self, kind: LetterKind, says: &impl Serialize) -> Sending {
        let (machine, key) = (self.machine.clone(), self.key.clone());
        Sending { machine, key, kind, body: written(says) }
    }
}

impl Started<'_> {
    /// What the sender of a letter that starts an instance waits for.
    pub(super) fn of(letter: &Letter) -> Option<u64> {
        serde_json::from_str::<Started<'_>>(&letter.body).ok().map(|started| started.invocation)
    }
}

/// Tells whoever has sent a letter to start an instance that it cannot be.
pub(super) fn refused(letter: &Letter, error: &EngineError) -> Option<Sending> {
    let started: Started<'_> = serde_json::from_str(&letter.body).ok()?;
    let name = match error {
        EngineError::TooDeep(_) => "TooDeep",
        EngineError::NotStarted => "Abandoned",
        EngineError::Duplicate { .. } => "Duplicate",
        _ => Failure::UNEXPECTED,
    };
    let end = Ending::Otherwise(Failure::new(name, error.to_string()));
    let Sender { machine, key, .. } = &letter.sender;
    Some(ended(machine, key, started.invocation, end))
}

fn ended(machine: &str, key: &str, invocation: u64, end: Ending) -> Sending {
    let (machine, key) = (machine.to_owned(), key.to_owned());
    // What it ends with is a tree of JSON by now, and names and words can be written.
    let says = serde_json::to_value(Ended { invocation, end }).unwrap_or_default();
    Sending { machine, key, kind: LetterKind::Ended, body: exact::write(&says) }
}

impl Ended {
    pub(super) fn of(letter: &Letter) -> Result<Self, EngineError> {
        let undecodable = |error: serde_json::Error| EngineError::Undecodable(error.to_string());
        let ended = exact::read(&letter.body).map_err(undecodable)?;
        serde_json::from_value(ended).map_err(undecodable)
    }
}

impl Ending {
    /// A person has given it up.
    pub(super) fn abandoned(key: &str) -> Self {
        Self::Otherwise(Failure::new("Abandoned", format!("`{key}` was abandoned")))
    }

    /// The replies that it may be, as a machine writes them, the likeliest in front: it depends on
    /// what the machine takes.
    pub(super) fn replies(&self, machine: &str) -> Vec<String> {
        let reply = |result: Value| {
            let tagged = Map::from_iter([(machine.to_owned(), result)]);
            exact::write(&Value::Object(tagged))
        };
        let ok = |value: Value| reply(Value::Object(Map::from_iter([("Ok".to_owned(), value)])));
        let err = |error: Value| reply(Value::Object(Map::from_iter([("Err".to_owned(), error)])));
        let unexpected = |failure: &Failure| {
            let failure = serde_json::to_value(failure).unwrap_or_default();
            err(Value::Object(Map::from_iter([(Failure::UNEXPECTED.to_owned(), failure)])))
        };
        match self {
            Self::Done(data) => {
                let one = data.values().next().filter(|_| data.len() == 1).cloned();
                one.into_iter().chain([Value::Null]).map(ok).collect()
            }
            Self::Failed(state, data) => {
                let declared = match data.is_empty() {
                    true => Value::from(state.as_str()),
                    false => Value::Object(Map::from_iter([(
                        state.clone(),
                        Value::Object(data.clone()),
                    )])),
                };
                let failure = Failure::new(state, message(state, data));
                // What is called like the end that no machine declares would be read as one, under the
                // name that its data gives.
                let declared = (state != Failure::UNEXPECTED).then(|| err(declared));
                declared.into_iter().chain([unexpected(&failure)]).collect()
            }
            Self::Otherwise(failure) => vec![unexpected(failure)],
        }
    }
}

/// What a failure says: its only string, or all that it carries, in the order of the names: whether a map
/// of JSON keeps another order hangs on who else uses it.
fn message(state: &str, data: &Map<String, Value>) -> String {
    let data: BTreeMap<&String, &Value> = data.iter().collect();
    let mut values = data.values();
    match (values.next(), values.next()) {
        (None, _) => state.to_owned(),
        (Some(Value::String(text)), None) => text.clone(),
        _ => data.values().map(|value| exact::write(value)).collect::<Vec<_>>().join(", "),
    }
}

fn read<'s, T: Deserialize<'s>>(body: &'s str) -> Result<T, EngineError> {
    serde_json::from_str(body).map_err(|error| EngineError::Undecodable(error.to_string()))
}

fn written(says: &impl Serialize) -> String {
    // Numbers, words and what was JSON already can be written.
    serde_json::to_string(says).unwrap_or_default()
}
