//! Which instances there are.

use super::disk::{Disk, Row};
use crate::store::states::is_in;
use crate::store::{Filter, InstanceId, Summary};

impl Disk {
    pub(super) fn list(&self, filter: &Filter) -> Vec<Summary> {
        let limit = if filter.limit == 0 { usize::MAX } else { filter.limit };
        let behind = self.instances.range(filter.after.saturating_add(1)..);
        let found = behind.filter(|(_, row)| finds(filter, row));
        found.take(limit).map(|(id, row)| self.summary(*id, row)).collect()
    }

    pub(super) fn count(&self, filter: &Filter) -> u64 {
        self.instances.values().filter(|row| finds(filter, row)).count() as u64
    }

    fn summary(&self, id: InstanceId, row: &Row) -> Summary {
        let shape = usize::try_from(row.shape - 1).ok().and_then(|at| self.shapes.get(at));
        Summary {
            id,
            machine: row.created.machine.clone(),
            key: row.created.key.clone(),
            version: shape.map_or(0, |shape| shape.version),
            status: row.progress.status,
            state: row.state.clone(),
            seq: row.progress.seq,
            created: row.at,
            changed: row.progress.changed,
            due: row.due,
            cause: row.cause.clone(),
        }
    }
}

fn finds(filter: &Filter, row: &Row) -> bool {
    let changed = row.progress.changed;
    filter.machine.as_ref().is_none_or(|machine| *machine == row.created.machine)
        && filter.status.is_none_or(|status| status == row.progress.status)
        && filter.changed_since.is_none_or(|since| changed >= since)
        && filter.changed_before.is_none_or(|before| changed < before)
        && filter.state.as_ref().is_none_or(|state| is_in(&row.state, state))
}
