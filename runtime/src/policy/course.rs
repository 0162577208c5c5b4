//! How far a call has come, and whether it is tried again: pure, so that it can be kept and replayed.

use super::{Backoff, Jitter, Policy};
use crate::activity::Failure;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The way of one call through its attempts. Times are those of whoever keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Course {
    /// Which call of its chain it is: 0 is the first, then come the fallbacks.
    pub(crate) call: u16,
    /// The attempt that runs, or waits to: 1 is the first.
    pub(crate) attempt: u32,
    /// It does not begin earlier.
    #[serde(with = "millis")]
    pub(crate) due: Duration,
    /// When the first attempt of the first call began.
    #[serde(with = "millis")]
    began: Duration,
    /// When the first attempt of this call began.
    #[serde(with = "millis")]
    call_began: Duration,
    /// An attempt before this one may have done what was asked, and nobody knows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unsure: bool,
}

// Serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(truth: &bool) -> bool {
    !truth
}

/// How an attempt has failed.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The error.
    pub(crate) failure: Failure,
    /// Trying again may help.
    pub(crate) is_transient: bool,
    /// Trying earlier does not help.
    pub(crate) retry_after: Option<Duration>,
    /// The call has something to fall back on.
    pub(crate) has_fallback: bool,
}

/// What comes behind a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another one, which is due then.
    Again,
    /// Nothing: this is how the call has ended.
    Over,
    /// Nothing, since the retry budget is spent.
    Spent,
}

impl Course {
    /// The first attempt of the first call, now.
    pub(crate) fn new(now: Duration) -> Self {
        let (call, attempt, unsure) = (0, 1, false);
        Self { call, attempt, due: now, began: now, call_began: now, unsure }
    }

    /// The first attempt of a fallback, now.
    pub(crate) fn of_fallback(self, call: u16, now: Duration) -> Self {
        Self { call, attempt: 1, due: now, call_began: now, unsure: false, ..self }
    }

    /// When the attempts of this call have to be over: by its own policy, and by that of the first
    /// call.
    pub(crate) fn deadline(
        &self,
        own: Option<&Policy>,
        first: Option<&Policy>,
    ) -> Option<Duration> {
        let limit = |policy: Option<&Policy>, from: Duration| {
            policy.and_then(|policy| policy.deadline).map(|limit| from.saturating_add(limit))
        };
        let (own, all) = (limit(own, self.call_began), limit(first, self.began));
        own.into_iter().chain(all).min()
    }

    /// What comes behind an attempt that has failed now. `spread` is any number, a different one for
    /// each attempt; `is_affordable` is asked if there is another attempt.
    pub(crate) fn failed(
        &mut self,
        policies: (Option<&Policy>, Option<&Policy>),
        end: &End,
        now: Duration,
        spread: u64,
        is_affordable: impl FnOnce() -> bool,
    ) -> Next {
        let (own, first) = policies;
        let Some(retry) = own.and_then(|policy| policy.retry.as_ref()) else { return Next::Over };
        let is_meant = (retry.transient && end.is_transient)
            || retry.on.iter().any(|name| *name == end.failure.name);
        // The circuit says that the service is down for a while: what stands in is there for that.
        let is_cut = end.failure.name == Failure::CIRCUIT_OPEN && end.has_fallback;
        if !is_meant || is_cut || self.attempt > retry.max {
            return Next::Over;
        }
        let pause = spread_out(pause(retry.backoff, self.attempt), retry.jitter, spread);
        let due = now.saturating_add(pause.max(end.retry_after.unwrap_or_default()));
        // An attempt that would begin too late is none.
        if self.deadline(own, first).is_some_and(|deadline| due >= deadline) {
            return Next::Over;
        }
        if !is_affordable() {
            return Next::Spent;
        }
        self.attempt += 1;
        self.due = due;
        self.unsure |= [Failure::TIMEOUT, Failure::UNEXPECTED].contains(&&*end.failure.name);
        Next::Again
    }
}

