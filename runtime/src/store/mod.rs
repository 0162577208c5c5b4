//! Where instances are kept: what the engine asks of a store, and the rows that go in and out.
//!
//! A store knows nothing of machines. It keeps, of every instance, a snapshot and the journal of
//! the steps since; which instances have something to do; what they have put out; and the messages
//! that other programs leave for them. Everything that one instance does in one go is a [`Commit`];
//! a batch of them is one transaction.
//!
//! * [`Memory`]: for tests, nothing on disk.
#![cfg_attr(feature = "sqlite", doc = "* [`Sqlite`]: one file.")]
#![cfg_attr(
    feature = "conformance",
    doc = "* [`conformance`]: what a store has to do, as tests for every implementation."
)]
#![cfg_attr(
    feature = "conformance",
    doc = "* [`faulty`]: a store that fails, for tests of what stands on a store."
)]

mod arc;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
#[cfg(feature = "conformance")]
pub mod faulty;
mod letters;
mod memory;
mod progress;
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite;
mod states;
mod tasks;

pub use error::StoreError;
pub use letters::{Letter, LetterChange, LetterId, LetterKind, LetterRow, Letters, Sender};
pub use memory::Memory;
pub use rows::{
    Commit, Created, Filter, InboxKind, InboxRow, Instance, InstanceId, Kept, Millis, Outcome,
    OutputRow, Posted, Record, Rest, Seq, Shape, ShapeId, Status, Stored, Summary,
};
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::describe_sqlite;
#[cfg(feature = "sqlite")]
pub use sqlite::{Durability, Options, Sqlite};
pub use tasks::{TaskChange, TaskData, TaskEventRow, TaskFilter, TaskNews, TaskRow};

/// What happens when a batch is on stable storage, or is not: called once, from a thread of the
/// store. One outcome for each commit of the batch, in order.
pub type Committed = Box<dyn FnOnce(Result<Vec<Outcome>, StoreError>) + Send>;

/// What became of a message of the inbox is kept for so long: a day.
pub const INBOX_KEPT: Millis = 24 * 60 * 60 * 1000;

