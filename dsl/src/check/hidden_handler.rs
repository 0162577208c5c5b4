//! W0306: a handler that always lets itself be taken hides the handler of the same event in a state
//! around it: the outer one does nothing while the inner state is active.
//!
//! `ignore` and `defer` hide too, but say so, as `abort` of a saga does; and an inner handler with guards
//! lets the outer one have the rest.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EventId, Reaction, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    // Handlers by event, in document order: those around a state are the ones before it that are
    // still open.
    let mut handlers: Vec<(EventId, &Reaction)> = facts
        .model
        .reactions
        .iter()
        .filter(|r| facts.is_active(r.source))
        .filter_map(|r| match r.trigger {
            Trigger::Event(event) => Some((event, r)),
            _ => None,
        })
        .collect();
    handlers.sort_by_key(|(event, reaction)| (*event, reaction.source));
    for same in handlers.chunk_by(|a, b| a.0 == b.0) {
        let mut open: Vec<&Reaction> = Vec::new();
        for (event, reaction) in same {
            while open.pop_if(|o| !facts.tree.contains(o.source, reaction.source)).is_some() {}
            let outer = open.iter().rev().find(|o| o.source != reaction.source);
            // The states of a saga handle what it aborts on.
            let hides = reaction.is_certain() && !facts.is_part(reaction.source);
            if let Some(outer) = outer.filter(|_| hides) {
                d.push(report(facts, *event, reaction, outer));
            }
            open.push(reaction);
        }
    }
}

fn report(facts: &Facts, event: EventId, inner: &Reaction, outer: &Reaction) -> Diagnostic {
    let event = &facts.model.declarations.events[event.index()].name.text;
    let (inside, around) = (facts.tree.name(inner.source), facts.tree.name(outer.source));
    let message = format!("in `{inside}` this hides what `{around}` does on `{event}`");
    Diagnostic::new(Code::HiddenHandler, inner.head, message)
        .label(outer.head, format!("never taken while `{inside}` is active"))
        .help(
            "if the inner one is meant to take its place, silence this with \
             `@allow(W0306, \"why\")`; else give it a guard",
        )
}
