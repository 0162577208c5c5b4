//! Who shares a transaction.
//!
//! Those who were just told that something is durable are those who come next, and soon. If the
//! writer went on at once with whoever waits already, the two halves would take turns for ever, each
//! with syncs of its own. So it waits for those who were told, but only if others wait already or
//! one of them is here, and never for longer than a part of what a transaction takes.

use super::work::Work;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// So many batches share a transaction at most, that the first of them need not wait for too long.
const GROUP: usize = 4096;

/// It is waited for this part of what the last transaction took. More is right only where a sync
/// takes far longer than all else: where the disk is quick, whoever waits for the other half keeps
/// the two cores from working at the same time.
const PART: u32 = 10;

/// What waits for the writer, and who was told last.
pub(super) struct Groups<'q> {
    queue: &'q Receiver<Box<dyn Work>>,
    /// So many waited for the last transaction.
    told: usize,
    /// How long it took.
    took: Duration,
}

impl<'q> Groups<'q> {
    pub(super) fn new(queue: &'q Receiver<Box<dyn Work>>) -> Self {
        Self { queue, told: 0, took: Duration::ZERO }
    }

    /// Waits for the next group; `None` when nobody can come any more.
    pub(super) fn next(&self) -> Option<Vec<Box<dyn Work>>> {
        let mut group: Vec<_> = self.queue.try_iter().take(GROUP).collect();
        let mut here = waiting(&group);
        let expected = self.told + here;
        if group.is_empty() {
            group.push(self.queue.recv().ok()?);
            here = waiting(&group);
        }
        let until = Instant::now() + self.took / PART;
        while here < expected && group.len() < GROUP {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(work) = self.queue.recv_timeout(left) else { break };
            here += work.waiting();
            group.push(work);
        }
        group.extend(self.queue.try_iter().take(GROUP - group.len()));
        Some(group)
    }

    /// A group has been written and told.
    pub(super) fn told(&mut self, waiting: usize, took: Duration) {
        (self.told, self.took) = (waiting, took);
    }
}

/// How many wait for a group.
pub(super) fn waiting(group: &[Box<dyn Work>]) -> usize {
    group.iter().map(|work| work.waiting()).sum()
}
