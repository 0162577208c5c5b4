//! W0302: every branch can be taken.
//!
//! A branch is dead if its guard never holds, if a branch before it has no guard, or if the guards
//! before it leave nothing over for it. What is decided is certain; [`guards`](super::guards) says
//! what is understood. An event, a timer or completion has its turn when no `always` can be taken,
//! so the guards of `always` in the state and around it do not hold then. An `else` that effects
//! before the choice ask for is never called dead. Completion of a state that has no final state is
//! a dead branch too; if it has one that nothing leads to, that is W0201. The states of a saga have copies of
//! what it says, and a branch of it is dead if all of its copies are.

use super::exprs;
use super::facts::Facts;
use super::guards::{Cases, Terms};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, Expr, ExprKind, Reaction, StateId, StateKind, Target, Trigger};
use crate::span::{SourceId, Span};
use std::collections::BTreeMap;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut copies = Copies::default();
    for reaction in &facts.model.reactions {
        if reaction.trigger != Trigger::Always {
            copies.note(facts, &[reaction], d);
        }
        if reaction.trigger == Trigger::Done {
            completion(facts, reaction, d);
        }
    }
    for state in facts.tree.ids() {
        // Several `always` of one state are tried like the branches of one.
        let list: Vec<&Reaction> =
            facts.reactions(state).filter(|r| r.trigger == Trigger::Always).collect();
        copies.note(facts, &list, d);
    }
    d.extend(copies.dead());
}

/// The branches of sagas by their places: how many copies there are, and what is said of them.
#[derive(Default)]
struct Copies(BTreeMap<(SourceId, u32, u32), (usize, Vec<Diagnostic>)>);

impl Copies {
    fn note<'m>(&mut self, facts: &Facts<'m>, reactions: &[&'m Reaction], d: &mut Diagnostics) {
        let Some(first) = reactions.first() else { return };
        let found = branches(facts, reactions);
        if facts.tree.state(first.source).part.is_none() {
            d.extend(found.into_iter().map(|(_, report)| report));
            return;
        }
        for branch in reactions.iter().flat_map(|reaction| &reaction.branches) {
            self.0.entry(branch.span.order()).or_default().0 += 1;
        }
        for (place, report) in found {
            self.0.entry(place.order()).or_default().1.push(report);
        }
    }

    /// What is said of those of which every copy is dead, once.
    fn dead(self) -> impl Iterator<Item = Diagnostic> {
        let all = self.0.into_values().filter(|(copies, reports)| *copies == reports.len());
        all.filter_map(|(_, reports)| reports.into_iter().next())
    }
}

fn completion(facts: &Facts, reaction: &Reaction, d: &mut Diagnostics) {
    let id = reaction.source;
    if id == StateId::ROOT || !facts.is_active(id) || has_end(facts, id) {
        return;
    }
    let (state, name) = (facts.tree.state(id), facts.tree.name(id));
    let message = format!("`{name}` is never complete, so this is never taken");
    d.push(
        Diagnostic::new(Code::DeadBranch, reaction.head, message)
            .label(state.span, "no final state stands directly in it")
            .help(format!("give `{name}` a final state, or remove this")),
    );
}

fn has_end(facts: &Facts, id: StateId) -> bool {
    let state = facts.tree.state(id);
    match state.kind {
        StateKind::Parallel => state.children.iter().all(|region| has_end(facts, *region)),
        _ => state.children.iter().any(|child| facts.tree.kind(*child) == StateKind::Final),
    }
}

/// One branch, and whether its reaction may ask for an `else` that is never taken.
struct Candidate<'m> {
    branch: &'m Branch,
    needs_else: bool,
    removable: bool,
}

/// What is said of dead branches, each with its place.
fn branches<'m>(facts: &Facts<'m>, reactions: &[&'m Reaction]) -> Vec<(Span, Diagnostic)> {
    let mut found = Vec::new();
    let Some(first) = reactions.first() else { return found };
    let candidates: Vec<Candidate> = reactions
        .iter()
        .flat_map(|reaction| {
            reaction.branches.iter().map(|branch| Candidate {
                branch,
                needs_else: !reaction.effects.is_empty(),
                removable: reaction.choice && reaction.branches.len() > 1,
            })
        })
        .collect();
    let mut terms = Terms::new(facts, &[first.source]);
    let eventless = match first.trigger {
        Trigger::Always => Vec::new(),
        _ => eventless(facts, first.source, reactions),
    };
    let mut left = Cases::all();
    for branch in &eventless {
        left = terms.without(left, branch);
    }
    if left.is_empty() {
        let place = first.branches.first().map_or(first.span, |branch| branch.span);
        found.extend(passed_through(first, &eventless).map(|report| (place, report)));
        return found;
    }
    if candidates.len() == 1 && candidates[0].branch.always_holds() {
        return found;
    }
    for (at, candidate) in candidates.iter().enumerate() {
        let branch = candidate.branch;
        if at > 0 && candidates[at - 1].branch.always_holds() {
            let report = behind_unguarded(&candidates[at - 1], &candidates[at..]);
            found.push((branch.span, report));
            return found;
        }
        let own = match &branch.guard {
            None => Some(Cases::all()),
            Some(guard) => terms.cases(guard, true),
        };
        // Too many cases to look at: taken to be possible.
        let Some(own) = own else { continue };
        if terms.both(&left, &own).is_some_and(|both| both.is_empty()) {
            let before = candidates[..at].iter().map(|c| c.branch).chain(eventless.iter().copied());
            let report = dead(&mut terms, candidate, &own, before);
            found.extend(report.map(|report| (branch.span, report)));
            continue;
        }
        left = terms.without(left, branch);
    }
    found
}

