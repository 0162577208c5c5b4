//! Policies: how hard a call is tried, from the outermost to the innermost:
//!
//! ```text
//! deadline > fallback > retry > circuit breaker > bulkhead, rate limit > timeout of one attempt
//! ```
//! What a fallback is, is part of the machine. All else is here, and the machine hears only of the
//! end of it.
//!
//! * [`commons`]: what calls have in common, and with whom.
//! * [`course`]: how far a call has come, and whether it is tried again. Pure, and kept by the engine.
//! * [`breaker`], [`rate`], [`budget`]: what all calls of a program share, as plain values with
//!   time given from outside.
//! * [`gate`]: these behind locks, around one attempt.
//! * [`sharing`]: results that stand for several calls.
//! * [`call`]: one attempt with all of it.

#[cfg(feature = "tokio")]
mod breaker;
#[cfg(feature = "tokio")]
mod budget;
#[cfg(feature = "tokio")]
mod call;
#[cfg(feature = "tokio")]
mod commons;
#[cfg(feature = "tokio")]
mod course;
#[cfg(feature = "tokio")]
mod gate;
#[cfg(feature = "engine")]
pub(crate) mod meters;
#[cfg(feature = "tokio")]
mod rate;
#[cfg(feature = "tokio")]
mod sharing;

#[cfg(feature = "tokio")]
pub(crate) use call::Place;
#[cfg(feature = "tokio")]
pub use commons::Commons;
#[cfg(feature = "tokio")]
pub(crate) use course::{Course, Next};

use std::time::Duration;

/// How hard a call is tried, as a machine declares it.
#[derive(Debug)]
pub struct Policy {
    /// The machine that declares it, and its name there: calls under the same name share its
    /// circuit breaker and its limits.
    pub name: &'static str,
    /// Of each attempt.
    pub timeout: Option<Duration>,
    /// Of all attempts; of a first call also of those of its fallbacks.
    pub deadline: Option<Duration>,
    /// Attempts behind the first.
    pub retry: Option<Retry>,
    /// The share of calls, in percent, that may be attempts behind the first.
    pub budget: Option<u8>,
    /// Stops calling what fails all the time.
    pub breaker: Option<Breaker>,
    /// How many attempts run at once.
    pub bulkhead: Option<Bulkhead>,
    /// How many attempts begin in a time.
    pub rate_limit: Option<RateLimit>,
}

/// Attempts behind the first.
#[derive(Debug)]
pub struct Retry {
    /// At most so many.
    pub max: u32,
    /// How long between them.
    pub backoff: Backoff,
    /// How that is spread.
    pub jitter: Jitter,
    /// Behind transient errors.
    pub transient: bool,
    /// Behind errors of these names.
    pub on: &'static [&'static str],
}

/// How the pauses between attempts grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backoff {
    /// There are none.
    None,
    /// All are as long.
    Fixed(Duration),
    /// Each is longer by the first one.
    Linear {
        /// The first.
        from: Duration,
        /// The longest.
        to: Duration,
    },
    /// Each is longer by a factor.
    Exponential {
        /// The first.
        from: Duration,
        /// The longest.
        to: Duration,
        /// The factor.
        factor: f64,
    },
}

/// How pauses are spread, so that callers that failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Between half and all of the pause.
    Equal,
    /// Between nothing and all of it.
    Full,
}

/// When a circuit opens and closes.
#[derive(Debug, PartialEq, Eq)]
pub struct Breaker {
    /// What opens it.
    pub trip: Trip,
    /// Older calls are forgotten.
    pub within: Duration,
    /// How long it stays open.
    pub open: Duration,
    /// So many calls have to succeed before it closes, and so many are let through meanwhile.
    pub probes: u32,
}

/// What opens a circuit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// So many failures.
    Failures(u32),
    /// A share of failures, in percent, among at least so many calls.
    Rate {
        /// The share.
        percent: u8,
        /// How many calls.
        of: u32,
    },
}

/// How many attempts run at once.
#[derive(Debug, PartialEq, Eq)]
pub struct Bulkhead {
    /// So many run.
    pub max: u32,
    /// So many wait for their turn; more are refused.
    pub queue: u32,
}

/// How many attempts begin in a time.
#[derive(Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// So many.
    pub max: u32,
    /// In any time of this length. More wait.
    pub per: Duration,
}

/// What an error says of the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// If it may help.
    pub kind: FaultKind,
    /// An earlier one does not help: `retry_after` of an error.
    pub retry_after: Option<Duration>,
}

/// What the machine says of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The answer of a service that works: the next attempt ends the same way.
    Permanent,
    /// Declared as `transient`.
    Transient,
    /// Not declared.
    Unexpected,
}

/// For which calls a result stands beside the one that it is of.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// For those with the same text, for so long.
    pub cache: Option<(String, Duration)>,
    /// For those with the same text that are made at the same time.
    pub coalesce: Option<String>,
}
