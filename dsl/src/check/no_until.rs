//! W0508: a loop with `max` looks at what its rounds have come to.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for id in facts.tree.ids() {
        let state = facts.tree.state(id);
        let rounds = state.rounds.as_ref().filter(|rounds| rounds.until.is_empty());
        let Some(max) = rounds.and_then(|rounds| rounds.max.as_ref()) else { continue };
        let message =
            format!("`{}` goes through all of its rounds, whatever they come to", state.name.text);
        d.push(
            Diagnostic::new(Code::NoUntil, state.span, message)
                .at("has no `until`")
                .label(max.span, "always reached")
                .help("say when it is good enough, or no longer gets better: `until CONDITION`"),
        );
    }
}
