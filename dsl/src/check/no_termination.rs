//! W0203: in a machine that has an end, the end can be reached from every state.
//!
//! A machine without a final state of its own is meant to run for ever and is not looked at. Guards
//! are not looked at, and in a parallel state everything that another region may do counts, so what
//! is reported is certain. A dead end counts as an end here: it has a message of its own.

use super::dead_end;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{StateId, StateKind};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let tree = &facts.tree;
    let ends: Vec<StateId> = tree
        .state(StateId::ROOT)
        .children
        .iter()
        .copied()
        .filter(|s| tree.kind(*s) == StateKind::Final)
        .collect();
    // A final state that nothing leads to has a message of its own.
    if !ends.iter().any(|end| facts.is_active(*end)) {
        return;
    }
    let stuck = dead_end::find(facts).into_iter().map(|(_, at)| at);
    let ending = facts.graph.leading_to(ends.iter().copied().chain(stuck));
    let endless: Vec<StateId> = tree
        .ids()
        .filter(|s| facts.is_active(*s) && !ending.has(s.index()))
        .filter(|s| matches!(tree.kind(*s), StateKind::Atomic))
        .collect();
    let Some((first, others)) = endless.split_first() else { return };
    let others: Vec<String> = others.iter().map(|s| tree.path(*s)).collect();
    let message = format!("no final state can be reached from `{}`", tree.name(*first));
    let mut report = Diagnostic::new(Code::NoTermination, tree.state(*first).span, message)
        .label(tree.state(ends[0]).span, "the machine can end elsewhere, as here")
        .help("add a transition that leads to a final state");
    if !others.is_empty() {
        report = report.note(format!("the same holds for {}", words::list(&others)));
    }
    d.push(report);
}
