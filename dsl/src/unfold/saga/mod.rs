//! Sagas: steps that are done one after the other, and taken back if one of them fails.
//!
//! A saga becomes a composite state whose data are what the steps have given. It has a state for
//! each step ([`forward`]), one for each step that is taken back ([`backward`], and [`group`] for
//! steps that ran side by side), and the three ends. Which step failed says which state of the way
//! back comes first; from there nothing leads forward again. [`read`] finds the steps in what was
//! written, [`names`] says if they make a name twice, [`known`] what they call, [`results`] what their names
//! mean, [`react`] what becomes of the reactions of the saga, [`history`] how it begins anew where history leads to it,
//! and [`optional`] says to activities that take steps back that a result may not be known.

mod backward;
mod forward;
mod group;
mod history;
mod known;
mod names;
mod optional;
mod react;
mod read;
mod results;

use super::make;
use crate::ast::{
    Expr, ExprKind, Machine, MachineItem, Modifier, Name, Outcome, Param, Part, Role, State,
    StateItem, StateItemKind, Step, Type,
};
use crate::diagnostic::Diagnostics;
use crate::resolve::Package;
use crate::span::Span;
use known::Callables;
use optional::Optional;
use read::Handlers;
use std::collections::BTreeSet;

/// The data in which a saga keeps why it goes back. No text can name it, nor any of the following.
const CAUSE: &str = "{cause}";

/// The data in which it keeps what could not be taken back.
const FAILURES: &str = "{failures}";

/// The data in which it keeps whether there is anything: what decides where a saga goes is one of two
/// values, so that all of its runs can be explored.
const INCOMPLETE: &str = "{incomplete}";

/// The three ends.
const DONE: &str = "Done";
const COMPENSATED: &str = "Compensated";
const FAILED: &str = "CompensationFailed";

/// Writes out all sagas of a machine, which can call what the package declares.
pub(super) fn unfold(machine: &mut Machine, package: &Package, d: &mut Diagnostics) {
    let known = (&Callables::of(machine, package), history::is_asked_for(machine));
    let mut optional = Optional::default();
    let mut items = std::mem::take(&mut machine.items);
    for item in &mut items {
        if let MachineItem::State(item) = item {
            inside(item, known, &mut optional, d);
        }
    }
    machine.items = items;
    optional.apply(machine);
}

fn inside(
    item: &mut StateItem,
    known: (&Callables, bool),
    optional: &mut Optional,
    d: &mut Diagnostics,
) {
    let StateItemKind::State(state) = &mut item.kind else { return };
    for inner in state.items.iter_mut().flatten() {
        inside(inner, known, optional, d);
    }
    let kind = |(modifier, _): &&(Modifier, Span)| *modifier != Modifier::Initial;
    let mut kinds = state.modifiers.iter().filter(kind);
    // What is a saga and something else too is told where kinds of states are.
    if let (Some((Modifier::Saga, _)), None) = (kinds.next(), kinds.next()) {
        unfold_state(state, known, optional, d);
    }
}

/// A saga while it is written out.
struct Saga<'m> {
    name: Name,
    span: Span,
    /// In the order in which they are done.
    stages: Vec<Stage>,
    /// The stage that is the pivot.
    pivot: Option<usize>,
    handlers: Handlers,
    callables: &'m Callables,
    /// Names that several steps have, or a step and something else.
    unclear: BTreeSet<String>,
}

/// A step, or several side by side.
struct Stage {
    /// What its state is called.
    state: String,
    steps: Vec<Step>,
    /// `concurrent`.
    group: bool,
    span: Span,
}

impl Stage {
    /// The state that begins to take it back.
    fn undo(&self) -> Option<String> {
        let is_undone = self.steps.iter().any(|step| step.compensate.is_some());
        is_undone.then(|| undo_of(&self.state))
    }
}

/// What the state of a step is called.
fn state_of(step: &Name) -> String {
    crate::spelling::pascal_case(&step.text)
}

fn undo_of(state: &str) -> String {
    format!("Undo{state}")
}

fn unfold_state(
    state: &mut State,
    (callables, remembered): (&Callables, bool),
    optional: &mut Optional,
    d: &mut Diagnostics,
) {
    let items = state.items.take().unwrap_or_default();
    let mut saga = read::saga(state, items, callables, d);
    results::resolve(&mut saga, optional, d);
    react::check(&saga, d);
    state.modifiers.retain(|(modifier, _)| *modifier != Modifier::Saga);
    state.part = Some(Part { role: Role::Saga, step: None, key: None, readonly: false });
    state.params.extend(saga.data());
    let mut made: Vec<StateItem> = Vec::new();
    for at in 0..saga.stages.len() {
        made.push(saga.forward(at));
    }
    for at in (0..saga.stages.len()).rev() {
        made.extend(saga.backward(at));
    }
    made.extend(saga.ends());
    if remembered && let Some(first) = saga.stages.first() {
        made.push(saga.begins_anew(first));
    } else if let Some(first) = made.first_mut() {
        let first =
            std::mem::replace(first, make::item(StateItemKind::Entry(Vec::new()), saga.span));
        made[0] = make::initial(first);
    }
    made.extend(saga.around());
    state.items = Some(made);
}

impl Saga<'_> {
    /// What it keeps: what steps have given, and how far it is on its way back.
    fn data(&self) -> Vec<Param> {
        let mut data = Vec::new();
        for stage in &self.stages {
            for step in &stage.steps {
                let place = step.name.span;
                if let Some(result) = self.result(step) {
                    let none = make::read("none", place);
                    data.push(make::data(&step.name.text, make::option(result), none, place));
                }
            }
            data.extend(group::data(stage));
        }
        let (failure, place) = (make::ty(Type::FAILURE, Vec::new(), self.span), self.name.span);
        let none = make::read("none", place);
        data.push(make::data(CAUSE, make::option(failure.clone()), none, place));
        if self.has_compensations() {
            let list = make::ty("Vec", vec![failure], place);
            let empty = make::expr(ExprKind::List(Vec::new()), place);
            data.push(make::data(FAILURES, list, empty, place));
            let (truth, no) = (make::ty("bool", Vec::new(), place), make::bool(false, place));
            data.push(make::data(INCOMPLETE, truth, no, place));
        }
        data
    }

    /// What a step gives.
    fn result(&self, step: &Step) -> Option<Type> {
        self.callables.called(&step.call)?.result.clone()
    }

    fn has_compensations(&self) -> bool {
        self.stages.iter().any(|stage| stage.undo().is_some())
    }

    /// True for the stages that are taken back when a later one fails.
    fn can_go_back(&self, at: usize) -> bool {
        self.pivot.is_none_or(|pivot| at < pivot)
    }

    /// Where the way back begins that takes back the stages before this one.
    fn back_before(&self, at: usize) -> String {
        let before = self.stages[..at].iter().rev();
        before.filter_map(Stage::undo).next().unwrap_or_else(|| COMPENSATED.into())
    }

    /// Where the way back begins that takes back this stage too.
    fn back(&self, at: usize) -> String {
        self.stages[at].undo().unwrap_or_else(|| self.back_before(at))
    }

    /// Where it goes when the stage is done.
    fn onwards(&self, at: usize, place: Span) -> Outcome {
        let next = self.stages.get(at + 1).map_or(DONE, |stage| stage.state.as_str());
        make::go(next, place)
    }

    /// The cause, where there is one for sure.
    fn cause(place: Span) -> Expr {
        make::sure(make::read(CAUSE, place), place)
    }
}
