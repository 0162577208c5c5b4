//! What was written of a saga: its steps, its ends, and all else.

use super::known::Callables;
use super::names::{self, Clashing};
use super::{Saga, Stage, state_of};
use crate::ast::{
    Meta, Name, Reaction, State, StateItem, StateItemKind, Step, Trigger, TriggerKind,
};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::failures;
use crate::span::Span;

/// What a saga does at one of its ends.
pub(super) struct End {
    pub(super) meta: Meta,
    pub(super) trigger: Trigger,
    pub(super) reaction: Reaction,
    pub(super) span: Span,
}

/// What a saga says beside its steps.
#[derive(Default)]
pub(super) struct Handlers {
    /// `on compensated`
    pub(super) compensated: Option<End>,
    /// `on compensation_error`
    pub(super) failed: Option<End>,
    /// Everything else, in order.
    pub(super) rest: Vec<StateItem>,
}

impl Handlers {
    /// What is said of the ends of the saga.
    pub(super) fn ends(&self) -> impl Iterator<Item = (&Trigger, &Reaction)> {
        let done = self.rest.iter().filter_map(|item| match &item.kind {
            StateItemKind::On(trigger, reaction) if word(trigger) == Some("done") => {
                Some((trigger, reaction))
            }
            _ => None,
        });
        let others = [&self.compensated, &self.failed].into_iter().flatten();
        done.chain(others.map(|end| (&end.trigger, &end.reaction)))
    }
}

/// Takes a saga apart, and says what does not make one.
pub(super) fn saga<'m>(
    state: &State,
    items: Vec<StateItem>,
    callables: &'m Callables,
    d: &mut Diagnostics,
) -> Saga<'m> {
    let (mut written, mut handlers) = (Vec::new(), Handlers::default());
    let mut has_foreign = false;
    for item in items {
        let StateItem { meta, kind, span } = item;
        match kind {
            StateItemKind::Step(step) => written.push((vec![step], span)),
            StateItemKind::Concurrent(steps) if steps.is_empty() => d.push(no_steps_beside(span)),
            StateItemKind::Concurrent(steps) => written.push((steps, span)),
            StateItemKind::On(trigger, reaction) => {
                let end = match word(&trigger) {
                    Some("compensated") => Some(&mut handlers.compensated),
                    Some("compensation_error") => Some(&mut handlers.failed),
                    _ => None,
                };
                match end {
                    Some(Some(first)) => d.push(said_twice(&trigger, &first.trigger)),
                    Some(end) => *end = Some(End { meta, trigger, reaction, span }),
                    None => {
                        let kind = StateItemKind::On(trigger, reaction);
                        handlers.rest.push(StateItem { meta, kind, span });
                    }
                }
            }
            kind => match foreign(&kind) {
                Some(what) => {
                    has_foreign = true;
                    d.push(not_here(what, &kind, span, state));
                }
                None => handlers.rest.push(StateItem { meta, kind, span }),
            },
        }
    }
    let is_empty = written.is_empty() && !has_foreign;
    let Clashing { mut stages, unclear } = names::distinct(written, state, d);
    let pivot = pivot(&mut stages, d);
    let (name, span) = (state.name.clone(), state.span);
    let saga = Saga { name, span, stages, pivot, handlers, callables, unclear };
    results(&saga, d);
    errors(&saga, d);
    match is_empty {
        true => d.push(no_steps(&saga)),
        false => ends(&saga, d),
    }
    saga
}

/// The steps that run at the same time, as a stage; nothing for none.
pub(super) fn stage(steps: Vec<Step>, span: Span) -> Option<Stage> {
    let names: Vec<String> = steps.iter().map(|step| state_of(&step.name)).collect();
    // One step has nothing beside it.
    let (group, span) = match steps.as_slice() {
        [] => return None,
        [step] => (false, step.span),
        _ => (true, span),
    };
    Some(Stage { state: names.join("And"), steps, group, span })
}

fn no_steps(saga: &Saga) -> Diagnostic {
    let message = format!("the saga `{}` has no steps", saga.name.text);
    Diagnostic::new(Code::Nesting, saga.span, message)
        .at("does nothing")
        .help("say what it does, `step name: activity(..)`, or leave out `saga`")
}

fn no_steps_beside(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Nesting, span, "nothing runs at the same time here")
        .at("has no steps")
        .help("say what does, `step name: activity(..)`, or remove the block")
}

/// The word that a trigger is, if it is one.
pub(super) fn word(trigger: &Trigger) -> Option<&str> {
    match &trigger.kind {
        TriggerKind::Name(name) => Some(&name.text),
        TriggerKind::Error(_) => None,
    }
}

fn said_twice(second: &Trigger, first: &Trigger) -> Diagnostic {
    let name = word(second).unwrap_or_default();
    Diagnostic::new(Code::HandledTwice, second.span, format!("`on {name}` stands twice"))
        .at("the second here")
        .label(first.span, "the first is here")
        .help("make them one: `on .. { if .. if .. else .. }`")
}

/// What cannot stand in a saga.
fn foreign(kind: &StateItemKind) -> Option<&'static str> {
    match kind {
        StateItemKind::State(state) if state.region => Some("a region"),
        StateItemKind::State(_) => Some("a state"),
        StateItemKind::Initial(_) => Some("`initial ->`"),
        StateItemKind::Invoke(_) => Some("`invoke`"),
        StateItemKind::Human(_) => Some("`human`"),
        StateItemKind::FanOut(_) => Some("`fan_out`"),
        StateItemKind::Until(..) => Some("`until`"),
        _ => None,
    }
}

