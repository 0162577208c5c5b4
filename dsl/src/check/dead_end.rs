//! W0202: a state that is not final has something to wait for: an event, a timer, an eventless
//! transition, its own or of a state around it. Otherwise the instance stays there for ever.
//!
//! A handler that stays counts: such a state serves. Completion of a state around it does not: it
//! waits for the very state that is stuck. In a parallel state another region may lead out. States
//! that cannot be reached are not looked at.

use super::ends;
use super::entry;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{StateId, StateKind, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (id, _) in find(facts) {
        let state = facts.tree.state(id);
        let name = &state.name.text;
        let report = if state.kind == StateKind::Atomic {
            let why = match state.starts() {
                Some(_) => "no event, no timer, and nothing hears how its activity ends",
                None => "no event, no timer, here or around it",
            };
            Diagnostic::new(Code::DeadEnd, state.span, format!("nothing leads out of `{name}`"))
                .at(why)
                .help("make it `final`, or give it a way out")
        } else {
            let message = format!("nothing happens when `{name}` is complete");
            Diagnostic::new(Code::DeadEnd, state.span, message)
                .at("no `on done`, and no other way out")
                .help("add `on done -> ..`")
        };
        d.push(report);
    }
}

/// The dead ends, with a state that says that the instance has come there.
pub(super) fn find(facts: &Facts) -> Vec<(StateId, StateId)> {
    let lives = lives(facts);
    let mut found = Vec::new();
    for id in facts.tree.ids().filter(|s| facts.is_active(*s) && !lives[s.index()]) {
        match facts.tree.kind(id) {
            StateKind::Atomic => found.push((id, id)),
            StateKind::Composite | StateKind::Parallel => {
                let reacts = facts.reactions(id).any(|r| r.trigger == Trigger::Done);
                if !reacts && facts.can_complete(id) {
                    let ends = |s: &StateId| facts.tree.kind(*s) == StateKind::Final;
                    found.push((id, facts.tree.inside(id).find(ends).unwrap_or(id)));
                }
            }
            StateKind::Root | StateKind::Region | StateKind::Final => {}
        }
    }
    found
}

/// Of every state, whether something other than completion can happen while it is active.
fn lives(facts: &Facts) -> Vec<bool> {
    let mut lives = touched_from_beside(facts);
    for id in facts.tree.ids() {
        let own = facts.reactions(id).any(|r| match r.trigger {
            Trigger::Done => false,
            Trigger::Error(_) => hears_from_beside(facts, id),
            _ => true,
        });
        let own = own || is_caught(facts, id);
        let around = facts.tree.state(id).parent.is_some_and(|p| lives[p.index()]);
        lives[id.index()] |= own || around;
    }
    lives
}

/// True if the state invokes something that may end with an error that is caught.
fn is_caught(facts: &Facts, id: StateId) -> bool {
    let mut around = facts.tree.ancestors(id).flat_map(|state| facts.reactions(state));
    around.any(|reaction| {
        let mut kinds = facts.model.declarations.ends_of(facts.tree.state(id)).into_iter();
        kinds.any(|kind| ends::catches(reaction, kind))
    })
}

/// True if an error may come to the state from a region that is beside another one inside it.
fn hears_from_beside(facts: &Facts, id: StateId) -> bool {
    let inside = || facts.tree.inside(id);
    inside().any(|s| facts.tree.kind(s) == StateKind::Parallel)
        && inside().any(|s| ends::has_calls(&facts.tree, s))
}

/// Parallel states that some state inside leaves, and regions that another region sets.
pub(super) fn touched_from_beside(facts: &Facts) -> Vec<bool> {
    let mut touched = vec![false; facts.model.states.len()];
    for reaction in &facts.model.reactions {
        for branch in &reaction.branches {
            let domain = entry::domain(&facts.tree, reaction.source, &branch.target);
            let Some(first) = domain.first() else { continue };
            for outer in facts.tree.ancestors(reaction.source) {
                if facts.tree.contains(outer, *first) {
                    break;
                }
                touched[outer.index()] |= facts.tree.kind(outer) == StateKind::Parallel;
            }
            if domain.len() > 1 {
                domain.iter().for_each(|region| touched[region.index()] = true);
            }
        }
    }
    touched
}
