//! W0201: every state can be reached, by some event, timer, completion, default or history.
//!
//! Guards are not looked at, so what is reported is certain. Of states that can only be reached
//! from one that is unreachable itself, nothing is said but a note there; the same for the states
//! in an unreachable one.

use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::StateId;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let tree = &facts.tree;
    // The outermost ones: what stands in them goes with them.
    let is_lost = |s: &StateId| {
        let around = tree.state(*s).parent;
        // An end that a saga never comes to is said to exist all the same.
        !facts.is_active(*s)
            && !facts.is_part(*s)
            && around.is_none_or(|parent| facts.is_active(parent))
    };
    // Each takes what follows from it. A later one of these may lead to an earlier one, but never
    // the other way round, so taking again from behind leaves those that nothing leads to, and one
    // of every circle.
    let mut taken = facts.graph.nothing();
    let mut firsts = Vec::new();
    for state in tree.ids().filter(is_lost) {
        if !taken.has(state.index()) {
            facts.graph.follow(state, &mut taken);
            firsts.push(state);
        }
    }
    let mut taken = facts.graph.nothing();
    for state in firsts.into_iter().rev() {
        if !taken.has(state.index()) {
            let mut island = facts.graph.follow(state, &mut taken);
            island.retain(is_lost);
            d.push(report(facts, state, &island));
        }
    }
}

fn report(facts: &Facts, id: StateId, island: &[StateId]) -> Diagnostic {
    let state = facts.tree.state(id);
    let others: Vec<String> =
        island.iter().filter(|s| **s != id).map(|s| facts.tree.path(*s)).collect();
    let message = format!("`{}` cannot be reached", state.name.text);
    let mut report = Diagnostic::new(Code::Unreachable, state.span, message)
        .help("add a transition to it, or remove it");
    if !others.is_empty() {
        let message = format!(
            "{} can only be reached from there, and {} lost with it",
            words::list(&others),
            words::are(others.len())
        );
        report = report.note(message);
    }
    report
}