fn not_here(what: &str, kind: &StateItemKind, span: Span, saga: &State) -> Diagnostic {
    let place = if let StateItemKind::State(state) = kind { state.span } else { span };
    let help = match kind {
        StateItemKind::State(_) => "put it beside the saga: a saga makes its states of its steps",
        StateItemKind::Initial(_) => "a saga begins with its first step",
        StateItemKind::Until(..) => "`until` belongs to a `loop state`",
        StateItemKind::Invoke(_) => "write `step name: activity(..)`",
        _ => {
            "put it in a state before or behind the saga, or let a step call a machine that does it"
        }
    };
    Diagnostic::new(Code::Nesting, place, format!("{what} cannot stand in a saga"))
        .at("not a step")
        .label(saga.span, format!("`{}` is a saga", saga.name.text))
        .help(help)
}

/// E0603 and W0602: one pivot, alone, and nothing to take back from there on.
fn pivot(stages: &mut [Stage], d: &mut Diagnostics) -> Option<usize> {
    let mut found: Option<(usize, Span)> = None;
    for (at, stage) in stages.iter_mut().enumerate() {
        let group = stage.group;
        for step in &mut stage.steps {
            match (step.pivot, found) {
                (Some(second), Some((_, first))) => d.push(two_pivots(second, first)),
                (Some(pivot), None) if group => d.push(pivot_in_group(pivot, stage.span)),
                (Some(pivot), None) => {
                    found = Some((at, pivot));
                    d.extend(step.compensate.take().map(|call| never_undone(call.span, pivot)));
                }
                (None, Some((_, pivot))) => {
                    d.extend(step.compensate.take().map(|call| behind_pivot(call.span, pivot)));
                }
                (None, None) => {}
            }
        }
    }
    found.map(|(at, _)| at)
}

fn two_pivots(second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::PivotOrder, second, "a saga has one pivot")
        .at("the second here")
        .label(first, "the first is here")
        .help("the pivot is the step behind which nothing is taken back: keep the first of the two")
}

fn pivot_in_group(pivot: Span, group: Span) -> Diagnostic {
    Diagnostic::new(Code::PivotOrder, pivot, "the pivot runs beside other steps")
        .at("nobody can say if these come before or behind it")
        .label(group, "these run at the same time")
        .help("put it behind the block, as a step of its own")
}

fn behind_pivot(call: Span, pivot: Span) -> Diagnostic {
    Diagnostic::new(Code::PivotOrder, call, "a step behind the pivot is not taken back")
        .at("never happens")
        .label(pivot, "from here on the saga only goes forward")
        .help("remove it, or put the step before the pivot")
}

fn never_undone(call: Span, pivot: Span) -> Diagnostic {
    Diagnostic::new(Code::DeadCompensation, call, "the pivot is never taken back")
        .at("never happens")
        .label(pivot, "if this is done, the saga only goes forward")
        .help("remove it, or let a later step be the pivot")
}

/// A saga keeps what a step gives as an `Option` that is set when the step is done.
fn results(saga: &Saga, d: &mut Diagnostics) {
    for step in saga.stages.iter().flat_map(|stage| &stage.steps) {
        let Some(ty) = saga.result(step).filter(|ty| ty.path.text() == "Option") else { continue };
        let message = format!("`{}` gives an `Option`, which a step cannot", step.call.name.text);
        d.push(
            Diagnostic::new(Code::TypeMismatch, step.call.name.span, message)
                .at("`none` could not be told from a step that was not done")
                .label(ty.span, "declared here")
                .help("let it give a struct or an enum that says the same"),
        );
    }
}

/// E0106: what a step raises says that it was not done. Under a name with which it also ends where nobody
/// knows, it would be left as it is when it was done.
fn errors(saga: &Saga, d: &mut Diagnostics) {
    let forward = saga.pivot.map_or(saga.stages.len(), |pivot| pivot + 1);
    for step in saga.stages.iter().take(forward).flat_map(|stage| &stage.steps) {
        let Some(called) = saga.callables.called(&step.call) else { continue };
        let Name { text: of, span } = &step.call.name;
        d.extend(called.raises.iter().filter_map(|error| {
            let when = failures::unsure(error, step.call.machine)?;
            let message = format!("a step cannot raise `{error}`");
            Some(
                Diagnostic::new(Code::NotAnIdentifier, *span, message)
                    .at(format!("`{of}` says by it that the step was not done"))
                    .note(format!("it ends with `{error}` {when} too, and may be done then"))
                    .help("give the error another name"),
            )
        }));
    }
}

/// E0604: a saga says what comes of it.
fn ends(saga: &Saga, d: &mut Diagnostics) {
    let has_done = saga.handlers.ends().any(|(trigger, _)| word(trigger) == Some("done"));
    let mut missing: Vec<(&str, &str)> = Vec::new();
    if !has_done {
        missing.push(("on done -> ..", "all steps are done"));
    }
    if saga.handlers.compensated.is_none() {
        let why = "a step fails, and what was done before is taken back";
        missing.push(("on compensated(cause) -> ..", why));
    }
    if saga.handlers.failed.is_none() && saga.can_break() {
        let why = match saga.has_compensations() {
            true => "something cannot be taken back",
            false => "nobody knows if the pivot was done",
        };
        missing.push(("on compensation_error(cause) -> ..", why));
    }
    for (handler, why) in missing {
        let message = format!("`{}` does not say what comes when {why}", saga.name.text);
        d.push(
            Diagnostic::new(Code::OpenSaga, saga.span, message)
                .at("would stop here for ever then")
                .help(format!("add `{handler}`")),
        );
    }
}

impl Saga<'_> {
    /// True if it can end with something that is half done.
    pub(super) fn can_break(&self) -> bool {
        self.pivot.is_some() || self.has_compensations()
    }
}
