//! The engine: instances of durable machines that survive anything.
//!
//! A step of an instance is made in memory, handed to the store in one batch with those of others,
//! and only when it is on stable storage is anything done: answers given, actions called, activities
//! started. What the program was doing when it ended is found in the store and gone on with.
//!
//! * [`shard`]: the tasks that own instances; [`resident`]: an instance in memory; [`advance`]: its
//!   steps; [`answers`]: what messages were answered; [`effects`]: what is done when they are
//!   durable; [`eager`]: which activities are tried there and then.
//! * [`keeper`]: what is not in memory. [`letters`]: what instances send to each other; [`family`]:
//!   instances that instances have started.
//! * [`kind`]: machines and instances with their types forgotten; [`held`], [`record`] and [`finite`]:
//!   how they are written.
//! * [`courses`]: how often was tried what an instance waits for. [`guard`]: code of the program that
//!   panics. [`parked`]: instances that wait for a person; [`edit`]: what that person changes.
//! * [`tasks`]: what people were asked.
//! * [`renewal`] and [`migration`]: instances of another shape of the machine.
//! * [`meters`]: what is counted; [`spans`]: what is traced. [`point`]: where tests make it end. [`shared`], [`message`],
//!   [`time`], [`settings`], [`error`].

mod advance;
mod answers;
mod builder;
mod cancellation;
mod courses;
mod eager;
mod edit;
mod effects;
mod error;
mod exact;
mod family;
mod finite;
mod guard;
mod held;
mod history;
mod keeper;
mod kind;
mod letters;
mod lineage;
mod message;
mod meters;
mod migration;
mod outputs;
mod parked;
mod part;
mod point;
mod record;
mod registered;
mod renewal;
mod replay;
mod resident;
mod room;
mod running;
mod settings;
mod shard;
mod shared;
mod spans;
mod tasks;
mod time;
mod turns;

pub use builder::Builder;
pub use edit::Edit;
pub use error::{Cause, CauseKind, EngineError, Stuck, Versions};
pub use held::{Keep, Storable};
pub use history::{HistoryStep, StepCause, StepEffect, ending_in_words, in_words, steps};
pub use letters::DeadLetter;
pub use meters::describe_metrics;
pub use migration::{Migrate, MigrateError, Migrating};
pub use outputs::{Cursor, Outputs};
pub use parked::{Attempt, Parked};
pub use part::{follow, last_state};
pub use replay::Replay;
pub use settings::Settings;
pub use tasks::{Closed, Task, TaskCursor, TaskEvent, TaskEvents, TaskId};
#[cfg(feature = "conformance")]
pub use turns::Turns;

use crate::chart::Chart;
use crate::core::{Core, is_active_in};
use crate::step::Dispatch;
use crate::store::{
    Filter, InstanceId, LetterId, LetterRow, Letters, Seq, Status, Store, StoreError, Stored,
    Summary,
};
use guard::guarded_too;
use message::{Address, Answer, Job, LetterOrder, LetterReply, Look, Message, Order, Seen};
use shared::Shared;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Runs instances of durable machines. Cheap to clone; all clones are the same engine.
///
/// `M` is what the compiler writes for a machine, and is called like it: `order::Order` for a
/// `durable machine Order`.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    keeper: JoinHandle<()>,
    stopped: AtomicBool,
}

impl Drop for Inner {
    /// An engine that is dropped without being stopped ends as if the program had: what runs is
    /// dropped, and gone on with by the next engine.
    fn drop(&mut self) {
        self.keeper.abort();
        self.shared.end();
    }
}

/// Somebody who waits for an instance. One who is dropped in the middle keeps it in memory no longer.
struct Watching<'e> {
    engine: &'e Engine,
    address: Option<Address>,
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        if let Some(address) = self.address.take() {
            self.engine.inner.shared.tell(&address.clone(), Message::Unwatched(address));
        }
    }
}

/// An instance as it is kept.
#[derive(Debug)]
pub struct View<M: Chart> {
    /// Its number in the store.
    pub id: InstanceId,
    /// What it is.
    pub status: Status,
    /// The active states with their data.
    pub state: M::State,
    /// The data that all states share.
    pub context: M::Context,
    /// The number of its last step.
    pub seq: Seq,
    /// How many outputs it has had.
    pub outputs: u64,
    leaves: M::Leaves,
}

impl<M: Chart> View<M> {
    /// True if the state is active.
    pub fn is_in(&self, state: M::In) -> bool {
        is_active_in::<M>(&self.leaves, state.into())
    }
}

