//! What people were asked.

use super::disk::Disk;
use crate::store::{
    InstanceId, Kept, Millis, TaskChange, TaskEventRow, TaskFilter, TaskNews, TaskRow,
};
use std::collections::BTreeMap;

/// Tasks, and what has happened with them.
#[derive(Default)]
pub(super) struct Tasks {
    rows: BTreeMap<(InstanceId, u64), TaskRow>,
    events: Vec<TaskEventRow>,
    last: u64,
}

impl Disk {
    pub(super) fn change_tasks(&mut self, id: InstanceId, at: Millis, changes: Vec<TaskChange>) {
        let Some(row) = self.instances.get(&id) else { return };
        let (machine, key) = (row.created.machine.clone(), row.created.key.clone());
        for change in changes {
            match change {
                TaskChange::Open(news, task) => {
                    let of = (id, task.invocation);
                    let (machine, key) = (machine.clone(), key.clone());
                    let row = TaskRow { instance: id, machine, key, task, closed: None };
                    self.tasks.tell(at, news, &row, String::new());
                    self.tasks.rows.insert(of, row);
                }
                TaskChange::Closed(invocation, how) => {
                    self.tasks.close(at, (id, invocation), &how);
                }
                TaskChange::OnlyOpen(open, how) => {
                    let of_instance = self.tasks.rows.range((id, 0)..=(id, u64::MAX));
                    let others = of_instance.map(|(of, _)| *of).filter(|of| !open.contains(&of.1));
                    let others: Vec<_> = others.collect();
                    others.into_iter().for_each(|of| self.tasks.close(at, of, &how));
                }
            }
        }
    }
}

impl Tasks {
    fn close(&mut self, at: Millis, of: (InstanceId, u64), how: &str) {
        let open = self.rows.get_mut(&of).filter(|row| row.closed.is_none());
        let Some(row) = open else { return };
        row.closed = Some((at, how.to_owned()));
        let row = row.clone();
        self.tell(at, TaskNews::Closed, &row, how.to_owned());
    }

    fn tell(&mut self, at: Millis, news: TaskNews, row: &TaskRow, how: String) {
        self.last += 1;
        self.events.push(TaskEventRow {
            number: self.last,
            at,
            news,
            instance: row.instance,
            invocation: row.task.invocation,
            machine: row.machine.clone(),
            key: row.key.clone(),
            name: row.task.name.clone(),
            how,
        });
    }

    pub(super) fn list(&self, filter: &TaskFilter) -> Vec<TaskRow> {
        let limit = if filter.limit == 0 { usize::MAX } else { filter.limit };
        let behind = self.rows.iter().filter(|(of, _)| **of > filter.after);
        behind
            .filter(|(_, row)| filter.finds(row))
            .map(|(_, row)| row.clone())
            .take(limit)
            .collect()
    }

    pub(super) fn get(&self, of: (InstanceId, u64)) -> Option<TaskRow> {
        self.rows.get(&of).cloned()
    }

    pub(super) fn events(&self, after: u64, limit: usize) -> Vec<TaskEventRow> {
        let behind = self.events.iter().filter(|event| event.number > after);
        behind.take(limit).cloned().collect()
    }

    /// Deletes what need not be kept, as long as `spend` lets it.
    pub(super) fn prune(&mut self, kept: &Kept, mut spend: impl FnMut() -> bool) {
        self.rows.retain(|_, row| {
            let old = row.closed.as_ref().is_some_and(|(at, _)| *at < kept.answers_since);
            !(old && spend())
        });
        self.events.retain(|event| !(event.at < kept.journal_since && spend()));
    }

    /// Deletes the tasks of an instance.
    pub(super) fn forget(&mut self, id: InstanceId, mut spend: impl FnMut() -> bool) {
        self.rows.retain(|(of, _), _| *of != id || !spend());
    }
}
