//! E0507, for machines that start each other: one that starts itself, or a machine that starts it, waits
//! for something outside or asks a guard on the way there.
//!
//! A machine that always starts the next one waits for it, and so do all before it. A timer ends the
//! waiting, but not the starting, and an engine refuses to go deeper than it is set to.

use super::ways::{Edge, Ways};
use crate::check::facts::Facts;
use crate::check::landing::Landing;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ActivityKind, StateId, StateKind, Target, Trigger};
use crate::span::Span;
use std::collections::{BTreeSet, VecDeque};

/// One machine that surely comes to start another, both by their numbers in the file.
struct Start {
    from: usize,
    to: usize,
    place: Span,
}

/// The rule, over all machines of a file.
pub(in crate::check) fn check(all: &[Facts], d: &mut Diagnostics) {
    let starts: Vec<Start> = (0..all.len()).flat_map(|from| starts(all, from)).collect();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for first in 0..all.len() {
        if told.contains(&first) {
            continue;
        }
        let Some(cycle) = cycle(&starts, first, all.len()) else { continue };
        told.extend(cycle.iter().map(|start| start.from));
        d.push(report(all, &cycle));
    }
}

/// What a machine surely starts.
fn starts(all: &[Facts], from: usize) -> Vec<Start> {
    let facts = &all[from];
    let activities = &facts.model.declarations.activities;
    let number = |id: StateId| {
        let invoke = facts.tree.state(id).invoke.as_ref()?;
        let activity = &activities[invoke.activity.index()];
        let is_machine = matches!(activity.kind, ActivityKind::Machine(_));
        let named = |other: &Facts| other.model.name.text == activity.name.text;
        let to = all.iter().position(named).filter(|_| is_machine)?;
        Some(Start { from, to, place: invoke.head })
    };
    if !facts.tree.ids().any(|id| number(id).is_some()) {
        return Vec::new();
    }
    let states: BTreeSet<StateId> =
        certain(facts).into_iter().flat_map(|leaf| facts.tree.ancestors(leaf)).collect();
    states.into_iter().filter_map(number).collect()
}

/// The leaves that a machine surely comes to, and stays in until something ends. Beside other regions
/// nothing is sure.
fn certain(facts: &Facts) -> Vec<StateId> {
    let ways = Ways::new(facts);
    let mut seen = vec![false; ways.nodes.len()];
    let begin = Landing::of_start(facts).leaves;
    let is_begin = |at: &usize| ways.nodes[*at].1.is_none() && begin.contains(&ways.nodes[*at].0);
    let mut queue: Vec<usize> = (0..ways.nodes.len()).filter(is_begin).collect();
    let mut found = Vec::new();
    while let Some(at) = queue.pop() {
        let leaf = ways.nodes[at].0;
        let is_beside = facts.tree.ancestors(leaf).any(|s| facts.tree.kind(s) == StateKind::Region);
        if std::mem::replace(&mut seen[at], true) || is_beside {
            continue;
        }
        let edges = || ways.next[at].iter().map(|index| &ways.edges[*index]);
        if !edges().any(is_passing) {
            found.push(leaf);
        }
        queue.extend(edges().filter(|edge| edge.certain).map(|edge| edge.to));
    }
    found
}

/// True if a branch may be taken before what is invoked is started.
fn is_passing(edge: &Edge) -> bool {
    edge.reaction.trigger == Trigger::Always && edge.branch.target != Target::Stay
}

/// The shortest way from a machine back to it.
fn cycle(starts: &[Start], first: usize, machines: usize) -> Option<Vec<&Start>> {
    let mut by: Vec<Option<&Start>> = vec![None; machines];
    let mut queue = VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        for start in starts.iter().filter(|start| start.from == at) {
            if by[start.to].is_none() {
                by[start.to] = Some(start);
                queue.push_back(start.to);
            }
        }
    }
    let mut cycle = vec![by[first]?];
    while let Some(before) = cycle.last().filter(|last| last.from != first) {
        cycle.push(by[before.from]?);
    }
    cycle.reverse();
    Some(cycle)
}

fn report(all: &[Facts], cycle: &[&Start]) -> Diagnostic {
    let name = |number: usize| all[number].model.name.text.as_str();
    let first = name(cycle[0].from);
    let way: Vec<&str> = cycle.iter().map(|start| name(start.to)).collect();
    let message = format!("`{first}` starts itself for ever: `{first} -> {}`", way.join(" -> "));
    let mut report = Diagnostic::new(Code::EndlessCalls, cycle[0].place, message)
        .at("nothing on the way here asks whether to");
    for start in &cycle[1..] {
        let words = format!("then `{}` starts `{}`", name(start.from), name(start.to));
        report = report.label(start.place, words);
    }
    report.help("let a guard decide whether it goes on, or wait for an event before")
}
