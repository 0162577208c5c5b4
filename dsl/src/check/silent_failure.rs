//! W0811: where an error, or the cause of a saga that is taken back, ends the machine in failure, something
//! says why: data of the final state, or what is done on the way there.
//!
//! Events and errors that are named say it by their names. Of all others nobody knows what it was.

use super::facts::Facts;
use super::landing::Landing;
use crate::ast::Role;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, EffectKind, Reaction, StateId, StateKind, Trigger};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    if !facts.tree.ids().any(|id| is_silent(facts, id)) {
        return;
    }
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        // A guard says something, as that there were too many attempts.
        let [branch @ Branch { guard: None, .. }] = reaction.branches.as_slice() else { continue };
        let Some(place) = cause(facts, reaction) else { continue };
        let landing = Landing::of(facts, reaction, branch);
        let says = landing.effects.iter().any(|effect| says(&effect.kind));
        let end = landing.leaves.iter().find(|leaf| is_silent(facts, **leaf));
        if let Some(end) = end.filter(|end| !says && !is_end_anyway(facts, reaction.source, **end))
        {
            d.push(report(facts, *end, place));
        }
    }
}

/// True if a result leads there too: then it is not the error that makes it a failure.
fn is_end_anyway(facts: &Facts, source: StateId, end: StateId) -> bool {
    let mut results = facts.reactions(source).filter(|r| r.trigger == Trigger::Result);
    results.any(|reaction| {
        let mut branches = reaction.branches.iter();
        branches.any(|branch| Landing::of(facts, reaction, branch).leaves.contains(&end))
    })
}

/// True for an end in failure that has nothing to say.
fn is_silent(facts: &Facts, id: StateId) -> bool {
    let state = facts.tree.state(id);
    state.kind == StateKind::Final && state.failure && state.data.is_empty()
}

/// Where a reaction comes to know what went wrong, if only it does.
fn cause(facts: &Facts, reaction: &Reaction) -> Option<Span> {
    let state = facts.tree.state(reaction.source);
    let role = state.part.as_ref().map(|part| part.role);
    match (&reaction.trigger, role) {
        (Trigger::Error(None), _) => Some(reaction.head),
        // What a saga says of its ends.
        (Trigger::Always, Some(Role::Compensated | Role::Failed)) => Some(state.span),
        _ => None,
    }
}

/// True for what is still there when the machine has ended, or is seen outside.
fn says(effect: &EffectKind) -> bool {
    match effect {
        EffectKind::Set(..)
        | EffectKind::SetData(..)
        | EffectKind::SetExternal(..)
        | EffectKind::Emit(..)
        | EffectKind::Send(..)
        | EffectKind::Action(..) => true,
        EffectKind::Raise(..)
        | EffectKind::RaiseAfter(..)
        | EffectKind::Cancel(_)
        | EffectKind::Escalate(..)
        | EffectKind::Remind(_) => false,
    }
}

fn report(facts: &Facts, end: StateId, place: Span) -> Diagnostic {
    let state = facts.tree.state(end);
    let name = &state.name.text;
    let message = format!("the machine ends in `{name}`, and nothing says why");
    Diagnostic::new(Code::SilentFailure, place, message)
        .at("what went wrong is known here, and lost")
        .label(state.span, "a failure without data")
        .help(format!(
            "give the state data, `{name}(why: String)`, or keep it on the way: `do set why = e.message`"
        ))
}
