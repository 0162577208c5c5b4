//! E0507: a cycle of results, errors, completions, timers, `always` and raised events that calls an
//! activity comes to an end, or waits for an external event.
//!
//! [`ways`] are the branches that may be taken without one. What is looked for is a cycle of those
//! that no guard decides about, or only one that always says the same, so that nothing the machine
//! knows can end it. Three things are meant
//! to go on, or end in another way, and are left alone:
//!
//! * a state around the cycle has a timer that leads out;
//! * a delayed event leads out;
//! * a timer starts the rounds, and the cycle goes on when the activity succeeds, too: that is a job
//!   to be done again and again, and no attempt.
//!
//! [`children`] are machines that start each other.

pub(super) mod children;
mod ways;

use super::facts::Facts;
use super::{constant, entry, words};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EffectKind, EventId, Reaction, StateId, Target, Trigger};
use std::collections::{BTreeSet, VecDeque};
use ways::{Edge, Ways};

/// More cycles are not looked for in one machine.
const MOST_SEARCHES: usize = 4_000;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    if !facts.tree.ids().any(|id| facts.tree.state(id).starts().is_some()) {
        return;
    }
    let ways = Ways::new(facts);
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let calling = ways.edges.iter().filter(|edge| edge.certain && edge.calls.is_some());
    for last in calling.take(MOST_SEARCHES) {
        if told.contains(&last.from) && told.contains(&last.to) {
            continue;
        }
        let Some(mut cycle) = back(&ways, last) else { continue };
        cycle.push(last);
        if has_deadline(facts, &ways, &cycle) || is_schedule(&ways, &cycle) {
            continue;
        }
        told.extend(cycle.iter().map(|edge| edge.from));
        d.push(report(facts, &ways, &cycle));
    }
}

/// The shortest way from where an edge ends to where it begins, guards aside.
fn back<'w, 'm>(ways: &'w Ways<'m>, last: &Edge<'m>) -> Option<Vec<&'w Edge<'m>>> {
    let mut by: Vec<Option<usize>> = vec![None; ways.nodes.len()];
    let mut queue = VecDeque::from([last.to]);
    while let Some(node) = queue.pop_front() {
        if node == last.from {
            let mut way = Vec::new();
            let mut at = node;
            while let Some(edge) = by[at].filter(|_| at != last.to) {
                way.push(&ways.edges[edge]);
                at = ways.edges[edge].from;
            }
            way.reverse();
            return Some(way);
        }
        for index in &ways.next[node] {
            let edge = &ways.edges[*index];
            if edge.certain && edge.to != last.to && by[edge.to].is_none() {
                by[edge.to] = Some(*index);
                queue.push_back(edge.to);
            }
        }
    }
    None
}

/// True if something leads out after some time, however many rounds there were.
fn has_deadline(facts: &Facts, ways: &Ways, cycle: &[&Edge]) -> bool {
    let is_on_it = |r: &Reaction| cycle.iter().any(|edge| std::ptr::eq(edge.reaction, r));
    let delayed = delayed(facts);
    let leaves = cycle.iter().map(|edge| ways.nodes[edge.from].0);
    leaves.flat_map(|leaf| facts.tree.ancestors(leaf)).any(|id| {
        let stays = cycle.iter().all(|edge| stays_in(facts, edge, id));
        facts.reactions(id).any(|reaction| {
            let may_end = match reaction.trigger {
                Trigger::After(_) | Trigger::Every(_) => stays,
                Trigger::Event(event) => delayed.contains(&event),
                _ => false,
            };
            may_end
                && !is_on_it(reaction)
                && reaction.branches.iter().any(|b| b.target != Target::Stay)
        })
    })
}

/// The events that something raises after a time.
fn delayed(facts: &Facts) -> BTreeSet<EventId> {
    let delayed = super::exprs::effects(facts.model).filter_map(|effect| match effect.kind {
        EffectKind::RaiseAfter(event, ..) => Some(event),
        _ => None,
    });
    delayed.collect()
}

/// True if a state around stays active while a branch is taken.
fn stays_in(facts: &Facts, edge: &Edge, state: StateId) -> bool {
    let domain = entry::domain(&facts.tree, edge.reaction.source, &edge.branch.target);
    edge.branch.target == Target::Stay || domain.iter().any(|s| facts.tree.contains(state, *s))
}

/// True if a timer starts the rounds and a result leads back to them.
fn is_schedule(ways: &Ways, cycle: &[&Edge]) -> bool {
    if !cycle.iter().any(|edge| edge.timed) {
        return false;
    }
    let on_it: BTreeSet<usize> = cycle.iter().map(|edge| edge.from).collect();
    let mut seen = vec![false; ways.nodes.len()];
    let results = on_it.iter().flat_map(|node| &ways.next[*node]).map(|index| &ways.edges[*index]);
    let mut queue: Vec<usize> = results
        .filter(|edge| edge.reaction.trigger == Trigger::Result)
        .map(|edge| edge.to)
        .collect();
    while let Some(node) = queue.pop() {
        if on_it.contains(&node) {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            queue.extend(ways.next[node].iter().map(|index| ways.edges[*index].to));
        }
    }
    false
}

fn report(facts: &Facts, ways: &Ways, cycle: &[&Edge]) -> Diagnostic {
    let last = cycle[cycle.len() - 1];
    let mut names: Vec<&str> = Vec::new();
    for edge in cycle {
        let name = facts.tree.name(ways.nodes[edge.to].0);
        if names.last() != Some(&name) || cycle.len() == 1 {
            names.push(name);
        }
    }
    names.insert(0, names[names.len() - 1]);
    let called = last.calls.and_then(|id| facts.tree.state(id).calls().next());
    let activity = called.map_or("", |invoke| {
        let activity = &facts.model.declarations.activities[invoke.activity.index()];
        &activity.name.text
    });
    let message = format!("`{activity}` is called for ever: `{}`", names.join(" -> "));
    let mut report = Diagnostic::new(Code::EndlessCalls, last.branch.span, message)
        .at("nothing that the machine knows ends this");
    if let Some(invoke) = called {
        report = report.label(invoke.span, "called again in every round");
    }
    for edge in &cycle[..cycle.len() - 1] {
        let words = match edge.branch.guard {
            None => "then this, without a guard",
            Some(_) => "then this",
        };
        report = report.label(edge.branch.span, words);
    }
    let guards = cycle.iter().filter_map(|edge| edge.branch.guard.as_ref());
    let mut fields: Vec<String> = guards.flat_map(|guard| constant::fields(facts, guard)).collect();
    fields.sort();
    fields.dedup();
    if !fields.is_empty() {
        let (names, are) = (words::list(&fields), words::are(fields.len()));
        report = report.note(format!("{names} {are} never set: the guard always says the same"));
    }
    report.help(
        "make the rounds a `loop state` with `max`, let a guard that counts end them, put a state \
         with a timer around them, or wait for an event",
    )
}