/// Keeps instances.
///
/// Reading may block for as long as a disk takes, so the engine reads from threads of its own.
/// [`Store::commit`] must not block: it hands over.
pub trait Store: Send + Sync + 'static {
    /// True if reading never blocks: the engine then reads without leaving its task.
    fn is_quick(&self) -> bool {
        false
    }

    /// Claims the store for running instances, until the store is dropped or the process ends, be it
    /// by `kill -9`. Reading needs no claim.
    ///
    /// # Errors
    /// [`StoreError::Owned`] if another engine runs on it.
    fn claim(&self) -> Result<(), StoreError>;

    /// Gives the claim back, when all that was handed over is written. Nothing is written after that,
    /// unless it is claimed again.
    fn release(&self);

    /// Makes a batch durable: all of it or nothing, but for commits whose [`Commit::created`] finds
    /// its key taken, and those that send letters again or give them up that are not dead; these alone
    /// are left out, as [`Outcome::Duplicate`] and [`Outcome::NotDead`]. Batches that wait at the
    /// same time may share a transaction. Batches are committed in the order in which they are
    /// handed over; `done` is called in that order too. A batch of which a commit does not follow
    /// what is stored, as with a gap between steps, fails, and leaves other batches alone.
    fn commit(&self, batch: Vec<Commit>, done: Committed);

    /// The time of the last commit; never goes back. Zero in a new store.
    ///
    /// # Errors
    /// The store cannot be read.
    fn last_time(&self) -> Result<Millis, StoreError>;

    /// The first number that no instance has or has had.
    ///
    /// # Errors
    /// The store cannot be read.
    fn next_instance(&self) -> Result<InstanceId, StoreError>;

    /// Remembers a shape, or finds the one with the same machine and hash.
    ///
    /// # Errors
    /// The store cannot be written.
    fn put_shape(&self, shape: &Shape) -> Result<ShapeId, StoreError>;

    /// All shapes of which there are or were instances.
    ///
    /// # Errors
    /// The store cannot be read.
    fn shapes(&self) -> Result<Vec<(ShapeId, Shape)>, StoreError>;

    /// The number of an instance.
    ///
    /// # Errors
    /// The store cannot be read.
    fn find(&self, machine: &str, key: &str) -> Result<Option<InstanceId>, StoreError>;

    /// Everything of these instances, in this order; what is not there is left out. One that cannot
    /// be read is [`Stored::Corrupt`] and does not keep others from being read.
    ///
    /// # Errors
    /// The store cannot be read at all.
    fn load(&self, instances: &[InstanceId]) -> Result<Vec<Stored>, StoreError>;

    /// The instances that have something to do and are not at rest, by number, behind `after`: at
    /// most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn running(&self, after: InstanceId, limit: usize) -> Result<Vec<InstanceId>, StoreError>;

    /// The instances at rest that are due at `until` or before, the earliest first: at most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn due(&self, until: Millis, limit: usize) -> Result<Vec<(Millis, InstanceId)>, StoreError>;

    /// When the first instance at rest is due.
    ///
    /// # Errors
    /// The store cannot be read.
    fn next_due(&self) -> Result<Option<Millis>, StoreError>;

    /// Instances by machine, state, status and time; also those that are not at rest, with their
    /// state of the last step. Sorted by number, behind [`Filter::after`], at most
    /// [`Filter::limit`].
    ///
    /// # Errors
    /// The store cannot be read.
    fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError>;

    /// How many instances a filter finds, its `after` and `limit` ignored.
    ///
    /// # Errors
    /// The store cannot be read.
    fn count(&self, filter: &Filter) -> Result<u64, StoreError>;

    /// Steps of an instance, `from` among them, at most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn history(
        &self,
        instance: InstanceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError>;

    /// Outputs of an instance behind the number `after` (the first has 1), at most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn outputs(
        &self,
        instance: InstanceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<OutputRow>, StoreError>;

    /// The answers that messages with an id got before, sorted by id.
    ///
    /// # Errors
    /// The store cannot be read.
    fn answers(&self, instance: InstanceId) -> Result<Vec<(String, String)>, StoreError>;

    /// Open tasks by what a filter asks for, sorted by instance and invocation. Nothing of the
    /// instances is read.
    ///
    /// # Errors
    /// The store cannot be read.
    fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError>;

    /// A task, also one that was closed lately.
    ///
    /// # Errors
    /// The store cannot be read.
    fn task(&self, instance: InstanceId, invocation: u64) -> Result<Option<TaskRow>, StoreError>;

    /// What has happened with tasks behind the number `after`, in the order of commits, at most
    /// `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn task_events(&self, after: u64, limit: usize) -> Result<Vec<TaskEventRow>, StoreError>;

    /// Leaves a message for the program that runs the instances; gives its number. The one thing
    /// that may be written without a claim.
    ///
    /// # Errors
    /// The store cannot be written.
    fn post(&self, message: &Posted) -> Result<i64, StoreError>;

    /// The messages that nobody has taken yet, behind the number `after`, at most `limit`. A
    /// [`Commit`] takes them.
    ///
    /// # Errors
    /// The store cannot be read.
    fn inbox(&self, after: i64, limit: usize) -> Result<Vec<InboxRow>, StoreError>;

    /// What became of a message: `None` while it waits, then the answer. Answers are
    /// kept for [`INBOX_KEPT`].
    ///
    /// # Errors
    /// The store cannot be read.
    fn inbox_answer(&self, message: i64) -> Result<Option<String>, StoreError>;

    /// The first number that no letter has or has had.
    ///
    /// # Errors
    /// The store cannot be read.
    fn next_letter(&self) -> Result<LetterId, StoreError>;

    /// Letters between instances, by number.
    ///
    /// # Errors
    /// The store cannot be read.
    fn letters(&self, wanted: &Letters) -> Result<Vec<LetterRow>, StoreError>;

    /// Deletes what need not be kept any more; gives the number of deleted rows. At most `limit`
    /// rows are deleted in one go: zero or fewer than `limit` mean that nothing is left to delete.
    /// Messages of the inbox go that were taken more than [`INBOX_KEPT`] before the last commit.
    ///
    /// # Errors
    /// The store cannot be written.
    fn prune(&self, kept: &Kept, limit: usize) -> Result<u64, StoreError>;
}

/// What is said to one who writes without having claimed the store.
fn unclaimed() -> StoreError {
    StoreError::Failed("it has to be claimed before it is written".to_string())
}