/// Times as whole milliseconds.
mod millis {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(crate::clock::millis(*time))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

/// The pause behind an attempt, in whole milliseconds.
fn pause(backoff: Backoff, attempt: u32) -> Duration {
    match backoff {
        Backoff::None => Duration::ZERO,
        Backoff::Fixed(pause) => pause,
        Backoff::Linear { from, to } => from.saturating_mul(attempt).min(to),
        Backoff::Exponential { from, to, factor } => {
            let exponent = i32::try_from(attempt - 1).unwrap_or(i32::MAX);
            let millis = from.as_millis() as f64 * factor.powi(exponent);
            // A float that is too large for the number becomes the largest one.
            Duration::from_millis(millis as u64).min(to)
        }
    }
}

/// A pause with its jitter, in whole milliseconds.
fn spread_out(pause: Duration, jitter: Jitter, spread: u64) -> Duration {
    let millis = crate::clock::millis(pause);
    let below = |limit: u64| mixed(spread) % limit.saturating_add(1);
    Duration::from_millis(match jitter {
        Jitter::None => millis,
        Jitter::Equal => millis - millis / 2 + below(millis / 2),
        Jitter::Full => below(millis),
    })
}

/// Any number as one that looks like none before it: the finisher of SplitMix64 (Steele, Lea and
/// Flood, 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Retry;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    const fn policy(retry: Option<Retry>, deadline: Option<Duration>) -> Policy {
        Policy {
            name: "Test/p",
            timeout: None,
            deadline,
            retry,
            budget: None,
            breaker: None,
            bulkhead: None,
            rate_limit: None,
        }
    }

    const fn retry(max: u32, backoff: Backoff) -> Retry {
        Retry { max, backoff, jitter: Jitter::None, transient: true, on: &["OutOfStock"] }
    }

    fn end(name: &str, is_transient: bool) -> End {
        let failure = Failure::new(name, name);
        End { failure, is_transient, retry_after: None, has_fallback: false }
    }

    /// The times at which attempts begin if all fail at once.
    fn begins(policy: &Policy, end: &End) -> Vec<Duration> {
        let mut course = Course::new(secs(100));
        let mut begins = vec![course.due];
        let both = (Some(policy), Some(policy));
        while course.failed(both, end, course.due, 0, || true) == Next::Again {
            begins.push(course.due);
        }
        begins.into_iter().map(|at| at - secs(100)).collect()
    }

    #[test]
    fn pauses_grow_as_declared() {
        let exponential = Backoff::Exponential { from: secs(1), to: secs(10), factor: 3.0 };
        let of = |backoff| begins(&policy(Some(retry(4, backoff)), None), &end("Down", true));
        assert_eq!(of(Backoff::None), [secs(0); 5]);
        assert_eq!(of(Backoff::Fixed(secs(2))), [0, 2, 4, 6, 8].map(secs));
        let linear = Backoff::Linear { from: secs(2), to: secs(5) };
        assert_eq!(of(linear), [0, 2, 6, 11, 16].map(secs));
        assert_eq!(of(exponential), [0, 1, 4, 13, 23].map(secs));
    }

    #[test]
    fn only_what_is_meant_is_tried_again() {
        let policy = policy(Some(retry(2, Backoff::None)), None);
        assert_eq!(begins(&policy, &end("Down", true)).len(), 3);
        assert_eq!(begins(&policy, &end("Declined", false)).len(), 1);
        assert_eq!(begins(&policy, &end("OutOfStock", false)).len(), 3);
    }

    #[test]
    fn no_attempt_begins_behind_the_deadline() {
        let policy = policy(Some(retry(9, Backoff::Fixed(secs(2)))), Some(secs(5)));
        assert_eq!(begins(&policy, &end("Down", true)), [0, 2, 4].map(secs));
    }

    #[test]
    fn a_server_can_say_when() {
        let policy = policy(Some(retry(1, Backoff::Fixed(secs(2)))), None);
        let end = End { retry_after: Some(secs(7)), ..end("RateLimited", true) };
        assert_eq!(begins(&policy, &end), [0, 7].map(secs));
    }

    #[test]
    fn an_open_circuit_is_not_waited_for_where_something_stands_in() {
        let policy = policy(Some(retry(1, Backoff::None)), None);
        let open = end(Failure::CIRCUIT_OPEN, true);
        assert_eq!(begins(&policy, &open).len(), 2);
        assert_eq!(begins(&policy, &End { has_fallback: true, ..open }).len(), 1);
    }

    #[test]
    fn an_attempt_that_nobody_can_afford_is_none() {
        let policy = policy(Some(retry(1, Backoff::None)), None);
        let both = (Some(&policy), Some(&policy));
        let mut course = Course::new(secs(0));
        assert_eq!(course.failed(both, &end("Down", true), secs(0), 0, || false), Next::Spent);
    }

    #[test]
    fn jitter_stays_in_its_bounds_and_spreads() {
        let spread = |jitter| {
            let pauses = (0..1000).map(|n| spread_out(secs(1), jitter, n).as_millis());
            pauses.fold((u128::MAX, 0, 0), |(least, most, sum), n| {
                (least.min(n), most.max(n), sum + n)
            })
        };
        let (least, most, sum) = spread(Jitter::Full);
        assert!(least < 20 && most > 980 && most <= 1000 && (450_000..550_000).contains(&sum));
        let (least, most, sum) = spread(Jitter::Equal);
        assert!(least >= 500 && most <= 1000 && (700_000..800_000).contains(&sum));
    }

    #[test]
    fn the_deadline_of_the_first_call_holds_for_what_stands_in() {
        let (first, own) = (policy(None, Some(secs(10))), policy(None, Some(secs(5))));
        let course = Course::new(secs(100)).of_fallback(1, secs(103));
        assert_eq!(course.deadline(Some(&own), Some(&first)), Some(secs(108)));
        let course = course.of_fallback(2, secs(109));
        assert_eq!(course.deadline(Some(&own), Some(&first)), Some(secs(110)));
        assert_eq!(course.deadline(None, None), None);
    }
}
