//! A store that several hold.

use super::{
    Commit, Committed, Filter, InboxRow, InstanceId, Kept, LetterId, LetterRow, Letters, Millis,
    OutputRow, Posted, Record, Seq, Shape, ShapeId, Store, StoreError, Stored, Summary,
    TaskEventRow, TaskFilter, TaskRow,
};
use std::sync::Arc;

impl<S: Store + ?Sized> Store for Arc<S> {
    fn is_quick(&self) -> bool {
        (**self).is_quick()
    }

    fn claim(&self) -> Result<(), StoreError> {
        (**self).claim()
    }

    fn release(&self) {
        (**self).release()
    }

    fn commit(&self, batch: Vec<Commit>, done: Committed) {
        (**self).commit(batch, done)
    }

    fn last_time(&self) -> Result<Millis, StoreError> {
        (**self).last_time()
    }

    fn next_instance(&self) -> Result<InstanceId, StoreError> {
        (**self).next_instance()
    }

    fn put_shape(&self, shape: &Shape) -> Result<ShapeId, StoreError> {
        (**self).put_shape(shape)
    }

    fn shapes(&self) -> Result<Vec<(ShapeId, Shape)>, StoreError> {
        (**self).shapes()
    }

    fn find(&self, machine: &str, key: &str) -> Result<Option<InstanceId>, StoreError> {
        (**self).find(machine, key)
    }

    fn load(&self, instances: &[InstanceId]) -> Result<Vec<Stored>, StoreError> {
        (**self).load(instances)
    }

    fn running(&self, after: InstanceId, limit: usize) -> Result<Vec<InstanceId>, StoreError> {
        (**self).running(after, limit)
    }

    fn due(&self, until: Millis, limit: usize) -> Result<Vec<(Millis, InstanceId)>, StoreError> {
        (**self).due(until, limit)
    }

    fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        (**self).next_due()
    }

    fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        (**self).list(filter)
    }

    fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        (**self).count(filter)
    }

    fn history(
        &self,
        instance: InstanceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        (**self).history(instance, from, limit)
    }

    fn outputs(
        &self,
        instance: InstanceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<OutputRow>, StoreError> {
        (**self).outputs(instance, after, limit)
    }

    fn answers(&self, instance: InstanceId) -> Result<Vec<(String, String)>, StoreError> {
        (**self).answers(instance)
    }

    fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError> {
        (**self).tasks(filter)
    }

    fn task(&self, instance: InstanceId, invocation: u64) -> Result<Option<TaskRow>, StoreError> {
        (**self).task(instance, invocation)
    }

    fn task_events(&self, after: u64, limit: usize) -> Result<Vec<TaskEventRow>, StoreError> {
        (**self).task_events(after, limit)
    }

    fn post(&self, message: &Posted) -> Result<i64, StoreError> {
        (**self).post(message)
    }

    fn inbox(&self, after: i64, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        (**self).inbox(after, limit)
    }

    fn inbox_answer(&self, message: i64) -> Result<Option<String>, StoreError> {
        (**self).inbox_answer(message)
    }

    fn next_letter(&self) -> Result<LetterId, StoreError> {
        (**self).next_letter()
    }

    fn letters(&self, wanted: &Letters) -> Result<Vec<LetterRow>, StoreError> {
        (**self).letters(wanted)
    }

    fn prune(&self, kept: &Kept, limit: usize) -> Result<u64, StoreError> {
        (**self).prune(kept, limit)
    }
}
