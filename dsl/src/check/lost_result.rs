//! W0403, for results: somebody takes the result of an activity. It is enough that one of the states
//! that invoke it does; `on done(_)` says that it is not wanted. A name that is taken and not read is
//! told like one of an event.

use super::ends;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Activity, ActivityId, ActivityKind, StateId, Trigger};

/// How many places a message shows.
const SHOWN: usize = 3;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (index, activity) in facts.model.declarations.activities.iter().enumerate() {
        if activity.result.is_none() || activity.name.text.starts_with('_') {
            continue;
        }
        let invoking = invoking(facts, ActivityId(index as u32));
        // What takes a step back has no other use.
        if invoking.iter().any(|id| facts.is_part(*id)) {
            continue;
        }
        // A state that hears of no end has a message of its own, or a reason.
        let hears = |id: &StateId| facts.reactions(*id).any(|r| r.trigger == Trigger::Result);
        let takes = |id: &StateId| {
            let fan_out = facts.tree.state(*id).fan_out.as_ref();
            let gives = fan_out.is_none_or(|fan_out| !fan_out.results.is_empty());
            gives && facts.reactions(*id).any(|r| r.trigger == Trigger::Result && r.pattern)
        };
        if invoking.iter().any(hears) && !invoking.iter().any(takes) {
            d.push(report(facts, activity, &invoking));
        }
    }
}

/// The states that invoke an activity.
fn invoking(facts: &Facts, activity: ActivityId) -> Vec<StateId> {
    let invokes = |id: &StateId| {
        facts.is_active(*id) && ends::calls(&facts.tree, *id).any(|invoke| invoke.calls(activity))
    };
    facts.tree.ids().filter(invokes).collect()
}

fn report(facts: &Facts, activity: &Activity, invoking: &[StateId]) -> Diagnostic {
    let message = format!("the result of `{}` is never used", activity.name.text);
    let mut report = Diagnostic::new(Code::LostValue, activity.name.span, message)
        .at("it gives one, and no `on done` takes it");
    let ends = invoking.iter().flat_map(|id| facts.reactions(*id));
    for end in ends.filter(|r| r.trigger == Trigger::Result).take(SHOWN) {
        report = report.label(end.head, "not taken here");
    }
    let is_joined = |id: &StateId| facts.tree.state(*id).fan_out.is_some();
    report.help(match activity.kind {
        // What a fan-out gives has names, and no pattern.
        ActivityKind::Host if invoking.iter().all(is_joined) => {
            "collect what the branches give behind the join, `into answers`, and read it in `on done`, \
             say that it is not wanted, `into _answers`, or declare the activity without a result"
        }
        ActivityKind::Host => {
            "take it, `on done(result)`, say that it is not wanted, `on done(_)`, or declare the \
             activity without a result"
        }
        ActivityKind::Machine(_) => {
            "take what the machine ends with, `on done(result)`, or say that it is not wanted, \
             `on done(_)`"
        }
        ActivityKind::Person => {
            "take the answer, `on done(answer)`, or say that none is wanted, `on done(_)`"
        }
    })
}
