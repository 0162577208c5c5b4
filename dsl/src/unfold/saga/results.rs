//! What the names of steps mean: what the step has given, where that is known.

use super::optional::Optional;
use super::read::{End, word};
use super::{Saga, Stage};
use crate::ast::{
    Branch, Effect, EffectKind, Expr, ExprKind, Made, Name, Outcome, Param, Pattern, Reaction,
    StateItemKind, Step, Target, TargetKind, TargetState, Trigger, TriggerKind,
};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use crate::unfold::make;
use std::collections::{BTreeMap, BTreeSet};

/// For each step whether it gives something, its stage, and its place.
type Steps = BTreeMap<String, (bool, usize, Span)>;

/// What can be read at a place.
struct Scope<'s> {
    /// All steps.
    steps: &'s Steps,
    /// The steps of the stages before this one are done there.
    before: usize,
    /// What to say of others.
    place: &'s str,
    /// The step that is taken back here.
    own: Option<&'s str>,
    /// Names that mean something else.
    hidden: Vec<String>,
    /// Names of which it has been said that they mean two things.
    unclear: &'s BTreeSet<String>,
    d: &'s mut Diagnostics,
}

/// Puts what is meant where steps are named.
pub(super) fn resolve(saga: &mut Saga, optional: &mut Optional, d: &mut Diagnostics) {
    let mut steps = Steps::new();
    for (at, stage) in saga.stages.iter().enumerate() {
        for step in &stage.steps {
            let gives = saga.result(step).is_some();
            steps.insert(step.name.text.clone(), (gives, at, step.name.span));
        }
    }
    let all = saga.stages.len();
    let unclear = std::mem::take(&mut saga.unclear);
    let mut stages = std::mem::take(&mut saga.stages);
    for (at, stage) in stages.iter_mut().enumerate() {
        calls(saga, stage, at, (&steps, &unclear), optional, d);
    }
    saga.stages = stages;
    let up_to_pivot = saga.pivot.map_or(0, |pivot| pivot + 1);
    for item in &mut saga.handlers.rest {
        let (before, place) = match &item.kind {
            StateItemKind::On(trigger, _) if word(trigger) == Some("done") => (all, ""),
            StateItemKind::On(Trigger { kind: TriggerKind::Error(_), .. }, _) => {
                (up_to_pivot, "an error behind the pivot finds only the steps up to there done")
            }
            _ => (0, "this can happen before the step is done"),
        };
        let hidden = Vec::new();
        Scope { steps: &steps, before, place, own: None, hidden, unclear: &unclear, d }
            .item(&mut item.kind);
    }
    let place = "it may not be done, or taken back";
    for End { trigger, reaction, .. } in
        [&mut saga.handlers.compensated, &mut saga.handlers.failed].into_iter().flatten()
    {
        let hidden = bound(trigger);
        Scope { steps: &steps, before: 0, place, own: None, hidden, unclear: &unclear, d }
            .reaction(reaction);
        // What they bind is the cause, which the saga keeps.
        if let Some([name]) = trigger.pattern.as_ref().map(names) {
            let name = name.text.clone();
            each_in_reaction(reaction, &mut |expr| cause(expr, &name));
        }
    }
}

/// The arguments of the steps of a stage, and of what takes them back.
fn calls(
    saga: &Saga,
    stage: &mut Stage,
    at: usize,
    (steps, unclear): (&Steps, &BTreeSet<String>),
    optional: &mut Optional,
    d: &mut Diagnostics,
) {
    for step in &mut stage.steps {
        let Step { name, call, compensate, .. } = step;
        let place = "only what earlier steps have given is known here";
        let hidden = Vec::new();
        let mut scope = Scope { steps, before: at, place, own: None, hidden, unclear, d };
        call.args.iter_mut().for_each(|arg| scope.expr(arg));
        let Some(undo) = compensate else { continue };
        scope.own = Some(&name.text);
        let params = saga.callables.called(undo).map(|called| &called.params);
        for (index, arg) in undo.args.iter_mut().enumerate() {
            scope.expr(arg);
            if !reads(arg, &name.text) {
                continue;
            }
            let (of, span) = (make::read(&name.text, arg.span), arg.span);
            let value = std::mem::replace(arg, make::read("none", span));
            *arg = make::made(Made::Known, vec![value, of], span);
            match params.and_then(|params| params.get(index)) {
                Some(param) if is_option(param) => {}
                Some(param) if undo.machine => {
                    scope.d.push(unknown_to_machine(name, &undo.name, param, span));
                    fits_everywhere(arg);
                }
                _ => optional.param(&undo.name.text, index),
            }
        }
    }
}

