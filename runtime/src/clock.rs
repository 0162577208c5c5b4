//! Time: a duration since an arbitrary zero, read from a clock that is handed in.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// Tells the time. A machine never looks at another clock than the one it is handed.
pub trait Clock {
    /// The time since the clock's zero. Never goes back.
    fn now(&self) -> Duration;
}

/// A time is a clock that stands still.
impl Clock for Duration {
    fn now(&self) -> Duration {
        *self
    }
}

/// A time in whole milliseconds, or the longest that there is.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl<C: Clock + ?Sized> Clock for &C {
    fn now(&self) -> Duration {
        (**self).now()
    }
}

/// A clock that is put forward by hand: for tests and simulations.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Cell<Duration>);

impl ManualClock {
    /// A clock at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the clock forward. It stops at the largest duration.
    pub fn advance(&self, by: Duration) {
        self.0.set(self.0.get().saturating_add(by));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        self.0.get()
    }
}

/// The time since the clock was made, by the monotonic clock of the system.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// A clock whose zero is now.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}
