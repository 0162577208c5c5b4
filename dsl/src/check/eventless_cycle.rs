//! E0308: no cycle of `always`, `raise` and completion without a guard: nothing ends it, and the
//! step fails after its last microstep.
//!
//! One reaction leads to another for certain if it always lets itself be taken by one branch, and
//! then, in a state that it enters or stays in, the first reaction to what it raised, to completion,
//! or `always`, is certain too. Guards on the way, `defer`, `ignore`, history and timers end the
//! search, so what is reported is certain.

use super::facts::Facts;
use super::landing::Landing;
use super::stirred::Stirred;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Effect, EffectKind, EventId, Reaction, ReactionId, StateId, StateKind, Target, Trigger,
};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let search = Search { facts, stirred: Stirred::new(facts) };
    let next: Vec<Vec<ReactionId>> =
        facts.model.reactions.iter().map(|reaction| search.next(reaction)).collect();
    for cycle in cycles(&next) {
        d.push(report(facts, &cycle));
    }
}

struct Search<'f, 'm> {
    facts: &'f Facts<'m>,
    stirred: Stirred,
}

impl Search<'_, '_> {
    /// What follows a reaction for certain.
    fn next(&self, reaction: &Reaction) -> Vec<ReactionId> {
        let [branch] = &reaction.branches[..] else { return Vec::new() };
        if !branch.always_holds() || !self.facts.is_active(reaction.source) {
            return Vec::new();
        }
        let landing = Landing::of(self.facts, reaction, branch);
        // What an exit may raise comes first, and may lead away.
        if !landing.certain || !raised_by(landing.chances).is_empty() {
            return Vec::new();
        }
        let raised = raised_by(landing.effects);
        let mut next = Vec::new();
        landing.leaves.iter().for_each(|leaf| self.follow(*leaf, &raised, &mut next));
        next
    }

    /// What is taken next in a leaf, or in a state that a reaction has stayed in.
    fn follow(&self, leaf: StateId, raised: &[EventId], next: &mut Vec<ReactionId>) {
        match self.eventless(leaf) {
            Some(certain) => next.extend(certain),
            // What was raised first decides: it may lead away from here.
            None => match raised.iter().find_map(|event| self.handler(leaf, *event)) {
                Some(certain) => next.extend(certain),
                None => next.extend(self.completion(leaf)),
            },
        }
    }

    /// The first `always` from here outwards; `Some(None)` if a guard decides about it.
    fn eventless(&self, leaf: StateId) -> Option<Option<ReactionId>> {
        let first = self.facts.tree.ancestors(leaf).find_map(|s| {
            let reactions = &self.facts.tree.state(s).reactions;
            reactions.iter().find(|id| self.facts.reaction(**id).trigger == Trigger::Always)
        })?;
        Some(self.if_certain(*first))
    }

    /// The reaction to an event that is raised here; `Some(None)` if it is not certain, `None` if
    /// nothing says anything about the event.
    fn handler(&self, leaf: StateId, event: EventId) -> Option<Option<ReactionId>> {
        let tree = &self.facts.tree;
        // A state inside comes first, and whether it is active is not known.
        if self.stirred.inside(tree, event, leaf) {
            return Some(None);
        }
        let by = tree.ancestors(leaf).find(|s| self.stirred.by(event, *s))?;
        let own = Trigger::Event(event);
        let mut reactions = tree.state(by).reactions.iter();
        let found = reactions.find(|id| self.facts.reaction(**id).trigger == own);
        Some(found.and_then(|id| self.if_certain(*id)))
    }

    /// The `on done` of the state that this final state ends.
    fn completion(&self, leaf: StateId) -> Option<ReactionId> {
        let state = self.facts.tree.state(leaf);
        let around = state.parent.filter(|_| state.kind == StateKind::Final)?;
        let mut reactions = self.facts.tree.state(around).reactions.iter();
        self.if_certain(*reactions.find(|id| self.facts.reaction(**id).trigger == Trigger::Done)?)
    }

    fn if_certain(&self, id: ReactionId) -> Option<ReactionId> {
        self.facts.reaction(id).branches[0].always_holds().then_some(id)
    }
}

/// The events that effects raise.
pub(super) fn raised_by<'m>(effects: impl IntoIterator<Item = &'m Effect>) -> Vec<EventId> {
    let raised = |effect: &Effect| match effect.kind {
        EffectKind::Raise(event, _) => Some(event),
        _ => None,
    };
    effects.into_iter().filter_map(raised).collect()
}

/// One cycle of every knot of reactions that lead to each other.
fn cycles(next: &[Vec<ReactionId>]) -> Vec<Vec<ReactionId>> {
    // A walk in depth: 0 not seen, 1 on the way here, 2 done. What leads back to something on the
    // way closes a cycle; what is reported is done, so that a knot is reported once.
    let mut mark = vec![0u8; next.len()];
    let mut found = Vec::new();
    for start in 0..next.len() {
        let mut way: Vec<(usize, usize)> = Vec::new();
        if mark[start] == 0 {
            mark[start] = 1;
            way.push((start, 0));
        }
        while let Some((at, edge)) = way.last_mut() {
            let Some(to) = next[*at].get(*edge).map(|id| id.index()) else {
                mark[*at] = 2;
                way.pop();
                continue;
            };
            *edge += 1;
            match mark[to] {
                0 => {
                    mark[to] = 1;
                    way.push((to, 0));
                }
                1 => {
                    let from = way.iter().position(|(at, _)| *at == to).unwrap_or(0);
                    let cycle = way.drain(from..).map(|(at, _)| at).collect::<Vec<_>>();
                    cycle.iter().for_each(|at| mark[*at] = 2);
                    found.push(cycle.into_iter().map(|at| ReactionId(at as u32)).collect());
                }
                _ => {}
            }
        }
    }
    found
}

fn report(facts: &Facts, cycle: &[ReactionId]) -> Diagnostic {
    let first = facts.reaction(cycle[0]);
    let mut way: Vec<&str> =
        cycle.iter().map(|id| facts.tree.name(facts.reaction(*id).source)).collect();
    way.push(way[0]);
    let message = if cycle.len() == 1 && first.branches[0].target == Target::Stay {
        format!("this is taken again and again in `{}`", way[0])
    } else {
        format!("these transitions follow each other for ever: `{}`", way.join(" -> "))
    };
    let mut report =
        Diagnostic::new(Code::EventlessCycle, first.span, message).at("without a guard");
    for id in &cycle[1..] {
        report = report.label(facts.reaction(*id).span, "then this, without a guard");
    }
    report.help("give one of them a guard, or let it wait for an event or a timer")
}
