//! W0511: every fallback is tried at some time, and is not what has just failed.
//!
//! Nothing is tried behind a `fn`, which does not fail. The same activity with the same arguments has
//! failed already; under another policy it may have more time, and is not doubted.

use super::calls::{self, Call};
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Policy, Work};
use crate::span::Span;
use std::ops::Range;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (_, invoke) in calls::invokes(facts) {
        let calls = calls::of(&facts.model.declarations, invoke);
        let is_certain = |call: &Call| matches!(call.work, Work::Function(_));
        let tried = calls.iter().position(is_certain).map_or(calls.len(), |at| at + 1);
        d.extend(repeated(&calls[..tried]));
        if let Some(first) = calls.get(tried) {
            let report = unreached(first, &calls[tried - 1]);
            d.push(removal(report, &calls, tried..calls.len()));
        }
    }
}

/// Says of how many the first is, and offers to remove all of them.
fn removal(report: Diagnostic, calls: &[Call], all: Range<usize>) -> Diagnostic {
    let (before, last) = (calls[all.start - 1].span, calls[all.end - 1].span);
    let report = match all.len() {
        1 => report,
        many => report.note(format!("so it is with {many} fallbacks in a row")),
    };
    let these = if all.len() == 1 { "this fallback" } else { "these fallbacks" };
    report.fix(&format!("remove {these}"), Span { start: before.end, ..last }, "")
}

fn is_same(one: &Call, other: &Call) -> bool {
    let policy = |call: &Call| call.policy.map(|policy: &Policy| policy.name.text.clone());
    one.work == other.work && one.args == other.args && policy(one) == policy(other)
}

fn unreached(call: &Call, certain: &Call) -> Diagnostic {
    let message = format!("`{}` is never tried", call.name);
    Diagnostic::new(Code::DeadFallback, call.span, message)
        .at("stands behind what cannot fail")
        .label(certain.span, "a fn always gives a result")
        .help("put it in front of the fn, or remove it")
}

/// What has failed already: one report for all of a chain.
fn repeated(calls: &[Call]) -> Option<Diagnostic> {
    let same = |at: usize| calls[..at].iter().find(|before| is_same(before, &calls[at]));
    let mut again = (1..calls.len()).filter(|at| same(*at).is_some());
    let first = again.next()?;
    let run = 1 + again.clone().zip(first + 1..).take_while(|(at, next)| at == next).count();
    let call = &calls[first];
    let message = format!("`{}` has failed with these arguments already", call.name);
    let report = Diagnostic::new(Code::DeadFallback, call.span, message)
        .at("tried once more, under the same policy")
        .label(same(first)?.span, "first tried here")
        .help("say how often it is tried in a policy, `retry max 1`, or remove it");
    let others = 1 + again.count() - run;
    Some(match others {
        0 => removal(report, calls, first..first + run),
        1 => report.note("one more behind it has failed already too"),
        _ => report.note(format!("{others} more behind it have failed already too")),
    })
}
