//! E0208: a plain target may not be the state that the reaction stands in, nor one around it.
//!
//! It could mean two things: leave the state and enter it again, or go back to the start of what is
//! inside it. Both have a word of their own, `reenter S` and `initial(S)`.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{StateId, Target, TargetState};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for reaction in &facts.model.reactions {
        for branch in &reaction.branches {
            let Target::States(targets) = &branch.target else { continue };
            for target in targets.iter().filter(|t| facts.tree.contains(t.state, reaction.source)) {
                d.push(report(facts, reaction.source, target));
            }
        }
    }
}

fn report(facts: &Facts, source: StateId, target: &TargetState) -> Diagnostic {
    let state = facts.tree.state(target.state);
    let name = &state.name.text;
    let which = match (target.state == source, target.state == StateId::ROOT) {
        (true, _) => "the state that this stands in",
        (false, true) => "the machine",
        (false, false) => "around the state that this stands in",
    };
    let message = format!("`{name}` is {which}: leave it and enter it again, or stay in it?");
    let mut report = Diagnostic::new(Code::SelfTarget, target.span, message)
        .label(state.span, format!("`{name}` is active when this happens"));
    if target.state == StateId::ROOT {
        return report.help("name one of its states");
    }
    let front = Span { end: target.span.start, ..target.span };
    report = report.fix(&format!("leave `{name}` and enter it again"), front, "reenter ");
    if state.kind.is_leaf() || target.args.is_some() {
        return report.help(format!(
            "write `reenter {name}` to leave it and enter it again, or no arrow to stay in it"
        ));
    }
    let inner = format!("initial({name})");
    report.fix(&format!("stay in `{name}` and start over inside"), target.span, inner).help(
        format!(
            "write `reenter {name}` to leave it and enter it again, or `initial({name})` to leave \
             only what is inside"
        ),
    )
}
