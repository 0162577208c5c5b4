//! What goes into a store and comes out of it.

use super::{LetterChange, TaskChange};

/// The number of an instance in its store; from 1, at most 2³¹ - 1.
pub type InstanceId = u64;
/// The number of a step of an instance; from 1, at most 2³² - 1.
pub type Seq = u64;
/// The number of a shape in its store.
pub type ShapeId = i64;
/// A point in time: milliseconds since 1970.
pub type Millis = u64;

/// What one instance does in one go. If it only takes messages, the instance need not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Which.
    pub instance: InstanceId,
    /// When.
    pub at: Millis,
    /// It begins with this.
    pub created: Option<Created>,
    /// Its steps, without gaps, behind those that are there.
    pub records: Vec<Record>,
    /// What it puts out.
    pub outputs: Vec<OutputRow>,
    /// The ids of messages that were applied, with their answers. The first answer to an id stays.
    pub answers: Vec<(String, String)>,
    /// What becomes of its tasks, in order.
    pub tasks: Vec<TaskChange>,
    /// Messages of the inbox that were taken, with their answers; each can be taken once.
    pub taken: Vec<(i64, String)>,
    /// What happens to letters, in order.
    pub letters: Vec<LetterChange>,
    /// It comes to rest, or writes a snapshot. An instance that was created or has made a step, and
    /// has not come to rest since, is one of [`Store::running`](super::Store::running).
    pub rest: Option<Rest>,
}

impl Commit {
    /// One of an instance at this time, in which nothing happens yet.
    #[must_use]
    pub fn of(instance: InstanceId, at: Millis) -> Self {
        Self {
            instance,
            at,
            created: None,
            records: Vec::new(),
            outputs: Vec::new(),
            answers: Vec::new(),
            tasks: Vec::new(),
            taken: Vec::new(),
            letters: Vec::new(),
            rest: None,
        }
    }
}

/// A new instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The name of its machine.
    pub machine: String,
    /// Its key, which only one instance of a machine has.
    pub key: String,
    /// The shape of its machine.
    pub shape: ShapeId,
}

/// An instance comes to rest: all of it is in the snapshot, with the steps of the same commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What it is then. Of [`Status::Running`], it is taken off the list of
    /// [`Store::running`](super::Store::running) if `at_rest`, and put on it if it was something
    /// else and is not at rest; with any other status it is always at rest.
    pub status: Status,
    /// Nothing is to be done for it until it is due or gets a message. False for a snapshot that
    /// is only written to keep the way to it short.
    pub at_rest: bool,
    /// When it is due; only if it is at rest.
    pub due: Option<Millis>,
    /// The shape of the machine that made the snapshot.
    pub shape: ShapeId,
    /// The last step in the snapshot, which is its last.
    pub seq: Seq,
    /// Its active states as text.
    pub state: String,
    /// The snapshot, JSON; `None` leaves the one before with its `seq` and `shape`, as for an
    /// instance that cannot be read.
    pub snapshot: Option<String>,
    /// Why it is parked, or how it failed: JSON.
    pub cause: Option<String>,
}

/// A step of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub seq: Seq,
    /// When it was made.
    pub at: Millis,
    /// The active states after it, as text.
    pub state: String,
    /// What happened and what came of it, JSON.
    pub body: String,
}

/// An output of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputRow {
    /// Its number, from 1 without gaps.
    pub number: u64,
    /// When it was put out.
    pub at: Millis,
    /// It, JSON.
    pub body: String,
}

/// What an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It takes events.
    Running,
    /// Its final state has been entered.
    Finished,
    /// It cannot go on, and waits for a person.
    Parked,
    /// A person has given it up.
    Abandoned,
    /// It was started by another instance, which does not wait for it any more.
    Cancelled,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Done,
    /// There is an instance of this machine with this key: nothing of this commit was written.
    Duplicate,
    /// A letter was to be sent again or given up, and is not dead: nothing of this commit was written.
    NotDead,
}