impl Engine {
    /// An engine to be set up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Starts an instance under a key that no other instance of the machine has. When this returns,
    /// its first step is on stable storage.
    ///
    /// # Errors
    /// There is one with this key; the machine is not registered; its first step fails; the store
    /// does. See [`EngineError`].
    pub async fn start<M: Storable>(&self, key: &str, start: M::Start) -> Result<(), EngineError> {
        let address = self.address::<M>(key)?;
        let (answer, answered) = Answer::awaited();
        self.tell(address, Job::Start { start: Box::new(start), answer })?;
        answered.await.map_err(|_| self.unanswered())?.map(|_| ())
    }

    /// Sends an event. When this returns, the event and everything that it led to is on stable
    /// storage; the answer says what became of it.
    ///
    /// # Errors
    /// There is no such instance, or it takes no events any more; the step fails; the store does;
    /// too much waits. The event was not taken then. See [`EngineError`].
    pub async fn send<M: Storable>(
        &self,
        key: &str,
        event: M::Event,
    ) -> Result<Dispatch, EngineError> {
        self.send_as::<M>(key, event, None).await
    }

    /// The same with an id: an event that is sent to the instance again with the same id is not
    /// taken again, but answered like the first.
    ///
    /// # Errors
    /// As [`Engine::send`].
    pub async fn send_with_id<M: Storable>(
        &self,
        key: &str,
        id: &str,
        event: M::Event,
    ) -> Result<Dispatch, EngineError> {
        self.send_as::<M>(key, event, Some(id.to_owned())).await
    }

    async fn send_as<M: Storable>(
        &self,
        key: &str,
        event: M::Event,
        message: Option<String>,
    ) -> Result<Dispatch, EngineError> {
        let address = self.address::<M>(key)?;
        let (answer, answered) = Answer::awaited();
        self.tell(address, Job::Event { event: Box::new(event), message, answer })?;
        answered.await.map_err(|_| self.unanswered())?
    }

    /// The instance as it is kept now.
    ///
    /// # Errors
    /// There is no such instance, or it cannot be read.
    pub async fn state<M: Storable>(&self, key: &str) -> Result<View<M>, EngineError> {
        self.wait_for(key, |_: &View<M>| true).await
    }

    /// Waits until the instance, as it is kept, is as it is wanted: looked at now and after each step.
    /// The end of a branch that decides nothing is no step.
    ///
    /// # Errors
    /// There is no such instance; it has ended, or is parked, and is not as it is wanted; what is
    /// wanted panics.
    pub async fn wait_for<M: Storable>(
        &self,
        key: &str,
        mut wanted: impl FnMut(&View<M>) -> bool + Send + 'static,
    ) -> Result<View<M>, EngineError> {
        let address = self.address::<M>(key)?;
        let (found, waited) = oneshot::channel();
        let mut found = Some(found);
        let look: Look = Box::new(move |seen| {
            let looked = guarded_too(|| {
                let view = view::<M>(&seen?)?;
                let is_wanted = wanted(&view);
                Ok(is_wanted.then_some(view))
            });
            let Some(view) = looked.transpose() else {
                return found.as_ref().is_none_or(oneshot::Sender::is_closed);
            };
            if let Some(found) = found.take() {
                let _ = found.send(view);
            }
            true
        });
        let mut watching = Watching { engine: self, address: Some(address.clone()) };
        self.tell(address, Job::Look(look))?;
        let seen = waited.await.map_err(|_| self.unanswered());
        watching.address = None;
        seen?
    }

    /// The outputs of an instance behind a cursor; [`Cursor::START`] for all of them.
    ///
    /// # Errors
    /// The machine is not registered.
    pub fn outputs<M: Storable>(
        &self,
        key: &str,
        after: Cursor,
    ) -> Result<Outputs<M>, EngineError> {
        self.address::<M>(key)?;
        Ok(Outputs::new(self.clone(), key, after))
    }

    /// Tries again what a parked instance was parked for.
    ///
    /// # Errors
    /// There is no such instance, or it is not parked.
    pub async fn retry<M: Storable>(&self, key: &str) -> Result<(), EngineError> {
        self.order::<M>(key, Order::Retry(None)).await.map(|_| ())
    }

