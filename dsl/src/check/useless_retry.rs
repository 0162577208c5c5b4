//! W0505: what is tried again can end otherwise the next time, and an attempt that hangs comes to an
//! end, so that there is a next time.

use super::calls;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Limit, Policy, Retry};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for policy in calls::policies(facts) {
        if let Some(retry) = &policy.retry {
            permanent(facts, retry, d);
            if policy.timeout == Limit::Unset {
                d.push(hangs(policy, retry));
            }
        }
    }
}

/// Errors that stay whatever is tried.
fn permanent(facts: &Facts, retry: &Retry, d: &mut Diagnostics) {
    for (error, place) in &retry.on {
        let error = &facts.model.declarations.errors[error.index()];
        if error.transient {
            continue;
        }
        let name = &error.name.text;
        let report =
            Diagnostic::new(Code::UselessRetry, *place, format!("`{name}` stays when tried again"))
                .at("a permanent error")
                .label(error.name.span, "not `transient`")
                .help("declare it `transient` if trying again may help, or leave it out here");
        // Beside `transient` and with other names, leaving it out is not one word for another.
        d.push(match retry.transient {
            true => report,
            false => report.fix("try transient errors again", *place, "transient"),
        });
    }
}

fn hangs(policy: &Policy, retry: &Retry) -> Diagnostic {
    let name = &policy.name.text;
    let message = format!("`{name}` never tries again what hangs");
    Diagnostic::new(Code::UselessRetry, retry.span, message)
        .at("comes behind an attempt that has ended")
        .label(policy.name.span, "sets no `timeout`, so an attempt may go on for ever")
        .help("add a `timeout`, which is for each attempt, or `timeout never` if none can hang")
}