/// An instance as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It could be read.
    Whole(Box<Instance>),
    /// It could not.
    Corrupt {
        /// Which.
        instance: InstanceId,
        /// Its machine and key, as far as they can be read.
        machine: Option<String>,
        /// Its key.
        key: Option<String>,
        /// What is wrong.
        why: String,
    },
}

impl Stored {
    /// Its number.
    pub fn id(&self) -> InstanceId {
        match self {
            Self::Whole(instance) => instance.id,
            Self::Corrupt { instance, .. } => *instance,
        }
    }
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its number.
    pub id: InstanceId,
    /// The name of its machine.
    pub machine: String,
    /// Its key.
    pub key: String,
    /// What it is.
    pub status: Status,
    /// The shape of the machine that made the snapshot, or the instance if there is none.
    pub shape: ShapeId,
    /// The last step in the snapshot; 0 if there is none.
    pub seq: Seq,
    /// The last snapshot.
    pub snapshot: Option<String>,
    /// Why it is parked, or how it failed.
    pub cause: Option<String>,
    /// The steps behind the snapshot, in order and without gaps.
    pub records: Vec<Record>,
    /// How many outputs it has had.
    pub outputs: u64,
}

/// An instance in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Its number.
    pub id: InstanceId,
    /// The name of its machine.
    pub machine: String,
    /// Its key.
    pub key: String,
    /// The version of its machine.
    pub version: u64,
    /// What it is.
    pub status: Status,
    /// Its active states as text.
    pub state: String,
    /// The number of its last step.
    pub seq: Seq,
    /// When it was created.
    pub created: Millis,
    /// When it made its last step, or its status changed.
    pub changed: Millis,
    /// When it is due, if it is at rest.
    pub due: Option<Millis>,
    /// Why it is parked, or how it failed: JSON.
    pub cause: Option<String>,
}

/// Which instances. The default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this machine.
    pub machine: Option<String>,
    /// In this state: an active state, or one around it, as `Operating.Cars`.
    pub state: Option<String>,
    /// With this status.
    pub status: Option<Status>,
    /// Changed at this time or later.
    pub changed_since: Option<Millis>,
    /// Changed before this time.
    pub changed_before: Option<Millis>,
    /// Behind this one.
    pub after: InstanceId,
    /// At most so many; 0 means all.
    pub limit: usize,
}

/// The shape of a machine: what persists of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name of the machine.
    pub machine: String,
    /// Its version.
    pub version: u64,
    /// The hash of its shape.
    pub hash: u64,
    /// The shape, JSON.
    pub body: String,
}

/// A message that another program leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The machine of the instance it is for.
    pub machine: String,
    /// The key of the instance.
    pub key: String,
    /// What is wanted.
    pub kind: InboxKind,
    /// The event, JSON; for a task its invocation with the answer and who it is, JSON; else empty,
    /// but for a letter that gets another body.
    pub body: String,
    /// An id that makes a repeated message answer like the first.
    pub message_id: Option<String>,
    /// When it was left.
    pub at: Millis,
}

/// What a message wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxKind {
    /// The event is to be applied.
    Send,
    /// A parked instance is to be tried again.
    Retry,
    /// The instance is to be given up.
    Abandon,
    /// The dead letter whose number is the key is to be sent again, with another body if there is one.
    RetryLetter,
    /// The dead letter whose number is the key is to be given up.
    AbandonLetter,
    /// A task is to be answered.
    Answer,
    /// A task is to be claimed.
    Claim,
    /// A claim of a task is to be taken back.
    Release,
}

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// Its number.
    pub id: i64,
    /// The message.
    pub message: Posted,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Steps that are in a snapshot, of instances that are not parked, and what has happened with tasks,
    /// are deleted if that was before this time.
    pub journal_since: Millis,
    /// Finished, abandoned and cancelled instances at rest that changed last before this time are
    /// deleted with all that belongs to them, unless an answer of theirs is kept.
    pub finished_since: Millis,
    /// Answers of messages with an id, and closed tasks, are deleted if that was before this time.
    pub answers_since: Millis,
}
