//! The time of an engine: that of the wall at its start, then as the monotonic clock goes on.

use crate::clock::millis;
use crate::store::Millis;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Tells the time in whole milliseconds since 1970.
///
/// It never goes back, neither while the engine runs, since a wall clock that is set meanwhile is
/// not looked at, nor from one run to the next, since it begins at the last commit if the wall
/// clock is behind that. So a timer never fires early, and one is not a day late because the clock
/// was a day fast once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    zero: Duration,
    start: Instant,
    /// The wall clock was behind the last commit: it was set back since.
    is_behind: bool,
}

impl Time {
    pub(super) fn new(wall: Millis, last: Millis) -> Self {
        let zero = Duration::from_millis(wall.max(last));
        Self { zero, start: Instant::now(), is_behind: wall < last }
    }

    /// What was to begin later has not begun before now; the end of time if the clock cannot say.
    pub(super) fn begun_by(&self) -> Millis {
        if self.is_behind { Millis::MAX } else { self.millis() }
    }

    pub(super) fn millis(&self) -> Millis {
        millis(self.zero + self.start.elapsed())
    }

    /// When it is so late; `None` if that is farther away than can be said.
    pub(super) fn instant(&self, millis: Millis) -> Option<Instant> {
        // A millisecond is over when the next one has begun.
        self.start.checked_add(Duration::from_millis(millis).saturating_sub(self.zero))
    }
}

/// The wall clock of the system.
pub(super) fn wall() -> Millis {
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}