    /// The same with a change, which is durable together with it: another request under the same key, how
    /// a call has ended that was made by hand, what a delayed event says, or an event that comes first.
    /// The answer is that of the event or of the end of the call; if there is nothing to do on an event
    /// ([`Dispatch::Unhandled`], [`Dispatch::Ignored`]) the instance stays parked.
    ///
    /// # Errors
    /// As [`Engine::retry`]; it does not wait for what was changed; the step fails. It stays parked as
    /// it was then.
    pub async fn retry_with<M: Storable>(
        &self,
        key: &str,
        edit: Edit<M>,
    ) -> Result<Dispatch, EngineError> {
        self.order::<M>(key, Order::Retry(Some(edit.json()?))).await
    }

    /// Gives an instance up: it takes no events any more, and what runs for it is cancelled.
    ///
    /// # Errors
    /// There is no such instance, or it has ended.
    pub async fn abandon<M: Storable>(&self, key: &str) -> Result<(), EngineError> {
        self.order::<M>(key, Order::Abandon).await.map(|_| ())
    }

    async fn order<M: Storable>(&self, key: &str, order: Order) -> Result<Dispatch, EngineError> {
        let address = self.address::<M>(key)?;
        let (answer, answered) = Answer::awaited();
        self.tell(address, Job::Order { order, answer })?;
        answered.await.map_err(|_| self.unanswered())?
    }

    /// The steps of an instance from the number `from` on, at most `limit`: when, why, from where to
    /// where, and what was decided.
    ///
    /// # Errors
    /// There is no such instance; the store cannot be read.
    pub async fn history<M: Storable>(
        &self,
        key: &str,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<HistoryStep>, EngineError> {
        let machine = M::definition().name;
        let name = key.to_owned();
        let found = self.read(move |store| {
            let Some(id) = store.find(machine, &name)? else { return Ok(None) };
            let before = store.history(id, from.saturating_sub(1), usize::from(from > 1))?;
            Ok(Some((before.into_iter().next(), store.history(id, from, limit)?)))
        });
        let unknown =
            || EngineError::UnknownInstance { machine: machine.to_owned(), key: key.to_owned() };
        let (before, records) = found.await?.ok_or_else(unknown)?;
        // A store gives the next that it has for one that it does not keep any more.
        let before = before.filter(|record| record.seq + 1 == from);
        Ok(steps(&records, before.as_ref()))
    }

    /// Makes all steps of an instance again that the journal has, in memory, and compares each with
    /// what is written, and the snapshot with what is behind its step. Nothing is done: no action, no
    /// activity.
    ///
    /// # Errors
    /// There is no such instance; the store, or a record, cannot be read; another shape of the machine has
    /// made the instance, which has not gone on with this one.
    pub async fn replay<M: Storable>(&self, key: &str) -> Result<Replay, EngineError> {
        let address = self.address::<M>(key)?;
        let (machine, name) = (M::definition().name, key.to_owned());
        let found = self.read(move |store| {
            let Some(id) = store.find(machine, &name)? else { return Ok(None) };
            let instance = store.load(&[id])?.pop();
            Ok(instance.zip(Some(store.history(id, 0, usize::MAX)?)))
        });
        let unknown =
            || EngineError::UnknownInstance { machine: machine.to_owned(), key: key.to_owned() };
        let (stored, records) = found.await?.ok_or_else(unknown)?;
        match stored {
            Stored::Whole(instance) => {
                let kind = &*self.inner.shared.kinds[address.kind];
                if instance.shape != kind.shape() {
                    let why = "its steps were made by another shape of its machine, and this one has not taken it over: the program that has made them replays them";
                    return Err(EngineError::Undecodable(why.to_owned()));
                }
                replay::replay(kind, &instance, &records)
            }
            Stored::Corrupt { why, .. } => Err(EngineError::Undecodable(why)),
        }
    }

    /// What waits for a person: instances that are parked, and letters that could not be delivered,
    /// each with why. Of one machine, or of all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn dead_letters(
        &self,
        machine: Option<&str>,
    ) -> Result<Vec<DeadLetter>, EngineError> {
        let machine = machine.map(str::to_owned);
        self.read(move |store| DeadLetter::find(store, machine)).await
    }

