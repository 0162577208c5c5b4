//! What the engine answers when it cannot do what it was asked.

use super::tasks::{Closed, TaskId};
use crate::error::{RestoreError, StepError};
use crate::store::{LetterId, Millis, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why the engine did not do what it was asked. Nothing of it has happened then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No machine of this name is registered, or another one is.
    #[error(
        "machine `{0}` is not registered at this engine: `Engine::builder().register::<{0}>(host)`"
    )]
    UnknownMachine(String),
    /// Two machines of one name are registered.
    #[error(
        "`{0}` is registered twice: a store knows machines by their names, so each has one of its own"
    )]
    RegisteredTwice(String),
    /// No instance of the machine has this key.
    #[error("there is no `{machine}` with key `{key}`")]
    UnknownInstance {
        /// The machine.
        machine: String,
        /// The key.
        key: String,
    },
    /// An instance of the machine has this key already.
    #[error("there is a `{machine}` with key `{key}` already")]
    Duplicate {
        /// The machine.
        machine: String,
        /// The key.
        key: String,
    },
    /// The key is not what the context has in the field that the machine declares as its key.
    #[error("the instance is started as `{key}`, and its context says that its key is `{field}`")]
    KeyMismatch {
        /// The key that was given.
        key: String,
        /// The value of the field.
        field: String,
    },
    /// The final state of the instance has been entered.
    #[error("`{0}` is finished")]
    Finished(String),
    /// A person has given the instance up.
    #[error("`{0}` was abandoned")]
    Abandoned(String),
    /// The instance that has started it does not wait for it any more.
    #[error("`{0}` was cancelled")]
    Cancelled(String),
    /// The instance cannot go on by itself.
    #[error("`{key}` is parked: {cause}")]
    Parked {
        /// Its key.
        key: String,
        /// Why.
        cause: Cause,
    },
    /// The instance is not parked, so that there is nothing to try again.
    #[error("`{0}` is not parked")]
    NotParked(String),
    /// An instance that is parked does not wait for what a person has changed, or for several such.
    #[error("it does not wait for one `{name}`; it waits for {}", listed(waits_for))]
    NotAsked {
        /// What was to be changed.
        name: String,
        /// What it waits for.
        waits_for: Vec<String>,
    },
    /// Machines start each other, so many deep.
    #[error(
        "machines have started each other {0} deep, which is more than `Settings::depth` allows"
    )]
    TooDeep(usize),
    /// A person has given up what was to start it.
    #[error("a person has given up its start")]
    NotStarted,
    /// There is no dead letter with this number, so that there is nothing to decide about it.
    #[error("there is no dead letter {0}")]
    NotDead(LetterId),
    /// So many messages wait already, or so many events are put off or delayed that the instance may have no
    /// more.
    #[error("{0} messages or events wait already; try again later")]
    Overloaded(usize),
    /// The step failed: the instance is as it was before.
    #[error("the step failed, and the instance is as it was before: {0}")]
    Step(#[from] StepError),
    /// A guard or function of the host has panicked, or what a type of the program does when it is
    /// written, read or copied, or what somebody waits for: the instance is as it was before.
    #[error("the host has panicked, and the instance is as it was before: {0}")]
    Panicked(String),
    /// What was sent, or what is kept, cannot be read as what the machine wants.
    #[error("cannot be decoded: {0}")]
    Undecodable(String),
    /// There is no such task, or it was closed long ago.
    #[error("there is no task {0}")]
    UnknownTask(TaskId),
    /// Nobody waits for the answer any more.
    #[error("task {task} is closed{}", how.as_ref().map(|how| format!(": {how}")).unwrap_or_default())]
    TaskClosed {
        /// Which.
        task: TaskId,
        /// How it was closed, if that is known.
        how: Option<Closed>,
    },
    /// Somebody else has said that they answer the task.
    #[error("task {task} is claimed by {by}")]
    TaskClaimed {
        /// Which.
        task: TaskId,
        /// By whom.
        by: String,
    },
    /// Nobody could answer a task that somebody without a name has claimed, and an answer by somebody says by
    /// whom.
    #[error("task {0} is claimed or answered by nobody: whoever does has a name")]
    Unnamed(TaskId),
    /// The answer is of another type.
    #[error("the answer to `{name}` is a `{answer}`{}", why.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    WrongAnswer {
        /// What was asked.
        name: String,
        /// The type of the answer.
        answer: String,
        /// What does not fit.
        why: Option<String>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine has been stopped.
    #[error("the engine has been stopped")]
    Stopped,
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "nothing that can be changed".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}

impl From<RestoreError> for EngineError {
    fn from(error: RestoreError) -> Self {
        Self::Undecodable(error.to_string())
    }
}

/// Why an instance is parked, or a letter dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What kind of cause.
    pub kind: CauseKind,
    /// What happened.
    pub message: String,
    /// If it is [`CauseKind::Incompatible`]: by which version it was made, and which is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
    /// What the instance could not get past, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Box<Stuck>>,
}

impl Cause {
    pub(super) fn new(kind: CauseKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), versions: None, payload: None }
    }
}

/// What a parked instance could not get past: it comes again when a person lets it try again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stuck {
    /// The end of a call. The call is made again, under the same key.
    Call {
        /// Its number.
        id: u64,
        /// The key under which services know it.
        idempotency_key: String,
        /// What is asked.
        request: Value,
        /// How it has ended, as far as that can be written.
        reply: Option<Value>,
    },
    /// A timer, or a delayed event. It fires again.
    Timer {
        /// When it was due: milliseconds since 1970.
        due: Millis,
        /// The event, if it is one.
        event: Option<Value>,
    },
}

/// The versions of a machine that do not fit each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Versions {
    /// That which has made the instance.
    pub made_by: u64,
    /// That which is registered.
    pub registered: u64,
}

/// The kinds of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CauseKind {
    /// An activity ended with an error that nothing catches. Trying again calls the activity again.
    Uncaught,
    /// A step that a timer or the end of an activity asked for has failed.
    Step,
    /// A guard or function of the host has panicked, or what a type of the program does when it is
    /// written, read, copied or dropped.
    Panicked,
    /// What the store has of it cannot be read.
    Undecodable,
    /// It was made by another version of its machine, and the registered one cannot go on with it:
    /// [`Cause::versions`].
    Incompatible,
    /// A letter is for a machine that is not registered.
    UnknownMachine,
    /// A letter is for an instance that is not there.
    UnknownInstance,
    /// A letter is for an instance that has ended.
    Ended,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
