//! W0606: what takes a step back is tried again, and does not hang. The step could be given up; taking it
//! back cannot.

use super::acts;
use crate::ast::Role;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Limit, Policy};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for act in acts(facts).iter().filter(|act| act.role == Role::Undo) {
        let called = act.called(facts);
        // A machine that takes a step back is waited for, and what it calls has policies of its own.
        if !called.is_of_host() {
            continue;
        }
        let activity = &called.name.text;
        let policy = act.policy(facts);
        let (missing, help) = match policy {
            None => (
                "tried once, for as long as it takes",
                format!("add `with` a policy that sets `timeout` and `retry` to `{activity}(..)`"),
            ),
            Some(policy) if policy.retry.is_none() => {
                ("tried once", format!("add `retry max N on transient` to `{}`", policy.name.text))
            }
            Some(policy) if is_endless(policy) => {
                ("may hang for ever", format!("add a `timeout` to `{}`", policy.name.text))
            }
            Some(_) => continue,
        };
        let message = format!("`{activity}` is all that takes `{}` back", act.step.text);
        let mut report = Diagnostic::new(Code::FrailUndo, act.invoke.head, message)
            .at(missing)
            .label(act.step.span, "stays done if that fails");
        if let Some(policy) = policy {
            report = report.label(policy.name.span, "its policy");
        }
        d.push(report.help(help));
    }
}

fn is_endless(policy: &Policy) -> bool {
    policy.timeout == Limit::Unset && policy.deadline == Limit::Unset
}
