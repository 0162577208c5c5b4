//! A store that fails, for tests of what stands on a store.
//!
//! [`Faulty`] stands before another store and does to it what a [`Plan`] says: batches fail, take
//! their time, or are never answered because the process is taken to have ended in the middle. It
//! fails only as real stores do, and never lies: what it calls done is durable, and `done` is called
//! in order. The same plan gives the same faults.
//!
//! No fault tears a batch: no store may leave a part of one, whatever its disk leaves, and
//! [`conformance`](super::conformance) holds all stores to that. What stands on a store need not bear it. A
//! store on a disk has to show it itself, with a disk that tears what it writes.

mod line;
mod plan;

use super::{
    Commit, Committed, Filter, InboxRow, InstanceId, Kept, LetterId, LetterRow, Letters, Millis,
    OutputRow, Posted, Record, Seq, Shape, ShapeId, Store, StoreError, Stored, Summary,
    TaskEventRow, TaskFilter, TaskRow,
};
pub use line::Later;
use line::Line;
pub use plan::{Fault, Plan, Rates, Seeded};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A store before which things go wrong.
///
/// ```
/// use statewright::store::conformance::commit;
/// use statewright::store::faulty::{Fault, Faulty};
/// use statewright::store::{Memory, Store, StoreError};
///
/// let full = || StoreError::Full("of letters".to_string());
/// let third = move |number| (number == 3).then(|| Fault::Refused(full()));
/// let store = Faulty::new(Memory::new(), third, |_, call| call());
/// store.claim()?;
/// assert!(commit(&store, vec![]).is_ok());
/// assert!(commit(&store, vec![]).is_ok());
/// assert!(matches!(commit(&store, vec![]), Err(StoreError::Full(_))));
/// # Ok::<(), StoreError>(())
/// ```
pub struct Faulty<S> {
    store: Arc<S>,
    plan: Arc<Mutex<dyn Plan>>,
    line: Arc<Line<S>>,
}

impl<S: Store> Faulty<S> {
    /// A store with a plan. `later` calls something after a time; [`on_tokio`] does, and a test may
    /// have its own clock.
    pub fn new(
        store: S,
        plan: impl Plan + 'static,
        later: impl Fn(Duration, Box<dyn FnOnce() + Send>) + Send + Sync + 'static,
    ) -> Self {
        let store = Arc::new(store);
        let line = Line::new(&store, Box::new(later));
        Self { store, plan: Arc::new(Mutex::new(plan)), line: Arc::new(line) }
    }

    /// Whether the process is taken to have ended: nothing is answered any more, and reading fails.
    /// Drop what runs on this store then, and go on with another handle on the same data.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.line.is_dead()
    }

    fn planned<T>(&self, ask: impl FnOnce(&mut dyn Plan) -> T) -> T {
        ask(&mut *self.plan.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The store behind, if this call is to come through.
    fn through(&self, method: &'static str) -> Result<&S, StoreError> {
        if self.is_dead() {
            return Err(StoreError::Failed("the process has ended".to_string()));
        }
        match self.planned(|plan| plan.call(method)) {
            Some(error) => Err(error),
            None => Ok(&self.store),
        }
    }
}

/// Calls after a time of tokio, which tests may have paused.
///
/// # Panics
/// Outside of a runtime of tokio.
pub fn on_tokio(delay: Duration, call: Box<dyn FnOnce() + Send>) {
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        call();
    });
}

impl<S> fmt::Debug for Faulty<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty").finish_non_exhaustive()
    }
}

impl<S: Store> Store for Faulty<S> {
    fn is_quick(&self) -> bool {
        self.store.is_quick()
    }

    fn claim(&self) -> Result<(), StoreError> {
        self.through("claim")?.claim()
    }

    fn release(&self) {
        // A process that has died gives nothing back.
        if !self.is_dead() {
            self.store.release();
        }
    }

    fn commit(&self, batch: Vec<Commit>, done: Committed) {
        self.line.stand(batch, done, |number| self.planned(|plan| plan.commit(number)));
    }

    fn last_time(&self) -> Result<Millis, StoreError> {
        self.through("last_time")?.last_time()
    }

    fn next_instance(&self) -> Result<InstanceId, StoreError> {
        self.through("next_instance")?.next_instance()
    }

    fn put_shape(&self, shape: &Shape) -> Result<ShapeId, StoreError> {
        self.through("put_shape")?.put_shape(shape)
    }

    fn shapes(&self) -> Result<Vec<(ShapeId, Shape)>, StoreError> {
        self.through("shapes")?.shapes()
    }

    fn find(&self, machine: &str, key: &str) -> Result<Option<InstanceId>, StoreError> {
        self.through("find")?.find(machine, key)
    }

    fn load(&self, instances: &[InstanceId]) -> Result<Vec<Stored>, StoreError> {
        let found = self.through("load")?.load(instances)?;
        Ok(found.into_iter().map(|stored| self.damaged(stored)).collect())
    }

    fn running(&self, after: InstanceId, limit: usize) -> Result<Vec<InstanceId>, StoreError> {
        self.through("running")?.running(after, limit)
    }

    fn due(&self, until: Millis, limit: usize) -> Result<Vec<(Millis, InstanceId)>, StoreError> {
        self.through("due")?.due(until, limit)
    }

    fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        self.through("next_due")?.next_due()
    }

    fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        self.through("list")?.list(filter)
    }

    fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        self.through("count")?.count(filter)
    }

    fn history(
        &self,
        instance: InstanceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.through("history")?.history(instance, from, limit)
    }

    fn outputs(
        &self,
        instance: InstanceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<OutputRow>, StoreError> {
        self.through("outputs")?.outputs(instance, after, limit)
    }

    fn answers(&self, instance: InstanceId) -> Result<Vec<(String, String)>, StoreError> {
        self.through("answers")?.answers(instance)
    }

    fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError> {
        self.through("tasks")?.tasks(filter)
    }

    fn task(&self, instance: InstanceId, invocation: u64) -> Result<Option<TaskRow>, StoreError> {
        self.through("task")?.task(instance, invocation)
    }

    fn task_events(&self, after: u64, limit: usize) -> Result<Vec<TaskEventRow>, StoreError> {
        self.through("task_events")?.task_events(after, limit)
    }

    fn post(&self, message: &Posted) -> Result<i64, StoreError> {
        self.through("post")?.post(message)
    }

    fn inbox(&self, after: i64, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        self.through("inbox")?.inbox(after, limit)
    }

    fn inbox_answer(&self, message: i64) -> Result<Option<String>, StoreError> {
        self.through("inbox_answer")?.inbox_answer(message)
    }

    fn next_letter(&self) -> Result<LetterId, StoreError> {
        self.through("next_letter")?.next_letter()
    }

    fn letters(&self, wanted: &Letters) -> Result<Vec<LetterRow>, StoreError> {
        self.through("letters")?.letters(wanted)
    }

    fn prune(&self, kept: &Kept, limit: usize) -> Result<u64, StoreError> {
        self.through("prune")?.prune(kept, limit)
    }
}

impl<S: Store> Faulty<S> {
    /// An instance as it was found, or as the plan says.
    fn damaged(&self, stored: Stored) -> Stored {
        let Stored::Whole(instance) = stored else { return stored };
        match self.planned(|plan| plan.corrupt(instance.id)) {
            Some(why) => Stored::Corrupt {
                instance: instance.id,
                machine: Some(instance.machine),
                key: Some(instance.key),
                why,
            },
            None => Stored::Whole(instance),
        }
    }
}
