//! E0303: effects before a choice run before its guards are read, so one branch has to be taken.
//!
//! Without `else` the effects could have happened and then no branch: half a transition.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for reaction in &facts.model.reactions {
        if !reaction.choice || reaction.is_certain() {
            continue;
        }
        let (Some(effect), Some(last)) = (reaction.effects.first(), reaction.branches.last())
        else {
            continue;
        };
        let behind = Span { start: last.span.end, ..last.span };
        let before = reaction.effects.iter().fold(effect.span, |span, e| span.to(e.span));
        d.push(
            Diagnostic::new(
                Code::MissingElse,
                before,
                "these effects run before the guards are read, and no guard may hold",
            )
            .label(last.span, "no `else` behind the last branch")
            .help("add an `else` branch, or move the effects into the branches")
            .fix("add `else`, which stays", behind, " else"),
        );
    }
}
