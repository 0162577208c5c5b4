//! W0302, for errors: what `on error` waits for can happen.
//!
//! An error goes from the state that invoked outwards, so an activity inside the state has to be able
//! to end with it. A state that cannot be reached has a message of its own.

use super::ends;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ErrorId, Reaction, Trigger};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for reaction in &facts.model.reactions {
        let Trigger::Error(wanted) = reaction.trigger else { continue };
        if facts.is_active(reaction.source)
            && !ends::is_possible(facts.model, &facts.tree, reaction)
        {
            d.push(report(facts, reaction, wanted));
        }
    }
}

fn report(facts: &Facts, reaction: &Reaction, wanted: Option<ErrorId>) -> Diagnostic {
    let state = facts.tree.name(reaction.source);
    let invoked = facts.tree.inside(reaction.source).filter_map(|id| ends::invoke(&facts.tree, id));
    let activities = &facts.model.declarations.activities;
    let mut names: Vec<String> =
        invoked.map(|invoke| activities[invoke.activity.index()].name.text.clone()).collect();
    names.sort();
    names.dedup();
    let report = Diagnostic::new(Code::DeadBranch, reaction.head, "this error never comes");
    let Some(wanted) = wanted.filter(|_| !names.is_empty()) else {
        return report
            .at(format!("nothing is invoked in `{state}` or in a state inside"))
            .help("errors go outwards from the state that invokes: move this there, or around it");
    };
    let error = &facts.model.declarations.errors[wanted.index()].name.text;
    report
        .at(format!("`{error}` is raised by nothing that is invoked in `{state}`"))
        .note(format!("invoked there: {}", words::list(&names)))
        .help(format!("add `raises {error}` to an activity, or remove this"))
}
