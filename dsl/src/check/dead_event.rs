//! W0304: an event that the machine speaks of is handled in some state.
//!
//! An event that is raised, deferred, ignored or cancelled, and handled nowhere, does nothing.
//! An event that nothing speaks of is W0107; one that only unreachable states handle is W0201.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EventId, Trigger};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let declarations = &facts.model.declarations;
    if declarations.external_events.is_some() {
        return;
    }
    let mut handled = vec![false; declarations.events.len()];
    for reaction in &facts.model.reactions {
        if let Trigger::Event(event) = reaction.trigger {
            handled[event.index()] = true;
        }
    }
    let put_off = put_off(facts);
    for (index, event) in declarations.events.iter().enumerate() {
        let sent = facts.model.used.events.contains(&EventId(index as u32));
        if handled[index] || !(sent || put_off[index].is_some()) {
            continue;
        }
        let message = format!("no state handles `{}`", event.name.text);
        let mut report = Diagnostic::new(Code::DeadEvent, event.name.span, message)
            .help("handle it in a state, or remove it");
        if let Some((verb, span)) = put_off[index] {
            report = report.label(span, format!("only {verb}, as here"));
        } else {
            report = report.note("it is raised or cancelled, which has no effect");
        }
        d.push(report);
    }
}

/// Of every event, the first place that defers or ignores it.
fn put_off(facts: &Facts) -> Vec<Option<(&'static str, Span)>> {
    let mut found = vec![None; facts.model.declarations.events.len()];
    for state in &facts.model.states {
        let deferred = state.defer.iter().map(|(event, span)| (event, ("deferred", *span)));
        let ignored = state.ignore.iter().map(|(event, span)| (event, ("ignored", *span)));
        for (event, place) in deferred.chain(ignored) {
            found[event.index()].get_or_insert(place);
        }
    }
    found
}