    /// Letters between instances: those that are owed, and those that are dead.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn letters(&self, wanted: Letters) -> Result<Vec<LetterRow>, EngineError> {
        self.read(move |store| store.letters(&wanted)).await
    }

    /// Sends a dead letter again, to the same instance and under the same number.
    ///
    /// # Errors
    /// There is no such letter, or it is not dead.
    pub async fn retry_letter(&self, letter: LetterId) -> Result<(), EngineError> {
        self.order_letter(letter, LetterOrder::Retry(None)).await
    }

    /// The same with another body, JSON: for a letter that cannot be read.
    ///
    /// # Errors
    /// As [`Engine::retry_letter`].
    pub async fn edit_letter(&self, letter: LetterId, body: &str) -> Result<(), EngineError> {
        self.order_letter(letter, LetterOrder::Retry(Some(body.to_owned()))).await
    }

    /// Gives a dead letter up for good.
    ///
    /// # Errors
    /// As [`Engine::retry_letter`].
    pub async fn abandon_letter(&self, letter: LetterId) -> Result<(), EngineError> {
        self.order_letter(letter, LetterOrder::Abandon).await
    }

    async fn order_letter(&self, letter: LetterId, order: LetterOrder) -> Result<(), EngineError> {
        if self.inner.stopped.load(Ordering::Acquire) {
            return Err(EngineError::Stopped);
        }
        let wanted = Letters { after: letter.saturating_sub(1), limit: 1, ..Letters::default() };
        let found = self.read(move |store| store.letters(&wanted)).await?.pop();
        let found = found.filter(|row| row.letter.id == letter);
        let (answer, answered) = oneshot::channel();
        self.inner.shared.order_letter(letter, found, order, LetterReply::Answer(answer));
        answered.await.map_err(|_| self.unanswered())?
    }

    /// Instances by machine, state, status and time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn list(&self, filter: Filter) -> Result<Vec<Summary>, EngineError> {
        self.read(move |store| store.list(&filter)).await
    }

    /// Stops the engine: everything that was sent is still done and made durable, later messages are
    /// refused, activities that run are dropped, to be started again by the next engine. When this
    /// returns, the store is not written any more, and another engine can be started on it.
    pub async fn stop(&self) {
        self.inner.stopped.store(true, Ordering::Release);
        self.inner.keeper.abort();
        let mut all = Vec::new();
        for shard in &self.inner.shared.shards {
            let (stopped, end) = oneshot::channel();
            if shard.send(Message::Stop(stopped)).is_ok() {
                all.push(end);
            }
        }
        for end in all {
            let _ = end.await;
        }
        // Those who wait for news of tasks are told that none comes.
        self.inner.shared.task_news.send_modify(|count| *count += 1);
        let released = self.read(|store| {
            store.release();
            Ok(())
        });
        // The runtime is going down if this fails, and the claim goes with it.
        let _ = released.await;
    }

    async fn read<T: Send + 'static>(
        &self,
        reading: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        read(&self.inner.shared.store, reading).await
    }

    fn address<M: Chart>(&self, key: &str) -> Result<Address, EngineError> {
        let name = M::definition().name;
        let kind = self.inner.shared.by_name.get(name);
        let kind = kind.ok_or_else(|| EngineError::UnknownMachine(name.to_owned()))?;
        Ok(Address { kind: *kind, key: Arc::from(key) })
    }

    /// Why there is no answer.
    fn unanswered(&self) -> EngineError {
        match self.inner.stopped.load(Ordering::Acquire) {
            true => EngineError::Stopped,
            false => EngineError::Panicked("what was sent has ended its shard".to_owned()),
        }
    }

    fn tell(&self, address: Address, job: Job) -> Result<(), EngineError> {
        if self.inner.stopped.load(Ordering::Acquire) {
            return Err(EngineError::Stopped);
        }
        let shared = &self.inner.shared;
        let shard = shared.shard(&address);
        let waiting = &shared.waiting[shard];
        if waiting.fetch_add(1, Ordering::Relaxed) >= shared.settings.waiting {
            waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(EngineError::Overloaded(shared.settings.waiting));
        }
        shared.shards[shard].send(Message::To(address, job)).map_err(|_| EngineError::Stopped)
    }
}

fn view<M: Storable>(seen: &Seen<'_>) -> Result<View<M>, EngineError> {
    let core = seen.live.core().downcast_ref::<Core<M>>();
    let core = core.ok_or_else(|| EngineError::UnknownMachine(M::definition().name.to_owned()))?;
    Ok(View {
        id: seen.id,
        status: seen.status,
        state: M::state(core),
        context: core.context.clone(),
        seq: seen.seq,
        outputs: seen.outputs,
        leaves: core.leaves,
    })
}

/// Reads where that may block, or at once if the store is in memory.
async fn read<T: Send + 'static>(
    store: &Arc<dyn Store>,
    reading: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, EngineError> {
    if store.is_quick() {
        return Ok(reading(&**store)?);
    }
    let store = Arc::clone(store);
    let read = tokio::task::spawn_blocking(move || reading(&*store));
    Ok(read.await.map_err(|_| EngineError::Stopped)??)
}
