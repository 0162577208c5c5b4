//! Which transitions a step takes.

use super::sagas::Turn;
use super::values::Value;
use super::{Failure, Oracle};
use statewright_dsl::model::{BindingField, Branch, Reaction, StateId, Trigger};
use std::collections::BTreeSet;

/// A transition that is chosen: a branch, or a choice whose effects come first; or a move of a saga or
/// a loop; or a branch and what the saga then does.
#[derive(Clone)]
pub(super) struct Chosen<'m> {
    pub(super) source: StateId,
    pub(super) reaction: Option<&'m Reaction>,
    pub(super) bound: Vec<Value>,
    pub(super) branch: Option<usize>,
    pub(super) turn: Option<Turn>,
    /// What stands before the choice is done behind the exits.
    pub(super) late: bool,
}

impl<'m> Chosen<'m> {
    pub(super) fn of(reaction: &'m Reaction, bound: Vec<Value>, branch: Option<usize>) -> Self {
        let source = reaction.source;
        Self { source, reaction: Some(reaction), bound, branch, turn: None, late: false }
    }

    /// A move that nobody has written.
    pub(super) fn made(source: StateId, turn: Turn) -> Self {
        let turn = Some(turn);
        Self { source, reaction: None, bound: Vec::new(), branch: None, turn, late: false }
    }

    pub(super) fn taken(&self) -> Option<(&'m Reaction, &'m Branch)> {
        let reaction = self.reaction?;
        Some((reaction, &reaction.branches[self.branch?]))
    }
}

/// What an active atomic state answers.
pub(super) enum Answer<'m> {
    Take(Box<Chosen<'m>>),
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
            if *trigger == Trigger::Always
                && let Some(chosen) = self.saga_goes_on(id)?
            {
                return Ok(Answer::Take(Box::new(chosen)));
            }
            for reaction in state.reactions.iter().map(|r| &self.model().reactions[r.index()]) {
                if reaction.trigger != *trigger {
                    continue;
                }
                if self.is_refused(reaction) {
                    match trigger {
                        Trigger::Event(_) => return Ok(Answer::Ignore),
                        _ => continue,
                    }
                }
                let bound = self.bound(reaction, payload);
                if !reaction.effects.is_empty() {
                    return Ok(Answer::Take(Box::new(Chosen::of(reaction, bound, None))));
                }
                let Some(branch) = self.branch(reaction, &bound)? else {
                    if self.refuses(id, reaction, trigger) {
                        return Ok(Answer::Ignore);
                    }
                    continue;
                };
                let chosen = Chosen::of(reaction, bound, Some(branch));
                if !self.aborts(&chosen) {
                    return Ok(Answer::Take(Box::new(chosen)));
                }
                match self.abort(chosen) {
                    Some(chosen) => return Ok(Answer::Take(Box::new(chosen))),
                    None if *trigger == Trigger::Always => {}
                    None => return Ok(Answer::Ignore),
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
        for (at, branch) in reaction.branches.iter().enumerate().take(self.tried(reaction)) {
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
                        self.add(*new, &mut chosen);
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
        let is_same = |other: &Chosen| match (other.reaction, new.reaction) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (a, b) => a.is_none() && b.is_none() && other.source == new.source,
        };
        if chosen.iter().any(is_same) {
            return;
        }
        let meets = |a: &Chosen, b: &Chosen| !self.may_leave(a).is_disjoint(&self.may_leave(b));
        let wins = |over: &Chosen| self.is_inside(new.source, over.source);
        if chosen.iter().all(|other| !meets(&new, other) || wins(other)) {
            chosen.retain(|other| !meets(&new, other));
            chosen.push(new);
        }
    }

    pub(super) fn may_leave(&self, chosen: &Chosen) -> BTreeSet<StateId> {
        let branches = chosen.reaction.iter().flat_map(|r| r.branches.iter().enumerate());
        let possible = branches.filter(|(at, _)| chosen.branch.is_none_or(|branch| branch == *at));
        let left = possible.flat_map(|(_, b)| self.leaves(chosen.source, &b.target));
        // A saga that goes on leaves what stands in it.
        left.chain(chosen.turn.iter().map(|_| chosen.source)).collect()
    }
}
