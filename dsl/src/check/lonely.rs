//! W0205: a parallel state has two regions at least, a composite two states.
//!
//! One region runs beside nothing, and one child is chosen from nothing: usually the rest is still
//! to be written. A region with one state is no noise: it gives the parallel state handlers that
//! run beside the others.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::StateKind;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for state in &facts.model.states {
        let [child] = state.children[..] else { continue };
        let (name, child) = (&state.name.text, facts.tree.state(child));
        let (message, help) = match state.kind {
            StateKind::Parallel => (
                format!("`{name}` is parallel and has one region"),
                "add the second region, or make it a plain state with these states in it",
            ),
            StateKind::Composite => (
                format!("`{name}` has one state in it"),
                "add the others, or put what the inner state does into the outer one",
            ),
            StateKind::Root | StateKind::Region | StateKind::Atomic | StateKind::Final => continue,
        };
        d.push(
            Diagnostic::new(Code::Lonely, state.span, message)
                .label(child.span, "this one")
                .help(help),
        );
    }
}
