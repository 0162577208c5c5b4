//! W0702: a fan-out with many branches says how many of them run at once, or the policy of its call
//! bounds it.
//!
//! So many branches run at once where nothing is said that a service feels it.

use super::all;
use crate::check::calls;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::DEFAULT_CONCURRENCY;

/// More branches than this are many.
const MANY: u32 = 8;

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (_, fan_out) in all(facts) {
        let Some(over) = &fan_out.over else { continue };
        let Some(max) = over.max.filter(|max| *max > MANY) else { continue };
        if fan_out.concurrency.is_some() {
            continue;
        }
        for call in &fan_out.calls {
            let calls = calls::of(&facts.model.declarations, call);
            let first = calls[0];
            let is_bound = |policy: &crate::model::Policy| {
                policy.bulkhead.is_some() || policy.rate_limit.is_some()
            };
            if first.policy.is_some_and(is_bound) {
                continue;
            }
            let at_once = max.min(DEFAULT_CONCURRENCY);
            let message = format!("`{}` is called {at_once} times at once", first.name);
            let mut report = Diagnostic::new(Code::Herd, first.span, message)
                .at("nothing bounds how many of them run")
                .label(over.list.span, format!("up to {max} branches"));
            if let Some(policy) = first.policy {
                report = report.label(policy.name.span, "has no `rate_limit` and no `bulkhead`");
            }
            d.push(report.help(
                "say how many may run at once behind `max`, as `concurrency 4`, or bound them in its \
                 policy by a `rate_limit` or a `bulkhead`",
            ));
        }
    }
}
