//! Steps side by side: a parallel state with a region for each.
//!
//! If one fails the group is left. Those that had not ended may be done or not; those that had are
//! taken back in the reverse of the order in which they ended, which the data of the saga keep.

use super::forward::{ERROR, some_error};
use super::{CAUSE, Saga, Stage, state_of, undo_of};
use crate::ast::{
    BinaryOp, Branch, Expr, ExprKind, Modifier, Param, Role, StateItem, Step, TriggerKind,
};
use crate::span::Span;
use crate::spelling::pascal_case;
use crate::unfold::make;

/// What the states of a branch are called.
const RUNNING: &str = "Running";
const ENDED: &str = "Ended";

/// How many steps of a group have ended.
fn count(stage: &Stage) -> String {
    let names: Vec<&str> = stage.steps.iter().map(|step| step.name.text.as_str()).collect();
    format!("{{{} ended}}", names.join(" and "))
}

/// As which of its group a step has ended; 0 if it has not.
fn place_of(step: &Step) -> String {
    format!("{{{} ended}}", step.name.text)
}

/// There is nothing to take back any more.
fn undone(step: &Step) -> String {
    format!("{{{} undone}}", step.name.text)
}

fn undoable(stage: &Stage) -> impl DoubleEndedIterator<Item = &Step> + Clone {
    stage.steps.iter().filter(|step| step.compensate.is_some())
}

/// What the saga keeps of a group.
pub(super) fn data(stage: &Stage) -> Vec<Param> {
    if !stage.group || stage.undo().is_none() {
        return Vec::new();
    }
    let number = |name: &str, place: Span| {
        make::data(
            name,
            make::ty("u64", Vec::new(), place),
            make::expr(ExprKind::Int(0), place),
            place,
        )
    };
    let mut data = vec![number(&count(stage), stage.span)];
    for step in undoable(stage) {
        let place = step.name.span;
        data.push(number(&place_of(step), place));
        let no = make::bool(false, place);
        data.push(make::data(&undone(step), make::ty("bool", Vec::new(), place), no, place));
    }
    data
}

impl Saga<'_> {
    /// The state that does a group.
    pub(super) fn group(&self, at: usize) -> StateItem {
        let stage = &self.stages[at];
        let first = stage.steps.first().map(|step| &step.name);
        let mut state = make::part(Role::Group, &stage.state, first, stage.span);
        state.modifiers.push((Modifier::Parallel, stage.span));
        let mut items: Vec<StateItem> =
            stage.steps.iter().map(|step| self.branch_of(at, step)).collect();
        let onwards = make::branch(None, Vec::new(), self.onwards(at, stage.span), stage.span);
        let done = TriggerKind::Name(make::name("done", stage.span));
        items.push(make::on(done, None, vec![onwards], stage.span));
        items.extend(self.reactions_in(at));
        make::inner(state, items)
    }

    fn branch_of(&self, at: usize, step: &Step) -> StateItem {
        let (stage, place) = (&self.stages[at], step.span);
        let mut done = make::branch(None, Vec::new(), make::go(ENDED, place), place);
        if step.compensate.is_some() {
            let (ended, one) = (count(stage), make::expr(ExprKind::Int(1), place));
            let next = make::binary(BinaryOp::Add, make::read(&ended, place), one, place);
            done.effects.push(make::set(&ended, next, place));
            done.effects.push(make::set(&place_of(step), make::read(&ended, place), place));
        }
        let mut items = self.asks(step, done);
        items.extend(self.fails_in_group(at, step));
        let running = make::inner(self.step_state(at, step, RUNNING), items);
        let mut ended = make::part(Role::Branch, ENDED, Some(&step.name), place);
        ended.modifiers.push((Modifier::Final, place));
        let mut region = make::part(Role::Branch, &state_of(&step.name), Some(&step.name), place);
        region.name.span = step.name.span;
        region.region = true;
        make::inner(region, vec![make::initial(running), make::inner(ended, Vec::new())])
    }

    fn fails_in_group(&self, at: usize, step: &Step) -> Option<StateItem> {
        let place = step.span;
        if !self.can_go_back(at) {
            return None;
        }
        let to = |guard: Option<Expr>, is_over: bool| {
            let mut effects = vec![make::set(CAUSE, some_error(place), place)];
            if is_over {
                let yes = make::bool(true, place);
                effects.push(make::set(&undone(step), yes, place));
            }
            make::branch(guard, effects, make::go(&self.back(at), place), place)
        };
        let mut branches = Vec::new();
        if let Some(declared) = self.is_declared(step).filter(|_| step.compensate.is_some()) {
            branches.push(to(Some(declared), true));
        }
        branches.push(to(None, false));
        Some(make::on_error(ERROR, branches, place))
    }

    /// The state that chooses which step of a group is taken back next.
    pub(super) fn undo_group(&self, at: usize) -> StateItem {
        let stage = &self.stages[at];
        let first = stage.steps.first().map(|step| &step.name);
        let state = make::part(Role::UndoGroup, &undo_of(&stage.state), first, stage.span);
        let mut branches: Vec<Branch> = Vec::new();
        branches.extend(undoable(stage).rev().map(|step| back(step, is_open(step))));
        branches.extend(undoable(stage).map(|step| back(step, is_last(stage, step))));
        branches.extend(self.after_undo(at, stage.span));
        make::inner(state, vec![make::always(branches, stage.span)])
    }
}

fn back(step: &Step, guard: Expr) -> Branch {
    let place = step.span;
    let yes = make::bool(true, place);
    let effects = vec![make::set(&undone(step), yes, place)];
    let undo = undo_of(&pascal_case(&step.name.text));
    make::branch(Some(guard), effects, make::go(&undo, place), place)
}

fn is_left(step: &Step) -> Expr {
    make::not(make::read(undone(step), step.span), step.span)
}

/// It has not ended, and is not taken back.
fn is_open(step: &Step) -> Expr {
    let place = step.span;
    let none = make::expr(ExprKind::Int(0), place);
    let open = make::binary(BinaryOp::Eq, make::read(place_of(step), place), none, place);
    make::binary(BinaryOp::And, is_left(step), open, place)
}

/// Of those that are not taken back it has ended last.
fn is_last(stage: &Stage, step: &Step) -> Expr {
    let place = step.span;
    let others = undoable(stage).filter(|other| other.name.text != step.name.text);
    let later = others.map(|other| {
        let (own, others) = (make::read(place_of(step), place), make::read(place_of(other), place));
        let later = make::binary(BinaryOp::Gt, own, others, place);
        make::binary(BinaryOp::Or, make::read(undone(other), place), later, place)
    });
    let conditions = std::iter::once(is_left(step)).chain(later);
    make::joined(BinaryOp::And, conditions, place).unwrap_or_else(|| is_left(step))
}
