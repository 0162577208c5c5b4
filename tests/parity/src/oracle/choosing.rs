//! Which transitions a step takes.

use super::values::Value;
use super::{Failure, Oracle};
use statewright_dsl::model::{BindingField, Reaction, StateId, Trigger};
use std::collections::BTreeSet;

/// A transition that is chosen: a branch, or a choice whose effects come first.
#[derive(Clone)]
pub(super) struct Chosen<'m> {
    pub(super) reaction: &'m Reaction,
    pub(super) bound: Vec<Value>,
    pub(super) branch: Option<usize>,
}

/// What an active atomic state answers.
pub(super) enum Answer<'m> {
    Take(Chosen<'m>),
    Defer,
    Ignore,
    Nothing,
}

impl<'m> Oracle<'m> {
    /// Inner state before outer; in one state a handler with a true guard before a `defer`.
    pub(super) fn answer(
        &self,
        leaf: StateId,
        trigger: &Trigger,
        payload: &[Value],
    ) -> Result<Answer<'m>, Failure> {
        for id in self.around(leaf) {
            let state = self.state(id);
            for reaction in state.reactions.iter().map(|r| &self.model.reactions[r.index()]) {
                if reaction.trigger != *trigger {
                    continue;
                }
                let bound = self.bound(reaction, payload);
                if !reaction.effects.is_empty() {
                    return Ok(Answer::Take(Chosen { reaction, bound, branch: None }));
                }
                if let Some(branch) = self.branch(reaction, &bound)? {
                    return Ok(Answer::Take(Chosen { reaction, bound, branch: Some(branch) }));
                }
            }
            let Trigger::Event(event) = trigger else { continue };
            if state.defer.iter().any(|(e, _)| e == event) {
                return Ok(Answer::Defer);
            }
            if state.ignore.iter().any(|(e, _)| e == event) {
                return Ok(Answer::Ignore);
            }
        }
        Ok(Answer::Nothing)
    }

    pub(super) fn bound(&self, reaction: &Reaction, payload: &[Value]) -> Vec<Value> {
        let value = |field: &BindingField| match field {
            BindingField::Declared(index) => payload[*index as usize].clone(),
            other => unreachable!("the random machines have no {other:?}"),
        };
        reaction.bindings.iter().map(|binding| value(&binding.field)).collect()
    }

    pub(super) fn branch(
        &self,
        reaction: &Reaction,
        bound: &[Value],
    ) -> Result<Option<usize>, Failure> {
        for (at, branch) in reaction.branches.iter().enumerate() {
            if self.holds(branch.guard.as_ref(), reaction.source, bound)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// One microstep: what every active atomic state chooses, without conflicts.
    pub(super) fn react(
        &mut self,
        triggers: &[Trigger],
        payload: &[Value],
    ) -> Result<Failure, Failure> {
        let leaves: Vec<StateId> =
            self.now.active.iter().copied().filter(|id| self.state(*id).kind.is_leaf()).collect();
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut otherwise = "Unhandled";
        for leaf in leaves {
            // Timers and completions belong to one state; `always` to any.
            for trigger in triggers {
                match self.answer(leaf, trigger, payload)? {
                    Answer::Take(new) => {
                        self.add(new, &mut chosen);
                        break;
                    }
                    Answer::Defer => otherwise = "Deferred",
                    Answer::Ignore if otherwise == "Unhandled" => otherwise = "Ignored",
                    Answer::Ignore | Answer::Nothing => {}
                }
            }
        }
        if chosen.is_empty() {
            return Ok(otherwise);
        }
        self.take(chosen)?;
        Ok("Handled")
    }

    /// A conflict goes to the inner one, else to the first in the file.
    pub(super) fn add(&self, new: Chosen<'m>, chosen: &mut Vec<Chosen<'m>>) {
        if chosen.iter().any(|other| std::ptr::eq(other.reaction, new.reaction)) {
            return;
        }
        let meets = |a: &Chosen, b: &Chosen| !self.may_leave(a).is_disjoint(&self.may_leave(b));
        let wins = |over: &Chosen| self.is_inside(new.reaction.source, over.reaction.source);
        if chosen.iter().all(|other| !meets(&new, other) || wins(other)) {
            chosen.retain(|other| !meets(&new, other));
            chosen.push(new);
        }
    }

    pub(super) fn may_leave(&self, chosen: &Chosen) -> BTreeSet<StateId> {
        let branches = chosen.reaction.branches.iter().enumerate();
        let possible = branches.filter(|(at, _)| chosen.branch.is_none_or(|branch| branch == *at));
        possible.flat_map(|(_, b)| self.leaves(chosen.reaction.source, &b.target)).collect()
    }
}
