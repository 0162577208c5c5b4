//! Deleting what need not be kept.

use super::disk::{Disk, Row};
use crate::store::{INBOX_KEPT, InstanceId, Kept, Status};

impl Disk {
    pub(super) fn prune(&mut self, kept: &Kept, limit: usize) -> u64 {
        let mut left = limit;
        for row in self.instances.values_mut() {
            row.prune(kept, &mut left);
        }
        self.tasks.prune(kept, || spend(&mut left));
        self.prune_ended(kept, &mut left);
        let answered_since = self.time.saturating_sub(INBOX_KEPT);
        self.inbox.retain(|_, letter| {
            let old = letter.answered.as_ref().is_some_and(|(_, at)| *at < answered_since);
            !(old && spend(&mut left))
        });
        (limit - left) as u64
    }

    fn prune_ended(&mut self, kept: &Kept, left: &mut usize) {
        let ended = |row: &Row| {
            matches!(row.progress.status, Status::Finished | Status::Abandoned | Status::Cancelled)
                && row.progress.changed < kept.finished_since
                && row.answers.values().all(|(_, at)| *at < kept.answers_since)
                && !row.progress.running
        };
        let old: Vec<InstanceId> =
            self.instances.iter().filter(|(_, row)| ended(row)).map(|(id, _)| *id).collect();
        for id in old {
            let Some(row) = self.instances.get_mut(&id) else { continue };
            row.journal.retain(|_, _| !spend(left));
            row.outputs.retain(|_| !spend(left));
            row.answers.retain(|_, _| !spend(left));
            self.tasks.forget(id, || spend(left));
            // The instance goes last, so that what a limit leaves is found again.
            if spend(left) {
                self.delete(id);
            }
        }
    }

    fn delete(&mut self, id: InstanceId) {
        let Some(row) = self.instances.remove(&id) else { return };
        if let Some(keys) = self.keys.get_mut(&row.created.machine) {
            keys.remove(&row.created.key);
        }
        if let Some(due) = row.due {
            self.due.remove(&(due, id));
        }
        self.running.remove(&id);
    }
}

impl Row {
    fn prune(&mut self, kept: &Kept, left: &mut usize) {
        // Who looks after one that is parked wants to know what has led there.
        let is_parked = self.progress.status == Status::Parked;
        let snapshot = if is_parked { 0 } else { self.progress.snapshot_seq };
        while let Some(first) = self.journal.first_entry() {
            let old = *first.key() <= snapshot && first.get().at < kept.journal_since;
            if !old || !spend(left) {
                break;
            }
            first.remove();
        }
        self.answers.retain(|_, (_, at)| !(*at < kept.answers_since && spend(left)));
    }
}

/// Whether another row may be deleted.
fn spend(left: &mut usize) -> bool {
    let some = *left > 0;
    *left -= usize::from(some);
    some
}