fn is_option(param: &Param) -> bool {
    param.ty.path.text() == "Option"
}

/// A machine is started with what it declares: no parameter of it becomes an `Option` by itself.
fn unknown_to_machine(step: &Name, machine: &Name, param: &Param, place: Span) -> Diagnostic {
    let message = format!("what `{}` gives may not be known to `{}`", step.text, machine.text);
    Diagnostic::new(Code::TypeMismatch, place, message)
        .at("`none` if nobody knows whether the step was done")
        .label(param.name.span, format!("`{}` has to be given here", param.name.text))
        .help(format!("declare `{}: Option<{}>`", param.name.text, param.ty.text()))
}

/// True if a name stands in an expression.
fn reads(expr: &Expr, name: &str) -> bool {
    let mut found = false;
    each(&mut expr.clone(), &mut |expr| {
        found |= is_name(expr).is_some_and(|other| other.text == name);
        true
    });
    found
}

/// Takes away the names of a pattern that its reaction does not read.
pub(super) fn drop_unread(trigger: &mut Trigger, reaction: &Reaction) {
    let mut read: Vec<String> = Vec::new();
    each_in_reaction(&mut reaction.clone(), &mut |expr| {
        read.extend(is_name(expr).map(|name| name.text.clone()));
        true
    });
    match &mut trigger.pattern {
        Some(Pattern::Positional(names, _)) => {
            for name in names.iter_mut().filter(|name| !read.contains(&name.text)) {
                "_".clone_into(&mut name.text);
            }
        }
        Some(Pattern::Fields(names, _)) => names.retain(|name| read.contains(&name.text)),
        None => {}
    }
}

fn is_name(expr: &Expr) -> Option<&Name> {
    match &expr.kind {
        ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first(),
        _ => None,
    }
}

/// The names that a trigger binds.
fn bound(trigger: &Trigger) -> Vec<String> {
    let names = trigger.pattern.as_ref().map(names).unwrap_or_default();
    names.iter().map(|name| name.text.clone()).collect()
}

fn names(pattern: &Pattern) -> &[Name] {
    match pattern {
        Pattern::Positional(names, _) | Pattern::Fields(names, _) => names,
    }
}

/// Puts the cause where its name stands.
fn cause(expr: &mut Expr, name: &str) -> bool {
    let is_cause = is_name(expr).is_some_and(|other| other.text == name);
    if is_cause {
        *expr = Saga::cause(expr.span);
    }
    !is_cause
}

