//! What was written, with names and types found, and nothing lowered: a saga is one state with steps,
//! a loop a composite with conditions.
//!
//! Both are put in the words of the core where that is only a way to have their expressions and
//! handlers resolved: the calls of a saga as those of a fan-out, which nobody runs, and what ends the
//! rounds of a loop as handlers of its completion. What they mean is said by [`super::sagas`] and
//! [`super::loops`].

use super::children::Child;
use statewright_dsl::ast::{
    BinaryOp, Call, Expr, ExprKind, FanOut, Item, Join, JoinKind, Machine, MachineItem, Meta,
    Modifier, Name, NamedCall, Outcome, Param, Path, Reaction, State, StateItem, StateItemKind,
    Step, TriggerKind, Type,
};
use statewright_dsl::compile::Compilation;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::model::{self, Model, ReactionId, StateId, Trigger};
use statewright_dsl::resolve::resolve;
use statewright_dsl::span::{SourceId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A place as a key: spans themselves are all equal.
pub(super) type Place = (SourceId, u32, u32);

/// A machine as it was written.
#[derive(Debug)]
pub struct Reading {
    pub(super) model: Model,
    pub(super) sagas: BTreeMap<StateId, Saga>,
    pub(super) loops: BTreeMap<StateId, Loop>,
    /// All machines that are there, by their names.
    pub(super) children: BTreeMap<String, Child>,
    /// The branches that `abort`.
    pub(super) aborts: BTreeSet<Place>,
    /// Where `change(x)` stands.
    pub(super) changes: BTreeSet<Place>,
}

/// A saga: its steps, and what comes of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Saga {
    pub(super) stages: Vec<Stage>,
    /// The stage that is the pivot.
    pub(super) pivot: Option<usize>,
    pub(super) compensated: Option<ReactionId>,
    pub(super) failed: Option<ReactionId>,
}

/// A step, or several side by side.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) steps: Vec<StepOf>,
    pub(super) side_by_side: bool,
}

/// A step.
#[derive(Clone, Debug)]
pub(super) struct StepOf {
    pub(super) name: String,
    /// Its call and what takes it back, among the calls of the state.
    pub(super) call: usize,
    pub(super) undo: Option<usize>,
    /// Its result among the data of the saga.
    pub(super) result: Option<usize>,
}

/// A loop: what is asked between two rounds.
#[derive(Clone, Debug, Default)]
pub(super) struct Loop {
    pub(super) until: Vec<Until>,
    pub(super) max: Option<model::Expr>,
    pub(super) converged: Option<ReactionId>,
    pub(super) exhausted: Option<ReactionId>,
    /// The timer for `deadline`.
    pub(super) deadline: Option<ReactionId>,
}

/// `until C for N`
#[derive(Clone, Debug)]
pub(super) struct Until {
    pub(super) condition: model::Expr,
    pub(super) times: u64,
    pub(super) asks_for_change: bool,
}

