//! W0311: of two regions that set the same field on one event, the second in the file does not
//! overwrite what the first has set.
//!
//! Each region may react to an event, and both do, in one step. What the first has set is lost if
//! the second sets the field without reading it. Nothing is said of regions that set the same
//! value, of guards that exclude each other, and of states that are not known to be active
//! [`together`](super::together).

use super::entry;
use super::exprs;
use super::facts::Facts;
use super::guards::{Cases, Terms};
use super::shared;
use super::stirred::Stirred;
use super::together::Together;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Branch, Effect, EffectKind, EventId, Expr, ExprKind, Reaction, StateId, StateKind, Target,
    Trigger,
};

/// More pairs of places than this are not compared in one machine.
const MOST_PAIRS: usize = 20_000;

/// A place that sets a field.
#[derive(Clone, Copy)]
struct Place<'m> {
    parallel: StateId,
    region: StateId,
    event: EventId,
    reaction: &'m Reaction,
    at: usize,
    effect: &'m Effect,
}

impl<'m> Place<'m> {
    fn branch(&self) -> &'m Branch {
        &self.reaction.branches[self.at]
    }

    fn effects(&self) -> impl Iterator<Item = &'m Effect> + use<'m> {
        self.reaction.effects.iter().chain(&self.reaction.branches[self.at].effects)
    }
}

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let mut places = places(facts);
    places.sort_by_key(|p| (p.parallel, p.event, p.region, p.effect.span.order()));
    let stirred = Stirred::new(facts);
    let mut together = Together::new(facts, &stirred);
    let mut left = MOST_PAIRS;
    for same in places.chunk_by(|a, b| (a.parallel, a.event) == (b.parallel, b.event)) {
        let mut told: Vec<ExprKind> = Vec::new();
        for (at, second) in same.iter().enumerate() {
            let Some(field) = exprs::field_set(second.effect) else { continue };
            let before = same[..at].iter().filter(|p| p.region != second.region);
            let mut before =
                before.filter(|first| exprs::field_set(first.effect).as_ref() == Some(&field));
            let is_lost = |first: &&Place| {
                left = left.saturating_sub(1);
                left > 0 && is_lost(facts, &mut together, first, second, &field)
            };
            if !told.contains(&field)
                && let Some(first) = before.find(is_lost)
            {
                d.push(report(facts, first, second, &field));
                told.push(field);
            }
        }
    }
}

/// Everything that sets a field on an event in a region, without leaving the parallel state.
fn places<'m>(facts: &Facts<'m>) -> Vec<Place<'m>> {
    let tree = &facts.tree;
    let mut places = Vec::new();
    for reaction in facts.model.reactions.iter().filter(|r| facts.is_active(r.source)) {
        let Trigger::Event(event) = reaction.trigger else { continue };
        for (at, branch) in reaction.branches.iter().enumerate() {
            for region in tree.ancestors(reaction.source) {
                let Some(parallel) =
                    tree.state(region).parent.filter(|p| tree.kind(*p) == StateKind::Parallel)
                else {
                    continue;
                };
                let place = |effect| Place { parallel, region, event, reaction, at, effect };
                let domain = entry::domain(tree, reaction.source, &branch.target);
                if branch.target == Target::Stay || domain.iter().all(|s| tree.contains(region, *s))
                {
                    let effects = reaction.effects.iter().chain(&branch.effects);
                    let sets = effects.filter(|effect| exprs::field_set(effect).is_some());
                    places.extend(sets.map(place));
                }
            }
        }
    }
    places
}

fn is_lost<'m>(
    facts: &Facts<'m>,
    together: &mut Together,
    first: &Place<'m>,
    second: &Place<'m>,
    field: &ExprKind,
) -> bool {
    let part = |place: &Place| (place.region, place.reaction.source);
    !reads_before(second, field)
        && !sets_the_same(first, second)
        && together.may_react(first.event, part(first), part(second))
        && may_both_be_taken(facts, first, second)
}

/// True if the field is read by the time it is set: what was there is not lost.
fn reads_before(place: &Place, field: &ExprKind) -> bool {
    let mut until = Vec::new();
    for effect in place.effects() {
        until.push(effect);
        if std::ptr::eq(effect, place.effect) {
            break;
        }
    }
    let read = |expr: &Expr| expr.any(&mut |part| part.kind == *field);
    until.into_iter().flat_map(Effect::exprs).any(read)
}

fn sets_the_same(first: &Place, second: &Place) -> bool {
    let value = |place: &Place| match &place.effect.kind {
        EffectKind::Set(_, value)
        | EffectKind::SetData(_, _, value)
        | EffectKind::SetExternal(_, value) => Some(shared::expr(value, place.reaction)),
        _ => None,
    };
    value(first) == value(second)
}

/// False if the guards exclude each other: both read the same fields and the same payload.
fn may_both_be_taken(facts: &Facts, first: &Place, second: &Place) -> bool {
    let asked = |place: &Place| -> Vec<(Expr, bool)> {
        let before = place.reaction.branches[..place.at].iter().map(|b| (b, false));
        let all = before.chain([(place.branch(), true)]);
        let guards = all.filter_map(|(branch, holds)| Some((branch.guard.as_ref()?, holds)));
        guards.map(|(guard, holds)| (shared::expr(guard, place.reaction), holds)).collect()
    };
    let guards = [asked(first), asked(second)].concat();
    let mut terms = Terms::new(facts, &[first.reaction.source, second.reaction.source]);
    let mut all = Cases::all();
    for (guard, holds) in &guards {
        let own = terms.cases(guard, *holds);
        let Some(both) = own.and_then(|own| terms.both(&all, &own)) else { return false };
        all = both;
    }
    !all.is_empty()
}

fn report(facts: &Facts, first: &Place, second: &Place, field: &ExprKind) -> Diagnostic {
    let event = &facts.model.declarations.events[first.event.index()].name.text;
    let (a, b) = (facts.tree.name(first.region), facts.tree.name(second.region));
    let field = facts.field_name(field);
    let message =
        format!("`{a}` and `{b}` both set `{field}` on `{event}`, and one of them is lost");
    let parallel = facts.tree.name(first.parallel);
    Diagnostic::new(Code::LostUpdate, second.effect.span, message)
        .at("the last one in the file counts")
        .label(first.effect.span, "lost when both are taken")
        .help(format!(
            "set it in one of them, give each a field of its own, or handle `{event}` in \
             `{parallel}`, around the regions"
        ))
}
