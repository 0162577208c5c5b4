//! The store for tests: as every other, but nothing is on disk.

mod check;
mod disk;
mod letters;
mod list;
mod prune;
mod tasks;

use super::{
    Commit, Committed, Filter, InboxRow, InstanceId, Kept, LetterId, LetterRow, Letters, Millis,
    Outcome, OutputRow, Posted, Record, Seq, Shape, ShapeId, Store, StoreError, Stored, Summary,
    TaskEventRow, TaskFilter, TaskRow,
};
use disk::Disk;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A store in memory.
///
/// A clone is another handle on the same data, as another program has on a file, and the data are
/// there while one of them is. Only one handle at a time can have the claim, which ends when that
/// handle is dropped. So a crash is simulated by dropping the engine and starting one on a clone.
///
/// [`Store::commit`] commits before it returns, and calls `done` in there. Nothing waits and there
/// are no threads, so runs with a paused clock can be repeated.
///
/// ```
/// use statewright::store::{Memory, Store, StoreError};
///
/// let disk = Memory::new();
/// let before = disk.clone();
/// before.claim()?;
/// assert!(matches!(disk.claim(), Err(StoreError::Owned(_))));
/// drop(before);
/// disk.claim()?;
/// # Ok::<(), StoreError>(())
/// ```
pub struct Memory {
    shared: Arc<Shared>,
    claimed: AtomicBool,
}

struct Shared {
    disk: Mutex<Disk>,
    /// Some handle has the claim.
    owned: AtomicBool,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<(Vec<Commit>, Committed)>,
    /// Somebody takes from it, further up on this stack or in another thread.
    drained: bool,
}

impl Memory {
    /// A new store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        let shared = Shared {
            disk: Mutex::new(Disk::new()),
            owned: AtomicBool::new(false),
            queue: Mutex::default(),
        };
        Self { shared: Arc::new(shared), claimed: AtomicBool::new(false) }
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        // What panics while it holds the lock is a bug in here; data are changed only after all
        // checks.
        self.shared.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claimed(&self) -> Result<(), StoreError> {
        match self.claimed.load(Ordering::Acquire) {
            true => Ok(()),
            false => Err(super::unclaimed()),
        }
    }

    fn write(&self, batch: Vec<Commit>) -> Result<Vec<Outcome>, StoreError> {
        self.claimed()?;
        self.disk().commit(batch).map_err(StoreError::Failed)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Memory {
    /// Another handle on the same data, without the claim.
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), claimed: AtomicBool::new(false) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if *self.claimed.get_mut() {
            self.shared.owned.store(false, Ordering::Release);
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("claimed", &self.claimed).finish_non_exhaustive()
    }
}

impl Store for Memory {
    fn is_quick(&self) -> bool {
        true
    }

    fn claim(&self) -> Result<(), StoreError> {
        if self.claimed.load(Ordering::Acquire) {
            return Ok(());
        }
        if self.shared.owned.swap(true, Ordering::AcqRel) {
            return Err(StoreError::Owned("memory".to_string()));
        }
        self.claimed.store(true, Ordering::Release);
        Ok(())
    }

    fn release(&self) {
        if self.claimed.swap(false, Ordering::AcqRel) {
            self.shared.owned.store(false, Ordering::Release);
        }
    }

    fn commit(&self, batch: Vec<Commit>, done: Committed) {
        let mut queue = self.queue();
        queue.waiting.push_back((batch, done));
        if queue.drained {
            return;
        }
        queue.drained = true;
        drop(queue);
        // What is told may hand over the next batch, so no lock is held while telling.
        loop {
            let mut queue = self.queue();
            let Some((batch, done)) = queue.waiting.pop_front() else {
                queue.drained = false;
                return;
            };
            drop(queue);
            done(self.write(batch));
        }
    }

    fn last_time(&self) -> Result<Millis, StoreError> {
        Ok(self.disk().time)
    }