/// What stands where, before names are found.
#[derive(Default)]
struct Notes {
    sagas: BTreeMap<Place, (Saga, BTreeMap<&'static str, Place>)>,
    loops: BTreeMap<Place, LoopNotes>,
    aborts: BTreeSet<Place>,
    changes: BTreeSet<Place>,
    /// What each activity gives.
    results: BTreeMap<String, Option<Type>>,
}

#[derive(Default)]
struct LoopNotes {
    until: Vec<(Place, u64, bool)>,
    max: Option<Place>,
    ways: BTreeMap<&'static str, Place>,
}

impl Reading {
    /// Reads the first machine of a file that compiles.
    pub fn of(compilation: &Compilation) -> Self {
        let mut package = compilation.package.clone();
        let items = compilation.package.files.iter().flat_map(|file| &file.tree.items);
        let machines = items.filter_map(|item| match item {
            Item::Machine(machine) => Some(machine),
            _ => None,
        });
        let machines: Vec<&Machine> = machines.collect();
        let children = machines.iter().map(|of| (of.name.text.clone(), Child::of(of, machines[0])));
        let children = children.collect();
        let mut notes = Notes::default();
        for file in &mut package.files {
            for item in &mut file.tree.items {
                if let Item::Machine(machine) = item {
                    notes.machine(machine);
                }
            }
        }
        let model = resolve(&package, &mut Diagnostics::default()).swap_remove(0);
        let mut reading = Self {
            sagas: BTreeMap::new(),
            loops: BTreeMap::new(),
            children,
            aborts: notes.aborts,
            changes: notes.changes,
            model: model.clone(),
        };
        let conditions = model.invariants.iter().map(|i| (i.expr.span.order(), &i.expr));
        let asked: BTreeMap<Place, &model::Expr> = conditions.collect();
        let mut borrowed = BTreeSet::new();
        for (at, state) in model.states.iter().enumerate() {
            let id = StateId(at as u32);
            let reaction = |place: Option<&Place>, wanted: fn(&Trigger) -> bool| {
                let is_it = |id: &&ReactionId| {
                    let reaction = &model.reactions[id.index()];
                    Some(&reaction.span.order()) == place && wanted(&reaction.trigger)
                };
                state.reactions.iter().find(is_it).copied()
            };
            if let Some((saga, ends)) = notes.sagas.remove(&state.span.order()) {
                let any = |_: &Trigger| true;
                let compensated = reaction(ends.get("compensated"), any);
                let failed = reaction(ends.get("compensation_error"), any);
                reading.sagas.insert(id, Saga { compensated, failed, ..saga });
            }
            if let Some(written) = notes.loops.remove(&state.span.order()) {
                let is_timer = |trigger: &Trigger| matches!(trigger, Trigger::After(_));
                let is_end = |trigger: &Trigger| *trigger == Trigger::Done;
                let expr = |place: &Place| asked[place].clone();
                let until = written.until.iter().map(|(place, times, change)| Until {
                    condition: expr(place),
                    times: *times,
                    asks_for_change: *change,
                });
                borrowed.extend(written.until.iter().map(|(place, ..)| *place));
                borrowed.extend(written.max);
                let exhausted = written.ways.get("exhausted");
                let of = Loop {
                    until: until.collect(),
                    max: written.max.as_ref().map(|place| left(expr(place))),
                    converged: reaction(written.ways.get("converged"), is_end),
                    exhausted: reaction(exhausted, is_end),
                    deadline: reaction(exhausted, is_timer),
                };
                reading.loops.insert(id, of);
            }
        }
        reading.model.invariants.retain(|i| !borrowed.contains(&i.expr.span.order()));
        reading
    }
}

/// Of `max >= 0` the first.
fn left(expr: model::Expr) -> model::Expr {
    match expr.kind {
        model::ExprKind::Binary(_, left, _) => *left,
        _ => expr,
    }
}

impl Notes {
    fn machine(&mut self, machine: &mut Machine) {
        for item in &machine.items {
            if let MachineItem::Activity { signature, .. } = item {
                self.results.insert(signature.name.text.clone(), signature.result.clone());
            }
        }
        for item in &mut machine.items {
            if let MachineItem::State(item) = item {
                self.item(item);
            }
        }
    }

    fn item(&mut self, item: &mut StateItem) {
        let StateItemKind::State(state) = &mut item.kind else { return };
        state.items.iter_mut().flatten().for_each(|item| self.item(item));
        let has = |word| state.modifiers.iter().any(|(modifier, _)| *modifier == word);
        let (is_saga, is_loop) = (has(Modifier::Saga), has(Modifier::Loop));
        state.modifiers.retain(|(word, _)| !matches!(word, Modifier::Saga | Modifier::Loop));
        if is_saga {
            self.saga(state);
        } else if is_loop {
            self.rounds(state);
        }
    }

    fn saga(&mut self, state: &mut State) {
        let (mut saga, mut ends) = (Saga::default(), BTreeMap::new());
        let (mut calls, mut rest) = (Vec::new(), Vec::new());
        for mut item in state.items.take().unwrap_or_default() {
            match item.kind {
                StateItemKind::Step(step) => {
                    self.stage(&mut saga, state, vec![step], &mut calls, false);
                }
                StateItemKind::Concurrent(steps) => {
                    let side_by_side = steps.len() > 1;
                    self.stage(&mut saga, state, steps, &mut calls, side_by_side);
                }
                kind => {
                    item.kind = kind;
                    if let Some(end) =
                        end_of(&mut item.kind, &["compensated", "compensation_error"])
                    {
                        ends.insert(end, item.span.order());
                    }
                    self.aborts(&mut item.kind);
                    rest.push(item);
                }
            }
        }
        let join = Join {
            kind: JoinKind::AllSettled,
            tolerate: None,
            into: None,
            failures: None,
            vote: None,
            span: state.span,
        };
        let fan_out = FanOut { over: None, max: None, concurrency: None, calls, join };
        rest.push(item(StateItemKind::FanOut(fan_out), state.span));
        state.items = Some(rest);
        self.sagas.insert(state.span.order(), (saga, ends));
    }

