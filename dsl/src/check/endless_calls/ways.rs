//! What may be taken without an external event: from where, to where, and whether a guard decides.

use crate::check::constant;
use crate::check::ends;
use crate::check::entry;
use crate::check::facts::Facts;
use crate::check::landing::Landing;
use crate::model::{
    Branch, Effect, EffectKind, EventId, Limit, Reaction, StateId, StateKind, Target, Trigger,
};
use std::collections::BTreeMap;

/// A leaf that is active, and perhaps an event that was raised on the way there.
pub(super) type Node = (StateId, Option<EventId>);

/// A branch that is taken in a leaf.
pub(super) struct Edge<'m> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) reaction: &'m Reaction,
    pub(super) branch: &'m Branch,
    /// No guard decides whether this one is taken, or one that leads elsewhere.
    pub(super) certain: bool,
    /// Time passes before it is taken, or before what it raises comes.
    pub(super) timed: bool,
    /// The state that it enters and that invokes something.
    pub(super) calls: Option<StateId>,
}

/// The graph.
pub(super) struct Ways<'m> {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge<'m>>,
    /// Of each node, the edges that leave it.
    pub(super) next: Vec<Vec<usize>>,
}

/// A branch that may be taken, and whether that is certain.
type Chance<'m> = (&'m Reaction, &'m Branch, bool);

impl<'m> Ways<'m> {
    pub(super) fn new(facts: &Facts<'m>) -> Self {
        let is_active_leaf = |id: &StateId| facts.is_active(*id) && facts.tree.kind(*id).is_leaf();
        let nodes: Vec<Node> =
            facts.tree.ids().filter(is_active_leaf).map(|id| (id, None)).collect();
        let mut numbers: BTreeMap<Node, usize> =
            nodes.iter().enumerate().map(|(number, node)| (*node, number)).collect();
        let mut ways = Self { nodes, edges: Vec::new(), next: Vec::new() };
        let mut at = 0;
        while let Some((leaf, raised)) = ways.nodes.get(at).copied() {
            ways.next.push(Vec::new());
            for chance in chances(facts, leaf, raised) {
                ways.add(facts, at, chance, &mut numbers);
            }
            at += 1;
        }
        ways
    }

    /// The edges of a branch: one to each leaf that it enters, and to what it raises there.
    fn add(
        &mut self,
        facts: &Facts<'m>,
        from: usize,
        (reaction, branch, certain): Chance<'m>,
        numbers: &mut BTreeMap<Node, usize>,
    ) {
        let landing = Landing::of(facts, reaction, branch);
        if !landing.certain {
            return;
        }
        let stays = branch.target == Target::Stay;
        let leaves = if stays { vec![self.nodes[from].0] } else { landing.leaves };
        let is_timer = matches!(reaction.trigger, Trigger::After(_) | Trigger::Every(_));
        let raised = landing.effects.iter().filter_map(|effect| raised(effect));
        let raised: Vec<(Option<EventId>, bool)> =
            raised.map(|(event, late)| (Some(event), late)).chain([(None, false)]).collect();
        let domain = entry::domain(&facts.tree, reaction.source, &branch.target);
        for leaf in leaves {
            let is_entered = |s: &StateId| {
                domain.iter().any(|stays| stays != s && facts.tree.contains(*stays, *s))
            };
            let mut entered = facts.tree.ancestors(leaf).filter(is_entered);
            let calls = entered.find(|s| asks_host(facts, *s));
            for (event, late) in &raised {
                let node = (leaf, *event);
                let to = *numbers.entry(node).or_insert_with(|| {
                    self.nodes.push(node);
                    self.nodes.len() - 1
                });
                if to == from && stays {
                    continue;
                }
                self.next[from].push(self.edges.len());
                let timed = is_timer || *late;
                self.edges.push(Edge { from, to, reaction, branch, certain, timed, calls });
            }
        }
    }
}

/// The event that an effect raises, and whether later.
fn raised(effect: &Effect) -> Option<(EventId, bool)> {
    match effect.kind {
        EffectKind::Raise(event, _) => Some((event, false)),
        EffectKind::RaiseAfter(event, ..) => Some((event, true)),
        _ => None,
    }
}

