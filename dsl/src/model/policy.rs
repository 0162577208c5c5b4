//! Policies: how hard a call is tried.

use super::failures::{CIRCUIT_OPEN, OVERLOADED, TIMEOUT, UNEXPECTED};
use super::{ErrorId, Name};
use crate::span::Span;

/// `policy gateway { .. }`. All times are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// The machine that declares it, if that is another one.
    pub imported: Option<String>,
    /// Of each attempt.
    pub timeout: Limit,
    /// Of all attempts, of fallbacks too if it is that of the first call.
    pub deadline: Limit,
    /// Attempts behind the first.
    pub retry: Option<Retry>,
    /// The share of calls, in percent, that may be attempts behind the first.
    pub budget: Option<u8>,
    /// Stops calling what fails all the time.
    pub breaker: Option<Breaker>,
    /// So many calls at once, and so many that wait for their turn.
    pub bulkhead: Option<(u32, u32)>,
    /// So many calls in so long.
    pub rate_limit: Option<(u32, u64)>,
    /// What it sets, by the words that it begins with, with their places.
    pub settings: Vec<(&'static str, Span)>,
    /// The head, for messages.
    pub span: Span,
}

/// A limit in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nothing is said.
    Unset,
    /// `never`: there is none, on purpose.
    Never,
    /// After so many milliseconds.
    After(u64),
}

/// `retry max 3 backoff exponential 1s..20s jitter full on transient`
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// How many attempts behind the first.
    pub max: u32,
    /// How long between them.
    pub backoff: Backoff,
    /// How that is spread.
    pub jitter: Jitter,
    /// `on transient`, or nothing behind `on`.
    pub transient: bool,
    /// Errors behind `on`, with their places.
    pub on: Vec<(ErrorId, Span)>,
    /// Errors behind `on` that no machine declares: `Timeout`, `CircuitOpen`, `Overloaded`,
    /// `Unexpected`.
    pub built_in: Vec<&'static str>,
    /// What stands behind `backoff` and behind `jitter`, if they are given.
    pub places: (Option<Span>, Option<Span>),
    /// All of it.
    pub span: Span,
}

/// How the pauses between attempts grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backoff {
    /// There are none.
    None,
    /// All are as long.
    Fixed(u64),
    /// Each is longer by the first one.
    Linear {
        /// The first.
        from: u64,
        /// The longest.
        to: u64,
    },
    /// Each is longer by a factor.
    Exponential {
        /// The first.
        from: u64,
        /// The longest.
        to: u64,
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

/// `circuit_breaker failures 5 within 30s open 1m probes 2`
#[derive(Clone, Debug, PartialEq)]
pub struct Breaker {
    /// What opens it.
    pub trip: Trip,
    /// Older calls are forgotten.
    pub within: u64,
    /// How long it stays open.
    pub open: u64,
    /// So many calls have to succeed before it closes.
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

impl Policy {
    /// The errors that no machine declares and that a policy can be told to retry.
    pub const BUILT_IN: [&'static str; 4] = [TIMEOUT, CIRCUIT_OPEN, OVERLOADED, UNEXPECTED];

    /// Where a setting stands; the head of the policy if it is not given.
    pub fn place(&self, word: &str) -> Span {
        let found = self.settings.iter().find(|(setting, _)| *setting == word);
        found.map_or(self.span, |(_, span)| *span)
    }
}
