//! What shards are told.

use super::error::EngineError;
use super::kind::{Live, Payload};
use super::lineage::Relatives;
use super::tasks::{TaskId, TaskWants};
use crate::step::Dispatch;
use crate::store::{
    InboxKind, InstanceId, Letter, LetterId, LetterRow, Millis, Outcome, Seq, Status, StoreError,
    Stored, Summary,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What somebody is answered who has sent something.
type Said = Result<Dispatch, EngineError>;

/// Who waits for the answer to something that was sent.
pub(super) struct Answer {
    to: oneshot::Sender<Said>,
    since: Instant,
}

impl Answer {
    /// Somebody begins to wait.
    pub(super) fn awaited() -> (Self, oneshot::Receiver<Said>) {
        let (to, answered) = oneshot::channel();
        (Self { to, since: Instant::now() }, answered)
    }

    /// Gives the answer; an error if nobody waits any more.
    pub(super) fn send(self, said: Said) -> Result<(), Said> {
        self.to.send(said)
    }

    /// How long somebody has waited.
    pub(super) fn waited(&self) -> Duration {
        self.since.elapsed()
    }
}

/// An instance by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Address {
    /// The place of its machine among those that are registered.
    pub(super) kind: usize,
    pub(super) key: Arc<str>,
}

/// What a shard is told.
pub(super) enum Message {
    /// Something for an instance, from outside.
    To(Address, Job),
    /// What the store has at an address that it was asked for.
    Loaded(Address, Result<Option<Loaded>, StoreError>),
    /// What the store knows of messages with an id, asked for by [`Job::Event`].
    Answers(InstanceId, Result<Vec<(String, String)>, StoreError>),
    /// An instance that has something to do, found at the start, before anything else is known of it.
    Found(Address, Loaded),
    /// An instance at rest is due. What the store had of it may be older than what is there by now.
    Due(Address, Millis),
    /// All instances at rest were told of that were due at this time or before. Said at the start,
    /// until it is all of them.
    Told(Millis),
    /// Messages that other programs have left are delivered again from this one on.
    Again(i64),
    /// Somebody does not wait for an instance any more.
    Unwatched(Address),
    /// A batch is durable, or is not.
    Committed(u64, Result<Vec<Outcome>, StoreError>),
    /// Letters are owed to an instance.
    Owed(Address),
    /// A letter is owed to a machine that is not registered.
    Stray(LetterId, String),
    /// The letters that the store has for an instance.
    Letters(Address, Result<Vec<LetterRow>, StoreError>),
    /// What a person has decided about a letter, which may not be there.
    Letter(LetterId, Option<Box<LetterRow>>, LetterOrder, LetterReply),
    /// Who belongs to an instance that cannot be read.
    Relatives(Address, Result<Relatives, StoreError>),
    /// An activity has ended.
    Ended(InstanceId, u64, Payload),
    /// What is there is to be finished, and nothing new taken.
    Stop(oneshot::Sender<()>),
}

/// An instance that was asked for.
pub(super) struct Loaded {
    pub(super) stored: Stored,
    /// The answers that messages with an id got, if it does not go on: nobody asks for them again then.
    pub(super) answers: Vec<(String, String)>,
    /// What lists say of it, if it cannot be read.
    pub(super) listed: Option<Summary>,
}

/// Something for an instance.
pub(super) enum Job {
    Start {
        start: Payload,
        answer: Answer,
    },
    Event {
        event: Payload,
        message: Option<String>,
        answer: Answer,
    },
    /// What another instance has sent.
    Letter(Letter),
    /// What a person wants with a task.
    Task {
        task: TaskId,
        wants: TaskWants,
        answer: Answer,
    },
    /// What a person wants.
    Order {
        order: Order,
        answer: Answer,
    },
    /// A message that another program has left in the store.
    Left(Left),
    /// Looking at it.
    Look(Look),
}

/// What can be wanted of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// To try again what it was parked for, with a change if there is one (JSON).
    Retry(Option<String>),
    /// To give it up.
    Abandon,
    /// The instance that has started it does not wait for it any more.
    Cancel,
}

/// What a person can want of a dead letter.
pub(super) enum LetterOrder {
    /// To send it again, with another body if there is one.
    Retry(Option<String>),
    /// To give it up.
    Abandon,
}

/// Who is told what becomes of a letter.
pub(super) enum LetterReply {
    Answer(oneshot::Sender<Result<(), EngineError>>),
    /// A message of the inbox is answered.
    Left(i64),
}

/// A message that another program has left in the store.
#[derive(Clone)]
pub(super) struct Left {
    pub(super) id: i64,
    pub(super) wants: Wants,
}

/// What it wants.
#[derive(Clone)]
pub(super) enum Wants {
    Event {
        json: String,
        message: Option<String>,
    },
    Order(Order),
    /// Something with a task, JSON.
    Task(InboxKind, String),
}

/// Looks at an instance, or hears why that cannot be: at once, and again after each step that is
/// durable, until it gives `true`.
pub(super) type Look = Box<dyn FnMut(Result<Seen<'_>, EngineError>) -> bool + Send>;

/// An instance as it is looked at.
pub(super) struct Seen<'s> {
    pub(super) live: &'s dyn Live,
    pub(super) id: InstanceId,
    pub(super) seq: Seq,
    pub(super) outputs: u64,
    pub(super) status: Status,
}
