//! E0402 for the data of states: whoever enters a state gives its data, or the data have defaults.
//!
//! A default never gives data, a target gives them to the state that it names and to no state
//! around that.

use super::entry::{self, Step};
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Param, StateId, Target};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let tree = &facts.tree;
    for id in tree.ids() {
        if let Some(initial) = &tree.state(id).initial {
            entry::default_entry(tree, id, &mut |step| {
                step_of(facts, step, initial.span, true, d);
            });
        }
    }
    for reaction in &facts.model.reactions {
        for branch in &reaction.branches {
            let span = target_span(&branch.target).unwrap_or(branch.span);
            entry::walk(tree, reaction.source, &branch.target, &mut |step| {
                step_of(facts, step, span, false, d);
            });
        }
    }
}

fn target_span(target: &Target) -> Option<Span> {
    match target {
        Target::Stay => None,
        Target::States(targets) => {
            let spans = targets.iter().map(|t| t.span);
            spans.reduce(Span::to)
        }
        Target::Reenter(target) => Some(target.span),
        Target::Initial(_, span) | Target::History { span, .. } => Some(*span),
    }
}

fn step_of(facts: &Facts, step: Step, span: Span, by_default: bool, d: &mut Diagnostics) {
    let Step::Enter(state, target) = step else { return };
    if target.is_some_and(|t| t.args.is_some()) {
        return;
    }
    let missing = facts.tree.state(state).data.iter().find(|param| param.default.is_none());
    if let Some(param) = missing {
        let span = target.map_or(span, |t| t.span);
        d.push(report(facts, state, param, span, (by_default, target.is_some())));
    }
}

fn report(
    facts: &Facts,
    state: StateId,
    param: &Param,
    span: Span,
    (by_default, named): (bool, bool),
) -> Diagnostic {
    let (name, data) = (facts.tree.name(state), &param.name.text);
    let (message, help) = match (by_default, named) {
        (true, true) => (
            format!("`{name}` is entered by default, and `{data}` has no value"),
            format!("give `{data}` a default, or write `initial -> {name}(..)` instead"),
        ),
        (false, true) => (
            format!("`{name}` is entered without a value for `{data}`"),
            format!("write `{name}(..)`, or give `{data}` a default"),
        ),
        (_, false) => (
            format!("this enters `{name}` too, and `{data}` there has no value"),
            format!("give `{data}` a default, or enter `{name}(..)` itself"),
        ),
    };
    Diagnostic::new(Code::UnsetRead, span, message)
        .label(param.name.span, "no default here")
        .help(help)
}
