//! Sagas: the way forward and the way back, without what the compiler notes on them.
//!
//! Every step has one arrow onwards, and one for each place where the way back begins. On the way back
//! it is the same whether taking a step back has worked or not, but for the last.

use super::super::text::Text;
use super::{Draft, Label};
use crate::ast::Role;
use crate::model::{
    Branch, Effect, EffectKind, ErrorKind, Model, Reaction, State, StateId, Target, Trigger,
};

/// The part that a state is of a saga, if the compiler has made it.
pub(super) fn role(state: &State) -> Option<Role> {
    state.part.as_ref().filter(|part| part.key.is_some()).map(|part| part.role)
}

/// How a call is introduced in a state.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Pivot => "pivot",
        Role::Undo => "undo",
        _ => "step",
    }
}

/// True for what the compiler notes, which nobody has written. The number of a round is shown.
fn is_made(model: &Model, effect: &Effect) -> bool {
    match &effect.kind {
        EffectKind::SetData(state, at, _) => {
            let state = &model.states[state.index()];
            let made = state.data.get(*at as usize).filter(|param| param.made);
            made.is_some_and(|param| state.rounds.is_none() || param.is_hidden())
        }
        _ => false,
    }
}

impl Draft<'_> {
    /// The arrows of a state that the compiler has made.
    pub(super) fn saga(&mut self, id: StateId, role: Role) {
        let Some(from) = self.of_state[id.index()] else { return };
        let room = self.room(from);
        let mut drawn: Vec<(StateId, Label)> = Vec::new();
        let reactions = self.state(id).reactions.clone();
        for reaction in reactions.iter().map(|id| &self.model.reactions[id.index()]) {
            if is_written(reaction, role) {
                self.reaction(reaction);
                continue;
            }
            for (index, branch) in reaction.branches.iter().enumerate() {
                let Target::States(targets) = &branch.target else { continue };
                let label = self.label(id, role, reaction, index, branch);
                for target in targets {
                    match drawn.iter_mut().find(|(state, _)| *state == target.state) {
                        // The word for the way that is meant, if both ways lead there.
                        Some((_, known)) if known.0.is_empty() => *known = label.clone(),
                        Some(_) => {}
                        None => drawn.push((target.state, label.clone())),
                    }
                }
            }
        }
        for (state, label) in drawn {
            let to = self.target(from, state, room);
            self.arrow(from, to, label);
        }
    }

    fn label(
        &self,
        id: StateId,
        role: Role,
        reaction: &Reaction,
        index: usize,
        branch: &Branch,
    ) -> Label {
        if !role.is_backward() {
            return match reaction.trigger {
                Trigger::Error(_) => Label::trigger(self.errors(id, reaction, index)),
                _ => Label::default(),
            };
        }
        let Target::States(targets) = &branch.target else { return Label::default() };
        let end = targets
            .first()
            .and_then(|target| self.state(target.state).part.as_ref().map(|part| part.role));
        match end {
            Some(Role::Compensated) => Label::trigger("all taken back"),
            Some(Role::Failed) => Label::trigger("not all taken back"),
            _ => Label::default(),
        }
    }

    /// Which errors a branch is for.
    fn errors(&self, id: StateId, reaction: &Reaction, index: usize) -> String {
        let is_one_way = reaction.branches.windows(2).all(|pair| pair[0].target == pair[1].target);
        if is_one_way {
            return "error".to_owned();
        }
        if index > 0 {
            return "any other error".to_owned();
        }
        let declarations = &self.model.declarations;
        let kinds = self.state(id).invoke.iter().flat_map(|invoke| declarations.ends(invoke));
        let names = kinds.filter_map(|kind| match kind {
            ErrorKind::Declared(error) => {
                Some(declarations.errors[error.index()].name.text.as_str())
            }
            ErrorKind::Unexpected => None,
        });
        format!("error {}", names.collect::<Vec<_>>().join(", "))
    }
}

/// True for what has been written by hand, and stands in a state that is made.
fn is_written(reaction: &Reaction, role: Role) -> bool {
    match reaction.trigger {
        Trigger::Always => role != Role::UndoGroup,
        Trigger::Result | Trigger::Error(_) | Trigger::Done => false,
        _ => true,
    }
}

/// The effects that were written, and `abort` where the saga is taken back.
pub(super) fn effects(text: Text<'_>, model: &Model, effects: &[Effect]) -> Vec<String> {
    let written = effects.iter().filter(|effect| !is_made(model, effect));
    let mut texts: Vec<String> = written.map(|effect| text.effect(effect)).collect();
    if effects.iter().any(|effect| is_made(model, effect) && is_abort(model, effect)) {
        texts.push("abort".to_owned());
    }
    texts
}

/// True for the note that a saga was aborted: nothing else sets only the cause beside what was written.
fn is_abort(model: &Model, effect: &Effect) -> bool {
    let EffectKind::SetData(state, ..) = &effect.kind else { return false };
    let part = model.states[state.index()].part.as_ref();
    part.is_some_and(|part| part.role == Role::Saga)
}
