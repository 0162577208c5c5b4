//! W0509, for people: what is to happen while a person is waited for happens before the wait is over.
//!
//! A timer at the end of the wait comes for nothing too: the task is closed at that time.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EffectKind, ExprKind, Reaction, Target, TaskTimeout, Trigger};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for id in facts.tree.ids() {
        let task = facts.tree.state(id).invoke.as_ref().and_then(|invoke| invoke.task.as_ref());
        let Some(TaskTimeout::After(end)) = task.map(|task| task.timeout) else { continue };
        let end = facts.reaction(end);
        let Some((over, place)) = time(end).filter(|_| leaves(end)) else { continue };
        for timer in facts.reactions(id) {
            let Some(what) = of_task(timer) else { continue };
            if let Some((due, _)) = time(timer).filter(|(due, _)| *due >= over) {
                d.push(report(what, timer.span, (due == over, place)));
            }
        }
    }
}

/// When a timer is first due, and where that is written.
fn time(timer: &Reaction) -> Option<(u64, Span)> {
    match &timer.trigger {
        Trigger::After(time) | Trigger::Every(time) => match time.kind {
            ExprKind::Duration(millis) => Some((millis, time.span)),
            _ => None,
        },
        _ => None,
    }
}

/// True if nobody is waited for any more behind it.
fn leaves(reaction: &Reaction) -> bool {
    reaction.is_certain() && reaction.branches.iter().all(|branch| branch.target != Target::Stay)
}

/// What a timer does with the task, if it is made for that.
fn of_task(timer: &Reaction) -> Option<&'static str> {
    let effects = timer.branches.iter().flat_map(|branch| &branch.effects);
    effects.into_iter().find_map(|effect| match effect.kind {
        EffectKind::Remind(_) => Some("nobody is reminded"),
        EffectKind::Escalate(..) => Some("this is never escalated"),
        _ => None,
    })
}

fn report(what: &str, place: Span, (at_end, end): (bool, Span)) -> Diagnostic {
    let at = match at_end {
        true => "comes when nobody is waited for any more",
        false => "comes behind the end of the wait",
    };
    Diagnostic::new(Code::NoTimeLeft, place, format!("{what}: the time is up before"))
        .at(at)
        .label(end, "the end of the wait")
        .help("let it come earlier, or wait longer")
}
