//! Where data lives and how it flows: which of it can make a difference to what a machine does.
//!
//! A slot is a place that holds a value. A slot matters if a condition reads it, or if it flows
//! into one that matters. Arguments of guards and fns do not make a slot matter: their answers are
//! explored both ways.

use super::fan_out;
use crate::chart::{Chart, EntryData, EntryStep, Trigger};
use crate::model::{
    ActivityId, BindingField, BranchValue, Builtin, ContextDecl, Effect, EffectKind, ErrorId,
    ErrorKind, EventId, Expr, ExprKind, FanOut, FieldRef, FunctionId, Invoke, Joined, Param,
    ReactionId, StateId, StateKind, Ty, Work,
};
use std::collections::BTreeSet;

/// A place that holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// A field of the context.
    Field(u32),
    /// Data of a state.
    Data(StateId, u32),
    /// A part of the payload of an event.
    Payload(EventId, u32),
    /// What a guard or fn gives.
    Answer(FunctionId),
    /// What an activity gives.
    Result(ActivityId),
    /// A part of what an error carries.
    Error(ErrorId, u32),
    /// What any error says.
    Message,
    /// What any error is called.
    Name,
}

/// What is done with the value of an expression.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use<'c> {
    /// It decides what happens, or when.
    Decides(&'c Expr),
    /// It is stored.
    Stored(Slot, &'c Expr),
}

impl<'c> Use<'c> {
    pub(super) fn expr(self) -> &'c Expr {
        match self {
            Self::Decides(expr) | Self::Stored(_, expr) => expr,
        }
    }
}

/// All uses in a chart, and the conditions that are asked from outside.
pub(super) fn uses<'c>(chart: &'c Chart, conditions: &[&'c Expr]) -> Vec<Use<'c>> {
    let mut uses: Vec<Use<'c>> = conditions.iter().map(|expr| Use::Decides(expr)).collect();
    if let ContextDecl::Declared(fields) = &chart.declarations.context {
        for (at, field) in fields.iter().enumerate() {
            let default = field.param.default.as_ref();
            uses.extend(default.map(|expr| Use::Stored(Slot::Field(at as u32), expr)));
        }
    }
    for state in &chart.states {
        effects(&state.entry, &mut uses);
        effects(&state.exit, &mut uses);
        entries(chart, &state.default_entry, &mut uses);
    }
    entries(chart, &chart.start, &mut uses);
    let over = chart.fan_outs.iter().filter_map(|of| of.fan_out.over.as_ref());
    uses.extend(over.map(|over| Use::Decides(fan_out::list(&chart.declarations, &over.list))));
    uses.extend(chart.timers.iter().map(|timer| Use::Decides(&timer.delay)));
    uses.extend(chart.invariants.iter().map(|invariant| Use::Decides(&invariant.expr)));
    for transition in &chart.transitions {
        effects(&transition.effects, &mut uses);
        let guards = transition.branches.iter().filter_map(|branch| branch.guard.as_ref());
        uses.extend(guards.map(Use::Decides));
    }
    for plan in &chart.plans {
        effects(&plan.effects, &mut uses);
        entries(chart, &plan.entry, &mut uses);
    }
    uses
}

fn effects<'c>(effects: &'c [Effect], uses: &mut Vec<Use<'c>>) {
    let mut payload = |event: EventId, args: &'c [Expr]| {
        let slots = (0..).map(|at| Slot::Payload(event, at));
        uses.extend(slots.zip(args).map(|(slot, arg)| Use::Stored(slot, arg)));
    };
    for effect in effects {
        match &effect.kind {
            EffectKind::Raise(event, args) => payload(*event, args),
            EffectKind::RaiseAfter(event, args, _) => payload(*event, args),
            _ => {}
        }
    }
    for effect in effects {
        match &effect.kind {
            EffectKind::Set(field, value) => uses.push(Use::Stored(Slot::Field(field.0), value)),
            EffectKind::SetData(state, at, value) => {
                uses.push(Use::Stored(Slot::Data(*state, *at), value));
            }
            EffectKind::RaiseAfter(_, _, delay) => uses.push(Use::Decides(delay)),
            _ => {}
        }
    }
}

