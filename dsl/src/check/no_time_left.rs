//! W0509: if the service hangs, there is time for all attempts of a policy, and for all that stands in,
//! before its deadline is over or a timer leads out of the state.
//!
//! Told is what does not even begin in time. The last attempt may be cut short: that is what a deadline
//! is for. A fallback that the deadline of the first call cuts off is not told: the end of the chain is
//! reached all the same.

use super::calls::{self, Call};
use super::facts::Facts;
use super::no_timeout;
use crate::ast::duration;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ExprKind, Policy, Reaction, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for policy in calls::policies(facts) {
        deadline(policy).into_iter().for_each(|report| d.push(report));
    }
    for (id, invoke) in calls::invokes(facts) {
        let timers = no_timeout::timers_out(facts, id);
        let shortest = timers.filter_map(|timer| Some((constant(timer)?, timer)));
        let Some((limit, timer)) = shortest.min_by_key(|(limit, _)| *limit) else { continue };
        let calls = calls::of(&facts.model.declarations, invoke);
        if let Some((call, attempt)) = first_late(&calls, limit) {
            d.push(cut_off(&calls, (call, attempt), limit, timer));
        }
    }
}

/// The milliseconds of a timer whose delay is written down.
fn constant(timer: &Reaction) -> Option<u64> {
    match &timer.trigger {
        Trigger::After(delay) => match delay.kind {
            ExprKind::Duration(millis) => Some(millis),
            _ => None,
        },
        _ => None,
    }
}

/// A policy whose own deadline comes too early.
fn deadline(policy: &Policy) -> Option<Diagnostic> {
    let limit = calls::millis(policy.deadline)?;
    let timeout = calls::millis(policy.timeout)?;
    let begins = calls::begins(policy)?;
    let in_time = begins.iter().take_while(|begin| **begin < limit).count();
    let (name, deadline) = (&policy.name.text, duration(limit));
    let place = policy.place("deadline");
    if let Some(retry) = policy.retry.as_ref().filter(|_| in_time < begins.len()) {
        let all = u64::from(retry.max) + 1;
        let message = format!(
            "the deadline of `{name}` leaves room for {in_time} of {all} attempts that hang"
        );
        return Some(
            Diagnostic::new(Code::NoTimeLeft, place, message)
                .at(format!("over before attempt {} begins", in_time + 1))
                .label(policy.place("timeout"), "how long each may take")
                .label(retry.span, "with these pauses between them")
                .note(begins_after(in_time, begins[in_time]))
                .help(
                    "make the deadline longer, or the timeout, the pauses or their number smaller",
                ),
        );
    }
    (policy.retry.is_none() && timeout > limit).then(|| {
        Diagnostic::new(
            Code::NoTimeLeft,
            policy.place("timeout"),
            format!("`{name}` never waits for its timeout"),
        )
        .at("longer than the deadline")
        .label(place, format!("ends the call after {deadline}"))
        .help("make the deadline longer, or leave one of them out")
    })
}

fn begins_after(before: usize, millis: u64) -> String {
    format!("if all before it hang, attempt {} begins after {}", before + 1, duration(millis))
}

/// The first call of a chain with an attempt that begins too late, and which attempt, from 0.
fn first_late(calls: &[Call], limit: u64) -> Option<(usize, usize)> {
    let all = calls[0].policy.and_then(|policy| calls::millis(policy.deadline));
    let mut now = 0_u64;
    for (at, call) in calls.iter().enumerate() {
        if now >= limit {
            return Some((at, 0));
        }
        let policy = call.policy?;
        let begins = calls::begins(policy)?;
        let own = calls::millis(policy.deadline).map(|own| now.saturating_add(own));
        let deadline = own.into_iter().chain(all).min();
        let is_late = |begin: &u64| now.saturating_add(*begin) >= limit;
        // What the deadline cuts off is no matter of the timer.
        let is_tried = |begin: &u64| deadline.is_none_or(|end| now.saturating_add(*begin) < end);
        if let Some(attempt) = begins.iter().position(is_late).filter(|n| is_tried(&begins[*n])) {
            return Some((at, attempt));
        }
        let last = begins.last().copied().unwrap_or_default();
        let end = now.saturating_add(last).saturating_add(calls::millis(policy.timeout)?);
        now = deadline.map_or(end, |deadline| deadline.min(end));
    }
    None
}

fn cut_off(
    calls: &[Call],
    (at, attempt): (usize, usize),
    limit: u64,
    timer: &Reaction,
) -> Diagnostic {
    let call = &calls[at];
    let limit = duration(limit);
    let message = match attempt {
        0 if at == 0 => format!("`{}` has no time at all", call.name),
        0 => format!("if what it stands for hangs, `{}` is never tried", call.name),
        n => format!("if `{}` hangs, attempt {} is never made", call.name, n + 1),
    };
    let mut report = Diagnostic::new(Code::NoTimeLeft, call.span, message)
        .at(format!("is not begun within {limit}"))
        .label(timer.head, "leads out of the state before");
    let tried = if attempt == 0 { &calls[..at] } else { &calls[at..=at] };
    let mut told: Vec<&str> = Vec::new();
    for policy in tried.iter().filter_map(|call| call.policy) {
        if !told.contains(&policy.name.text.as_str()) {
            told.push(&policy.name.text);
            report = report.label(policy.name.span, "says how long attempts may take");
        }
    }
    report.help("let the timer come later, or give up earlier")
}
