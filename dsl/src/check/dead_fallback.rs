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

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (_, invoke) in calls::invokes(facts) {
        let calls = calls::of(&facts.model.declarations, invoke);
        for (at, call) in calls.iter().enumerate().skip(1) {
            let before = &calls[..at];
            let certain = before.iter().find(|call| matches!(call.work, Work::Function(_)));
            let found = certain.map(|certain| unreached(call, certain));
            let found = found.or_else(|| {
                let same = before.iter().find(|before| is_same(before, call))?;
                Some(repeated(call, same))
            });
            let Some(report) = found else { continue };
            let behind = calls[at - 1].span;
            let rest = Span { start: behind.end, ..call.span };
            d.push(report.fix("remove this fallback", rest, ""));
        }
    }
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

fn repeated(call: &Call, same: &Call) -> Diagnostic {
    let message = format!("`{}` has failed with these arguments already", call.name);
    Diagnostic::new(Code::DeadFallback, call.span, message)
        .at("tried once more, under the same policy")
        .label(same.span, "first tried here")
        .help("say how often it is tried in a policy, `retry max 1`, or remove it")
}
