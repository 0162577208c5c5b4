//! What becomes of the reactions of a saga: `abort` is honoured by the states of steps before the
//! pivot, and refused by those behind it and on the way back.

use super::backward::leaves;
use super::read::word;
use super::results::drop_unread;
use super::{CAUSE, Saga};
use crate::ast::{
    BinaryOp, Branch, Effect, Expr, Made, Outcome, Reaction, StateItem, StateItemKind, Trigger,
    TriggerKind,
};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use crate::unfold::make;

/// The name of the cause of a saga that was aborted.
const ABORTED: &str = "Aborted";

/// True if a branch of a reaction aborts.
fn aborts(reaction: &Reaction) -> bool {
    reaction.branches.iter().any(|branch| matches!(branch.outcome, Outcome::Abort(_)))
}

/// The reaction of a statement.
fn reaction_of(kind: &StateItemKind) -> Option<&Reaction> {
    match kind {
        StateItemKind::On(_, reaction)
        | StateItemKind::After(_, reaction)
        | StateItemKind::Every(_, reaction)
        | StateItemKind::Always(reaction) => Some(reaction),
        _ => None,
    }
}

/// The same statement with another reaction.
fn with(item: &StateItem, reaction: Reaction) -> StateItem {
    let kind = match &item.kind {
        StateItemKind::On(trigger, _) => StateItemKind::On(trigger.clone(), reaction),
        StateItemKind::After(delay, _) => StateItemKind::After(delay.clone(), reaction),
        StateItemKind::Every(period, _) => StateItemKind::Every(period.clone(), reaction),
        _ => StateItemKind::Always(reaction),
    };
    make::item(kind, item.span)
}

/// What cannot abort, and what is no end: said once, before anything is copied.
pub(super) fn check(saga: &Saga, d: &mut Diagnostics) {
    for item in &saga.handlers.rest {
        let reaction = reaction_of(&item.kind).filter(|reaction| aborts(reaction));
        let Some(reaction) = reaction else { continue };
        let (place, why) = (abort_place(reaction), meaningless(item));
        if let Some(why) = why {
            d.push(never(place, why));
        } else if !reaction.effects.is_empty() {
            let report = Diagnostic::new(
                Code::Nesting,
                reaction.effects[0].span,
                "effects before a choice that may `abort`",
            );
            d.push(
                report
                    .at("would happen even where `abort` is refused")
                    .label(place, "refused from the pivot on")
                    .help("write them in the branches"),
            );
        }
    }
    handled_twice(saga, d);
    for (trigger, reaction) in saga.handlers.ends() {
        if !aborts(reaction) {
            d.extend(stays(trigger, reaction));
        } else if word(trigger) != Some("done") {
            d.push(never(abort_place(reaction), "nothing is left to be taken back"));
        }
    }
}

/// E0604 for an end of which a branch has no target.
fn stays(trigger: &Trigger, reaction: &Reaction) -> Option<Diagnostic> {
    let stays = reaction.branches.iter().find(|branch| !leaves(&branch.outcome))?;
    let message = "this does not lead out of the saga";
    let report = Diagnostic::new(Code::OpenSaga, stays.span, message)
        .at("would stop here for ever")
        .label(trigger.span, "the saga has ended")
        .help("add `-> State`");
    Some(report)
}

/// Why a statement cannot abort.
fn meaningless(item: &StateItem) -> Option<&'static str> {
    let StateItemKind::On(trigger, _) = &item.kind else { return None };
    match &trigger.kind {
        TriggerKind::Error(_) => Some("an error before the pivot aborts by itself"),
        TriggerKind::Name(name) if name.text == "done" => {
            Some("all steps are done, and nothing is taken back")
        }
        TriggerKind::Name(_) => None,
    }
}

/// The reaction of a statement that aborts, and can.
fn abort_of(item: &StateItem) -> Option<&Reaction> {
    let reaction = reaction_of(&item.kind).filter(|reaction| aborts(reaction))?;
    (meaningless(item).is_none() && reaction.effects.is_empty()).then_some(reaction)
}

/// E0301 for an event that aborts, which the states of steps handle, and what the saga says of it.
fn handled_twice(saga: &Saga, d: &mut Diagnostics) {
    let event = |item: &StateItem| match &item.kind {
        StateItemKind::On(trigger, _) => word(trigger).map(|name| vec![name.to_owned()]),
        StateItemKind::Defer(names) | StateItemKind::Ignore(names) => {
            Some(names.iter().map(|name| name.text.clone()).collect())
        }
        _ => None,
    };
    let events: Vec<(&StateItem, Vec<String>)> =
        saga.handlers.rest.iter().filter_map(|item| Some((item, event(item)?))).collect();
    for (at, (second, names)) in events.iter().enumerate() {
        for (first, _) in
            events[..at].iter().filter(|(_, others)| others.iter().any(|o| names.contains(o)))
        {
            let is_abort = |item: &StateItem| reaction_of(&item.kind).is_some_and(aborts);
            if is_abort(first) || is_abort(second) {
                let message =
                    format!("`{}` is handled twice in `{}`", names.join("`, `"), saga.name.text);
                d.push(
                    Diagnostic::new(Code::HandledTwice, second.span, message)
                        .label(first.span, "first handled here")
                        .help("write one handler with a block: `{ if .. abort  else -> B }`"),
                );
            }
        }
    }
}

fn never(place: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::Nesting, place, "`abort` means nothing here").at(why.to_owned())
}

fn abort_place(reaction: &Reaction) -> Span {
    let places = reaction.branches.iter().filter_map(|branch| match &branch.outcome {
        Outcome::Abort(span) => Some(*span),
        _ => None,
    });
    places.into_iter().next().unwrap_or(reaction.span)
}

