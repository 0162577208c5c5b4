//! E0604: what a saga says of its ends leads out of it, whatever guards say.
//!
//! What has ended waits for nothing, so a guard that fails is not read again before something else
//! happens, and nothing has to.

use crate::ast::Role;
use crate::check::facts::Facts;
use crate::check::guards::{Cases, Terms};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Reaction, StateId, Trigger};
use crate::span::Span;

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut saga = "";
    for id in facts.tree.ids() {
        let state = facts.tree.state(id);
        let Some(part) = &state.part else { continue };
        let of = match part.role {
            Role::Saga => Trigger::Done,
            Role::Compensated | Role::Failed => Trigger::Always,
            _ => continue,
        };
        if part.role == Role::Saga {
            saga = &state.name.text;
        }
        for reaction in facts.reactions(id).filter(|reaction| reaction.trigger == of) {
            // Effects before a choice ask for a branch without a guard by themselves.
            if reaction.effects.is_empty() && may_fail(facts, id, reaction) {
                let place = if part.role == Role::Saga { reaction.head } else { state.span };
                d.push(report(saga, place));
            }
        }
    }
}

/// True if all guards may fail at once.
fn may_fail(facts: &Facts, active: StateId, reaction: &Reaction) -> bool {
    let mut terms = Terms::new(facts, &[active]);
    let mut left = Cases::all();
    for branch in &reaction.branches {
        left = terms.without(left, branch);
    }
    !left.is_empty()
}

fn report(saga: &str, place: Span) -> Diagnostic {
    let message = format!("`{saga}` may be over and lead nowhere");
    Diagnostic::new(Code::OpenSaga, place, message)
        .at("stands still if no guard holds")
        .help("add a branch without a guard: `on .. { if .. -> A  else -> B }`")
}