    fn next_instance(&self) -> Result<InstanceId, StoreError> {
        Ok(self.disk().next_instance)
    }

    fn put_shape(&self, shape: &Shape) -> Result<ShapeId, StoreError> {
        self.claimed()?;
        Ok(self.disk().put_shape(shape))
    }

    fn shapes(&self) -> Result<Vec<(ShapeId, Shape)>, StoreError> {
        Ok((1..).zip(self.disk().shapes.iter().cloned()).collect())
    }

    fn find(&self, machine: &str, key: &str) -> Result<Option<InstanceId>, StoreError> {
        Ok(self.disk().find(machine, key))
    }

    fn load(&self, instances: &[InstanceId]) -> Result<Vec<Stored>, StoreError> {
        let disk = self.disk();
        Ok(instances.iter().filter_map(|id| disk.load(*id)).collect())
    }

    fn running(&self, after: InstanceId, limit: usize) -> Result<Vec<InstanceId>, StoreError> {
        Ok(self.disk().running.range(after.saturating_add(1)..).take(limit).copied().collect())
    }

    fn due(&self, until: Millis, limit: usize) -> Result<Vec<(Millis, InstanceId)>, StoreError> {
        let disk = self.disk();
        Ok(disk.due.range(..=(until, InstanceId::MAX)).take(limit).copied().collect())
    }

    fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        Ok(self.disk().due.first().map(|(due, _)| *due))
    }

    fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        Ok(self.disk().list(filter))
    }

    fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        Ok(self.disk().count(filter))
    }

    fn history(
        &self,
        instance: InstanceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let disk = self.disk();
        let Some(row) = disk.instances.get(&instance) else { return Ok(Vec::new()) };
        Ok(row.journal.range(from..).take(limit).map(|(_, record)| record.clone()).collect())
    }

    fn outputs(
        &self,
        instance: InstanceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<OutputRow>, StoreError> {
        let disk = self.disk();
        let Some(row) = disk.instances.get(&instance) else { return Ok(Vec::new()) };
        let behind = row.outputs.iter().filter(|output| output.number > after);
        Ok(behind.take(limit).cloned().collect())
    }

    fn answers(&self, instance: InstanceId) -> Result<Vec<(String, String)>, StoreError> {
        let disk = self.disk();
        let Some(row) = disk.instances.get(&instance) else { return Ok(Vec::new()) };
        Ok(row.answers.iter().map(|(id, (answer, _))| (id.clone(), answer.clone())).collect())
    }

    fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError> {
        Ok(self.disk().tasks.list(filter))
    }

    fn task(&self, instance: InstanceId, invocation: u64) -> Result<Option<TaskRow>, StoreError> {
        Ok(self.disk().tasks.get((instance, invocation)))
    }

    fn task_events(&self, after: u64, limit: usize) -> Result<Vec<TaskEventRow>, StoreError> {
        Ok(self.disk().tasks.events(after, limit))
    }

    fn post(&self, message: &Posted) -> Result<i64, StoreError> {
        Ok(self.disk().post(message))
    }

    fn inbox(&self, after: i64, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        Ok(self.disk().waiting(after, limit))
    }

    fn inbox_answer(&self, message: i64) -> Result<Option<String>, StoreError> {
        let disk = self.disk();
        let answered = disk.inbox.get(&message).and_then(|letter| letter.answered.as_ref());
        Ok(answered.map(|(answer, _)| answer.clone()))
    }

    fn next_letter(&self) -> Result<LetterId, StoreError> {
        Ok(self.disk().next_letter())
    }

    fn letters(&self, wanted: &Letters) -> Result<Vec<LetterRow>, StoreError> {
        Ok(self.disk().letters(wanted))
    }

    fn prune(&self, kept: &Kept, limit: usize) -> Result<u64, StoreError> {
        self.claimed()?;
        Ok(self.disk().prune(kept, limit))
    }
}