    fn stage(
        &mut self,
        saga: &mut Saga,
        state: &mut State,
        steps: Vec<Step>,
        calls: &mut Vec<NamedCall>,
        side_by_side: bool,
    ) {
        let mut call = |call: Call| {
            let text = format!("{{{}}}", calls.len());
            let name = Name { text, span: call.span };
            calls.push(NamedCall { name, chain: vec![call] });
            calls.len() - 1
        };
        let mut all = Vec::new();
        for step in steps {
            if step.pivot.is_some() {
                saga.pivot = Some(saga.stages.len());
            }
            let result = self.results.get(&step.call.name.text).cloned().flatten();
            let result = result.map(|ty| {
                let zero = Expr { kind: ExprKind::Int(0), span: step.span };
                state.params.push(data(&step.name.text, ty, zero));
                state.params.len() - 1
            });
            let name = step.name.text.clone();
            let (own, undo) = (call(step.call), step.compensate.map(&mut call));
            all.push(StepOf { name, call: own, undo, result });
        }
        saga.stages.push(Stage { steps: all, side_by_side });
    }

    fn aborts(&mut self, kind: &mut StateItemKind) {
        let reaction: &mut Reaction = match kind {
            StateItemKind::On(_, reaction)
            | StateItemKind::After(_, reaction)
            | StateItemKind::Every(_, reaction)
            | StateItemKind::Always(reaction) => reaction,
            _ => return,
        };
        for branch in &mut reaction.branches {
            if matches!(branch.outcome, Outcome::Abort(_)) {
                branch.outcome = Outcome::Stay;
                self.aborts.insert(branch.span.order());
            }
        }
    }

    fn rounds(&mut self, state: &mut State) {
        let mut notes = LoopNotes::default();
        let mut rest = Vec::new();
        let mut deadline = None;
        for mut item in state.items.take().unwrap_or_default() {
            if let StateItemKind::Until(mut condition, times) = item.kind {
                let before = self.changes.len();
                self.mark_changes(&mut condition);
                let place = condition.span.order();
                let times = times.map_or(1, |times| times.value);
                notes.until.push((place, times, self.changes.len() > before));
                rest.push(StateItem { kind: StateItemKind::Invariant(condition), ..item });
                continue;
            }
            if let Some(way) = end_of(&mut item.kind, &["converged", "exhausted"]) {
                notes.ways.insert(way, item.span.order());
                if let (Some(time), StateItemKind::On(_, reaction)) =
                    (state.deadline.clone().filter(|_| way == "exhausted"), &item.kind)
                {
                    let kind = StateItemKind::After(time, reaction.clone());
                    deadline = Some(StateItem { kind, ..item.clone() });
                }
            }
            rest.push(item);
        }
        rest.extend(deadline);
        if let Some(max) = state.max.take() {
            notes.max = Some(max.span.order());
            let span = max.span;
            let zero = Expr { kind: ExprKind::Int(0), span };
            let kind = ExprKind::Binary(BinaryOp::Ge, Box::new(max), Box::new(zero));
            rest.push(item(StateItemKind::Invariant(Expr { kind, span }), span));
        }
        state.deadline = None;
        let one = Expr { kind: ExprKind::Int(1), span: state.span };
        state.params.push(data("round", named("u32", state.span), one));
        state.items = Some(rest);
        self.loops.insert(state.span.order(), notes);
    }

    /// Writes `x - x` for `change(x)`, and notes where.
    fn mark_changes(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Call(path, args) if path.text() == "change" => {
                let of = args.swap_remove(0);
                let kind = ExprKind::Binary(BinaryOp::Sub, Box::new(of.clone()), Box::new(of));
                self.changes.insert(expr.span.order());
                *expr = Expr { kind, span: expr.span };
            }
            ExprKind::Call(_, args) => args.iter_mut().for_each(|arg| self.mark_changes(arg)),
            ExprKind::Unary(_, of) => self.mark_changes(of),
            ExprKind::Binary(_, a, b) => {
                self.mark_changes(a);
                self.mark_changes(b);
            }
            _ => {}
        }
    }
}

/// Makes `on done` or `on error(cause)` of a handler with one of these names, which only some states
/// have.
fn end_of(kind: &mut StateItemKind, names: &[&'static str]) -> Option<&'static str> {
    let StateItemKind::On(trigger, _) = kind else { return None };
    let TriggerKind::Name(name) = &mut trigger.kind else { return None };
    let found = names.iter().find(|known| **known == name.text)?;
    match trigger.pattern {
        Some(_) => trigger.kind = TriggerKind::Error(None),
        None => "done".clone_into(&mut name.text),
    }
    Some(found)
}

fn item(kind: StateItemKind, span: Span) -> StateItem {
    StateItem { meta: Meta::default(), kind, span }
}

fn named(text: &str, span: Span) -> Type {
    let segments = vec![Name { text: text.into(), span }];
    Type { path: Path { segments, span }, args: Vec::new(), span }
}

/// Data that nobody has declared.
fn data(name: &str, ty: Type, default: Expr) -> Param {
    let name = Name { text: name.into(), span: ty.span };
    Param { meta: Meta::default(), name, ty, default: Some(default), made: true }
}
