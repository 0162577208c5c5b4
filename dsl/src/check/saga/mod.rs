//! What is doubted about sagas: steps that cannot be taken back, steps that may stop it behind the pivot,
//! steps that are shared, what takes steps back, ends that lead nowhere, and ways out that are no ends.
//!
//! A saga is a composite state by now, and its states say which part of it they are.

pub(super) mod frail_undo;
pub(super) mod half_done;
pub(super) mod irreversible;
pub(super) mod no_way_on;
pub(super) mod open_end;
pub(super) mod outside_effect;
pub(super) mod shared_step;

use super::facts::Facts;
use crate::ast::{Name, Part, Role};
use crate::model::{Activity, Invoke, Policy, StateId};

/// A state that does a step or takes one back.
struct Act<'m> {
    saga: StateId,
    state: StateId,
    role: Role,
    step: &'m Name,
    invoke: &'m Invoke,
    /// Marked `@readonly`, or calls what is.
    readonly: bool,
}

impl<'m> Act<'m> {
    fn called(&self, facts: &Facts<'m>) -> &'m Activity {
        &facts.model.declarations.activities[self.invoke.activity.index()]
    }

    fn policy(&self, facts: &Facts<'m>) -> Option<&'m Policy> {
        let policy = self.invoke.policy?;
        Some(&facts.model.declarations.policies[policy.index()])
    }
}

/// All of them, in document order.
fn acts<'m>(facts: &Facts<'m>) -> Vec<Act<'m>> {
    let mut acts = Vec::new();
    for state in facts.tree.ids() {
        let Some(Part { role, step: Some(step), readonly, .. }) = &facts.tree.state(state).part
        else {
            continue;
        };
        let saga = facts.tree.ancestors(state).find(|id| is_saga(facts, *id));
        if let (Some(saga), Some(invoke)) = (saga, &facts.tree.state(state).invoke) {
            acts.push(Act { saga, state, role: *role, step, invoke, readonly: *readonly });
        }
    }
    acts
}

fn is_saga(facts: &Facts, id: StateId) -> bool {
    facts.tree.state(id).part.as_ref().is_some_and(|part| part.role == Role::Saga)
}
