//! W0302, for errors: what `on error` waits for can happen.
//!
//! An error goes from the state that invoked outwards, so an activity inside the state has to be able
//! to end with it, no fallback to stand in, and no state on the way to catch it. A state that cannot be reached has a message of its own.

use super::calls;
use super::ends;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::failures::maker;
use crate::model::{
    Activity, ActivityKind, ErrorId, Fallback, Invoke, Reaction, StateId, Trigger, Work,
};

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
    let invoked = facts.tree.inside(reaction.source).flat_map(|id| ends::calls(&facts.tree, id));
    let invoked: Vec<&Invoke> = invoked.collect();
    let report = Diagnostic::new(Code::DeadBranch, reaction.head, "this error never comes");
    if invoked.is_empty() {
        return report
            .at(format!("nothing is invoked in `{state}` or in a state inside"))
            .help("errors go outwards from the state that invokes: move this there, or around it");
    }
    if let Some((state, caught)) = caught(facts, reaction) {
        return swallowed(facts, report, state, caught);
    }
    let Some(wanted) = wanted else {
        return report
            .at(format!("what is invoked in `{state}` gives a result in any case"))
            .label(invoked[0].span, certain(facts, reaction))
            .help("remove this");
    };
    let error = &facts.model.declarations.errors[wanted.index()].name.text;
    if let Some((activity, fallback)) = taken_over(facts, &invoked, wanted) {
        return report
            .at("a fallback stands in for it")
            .label(fallback.span, format!("tried behind `{error}` of `{}`", activity.name.text))
            .help("remove this");
    }
    let mut names: Vec<String> = Vec::new();
    for invoke in &invoked {
        let calls = calls::of(&facts.model.declarations, invoke).into_iter();
        let activities = calls.filter(|call| matches!(call.work, Work::Activity(_)));
        names.extend(activities.map(|call| call.name.to_owned()));
    }
    names.sort();
    names.dedup();
    let report = report
        .at(format!("`{error}` is raised by nothing that is invoked in `{state}`"))
        .note(format!("invoked there: {}", words::list(&names)));
    let declared = &facts.model.declarations.errors[wanted.index()];
    if declared.imported
        && let Some(child) = ends_so(facts, &invoked, error)
    {
        return report.label(declared.name.span, "an import brings this one").help(format!(
            "declare it here too: `{child}` ends with errors of this machine alone"
        ));
    }
    let raises = format!("add `raises {error}` to an activity");
    report.help(match maker(error) {
        Some(maker) => format!(
            "{raises}; {maker} ends with another error of this name, which is not declared: \
             `on error(e) {{ if e.name == \"{error}\" -> ..  else -> .. }}`"
        ),
        None => format!("{raises}, or remove this"),
    })
}

/// A state inside that ends with such an error, and what catches it there.
fn caught<'m>(facts: &'m Facts<'m>, reaction: &'m Reaction) -> Option<(StateId, &'m Reaction)> {
    let mut errors = ends::errors(facts.model, &facts.tree, reaction);
    errors.find_map(|of| Some((of.0, ends::catcher(facts.model, &facts.tree, of, reaction)?)))
}

fn swallowed(facts: &Facts, report: Diagnostic, state: StateId, by: &Reaction) -> Diagnostic {
    if facts.is_part(state) {
        return report
            .at("a step that fails takes the saga back")
            .label(facts.tree.state(state).name.span, "this step")
            .help("only a step behind the pivot fails so; `on compensated(cause)` has the cause");
    }
    report
        .at("each is caught before it gets here")
        .label(by.head, "caught here, whatever guards say")
        .help("remove this, or let the other have a guard")
}

/// A machine with such a failure, which is none of the errors that count.
fn ends_so<'m>(facts: &Facts<'m>, invoked: &[&Invoke], error: &str) -> Option<&'m str> {
    let mut activities =
        invoked.iter().map(|invoke| &facts.model.declarations.activities[invoke.activity.index()]);
    let child = activities.find(|activity| {
        matches!(activity.kind, ActivityKind::Machine(_))
            && activity.ends.iter().any(|end| end == error)
    });
    child.map(|child| child.name.text.as_str())
}

/// Why what is invoked has no error.
fn certain(facts: &Facts, reaction: &Reaction) -> &'static str {
    let mut inside = facts.tree.inside(reaction.source);
    let joins = inside.any(|id| facts.tree.state(id).fan_out.is_some());
    if joins {
        "each ends as it ends, and `all_settled` is fine with it"
    } else {
        "a fn stands in at last"
    }
}

/// An activity that raises the error, and what is tried then.
fn taken_over<'m>(
    facts: &Facts<'m>,
    invoked: &[&'m Invoke],
    error: ErrorId,
) -> Option<(&'m Activity, &'m Fallback)> {
    let activities = &facts.model.declarations.activities;
    let calls = invoked.iter().flat_map(|invoke| {
        invoke.fallbacks.iter().enumerate().map(move |(before, next)| (invoke.work(before), next))
    });
    let mut raising = calls.filter_map(|(before, next)| match before {
        Work::Activity(activity) => Some((&activities[activity.index()], next)),
        Work::Function(_) => None,
    });
    raising.find(|(activity, _)| activity.raises.contains(&error))
}
