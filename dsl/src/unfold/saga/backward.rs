//! The way back: a state for each step that is taken back, and the ends.

use super::forward::{ERROR, cause_message, failure, message};
use super::read::End;
use super::{CAUSE, COMPENSATED, DONE, FAILED, FAILURES, INCOMPLETE, Saga, state_of, undo_of};
use crate::ast::{Branch, Effect, Made, Modifier, Outcome, Role, StateItem, StateItemKind, Step};
use crate::span::Span;
use crate::unfold::make;

impl Saga<'_> {
    /// The states that take a stage back.
    pub(super) fn backward(&self, at: usize) -> Vec<StateItem> {
        let stage = &self.stages[at];
        let undone = stage.steps.iter().filter(|step| step.compensate.is_some());
        let mut states: Vec<StateItem> = Vec::new();
        if stage.group && stage.undo().is_some() {
            states.push(self.undo_group(at));
        }
        states.extend(undone.filter_map(|step| self.undo(at, step)));
        states
    }

    /// The state that takes a step back.
    fn undo(&self, at: usize, step: &Step) -> Option<StateItem> {
        let call = step.compensate.as_ref()?;
        let (place, stage) = (call.span, &self.stages[at]);
        let state = undo_of(&state_of(&step.name));
        let group = stage.undo().filter(|_| stage.group);
        let (done, failed) = match group {
            Some(group) => {
                let next =
                    |effects| vec![make::branch(None, effects, make::go(&group, place), place)];
                (next(Vec::new()), next(not_undone(step, place)))
            }
            None => (self.after_undo(at, place), self.after_failed_undo(at, step, place)),
        };
        let mut items = vec![
            make::item(StateItemKind::Invoke(vec![call.clone()]), place),
            make::on_done(None, done, place),
            make::on_error(ERROR, failed, place),
        ];
        items.extend(self.refusals());
        let mut state = make::part(Role::Undo, &state, Some(&step.name), place);
        state.name.span = step.name.span;
        Some(make::inner(state, items))
    }

    /// What comes when everything from a stage on is taken back.
    pub(super) fn after_undo(&self, at: usize, place: Span) -> Vec<Branch> {
        let to =
            |guard, state: &str| make::branch(guard, Vec::new(), make::go(state, place), place);
        let before = self.back_before(at);
        if before != COMPENSATED {
            return vec![to(None, &before)];
        }
        vec![to(Some(make::read(INCOMPLETE, place)), FAILED), to(None, COMPENSATED)]
    }

    fn after_failed_undo(&self, at: usize, step: &Step, place: Span) -> Vec<Branch> {
        let before = self.back_before(at);
        let next = if before == COMPENSATED { FAILED } else { &before };
        vec![make::branch(None, not_undone(step, place), make::go(next, place), place)]
    }

    /// The states with which a saga ends.
    pub(super) fn ends(&self) -> Vec<StateItem> {
        let mut done = make::part(Role::Done, DONE, None, self.name.span);
        done.modifiers.push((Modifier::Final, self.name.span));
        let mut ends = vec![make::inner(done, Vec::new())];
        let handlers = &self.handlers;
        ends.push(self.end(Role::Compensated, COMPENSATED, handlers.compensated.as_ref()));
        if self.can_break() || handlers.failed.is_some() {
            ends.push(self.end(Role::Failed, FAILED, handlers.failed.as_ref()));
        }
        ends
    }

    /// A state in which the reaction of the saga runs at once.
    fn end(&self, role: Role, name: &str, handler: Option<&End>) -> StateItem {
        let place = handler.map_or(self.name.span, |end| end.trigger.span);
        let items = handler.map(|end| StateItem {
            meta: end.meta.clone(),
            ..make::item(StateItemKind::Always(end.reaction.clone()), end.span)
        });
        make::inner(make::part(role, name, None, place), items.into_iter().collect())
    }
}

/// Notes that a step could not be taken back.
fn not_undone(step: &Step, place: Span) -> Vec<Effect> {
    let name = &step.name.text;
    let failed = make::made(Made::Failure, vec![make::text(name, place), message(place)], place);
    let list = make::made(Made::Append, vec![make::read(FAILURES, place), failed], place);
    let words = format!("; `{name}` was not taken back: ");
    let parts = vec![cause_message(place), make::text(words, place), message(place)];
    let cause = make::some(failure(&Saga::cause(place), parts, place), place);
    let incomplete = make::set(INCOMPLETE, make::bool(true, place), place);
    vec![make::set(FAILURES, list, place), incomplete, make::set(CAUSE, cause, place)]
}

/// True if it goes somewhere else.
pub(super) fn leaves(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Go(_))
}