impl Saga<'_> {
    fn aborting(&self) -> impl Iterator<Item = (&StateItem, &Reaction)> {
        self.handlers.rest.iter().filter_map(|item| Some((item, abort_of(item)?)))
    }

    /// What the state of a stage takes over of the reactions of the saga.
    pub(super) fn reactions_in(&self, at: usize) -> Vec<StateItem> {
        if !self.can_go_back(at) {
            return self.refusals();
        }
        let copied = self.aborting().filter(|(item, _)| !is_timer(item));
        let mut items: Vec<StateItem> = copied
            .map(|(item, reaction)| {
                let mut copy = reaction.clone();
                for branch in &mut copy.branches {
                    if matches!(branch.outcome, Outcome::Abort(_)) {
                        branch.effects.push(aborted(item, branch.span));
                        branch.outcome = make::go(&self.back(at), branch.span);
                    }
                }
                with(item, copy)
            })
            .collect();
        // What stands in front of a statement is looked at once.
        if at == 0 {
            let originals = self.aborting().filter(|(item, _)| !is_timer(item));
            for (copy, (original, _)) in items.iter_mut().zip(originals) {
                copy.meta = original.meta.clone();
            }
        }
        items
    }

    /// The same where `abort` is refused: the event is dropped, and other branches count as they
    /// would.
    pub(super) fn refusals(&self) -> Vec<StateItem> {
        let mut items = Vec::new();
        for (item, reaction) in self.aborting().filter(|(item, _)| !is_timer(item)) {
            let branches = others(reaction);
            if !branches.is_empty() {
                let mut copy = reaction.clone();
                copy.choice = branches.len() > 1 || reaction.choice;
                copy.branches = branches;
                let mut copy = with(item, copy);
                if let StateItemKind::On(trigger, reaction) = &mut copy.kind {
                    drop_unread(trigger, reaction);
                }
                items.push(copy);
            }
            if let StateItemKind::On(trigger, _) = &item.kind
                && let TriggerKind::Name(name) = &trigger.kind
            {
                items.push(make::item(StateItemKind::Ignore(vec![name.clone()]), item.span));
            }
        }
        items
    }

    /// What stays with the saga itself. A timer of the saga looks which step it is at.
    pub(super) fn around(&self) -> Vec<StateItem> {
        let mut items = Vec::new();
        for item in &self.handlers.rest {
            match abort_of(item) {
                None => items.push(item.clone()),
                Some(reaction) if is_timer(item) => {
                    let mut copy = self.by_stage(item, reaction);
                    copy.meta = item.meta.clone();
                    items.push(copy);
                }
                Some(_) => {}
            }
        }
        items
    }

    fn by_stage(&self, item: &StateItem, reaction: &Reaction) -> StateItem {
        let mut branches: Vec<Branch> = Vec::new();
        let is_abort = |branch: &Branch| matches!(branch.outcome, Outcome::Abort(_));
        for (index, branch) in reaction.branches.iter().enumerate() {
            if !is_abort(branch) {
                branches.push(branch.clone());
                continue;
            }
            let place = branch.span;
            for (at, stage) in
                self.stages.iter().enumerate().filter(|(at, _)| self.can_go_back(*at))
            {
                // In front: where it is refused the guard is not read.
                let here = make::is_in(&stage.state, place);
                let guard = [Some(here), branch.guard.clone()].into_iter().flatten();
                let mut effects = branch.effects.clone();
                effects.push(aborted(item, place));
                let guard = make::joined(BinaryOp::And, guard, place);
                branches.push(make::branch(guard, effects, make::go(&self.back(at), place), place));
            }
            // Refused: later branches are not tried either.
            if !reaction.branches[index + 1..].iter().all(is_abort) {
                branches.push(make::branch(branch.guard.clone(), Vec::new(), Outcome::Stay, place));
            }
        }
        if branches.is_empty() {
            // The timer is there nevertheless.
            branches.push(make::branch(None, Vec::new(), Outcome::Stay, reaction.span));
        }
        let copy = Reaction { choice: true, branches, ..reaction.clone() };
        with(item, copy)
    }
}

fn is_timer(item: &StateItem) -> bool {
    matches!(item.kind, StateItemKind::After(..) | StateItemKind::Every(..))
}

/// The branches that do not abort, for the moments in which none before them is taken.
fn others(reaction: &Reaction) -> Vec<Branch> {
    let mut refused: Vec<Expr> = Vec::new();
    let mut branches = Vec::new();
    for branch in &reaction.branches {
        let place = branch.span;
        if matches!(branch.outcome, Outcome::Abort(_)) {
            match &branch.guard {
                Some(guard) => refused.push(make::not(guard.clone(), guard.span)),
                // Nothing behind it is ever tried.
                None => break,
            }
            continue;
        }
        let guards = refused.iter().cloned().chain(branch.guard.clone());
        let mut branch = branch.clone();
        branch.guard = make::joined(BinaryOp::And, guards, place);
        branches.push(branch);
    }
    branches
}

/// Notes why the saga goes back.
fn aborted(item: &StateItem, place: Span) -> Effect {
    let by = match &item.kind {
        StateItemKind::On(trigger, _) => match &trigger.kind {
            TriggerKind::Name(name) => format!("aborted by `{}`", name.text),
            TriggerKind::Error(_) => "aborted by an error".to_owned(),
        },
        StateItemKind::After(..) | StateItemKind::Every(..) => "aborted by a timer".to_owned(),
        _ => "aborted by a condition".to_owned(),
    };
    let failure = vec![make::text(ABORTED, place), make::text(by, place)];
    make::set(CAUSE, make::some(make::made(Made::Failure, failure, place), place), place)
}