fn entries<'c>(chart: &'c Chart, steps: &'c [EntryStep], uses: &mut Vec<Use<'c>>) {
    for step in steps {
        match step {
            EntryStep::Enter { state, data } => {
                let slots = (0..).map(|at| Slot::Data(*state, at));
                let params = &chart.state(*state).data;
                let defaults = params.iter().filter_map(|param| param.default.as_ref());
                let values: Vec<&Expr> = match data {
                    EntryData::Defaults => defaults.collect(),
                    given => given.given().iter().collect(),
                };
                uses.extend(slots.zip(values).map(|(slot, value)| Use::Stored(slot, value)));
            }
            EntryStep::InitialEffects { effects: all, .. } => effects(all, uses),
            EntryStep::Restore { .. } => {}
        }
    }
}

/// How long timers and delayed events wait.
pub(super) fn delays(chart: &Chart) -> Vec<&Expr> {
    let timers = chart.timers.iter().map(|timer| &timer.delay);
    let mut effects: Vec<&Effect> = Vec::new();
    for state in &chart.states {
        effects.extend(state.entry.iter().chain(&state.exit));
        effects.extend(in_entries(&state.default_entry));
    }
    effects.extend(in_entries(&chart.start));
    effects.extend(chart.transitions.iter().flat_map(|transition| &transition.effects));
    for plan in &chart.plans {
        effects.extend(plan.effects.iter().chain(in_entries(&plan.entry)));
    }
    let delayed = effects.into_iter().filter_map(|effect| match &effect.kind {
        EffectKind::RaiseAfter(_, _, delay) => Some(delay),
        _ => None,
    });
    timers.chain(delayed).collect()
}

/// The effects of `initial` in the steps of an entry.
fn in_entries(steps: &[EntryStep]) -> impl Iterator<Item = &Effect> {
    steps.iter().flat_map(|step| match step {
        EntryStep::InitialEffects { effects, .. } => &effects[..],
        _ => &[],
    })
}

/// The slots that an expression reads; of a call its answer, and nothing of its arguments.
pub(super) fn reads(chart: &Chart, expr: &Expr, found: &mut Vec<Slot>) {
    match &expr.kind {
        ExprKind::Context(field) => found.push(Slot::Field(field.0)),
        ExprKind::StateData(state, at) => found.push(Slot::Data(*state, *at)),
        ExprKind::Binding(reaction, at) => found.extend(bound(chart, *reaction, *at)),
        // How far a value has moved is explored both ways, like an answer.
        ExprKind::Builtin(Builtin::Change, _) => {}
        // All branches give the same type.
        ExprKind::Branch(state, BranchValue::Answer) => {
            let fan_out = chart.state(*state).fan_out;
            let of = fan_out.map(|id| &chart.fan_outs[id.index()]);
            of.iter().for_each(|of| found.extend(results(&of.fan_out.calls[0])));
        }
        ExprKind::Call(function, _) => found.push(Slot::Answer(*function)),
        ExprKind::Field(inner, FieldRef::Declared(at)) if is_caught(inner) => {
            found.push(if *at == 0 { Slot::Name } else { Slot::Message });
        }
        _ => expr.parts().into_iter().for_each(|part| reads(chart, part, found)),
    }
}

/// True for an error as a handler binds it.
pub(super) fn is_caught(expr: &Expr) -> bool {
    expr.ty == Ty::Failure && matches!(expr.kind, ExprKind::Binding(..))
}