/// What `always` has taken before anything else has its turn in a state. What the host can change
/// between steps does not count: time, and the fields of its own context; nor what the reactions set
/// before their guards are read.
fn eventless<'m>(facts: &Facts<'m>, state: StateId, of: &[&Reaction]) -> Vec<&'m Branch> {
    let set: Vec<ExprKind> =
        of.iter().flat_map(|r| &r.effects).filter_map(exprs::field_set).collect();
    let changes = |guard: &Expr| guard.any(&mut |part| set.contains(&part.kind));
    let around = facts.tree.ancestors(state).flat_map(|s| facts.reactions(s));
    let always = around.filter(|r| r.trigger == Trigger::Always);
    let branches = always.flat_map(|r| &r.branches);
    let holds = |guard: &Expr| exprs::is_of_the_machine(guard) && !changes(guard);
    branches.filter(|b| b.guard.as_ref().is_none_or(holds)).collect()
}

/// A state that `always` leaves at once waits for nothing. That it never leaves is another matter.
fn passed_through(reaction: &Reaction, eventless: &[&Branch]) -> Option<Diagnostic> {
    let first = eventless.iter().find(|branch| branch.target != Target::Stay)?;
    Some(
        Diagnostic::new(Code::DeadBranch, reaction.head, "this is never taken")
            .label(first.span, "`always` is taken before anything else can happen")
            .help("give the `always` a guard, or remove this"),
    )
}

fn behind_unguarded(before: &Candidate, dead: &[Candidate]) -> Diagnostic {
    let span = dead.iter().fold(dead[0].branch.span, |span, c| span.to(c.branch.span));
    let report = Diagnostic::new(Code::DeadBranch, span, "this is never taken")
        .label(before.branch.span, "always taken first, since it has no guard");
    removal(report, span, dead).help("put it before the branch without a guard, or remove it")
}

fn dead<'m>(
    terms: &mut Terms<'_, 'm>,
    candidate: &Candidate<'m>,
    own: &Cases,
    before: impl Iterator<Item = &'m Branch>,
) -> Option<Diagnostic> {
    let branch = candidate.branch;
    let Some(guard) = &branch.guard else {
        if candidate.needs_else {
            return None;
        }
        let report = Diagnostic::new(Code::DeadBranch, branch.span, "this is never taken")
            .note("the guards before it cover every case");
        return Some(
            removal(report, branch.span, std::slice::from_ref(candidate)).help("remove it"),
        );
    };
    if own.is_empty() {
        let report = Diagnostic::new(Code::DeadBranch, guard.span, "this guard never holds");
        let report = removal(report, branch.span, std::slice::from_ref(candidate));
        return Some(report.help("correct the guard, or remove the branch"));
    }
    let report = Diagnostic::new(Code::DeadBranch, guard.span, "this branch is never taken");
    // The one branch before it that takes all its cases, if it is one.
    let taker = before.filter_map(|b| b.guard.as_ref()).find(|earlier| {
        let rest = terms.cases(earlier, false).and_then(|rest| terms.both(&rest, own));
        rest.is_some_and(|rest| rest.is_empty())
    });
    let report = match taker {
        Some(taker) => {
            report.label(taker.span, "holds whenever the other does, and is tried first")
        }
        None => report.note("the guards before it cover every case in which it holds"),
    };
    let report = removal(report, branch.span, std::slice::from_ref(candidate));
    Some(report.help("put it before them, correct the guard, or remove the branch"))
}

/// Offers to remove the branches; not the last ones of a statement, which would not parse then.
fn removal(report: Diagnostic, span: Span, dead: &[Candidate]) -> Diagnostic {
    if dead.iter().all(|c| c.removable) { report.fix("remove it", span, "") } else { report }
}
