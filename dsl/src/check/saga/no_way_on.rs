//! E0605: behind the pivot a saga only goes forward, so a step there is tried again, or something catches
//! its errors.

use super::{Act, acts};
use crate::ast::Role;
use crate::check::ends;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::ErrorKind;

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let acts = acts(facts);
    for act in acts.iter().filter(|act| act.role == Role::Later) {
        if is_retried(facts, act) || is_caught(facts, act) {
            continue;
        }
        let name = &act.step.text;
        let message = format!("if `{name}` fails, the saga goes neither forward nor back");
        let mut report = Diagnostic::new(Code::NoWayOn, act.step.span, message)
            .at("behind the pivot, and tried once only");
        let mut same_saga = acts.iter().filter(|other| other.saga == act.saga);
        if let Some(pivot) = same_saga.find(|other| other.role == Role::Pivot) {
            report = report.label(pivot.step.span, "from here on nothing is taken back");
        }
        d.push(report.help(match act.called(facts).is_of_host() {
            true => {
                "call it `with` a policy that says `retry max N on transient`, or catch its errors: \
                 `on error(e) -> ..`"
            }
            false => "catch the errors of the machine: `on error(e) -> ..`",
        }));
    }
}

/// True if it is tried again when that may help.
fn is_retried(facts: &Facts, act: &Act) -> bool {
    act.policy(facts).and_then(|policy| policy.retry.as_ref()).is_some_and(|retry| retry.transient)
}

fn is_caught(facts: &Facts, act: &Act) -> bool {
    let mut around = facts.tree.ancestors(act.state).flat_map(|state| facts.reactions(state));
    around.any(|reaction| ends::catches(reaction, ErrorKind::Unexpected))
}
