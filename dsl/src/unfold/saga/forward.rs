//! The way forward: a state for each step.

use super::{CAUSE, FAILED, Saga};
use crate::ast::{BinaryOp, Branch, Expr, Made, Name, Role, State, StateItem, StateItemKind, Step};
use crate::span::Span;
use crate::unfold::make;

/// How the states of steps call an error that they catch, and what a step gives.
pub(super) const ERROR: &str = "e";
pub(super) const RESULT: &str = "result";

/// The fields of a caught error.
const NAME: &str = "name";
const MESSAGE: &str = "message";

impl Saga<'_> {
    /// The state that does a stage.
    pub(super) fn forward(&self, at: usize) -> StateItem {
        let stage = &self.stages[at];
        if stage.group {
            return self.group(at);
        }
        let step = &stage.steps[0];
        let state = self.step_state(at, step, &stage.state);
        let onwards = self.onwards(at, step.span);
        let done = make::branch(None, Vec::new(), onwards, step.span);
        let mut items = self.asks(step, done);
        items.extend(self.fails(at, step));
        items.extend(self.reactions_in(at));
        make::inner(state, items)
    }

    /// The state that asks for a step, without its statements.
    pub(super) fn step_state(&self, at: usize, step: &Step, state: &str) -> State {
        let known = self.callables.called(&step.call);
        let role = match self.pivot {
            Some(pivot) if at == pivot => Role::Pivot,
            Some(pivot) if at > pivot => Role::Later,
            pivot => Role::Step { before_pivot: pivot.is_some() },
        };
        let mut state = make::part(role, state, Some(&step.name), step.span);
        state.name.span = step.name.span;
        state.meta = step.meta.clone();
        if let Some(part) = &mut state.part {
            part.readonly = step.meta.is_readonly() || known.is_some_and(|called| called.readonly);
        }
        state
    }

    /// Asks for a step, and keeps what it gives.
    pub(super) fn asks(&self, step: &Step, mut done: Branch) -> Vec<StateItem> {
        let place = step.span;
        let gives = self.result(step).is_some();
        if gives {
            let value = make::some(make::read(RESULT, place), place);
            done.effects.insert(0, make::set(&step.name.text, value, place));
        }
        let invoke = StateItemKind::Invoke(vec![step.call.clone()]);
        let on_done = make::on_done(gives.then_some(RESULT), vec![done], place);
        vec![make::item(invoke, step.call.span), on_done]
    }

    /// What comes of a step that fails. A declared error says that it was not done, every other
    /// leaves that open.
    fn fails(&self, at: usize, step: &Step) -> Option<StateItem> {
        let place = step.span;
        let is_pivot = self.pivot == Some(at);
        if !is_pivot && !self.can_go_back(at) {
            return None;
        }
        let (not_done, unknown) = match is_pivot {
            false => (self.back_before(at), self.back(at)),
            true => (self.back_before(at), FAILED.to_owned()),
        };
        let why = match is_pivot {
            false => some_error(place),
            true => unknown_pivot(&step.name, place),
        };
        let to = |guard: Option<Expr>, why: Expr, state: &str| {
            let effects = vec![make::set(CAUSE, why, place)];
            make::branch(guard, effects, make::go(state, place), place)
        };
        let declared = self.is_declared(step);
        let mut branches = Vec::new();
        if declared.is_some() && not_done != unknown {
            branches.push(to(declared, some_error(place), &not_done));
        }
        branches.push(to(None, why, &unknown));
        Some(make::on_error(ERROR, branches, place))
    }

    /// True if the error that was caught is one that the step raises.
    pub(super) fn is_declared(&self, step: &Step) -> Option<Expr> {
        let place = step.span;
        let raises = &self.callables.called(&step.call)?.raises;
        let is = |error: &String| {
            let name = make::field(make::read(ERROR, place), NAME, place);
            make::binary(BinaryOp::Eq, name, make::text(error, place), place)
        };
        make::joined(BinaryOp::Or, raises.iter().map(is), place)
    }
}

/// The error that was caught.
pub(super) fn some_error(place: Span) -> Expr {
    make::some(make::read(ERROR, place), place)
}

/// What the error that was caught says.
pub(super) fn message(place: Span) -> Expr {
    make::field(make::read(ERROR, place), MESSAGE, place)
}

/// The error that was caught, or the cause, with more words.
pub(super) fn failure(of: &Expr, parts: Vec<Expr>, place: Span) -> Expr {
    let message = make::made(Made::Text, parts, place);
    let name = make::field(of.clone(), NAME, place);
    make::made(Made::Failure, vec![name, message], place)
}

/// What the cause says.
pub(super) fn cause_message(place: Span) -> Expr {
    make::field(Saga::cause(place), MESSAGE, place)
}

fn unknown_pivot(step: &Name, place: Span) -> Expr {
    let words = format!(
        "it is not known whether `{}` was done, so nothing was taken back and nothing finished: ",
        step.text
    );
    let parts = vec![make::text(words, place), message(place)];
    make::some(failure(&make::read(ERROR, place), parts, place), place)
}