impl Scope<'_> {
    fn item(&mut self, kind: &mut StateItemKind) {
        match kind {
            StateItemKind::On(trigger, reaction) => {
                self.hidden = bound(trigger);
                self.reaction(reaction);
            }
            StateItemKind::After(expr, reaction) | StateItemKind::Every(expr, reaction) => {
                self.expr(expr);
                self.reaction(reaction);
            }
            StateItemKind::Always(reaction) => self.reaction(reaction),
            StateItemKind::Entry(effects) | StateItemKind::Exit(effects) => self.effects(effects),
            StateItemKind::Invariant(expr) => self.expr(expr),
            _ => {}
        }
    }

    fn reaction(&mut self, reaction: &mut Reaction) {
        self.sets(&mut reaction.effects);
        for branch in &mut reaction.branches {
            self.sets(&mut branch.effects);
        }
        each_in_reaction(reaction, &mut |expr| self.at(expr));
    }

    fn effects(&mut self, effects: &mut Vec<Effect>) {
        self.sets(effects);
        effects.iter_mut().for_each(|effect| each_in_effect(effect, &mut |expr| self.at(expr)));
    }

    fn expr(&mut self, expr: &mut Expr) {
        each(expr, &mut |expr| self.at(expr));
    }

    /// What a step gives is set by the step alone.
    fn sets(&mut self, effects: &mut Vec<Effect>) {
        effects.retain(|effect| {
            let EffectKind::Set(name, _) = &effect.kind else { return true };
            let Some((_, _, step)) = self.steps.get(&name.text) else { return true };
            let message = format!("`{}` is what a step has given, and cannot be set", name.text);
            self.d.push(
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .label(*step, "this step")
                    .help("give the step another name if a field of the context is meant"),
            );
            false
        });
    }

    /// Puts what a step has given where its name stands; false if nothing inside is to be looked at.
    fn at(&mut self, expr: &mut Expr) -> bool {
        let Some(name) = is_name(expr) else { return true };
        if self.hidden.contains(&name.text) {
            return false;
        }
        if self.unclear.contains(&name.text) {
            return fits_everywhere(expr);
        }
        let Some((gives, stage, step)) = self.steps.get(&name.text) else { return true };
        if self.own == Some(&name.text) && *gives {
            return false;
        }
        if *gives && *stage < self.before {
            let span = expr.span;
            let of = std::mem::replace(expr, make::read("none", span));
            *expr = make::sure(of, span);
            return false;
        }
        let (what, at) = match gives {
            true => {
                (format!("what `{}` gives is not known here", name.text), "may not be there yet")
            }
            false => (format!("the step `{}` gives nothing", name.text), "no value"),
        };
        let code = if *gives { Code::UnsetRead } else { Code::UnknownName };
        let mut report = Diagnostic::new(code, expr.span, what).at(at).label(*step, "this step");
        if *gives && !self.place.is_empty() {
            report = report.help(self.place.to_owned());
        }
        self.d.push(report);
        fits_everywhere(expr)
    }
}

/// Puts a value there that is right for every type: one mistake is enough.
fn fits_everywhere(expr: &mut Expr) -> bool {
    let span = expr.span;
    *expr = make::sure(make::read("none", span), span);
    false
}

/// Calls `f` for an expression, and for those in it where that gives true.
fn each(expr: &mut Expr, f: &mut impl FnMut(&mut Expr) -> bool) {
    if !f(expr) {
        return;
    }
    match &mut expr.kind {
        // `in(..)` names states.
        ExprKind::Call(path, args) if path.text() != "in" => {
            args.iter_mut().for_each(|arg| each(arg, f));
        }
        ExprKind::List(args) | ExprKind::Made(_, args) => {
            args.iter_mut().for_each(|arg| each(arg, f))
        }
        ExprKind::Field(of, _) | ExprKind::Unary(_, of) => each(of, f),
        ExprKind::Binary(_, a, b) => {
            each(a, f);
            each(b, f);
        }
        _ => {}
    }
}

fn each_in_effect(effect: &mut Effect, f: &mut impl FnMut(&mut Expr) -> bool) {
    match &mut effect.kind {
        EffectKind::Set(_, value) => each(value, f),
        EffectKind::Raise { args, after, .. } => {
            args.iter_mut().chain(after).for_each(|arg| each(arg, f));
        }
        EffectKind::Send { key, args, .. } => {
            each(key, f);
            args.iter_mut().for_each(|arg| each(arg, f));
        }
        EffectKind::Emit { args, .. } | EffectKind::Action { args, .. } => {
            args.iter_mut().for_each(|arg| each(arg, f));
        }
        EffectKind::Cancel(_) => {}
    }
}

fn each_in_reaction(reaction: &mut Reaction, f: &mut impl FnMut(&mut Expr) -> bool) {
    reaction.effects.iter_mut().for_each(|effect| each_in_effect(effect, f));
    for branch in &mut reaction.branches {
        let Branch { guard, effects, outcome, .. } = branch;
        guard.iter_mut().for_each(|guard| each(guard, f));
        effects.iter_mut().for_each(|effect| each_in_effect(effect, f));
        if let Outcome::Go(target) = outcome {
            each_in_target(target, f);
        }
    }
}

fn each_in_target(target: &mut Target, f: &mut impl FnMut(&mut Expr) -> bool) {
    let states: &mut [TargetState] = match &mut target.kind {
        TargetKind::States(states) => states,
        TargetKind::Reenter(state) => std::slice::from_mut(state),
        TargetKind::Initial(_) | TargetKind::History { .. } => return,
    };
    for arg in states.iter_mut().flat_map(|state| state.args.iter_mut().flatten()) {
        each(arg, f);
    }
}
