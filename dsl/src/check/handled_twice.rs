//! E0301: a state says once what it does with an event.
//!
//! Two handlers of one event, or a handler beside `defer` or `ignore` of the same event, would
//! leave it to their order which one counts. Several outcomes of one event are one choice block.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ErrorId, EventId, StateId, Trigger};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    // In the states of a saga stands what its reactions have become.
    for id in facts.tree.ids().filter(|id| !facts.is_part(*id)) {
        let mut places = places(facts, id);
        places.sort_by_key(|place| (place.event, place.span.order()));
        for same in places.chunk_by(|a, b| a.event == b.event).filter(|same| same.len() > 1) {
            d.push(report(facts, id, same));
        }
    }
}

/// What a state says something about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Completion, or the result of what it invokes.
    Done,
    /// An error, or any.
    Error(Option<ErrorId>),
    Event(EventId),
}

/// One statement.
struct Place {
    event: What,
    span: Span,
    verb: &'static str,
}

fn places(facts: &Facts, id: StateId) -> Vec<Place> {
    let state = facts.tree.state(id);
    let handled = facts.reactions(id).filter_map(|reaction| {
        let event = match reaction.trigger {
            Trigger::Event(event) => What::Event(event),
            Trigger::Error(error) => What::Error(error),
            Trigger::Done | Trigger::Result => What::Done,
            Trigger::Always | Trigger::After(_) | Trigger::Every(_) => return None,
        };
        Some(Place { event, span: reaction.head, verb: "handled" })
    });
    let put = |verb, list: &'_ [(EventId, Span)]| -> Vec<Place> {
        list.iter()
            .map(|(event, span)| Place { event: What::Event(*event), span: *span, verb })
            .collect()
    };
    handled.chain(put("deferred", &state.defer)).chain(put("ignored", &state.ignore)).collect()
}

fn report(facts: &Facts, id: StateId, same: &[Place]) -> Diagnostic {
    let (first, second) = (&same[0], &same[1]);
    let what = match first.event {
        What::Event(event) => {
            format!("`{}`", facts.model.declarations.events[event.index()].name.text)
        }
        What::Error(Some(error)) => {
            format!("the error `{}`", facts.model.declarations.errors[error.index()].name.text)
        }
        What::Error(None) => "`error`".to_owned(),
        What::Done => "completion".to_owned(),
    };
    let both_handled = same.iter().all(|place| place.verb == "handled");
    let message = match (both_handled, first.verb == second.verb) {
        (true, _) => format!("{what} is handled twice in `{}`", facts.tree.name(id)),
        (_, true) => format!("{what} is {} twice in `{}`", first.verb, facts.tree.name(id)),
        _ => format!("{what} is {} and {} in `{}`", first.verb, second.verb, facts.tree.name(id)),
    };
    let mut report = Diagnostic::new(Code::HandledTwice, second.span, message)
        .label(first.span, format!("first {} here", first.verb));
    for more in &same[2..] {
        report = report.label(more.span, format!("{} here too", more.verb));
    }
    report.help(if both_handled {
        "write one handler with a block: `{ if .. -> A  else -> B }`"
    } else {
        "keep one of them"
    })
}
