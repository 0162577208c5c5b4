//! The names that a saga makes: each step is called otherwise than all others, and so are the states
//! that are made of it.
//!
//! Of two that clash the second is left out, so that the clash is told once, and what a name stands for
//! that two steps have is not asked for.

use super::read::stage;
use super::{COMPENSATED, DONE, FAILED, Stage, state_of, undo_of};
use crate::ast::{Name, State, Step};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use std::collections::BTreeSet;

/// What is left of the steps that were written.
pub(super) struct Clashing {
    /// Those whose names differ.
    pub(super) stages: Vec<Stage>,
    /// The names of those that are left out.
    pub(super) unclear: BTreeSet<String>,
}

/// The stages of a saga, without steps that make a name for a second time.
pub(super) fn distinct(
    written: Vec<(Vec<Step>, Span)>,
    state: &State,
    d: &mut Diagnostics,
) -> Clashing {
    let mut made = Made { state, states: Vec::new() };
    let mut left = Clashing { stages: Vec::new(), unclear: BTreeSet::new() };
    for (mut steps, span) in written {
        steps.retain(|step| {
            let Some(clash) = made.take(step) else { return true };
            d.push(clash);
            left.unclear.insert(step.name.text.clone());
            false
        });
        let Some(stage) = stage(steps, span) else { continue };
        if let Some(clash) = made.take_group(&stage) {
            d.push(clash);
            left.unclear.extend(stage.steps.iter().map(|step| step.name.text.clone()));
            continue;
        }
        left.stages.push(stage);
    }
    left
}

/// The states that are made so far, each with what makes it.
struct Made<'s> {
    state: &'s State,
    states: Vec<(String, String, Span)>,
}

impl Made<'_> {
    /// Takes the names that a step makes; if one of them is taken, says so.
    fn take(&mut self, step: &Step) -> Option<Diagnostic> {
        let name = &step.name;
        let own = state_of(name);
        if [DONE, COMPENSATED, FAILED].contains(&own.as_str()) {
            return Some(taken(name, &own));
        }
        let mut data = self.state.params.iter();
        if let Some(param) = data.find(|param| param.name.text == name.text) {
            return Some(twice(name, param.name.span, "data of the saga is called so"));
        }
        let undo = step.compensate.as_ref().map(|_| undo_of(&own));
        self.add([Some(own), undo], &name.text, name.span)
    }

    /// The same for the states of a group.
    fn take_group(&mut self, stage: &Stage) -> Option<Diagnostic> {
        if !stage.group {
            return None;
        }
        let names: Vec<&str> = stage.steps.iter().map(|step| step.name.text.as_str()).collect();
        self.add([Some(stage.state.clone()), stage.undo()], &names.join("` beside `"), stage.span)
    }

    fn add(&mut self, states: [Option<String>; 2], by: &str, place: Span) -> Option<Diagnostic> {
        let states = states.into_iter().flatten();
        for state in states.clone() {
            let known = self.states.iter().find(|(known, ..)| *known == state);
            if let Some((_, first, span)) = known {
                return Some(match first == by {
                    true => twice(&Name { text: by.to_owned(), span: place }, *span, "first here"),
                    false => same_state((by, place), (first, *span), &state),
                });
            }
        }
        self.states.extend(states.map(|state| (state, by.to_owned(), place)));
        None
    }
}

fn taken(name: &Name, state: &str) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, name.span, format!("a step cannot be called `{}`", name.text))
        .at(format!("every saga has a state `{state}`"))
        .help("give it another name")
}

fn twice(step: &Name, first: Span, label: &str) -> Diagnostic {
    let message = format!("step `{}` is declared twice", step.text);
    Diagnostic::new(Code::Duplicate, step.span, message)
        .at("declared again here")
        .label(first, label)
        .help("give one of them another name")
}

fn same_state(second: (&str, Span), first: (&str, Span), state: &str) -> Diagnostic {
    let message = format!("`{}` and `{}` both make a state `{state}`", first.0, second.0);
    Diagnostic::new(Code::Duplicate, second.1, message)
        .at("the second here")
        .label(first.1, "the first is here")
        .help("give one of them another name")
}