/// What a pattern binds: part of a payload, or data of a final state.
pub(super) fn bound(chart: &Chart, reaction: ReactionId, at: u32) -> Vec<Slot> {
    let transition = &chart.transitions[reaction.index()];
    if transition.bindings.get(at as usize).is_some_and(|binding| binding.ty == Ty::Failure) {
        return vec![Slot::Name, Slot::Message];
    }
    let part = match transition.bindings.get(at as usize).map(|binding| &binding.field) {
        Some(BindingField::Declared(part) | BindingField::Position(part, _)) => *part,
        _ => return Vec::new(),
    };
    match transition.triggers.first().map(|trigger| chart.triggers[trigger.index()]) {
        Some(Trigger::Event(event)) => vec![Slot::Payload(event, part)],
        Some(Trigger::Done(state)) => {
            let children = chart.state(state).children.iter();
            let finals = children.filter(|child| chart.state(**child).kind == StateKind::Final);
            finals.map(|child| Slot::Data(*child, part)).collect()
        }
        Some(Trigger::Result(invoke)) => {
            let invoke = &chart.invokes[invoke.index()];
            match invoke.fan_out {
                None => results(&invoke.call),
                Some(id) => joined(chart, &chart.fan_outs[id.index()].fan_out, part),
            }
        }
        Some(Trigger::Error(_, ErrorKind::Declared(error))) => vec![Slot::Error(error, part)],
        _ => Vec::new(),
    }
}

/// What the calls of a chain give.
pub(super) fn results(invoke: &Invoke) -> Vec<Slot> {
    let works = (0..=invoke.fallbacks.len()).map(|call| invoke.work(call));
    let results = works.map(|work| match work {
        Work::Activity(activity) => Slot::Result(activity),
        Work::Function(function) => Slot::Answer(function),
    });
    results.collect()
}

/// What a part of that is made of which a fan-out gives.
fn joined(chart: &Chart, fan_out: &FanOut, part: u32) -> Vec<Slot> {
    match fan_out.results.get(part as usize).map(|result| result.what) {
        Some(Joined::Branch(branch)) => results(&fan_out.calls[branch as usize]),
        Some(Joined::Answers) => fan_out.calls.iter().flat_map(results).collect(),
        Some(Joined::Failures) => vec![Slot::Name, Slot::Message],
        Some(Joined::Outcome) => {
            let mut found = Vec::new();
            fan_out.vote.iter().for_each(|vote| reads(chart, &vote.expr, &mut found));
            found
        }
        None => Vec::new(),
    }
}

/// What guards and fns are asked about.
pub(super) fn asked(chart: &Chart, conditions: &[Expr]) -> BTreeSet<Slot> {
    let conditions: Vec<&Expr> = conditions.iter().collect();
    let uses = uses(chart, &conditions);
    let mut found = Vec::new();
    let mut open: Vec<&Expr> = uses.iter().map(|used| used.expr()).collect();
    while let Some(expr) = open.pop() {
        if let ExprKind::Call(_, args) = &expr.kind {
            args.iter().for_each(|arg| reads(chart, arg, &mut found));
        }
        open.extend(expr.parts());
    }
    found.into_iter().collect()
}

/// What errors carry that is their message.
pub(super) fn texts(chart: &Chart) -> impl Iterator<Item = Slot> {
    let errors = (0..).map(ErrorId).zip(&chart.declarations.errors);
    errors.filter(|(_, error)| says_text(&error.params)).map(|(id, _)| Slot::Error(id, 0))
}

/// True if the message of an error is the text that it carries.
pub(super) fn says_text(params: &[Param]) -> bool {
    matches!(params, [Param { ty: Ty::String, .. }])
}

/// The slots that can make a difference.
pub(super) fn relevant(chart: &Chart, uses: &[Use<'_>]) -> BTreeSet<Slot> {
    let mut open = Vec::new();
    for used in uses {
        if let Use::Decides(expr) = used {
            reads(chart, expr, &mut open);
        }
    }
    let mut relevant = BTreeSet::new();
    while let Some(slot) = open.pop() {
        if !relevant.insert(slot) {
            continue;
        }
        if slot == Slot::Message {
            open.extend(texts(chart));
        }
        for used in uses {
            if let Use::Stored(into, expr) = used
                && *into == slot
            {
                reads(chart, expr, &mut open);
            }
        }
    }
    relevant
}

/// True for what only Rust can calculate, and for time: it is explored like an answer.
pub(super) fn is_opaque(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::External(..) | ExprKind::ExternalContext(_) => true,
        ExprKind::Field(_, crate::model::FieldRef::Named(_)) => true,
        ExprKind::Builtin(Builtin::Elapsed, _) => true,
        // A payload of an external event.
        ExprKind::Binding(..) => expr.ty == Ty::Unknown,
        _ => false,
    }
}
