//! W0504: what is tried again is tried later, and not by all callers at the same moment.
//!
//! A single attempt more doubles the load at most, and a retry budget, a circuit breaker or a rate limit
//! keep a storm small whatever the pauses are: these are not doubted.

use super::calls;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Backoff, Jitter, Policy, Retry};
use crate::span::Span;

/// So many attempts behind the first are harmless.
const HARMLESS: u32 = 1;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for policy in calls::policies(facts) {
        let is_bounded =
            policy.budget.is_some() || policy.breaker.is_some() || policy.rate_limit.is_some();
        let retry = policy.retry.as_ref().filter(|retry| retry.max > HARMLESS && !is_bounded);
        retry.and_then(|retry| report(policy, retry)).into_iter().for_each(|report| d.push(report));
    }
}

fn report(policy: &Policy, retry: &Retry) -> Option<Diagnostic> {
    let name = &policy.name.text;
    let new = |place: Option<Span>, what: String| {
        Diagnostic::new(Code::RetryStorm, place.unwrap_or(retry.span), what).label(
            policy.name.span,
            format!("up to {} attempts for each call", u64::from(retry.max) + 1),
        )
    };
    let (backoff, jitter) = retry.places;
    if retry.backoff == Backoff::None {
        let what = format!("`{name}` tries again without a pause");
        let report = new(backoff, what)
            .at("as often as it can, while the service is down")
            .help("let the pauses grow, or bound the attempts by a `retry budget`");
        return Some(match backoff {
            Some(place) => report.fix("let pauses grow", place, "exponential 200ms..30s"),
            None => report,
        });
    }
    (retry.jitter == Jitter::None).then(|| {
        let what = format!("all callers of `{name}` try again at the same moment");
        let report = new(jitter, what)
            .at("those that fail together come back together")
            .help("spread the pauses, or bound the attempts by a `retry budget`");
        match jitter {
            Some(place) => report.fix("write `full`", place, "full"),
            None => report,
        }
    })
}
