//! W0501: an error of an activity is caught, by its name or with all others, in the state that invokes
//! or in one around it.
//!
//! Any activity can end with an error that nobody declares. That alone is not doubted where every
//! declared error is caught; where nothing is caught at all, it is.

use super::ends;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ErrorDecl, ErrorKind, Invoke, StateId};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for id in facts.tree.ids().filter(|id| facts.is_active(*id)) {
        if let Some(invoke) = ends::invoke(&facts.tree, id) {
            report(facts, id, invoke).into_iter().for_each(|report| d.push(report));
        }
    }
}

fn report(facts: &Facts, id: StateId, invoke: &Invoke) -> Option<Diagnostic> {
    let declarations = &facts.model.declarations;
    let activity = &declarations.activities[invoke.activity.index()];
    let is_caught = |kind: ErrorKind| {
        let mut around = facts.tree.ancestors(id).flat_map(|state| facts.reactions(state));
        around.any(|reaction| ends::catches(reaction, kind))
    };
    let ends = declarations.ends(invoke);
    if ends.is_empty() {
        return None;
    }
    let missed: Vec<&ErrorDecl> = ends
        .into_iter()
        .filter(|kind| !is_caught(*kind))
        .filter_map(|kind| match kind {
            ErrorKind::Declared(error) => Some(&declarations.errors[error.index()]),
            ErrorKind::Unexpected => None,
        })
        .collect();
    // One that trying again does not mend is for a handler of its own.
    let lasting = missed.iter().find(|error| !error.transient);
    let handler = lasting.map_or("(e)".to_owned(), |error| format!(" {}", error.name.text));
    let missed: Vec<String> = missed.iter().map(|error| error.name.text.clone()).collect();
    let name = &activity.name.text;
    let what = match (missed.is_empty(), activity.raises.is_empty()) {
        (false, _) => format!("nothing catches {} of `{name}`", words::list(&missed)),
        (true, true) if !is_caught(ErrorKind::Unexpected) => {
            format!("nothing catches an error of `{name}`")
        }
        (true, _) => return None,
    };
    let report = Diagnostic::new(Code::Uncaught, invoke.span, what)
        .at("the machine goes on waiting here then")
        .help(format!("add `on error{handler} -> ..` in this state or around it"));
    Some(match activity.raises.is_empty() {
        true => report,
        false => report.label(activity.name.span, "raises them"),
    })
}
