//! W0404: a state is not left by nothing but a timer that fires once and may find its guard false.
//!
//! `after` fires once. If its guards do not hold then, or a branch stays, nothing leads out of the
//! state any more, and nothing says so. An event, `always` or `every` that may lead out is enough,
//! and so are timers that cover every case between them.

use super::dead_end;
use super::exprs;
use super::facts::Facts;
use super::guards::{Cases, Terms};
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, Reaction, StateId, StateKind, Target, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let touched = dead_end::touched_from_beside(facts);
    let mut found: Vec<(&Reaction, StateId)> = Vec::new();
    for id in facts.tree.ids() {
        let is_left_from_beside = || facts.tree.ancestors(id).any(|s| touched[s.index()]);
        if facts.tree.kind(id) == StateKind::Atomic
            && facts.is_active(id)
            && !is_left_from_beside()
            && let Some(timer) = only_exit(facts, id)
        {
            found.push((timer, id));
        }
    }
    found.sort_by_key(|(timer, id)| (timer.span.order(), *id));
    for same in found.chunk_by(|a, b| a.0.span.order() == b.0.span.order()) {
        let states: Vec<StateId> = same.iter().map(|(_, id)| *id).collect();
        d.push(report(facts, same[0].0, &states));
    }
}

/// The first timer that leads out of a state, if nothing but timers does and all may be spent.
fn only_exit<'m>(facts: &Facts<'m>, id: StateId) -> Option<&'m Reaction> {
    let around = facts.tree.ancestors(id).flat_map(|s| facts.reactions(s));
    let exits: Vec<&Reaction> = around
        .filter(|r| r.trigger != Trigger::Done)
        .filter(|r| r.branches.iter().any(|branch| branch.target != Target::Stay))
        .collect();
    // How long a state is active says much about a guard that is read when its timer fires.
    let asks_time = |branch: &Branch| branch.guard.as_ref().is_some_and(exprs::reads_time);
    if !exits.iter().all(|exit| matches!(exit.trigger, Trigger::After(_)))
        || exits.iter().flat_map(|exit| &exit.branches).any(asks_time)
    {
        return None;
    }
    let mut terms = Terms::new(facts, &[id]);
    let mut stays = Cases::all();
    for exit in &exits {
        let own = cases_that_stay(&mut terms, exit)?;
        stays = terms.both(&stays, &own)?;
    }
    exits.first().copied().filter(|_| !stays.is_empty())
}

/// When a timer fires and nothing is left; `None` if that is too much to look at.
fn cases_that_stay<'m>(terms: &mut Terms<'_, 'm>, timer: &'m Reaction) -> Option<Cases> {
    let (mut stays, mut left) = (Cases::not_any(), Cases::all());
    for branch in &timer.branches {
        let Some(guard) = &branch.guard else {
            let rest = std::mem::replace(&mut left, Cases::not_any());
            if branch.target == Target::Stay {
                stays = stays.or(rest)?;
            }
            break;
        };
        if branch.target == Target::Stay {
            let own = terms.cases(guard, true)?;
            stays = stays.or(terms.both(&left, &own)?)?;
        }
        let other = terms.cases(guard, false)?;
        left = terms.both(&left, &other)?;
    }
    stays.or(left)
}

fn report(facts: &Facts, timer: &Reaction, states: &[StateId]) -> Diagnostic {
    let names: Vec<String> = states.iter().map(|id| facts.tree.path(*id)).collect();
    let message = format!("nothing but this timer leads out of {}", words::list(&names));
    let stays = timer.branches.iter().find(|branch| branch.target == Target::Stay);
    let report = Diagnostic::new(Code::SpentTimer, timer.head, message);
    let guard = timer.branches.iter().find_map(|branch| branch.guard.as_ref());
    let report = match (stays, guard) {
        (Some(branch), _) => report.label(branch.span, "fires once, and stays here"),
        (None, Some(guard)) => report.label(guard.span, "fires once, and this may not hold then"),
        (None, None) => report,
    };
    report.help(
        "say what happens in the other case: an `else` that leads out, a later timer without a \
         guard, an event, or `every`, which fires again",
    )
}