/// What may be taken in a leaf without an external event.
fn chances<'m>(facts: &Facts<'m>, leaf: StateId, raised: Option<EventId>) -> Vec<Chance<'m>> {
    let mut found = Vec::new();
    let around = || facts.tree.ancestors(leaf).flat_map(|state| facts.reactions(state));
    let mut sure = true;
    let always = around().filter(|r| r.trigger == Trigger::Always);
    if try_each(facts, always, &mut sure, &mut found) {
        return found;
    }
    if let Some(event) = raised {
        let own = Trigger::Event(event);
        try_each(facts, around().filter(|r| r.trigger == own), &mut sure, &mut found);
        return found;
    }
    let is_timer = |r: &&Reaction| matches!(r.trigger, Trigger::After(_) | Trigger::Every(_));
    // A guard of a timer may end what goes on beside it.
    let leaves = |b: &Branch| constant::answer(facts, b).is_none() && b.target != Target::Stay;
    sure &= !around().filter(is_timer).any(|timer| timer.branches.iter().any(leaves));
    for timer in around().filter(is_timer) {
        try_each(facts, [timer].into_iter(), &mut sure.clone(), &mut found);
    }
    for id in facts.tree.ancestors(leaf) {
        ended(facts, id, sure, &mut found);
    }
    completed(facts, leaf, sure, &mut found);
    found
}

/// Adds the branches of reactions that are tried one behind the other; true if one is taken for sure.
fn try_each<'m>(
    facts: &Facts<'m>,
    reactions: impl Iterator<Item = &'m Reaction>,
    sure: &mut bool,
    found: &mut Vec<Chance<'m>>,
) -> bool {
    for reaction in reactions {
        for branch in &reaction.branches {
            let answer = constant::answer(facts, branch);
            if answer == Some(false) {
                continue;
            }
            found.push((reaction, branch, *sure && answer.is_some()));
            if answer.is_some() {
                return true;
            }
            *sure = false;
        }
    }
    false
}

/// True if a state waits for something on purpose for as long as it takes: `timeout never`. Its result is
/// as good as an external event.
fn waits(facts: &Facts, id: StateId) -> bool {
    let policies = &facts.model.declarations.policies;
    let mut named = ends::calls(&facts.tree, id).filter_map(|call| call.policy);
    named.any(|policy| policies[policy.index()].timeout == Limit::Never)
}

/// True if a state asks the host for something. An answer of a person is as good as an external event.
fn asks_host(facts: &Facts, id: StateId) -> bool {
    let activities = &facts.model.declarations.activities;
    ends::calls(&facts.tree, id).any(|call| !activities[call.activity.index()].is_of_person())
}

/// What follows when the activity of a state ends.
fn ended<'m>(facts: &Facts<'m>, id: StateId, sure: bool, found: &mut Vec<Chance<'m>>) {
    if !asks_host(facts, id) {
        return;
    }
    if !waits(facts, id) {
        let results = facts.reactions(id).filter(|r| r.trigger == Trigger::Result);
        try_each(facts, results, &mut sure.clone(), found);
    }
    for kind in facts.model.declarations.ends_of(facts.tree.state(id)) {
        let by_name = |r: &Reaction| r.trigger != Trigger::Error(None);
        let mut handlers: Vec<&Reaction> = Vec::new();
        for state in facts.tree.ancestors(id) {
            let own = || facts.reactions(state).filter(|r| ends::catches(r, kind));
            handlers.extend(own().filter(|r| by_name(r)));
            handlers.extend(own().filter(|r| !by_name(r)));
        }
        try_each(facts, handlers.into_iter(), &mut sure.clone(), found);
    }
}

/// What follows when a leaf is the end of what is around it.
fn completed<'m>(facts: &Facts<'m>, leaf: StateId, sure: bool, found: &mut Vec<Chance<'m>>) {
    let parent = |id: StateId| facts.tree.state(id).parent;
    let Some(around) = parent(leaf).filter(|_| facts.tree.kind(leaf) == StateKind::Final) else {
        return;
    };
    let parallel = parent(around).filter(|_| facts.tree.kind(around) == StateKind::Region);
    for done in [Some(around), parallel].into_iter().flatten() {
        let reactions = facts.reactions(done).filter(|r| r.trigger == Trigger::Done);
        try_each(facts, reactions, &mut sure.clone(), found);
    }
}
