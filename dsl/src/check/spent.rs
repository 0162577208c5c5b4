//! W0404: a state is not left by nothing but what happens once and may find its guard false.
//!
//! `after` fires once, and a call, a person, a fan-out or another machine ends once. If its guards do not
//! hold then, or a branch stays, nothing leads out of the state any more, and nothing says so. An event,
//! `always` or `every` that may lead out is enough, and so are ends and timers that cover every case between them: of
//! the ends of one call each has to, since only one comes. An error that no guard lets through fails the step
//! and is heard of; a result is dropped. A call that has ended is no reason to leave a state in which
//! something else happens all the same, so that is not doubted.

use super::dead_end;
use super::ends;
use super::exprs;
use super::facts::Facts;
use super::fan_out::tie;
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
            && let Some(exit) = only_exit(facts, id)
        {
            found.push((exit, id));
        }
    }
    found.sort_by_key(|(exit, id)| (exit.span.order(), *id));
    for same in found.chunk_by(|a, b| a.0.span.order() == b.0.span.order()) {
        let states: Vec<StateId> = same.iter().map(|(_, id)| *id).collect();
        d.push(report(facts, same[0].0, &states));
    }
}

fn is_timer(reaction: &Reaction) -> bool {
    matches!(reaction.trigger, Trigger::After(_))
}

fn leads_out(reaction: &Reaction) -> bool {
    reaction.branches.iter().any(|branch| branch.target != Target::Stay)
}

/// The end, or the first timer, that leads out of a state, if nothing but ends and timers does and all
/// may be spent.
fn only_exit<'m>(facts: &Facts<'m>, id: StateId) -> Option<&'m Reaction> {
    let around = || facts.tree.ancestors(id).flat_map(|s| facts.reactions(s));
    let callers: Vec<StateId> =
        facts.tree.ancestors(id).filter(|s| ends::has_calls(&facts.tree, *s)).collect();
    let exits: Vec<&Reaction> =
        around().filter(|r| r.trigger != Trigger::Done && leads_out(r)).collect();
    let mut terms = Terms::new(facts, &[id]);
    let mut stays = Cases::all();
    let mut first = exits.iter().copied().find(|exit| is_timer(exit));
    if exits.iter().any(|exit| !is_timer(exit)) {
        let is_end = |r: &Reaction| matches!(r.trigger, Trigger::Result | Trigger::Error(_));
        let waits_besides =
            around().any(|r| !is_timer(r) && !is_end(r) && r.trigger != Trigger::Done);
        let [caller] = callers.as_slice() else { return None };
        if waits_besides || facts.is_part(*caller) || hears_others(facts, *caller, &exits) {
            return None;
        }
        let (end, own) = when_the_call_has_ended(facts, *caller, &mut terms)?;
        first = Some(end);
        stays = own;
    }
    // How long a state is active says much about a guard that is read when its timer fires.
    let asks_time = |branch: &Branch| branch.guard.as_ref().is_some_and(exprs::reads_time);
    if exits.iter().flat_map(|exit| &exit.branches).any(asks_time) {
        return None;
    }
    for timer in exits.iter().filter(|exit| is_timer(exit)) {
        let (own, left) = stays_and_left(&mut terms, timer, Cases::all())?;
        stays = terms.both(&stays, &own.or(left)?)?;
    }
    first.filter(|_| !stays.is_empty())
}

/// True if one of these may hear of something that another state calls, of which there may be several.
fn hears_others(facts: &Facts, caller: StateId, exits: &[&Reaction]) -> bool {
    let beside = |outer: StateId| {
        let others = facts.tree.inside(outer).filter(|s| !facts.tree.contains(*s, caller));
        let is_parallel = |s: StateId| facts.tree.kind(s) == StateKind::Parallel;
        let mut around = facts.tree.ancestors(caller).take_while(|s| *s != outer).chain([outer]);
        around.any(is_parallel) && others.into_iter().any(|s| ends::has_calls(&facts.tree, s))
    };
    let mut errors = exits.iter().filter(|exit| matches!(exit.trigger, Trigger::Error(_)));
    errors.any(|exit| beside(exit.source))
}

/// What hears of the end of a call that may lead nowhere, and when that is so: for any of its ends, since
/// one of them comes and no other.
fn when_the_call_has_ended<'m>(
    facts: &Facts<'m>,
    caller: StateId,
    terms: &mut Terms<'_, 'm>,
) -> Option<(&'m Reaction, Cases)> {
    let state = facts.tree.state(caller);
    let (mut first, mut stays) = (None, Cases::not_any());
    let result = facts.reactions(caller).find(|r| r.trigger == Trigger::Result);
    // What nothing waits for may never come.
    if let Some(reaction) = result {
        if state.fan_out.as_ref().is_some_and(|of| tie::is_unheard(of, reaction)) {
            return None;
        }
        let (own, left) = stays_and_left(terms, reaction, Cases::all())?;
        let own = own.or(left)?;
        if !own.is_empty() {
            first = Some(reaction);
        }
        stays = stays.or(own)?;
    }
    for kind in facts.model.declarations.ends_of(state) {
        let mut left = Cases::all();
        for outer in facts.tree.ancestors(caller) {
            let catches = |r: &&Reaction| ends::catches(r, kind);
            let (named, others): (Vec<&Reaction>, Vec<&Reaction>) = facts
                .reactions(outer)
                .filter(catches)
                .partition(|r| matches!(r.trigger, Trigger::Error(Some(_))));
            for reaction in named.into_iter().chain(others) {
                let (own, rest) = stays_and_left(terms, reaction, left)?;
                if !own.is_empty() {
                    first = first.or(Some(reaction));
                }
                stays = stays.or(own)?;
                left = rest;
            }
        }
    }
    first.map(|first| (first, stays))
}

/// Of these cases, those in which a branch of a reaction stays, and those in which none is taken; `None` if
/// that is too much to look at.
fn stays_and_left<'m>(
    terms: &mut Terms<'_, 'm>,
    reaction: &'m Reaction,
    mut left: Cases,
) -> Option<(Cases, Cases)> {
    let mut stays = Cases::not_any();
    for branch in &reaction.branches {
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
    Some((stays, left))
}

fn report(facts: &Facts, exit: &Reaction, states: &[StateId]) -> Diagnostic {
    let names: Vec<String> = states.iter().map(|id| facts.tree.path(*id)).collect();
    let names = words::list(&names);
    let stays = exit.branches.iter().find(|branch| branch.target == Target::Stay);
    let guard = exit.branches.iter().find_map(|branch| branch.guard.as_ref());
    let (message, once, help) = match is_timer(exit) {
        true => (
            format!("nothing but this timer leads out of {names}"),
            "fires once",
            "say what happens in the other case: an `else` that leads out, a later timer without a \
             guard, an event, or `every`, which fires again",
        ),
        false => (
            format!("nothing leads out of {names} any more if this does not"),
            "comes once",
            "say what happens in the other case: an `else` that leads out, or a timer without a guard",
        ),
    };
    let report = Diagnostic::new(Code::SpentExit, exit.head, message);
    let report = match (stays, guard) {
        (Some(branch), _) => report.label(branch.span, format!("{once}, and stays here")),
        (None, Some(guard)) => {
            report.label(guard.span, format!("{once}, and this may not hold then"))
        }
        (None, None) => report,
    };
    report.help(help)
}
