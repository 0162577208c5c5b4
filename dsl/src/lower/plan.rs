//! What a branch leaves, does and enters.
//!
//! The domain is region-local: a transition leaves only the regions that hold its source or its
//! targets. The Recommendation of SCXML leaves the whole parallel state in that case.

use super::entry::{self, Goal};
use crate::chart::{Chart, EntryStep, Plan, TransitionId};
use crate::model::{self, Model, StateId, StateKind, Target};
use std::ops::Range;

/// The plan of one branch of a reaction that stands in `source`.
pub(super) fn plan(
    model: &Model,
    chart: &Chart,
    transition: TransitionId,
    source: StateId,
    branch: &model::Branch,
) -> Plan {
    let moves = moves(model, chart, source, &branch.target);
    let effects = branch.effects.clone();
    Plan { transition, domain: moves.domain, exit: moves.exit, effects, entry: moves.entry }
}

/// Which states a branch leaves and enters.
#[derive(Default)]
struct Moves {
    domain: Vec<StateId>,
    exit: Vec<Range<u32>>,
    entry: Vec<EntryStep>,
}

fn moves(model: &Model, chart: &Chart, source: StateId, target: &Target) -> Moves {
    match target {
        Target::Stay => Moves::default(),
        Target::States(targets) => {
            let goals: Vec<Goal> = targets.iter().map(Goal::target).collect();
            go(model, chart, source, &goals)
        }
        Target::History { state, deep, .. } => {
            go(model, chart, source, &[Goal::history(chart, *state, *deep)])
        }
        Target::Initial(state, _) => {
            let domain = vec![*state];
            let exit = interior(chart, *state, source);
            Moves { domain, exit, entry: chart.state(*state).default_entry.clone() }
        }
        Target::Reenter(target) => {
            let domain = chart.state(target.state).parent.into_iter().collect();
            let exit = together(chart, target.state, source);
            let mut entry = Vec::new();
            entry::enter(model, chart, target.state, &[Goal::target(target)], &mut entry);
            Moves { domain, exit, entry }
        }
    }
}

/// Leaves what stands between the source and the goals, and enters the goals.
fn go(model: &Model, chart: &Chart, source: StateId, goals: &[Goal]) -> Moves {
    let anchor = anchor(chart, source, goals);
    let domain = if chart.state(anchor).kind == StateKind::Parallel
        && !goals.iter().any(|goal| goal.state == anchor)
    {
        let holds = |region: StateId| {
            chart.contains(region, source) || goals.iter().any(|g| chart.contains(region, g.state))
        };
        chart.state(anchor).children.iter().copied().filter(|region| holds(*region)).collect()
    } else {
        vec![anchor]
    };
    let exit = merge(domain.iter().flat_map(|d| interior(chart, *d, source)));
    let mut entry = Vec::new();
    for state in &domain {
        entry::inside(model, chart, *state, goals, &mut entry);
    }
    Moves { domain, exit, entry }
}

/// The innermost state that stays active: the source if all goals lie in it (a local transition),
/// the state itself for the history of the source or of a state around it, else the innermost
/// state around the source and all goals.
fn anchor(chart: &Chart, source: StateId, goals: &[Goal]) -> StateId {
    let stays = |outer: StateId| {
        goals.iter().all(|goal| {
            let inside = chart.contains(outer, goal.state);
            inside && (goal.state != outer || goal.restore.is_some())
        })
    };
    chart
        .ancestors(source)
        .find(|&outer| {
            let local = outer != source || !chart.state(outer).kind.is_leaf();
            local && stays(outer)
        })
        .unwrap_or(StateId::ROOT)
}

/// The states inside `outer` that can be active while `source` is.
fn interior(chart: &Chart, outer: StateId, source: StateId) -> Vec<Range<u32>> {
    let state = chart.state(outer);
    match chart.child_towards(outer, source) {
        Some(child) if state.kind.is_exclusive() => together(chart, child, source),
        Some(_) => merge(state.children.iter().flat_map(|c| together(chart, *c, source))),
        None if state.kind.is_leaf() => Vec::new(),
        None => std::iter::once(outer.0 + 1..state.subtree.end).collect(),
    }
}

/// `outer` and the states in it that can be active while `source` is.
fn together(chart: &Chart, outer: StateId, source: StateId) -> Vec<Range<u32>> {
    if outer == source || !chart.contains(outer, source) {
        return vec![chart.state(outer).subtree.clone()];
    }
    let own = outer.0..outer.0 + 1;
    merge(std::iter::once(own).chain(interior(chart, outer, source)))
}

/// Joins ranges that touch. They come in document order.
fn merge(ranges: impl Iterator<Item = Range<u32>>) -> Vec<Range<u32>> {
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => merged.push(range),
        }
    }
    merged
}
