//! Trying activities where they are asked for, before they get a task of their own.
//!
//! Many activities have nothing to wait for: a calculation, a lookup in memory. For these a task, and
//! the message that tells of its end, cost more than all else in a step; and what one commit has
//! asked for ends together, so that it is one commit again. But who tries an activity that blocks
//! instead of waiting holds up its shard. So those of a machine of which one took long are left to
//! tasks for a while, twice as many each time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// An activity that has been tried for so long is one that blocks: a round of a shard is not longer.
const LONG: Duration = Duration::from_millis(1);

/// So many are left to tasks the first time.
const FIRST: u32 = 16;

/// So many at most. One that blocks holds up its shard once in so many times then.
const MOST: u32 = 1 << 20;

/// Whether activities of a machine are tried.
#[derive(Default)]
pub(super) struct Eager {
    /// So many are left to tasks from now on.
    left: AtomicU32,
    /// So many were, the last time.
    last: AtomicU32,
}

impl Eager {
    /// Asked for each activity: true if it is tried.
    pub(super) fn tries(&self) -> bool {
        // Shards ask at the same time, and it does not matter which of them is told what.
        let one_less = |left: u32| left.checked_sub(1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err()
    }

    /// Told for each that was tried.
    pub(super) fn took(&self, time: Duration) {
        if time < LONG {
            return;
        }
        let last = self.last.load(Ordering::Relaxed);
        let next = last.saturating_mul(2).clamp(FIRST, MOST);
        self.last.store(next, Ordering::Relaxed);
        self.left.store(next, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_left_to_tasks_for_longer_and_longer() {
        let eager = Eager::default();
        let until_tried = || (0..).take_while(|_| !eager.tries()).count() as u32;
        assert_eq!(until_tried(), 0);
        eager.took(LONG / 2);
        assert_eq!(until_tried(), 0);
        eager.took(LONG);
        assert_eq!(until_tried(), FIRST);
        assert_eq!(until_tried(), 0);
        eager.took(LONG);
        assert_eq!(until_tried(), 2 * FIRST);
        for _ in 0..40 {
            eager.took(LONG);
        }
        assert_eq!(until_tried(), MOST);
    }
}
