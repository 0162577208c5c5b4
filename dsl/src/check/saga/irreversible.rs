//! W0601: what a step does before the pivot can be taken back.
//!
//! `@readonly` says that nothing has to be. Without a pivot the last step is the one behind which
//! nothing fails any more.

use super::{Act, acts};
use crate::ast::Role;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let acts = acts(facts);
    for act in &acts {
        let Role::Step { before_pivot } = act.role else { continue };
        let same_saga = |other: &&Act| other.saga == act.saga;
        let is_undone = acts
            .iter()
            .filter(same_saga)
            .any(|other| other.role == Role::Undo && other.step.text == act.step.text);
        let is_last = || {
            let mut steps = acts.iter().filter(same_saga).filter(|other| other.role.is_step());
            !before_pivot && steps.next_back().is_some_and(|last| last.state == act.state)
        };
        if !act.readonly && !is_undone && !is_last() {
            d.push(report(act));
        }
    }
}

fn report(act: &Act) -> Diagnostic {
    let message = format!("what `{}` does cannot be taken back", act.step.text);
    Diagnostic::new(Code::Irreversible, act.step.span, message)
        .at("stays done if a later step fails")
        .help("add `compensate activity(..)`, or write `@readonly` in front if it leaves nothing behind")
}
