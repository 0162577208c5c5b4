//! W0514: a machine that is started twice is started under two keys.
//!
//! An instance keeps its key, also when it has ended, so a second start under it comes back as
//! `Duplicate`. It is doubted where two states start the same machine, one can come behind the other or
//! beside it, or a state can be entered again, and the key is the same for sure: made of nothing but values
//! that are written down and fields that nobody sets. A machine that starts itself under its own key comes
//! upon itself.

use super::exprs;
use super::facts::Facts;
use crate::ast::Role;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    ActivityId, ActivityKind, ContextDecl, Expr, ExprKind, FieldId, Invoke, StateId, StateKind,
};
use std::collections::BTreeSet;

/// A state that starts a machine.
struct Start<'m> {
    state: StateId,
    invoke: &'m Invoke,
    key: &'m Expr,
    /// What can be active once it was left, in document order.
    behind: Vec<StateId>,
}

impl Start<'_> {
    fn comes_before(&self, other: &Self) -> bool {
        self.behind.binary_search(&other.state).is_ok()
    }
}

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let starts = starts(facts);
    for (at, start) in starts.iter().enumerate() {
        if is_itself(facts, start) {
            d.push(report(facts, start, "is started under the key of the instance that starts it"));
            continue;
        }
        let same = |other: &&Start| {
            other.invoke.activity == start.invoke.activity && other.key.kind == start.key.kind
        };
        let before = starts[..at].iter().filter(same).find(|other| are_both(facts, other, start));
        if let Some(first) = before {
            let report = report(facts, start, "is started a second time under the same key");
            d.push(report.label(first.invoke.head, "started under this key here too"));
        } else if start.comes_before(start) && !takes_back(facts, start.state) {
            d.push(report(facts, start, "is started again under the same key"));
        }
    }
}

fn report(facts: &Facts, start: &Start, what: &str) -> Diagnostic {
    let name = &facts.model.declarations.activities[start.invoke.activity.index()].name.text;
    Diagnostic::new(Code::SameKey, start.invoke.head, format!("`{name}` {what}"))
        .at("ends in `Duplicate` then")
        .label(start.key.span, "always the same")
        .help(
            "make the key of each start another one, by a `fn` of this value and of what tells the starts \
             apart: a count that is set, or the `round` of a loop",
        )
}

/// The states without others inside that start a machine under a key that never changes.
fn starts<'m>(facts: &Facts<'m>) -> Vec<Start<'m>> {
    let is_alone = |id: &StateId| facts.is_active(*id) && facts.tree.state(*id).children.is_empty();
    let mut starts: Vec<Start> = Vec::new();
    for state in facts.tree.ids().filter(is_alone) {
        let Some(invoke) = &facts.tree.state(state).invoke else { continue };
        if let Some(key) = key_of(facts, invoke.activity).and_then(|at| invoke.args.get(at)) {
            starts.push(Start { state, invoke, key, behind: Vec::new() });
        }
    }
    if starts.is_empty() {
        return starts;
    }
    let set = changing(facts);
    starts.retain(|start| is_fixed(start.key, &set));
    for start in &mut starts {
        let around = facts.tree.ancestors(start.state).flat_map(|state| facts.reactions(state));
        start.behind = facts.graph.behind(&facts.tree, around);
    }
    starts
}

fn key_of(facts: &Facts, activity: ActivityId) -> Option<usize> {
    match facts.model.declarations.activities[activity.index()].kind {
        ActivityKind::Machine(key) => Some(key),
        ActivityKind::Host | ActivityKind::Person => None,
    }
}

/// The fields that do not keep the value that an instance was started with.
fn changing(facts: &Facts) -> BTreeSet<FieldId> {
    let set = exprs::effects(facts.model).filter_map(exprs::field_set);
    let set = set.filter_map(|field| match field {
        ExprKind::Context(field) => Some(field),
        _ => None,
    });
    let late = match &facts.model.declarations.context {
        ContextDecl::Declared(fields) => fields.as_slice(),
        _ => &[],
    };
    let late = late.iter().zip(0..).filter(|(field, _)| field.late);
    set.chain(late.map(|(_, at)| FieldId(at))).collect()
}

/// True for a machine that starts itself, under the key that it has.
fn is_itself(facts: &Facts, start: &Start) -> bool {
    let model = facts.model;
    let started = &model.declarations.activities[start.invoke.activity.index()];
    let own = model.key.map(|(field, _)| ExprKind::Context(field));
    started.name.text == model.name.text && own.as_ref() == Some(&start.key.kind)
}

/// True if it has one value for as long as an instance lives.
fn is_fixed(key: &Expr, changing: &BTreeSet<FieldId>) -> bool {
    !key.any(&mut |part| match &part.kind {
        ExprKind::Context(field) => changing.contains(field),
        ExprKind::Field(..) | ExprKind::Call(..) => false,
        _ => !part.is_written_down(),
    })
}

/// True for a state that takes a step of a saga back, which it does once: where several were done side by
/// side the saga comes back to the choice of the next one.
fn takes_back(facts: &Facts, state: StateId) -> bool {
    facts.tree.state(state).part.as_ref().is_some_and(|part| part.role == Role::Undo)
}

/// True if an instance may start both.
fn are_both(facts: &Facts, one: &Start, other: &Start) -> bool {
    one.comes_before(other) || other.comes_before(one) || are_beside(facts, one.state, other.state)
}

/// True for states in two regions of one parallel state.
fn are_beside(facts: &Facts, one: StateId, other: StateId) -> bool {
    let mut around = facts.tree.ancestors(one);
    let common = around.find(|around| facts.tree.contains(*around, other));
    common.is_some_and(|common| facts.tree.kind(common) == StateKind::Parallel)
}
