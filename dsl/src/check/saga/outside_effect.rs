//! W0607: what has been done before a saga is not taken back with it.
//!
//! It is doubted where an activity that surely has an effect leads to a saga, and the saga, with all
//! taken back, leads to a final state that is a failure without anything more being called. An effect is
//! sure of what gives nothing, and of what a step of a saga takes back; `@readonly` in front of the
//! activity says that there is none.

use super::{Act, acts, is_saga};
use crate::ast::Role;
use crate::check::ends;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ActivityId, StateId, Trigger};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let sagas: Vec<StateId> = facts.tree.ids().filter(|id| fails(facts, *id)).collect();
    if sagas.is_empty() {
        return;
    }
    let effects = Effects::new(facts);
    for id in facts.tree.ids().filter(|id| facts.is_active(*id)) {
        let state = facts.tree.state(id);
        let invoke = state.invoke.as_ref().filter(|_| state.part.is_none());
        let Some(invoke) = invoke.filter(|invoke| effects.has(facts, invoke.activity)) else {
            continue;
        };
        let results = facts.reactions(id).filter(|reaction| reaction.trigger == Trigger::Result);
        let behind = facts.graph.behind(&facts.tree, results);
        let Some(saga) = sagas.iter().find(|saga| behind.contains(saga)) else { continue };
        let called = &facts.model.declarations.activities[invoke.activity.index()];
        let name = &called.name.text;
        let saga = facts.tree.state(*saga);
        let message = format!("what `{name}` does is not taken back with `{}`", saga.name.text);
        d.push(
            Diagnostic::new(Code::OutsideEffect, invoke.head, message)
                .at("stays done when the saga fails")
                .label(saga.name.span, "takes back its own steps only")
                .help(match called.is_of_host() {
                    true => "make it a step of the saga, with `compensate`, or mark the activity `@readonly`",
                    false => "make it a step of the saga, with `compensate`",
                }),
        );
    }
}

/// True for a saga that leads to a failure when all is taken back, with nothing called on the way.
fn fails(facts: &Facts, id: StateId) -> bool {
    if !is_saga(facts, id) || !facts.is_active(id) {
        return false;
    }
    let is_end = |child: &&StateId| {
        let part = facts.tree.state(**child).part.as_ref();
        part.is_some_and(|part| part.role == Role::Compensated)
    };
    let Some(end) = facts.tree.state(id).children.iter().find(is_end) else { return false };
    let behind = facts.graph.behind(&facts.tree, facts.reactions(*end));
    let calls = |state: &StateId| ends::has_calls(&facts.tree, *state);
    !behind.iter().any(calls) && behind.iter().any(|state| facts.tree.state(*state).failure)
}

/// Which activities surely have an effect.
pub(in crate::check) struct Effects<'m> {
    acts: Vec<Act<'m>>,
}

impl<'m> Effects<'m> {
    pub(in crate::check) fn new(facts: &Facts<'m>) -> Self {
        Self { acts: acts(facts) }
    }

    pub(in crate::check) fn has(&self, facts: &Facts, activity: ActivityId) -> bool {
        has_effect(facts, &self.acts, activity)
    }
}

fn has_effect(facts: &Facts, acts: &[Act], activity: ActivityId) -> bool {
    let declared = &facts.model.declarations.activities[activity.index()];
    let is_undone = |act: &Act| {
        let same = |other: &&Act| other.saga == act.saga && other.step.text == act.step.text;
        act.role.is_step() && acts.iter().filter(same).any(|other| other.role == Role::Undo)
    };
    let is_step = acts.iter().any(|act| act.invoke.activity == activity && is_undone(act));
    !declared.readonly && (declared.result.is_none() || is_step)
}
