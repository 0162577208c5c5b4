//! Whether states of two regions are active together, for sure if guards allow it.
//!
//! Followed are pairs of leaves, from every way into the parallel state on: one region moves on
//! what the other says nothing about, or both move on one event. What is more intricate is left
//! out: a pair that is not found is not said to be impossible, only not known.

use crate::check::entry;
use crate::check::facts::Facts;
use crate::check::landing::Landing;
use crate::check::stirred::Stirred;
use crate::model::{EventId, Reaction, StateId, Target, Trigger};
use std::collections::{BTreeMap, BTreeSet};

/// More pairs than this are not followed.
const MOST_PAIRS: usize = 2_000;

/// Between more pairs of regions than this nothing is followed in one machine.
const MOST_REGIONS: usize = 200;

/// The pairs of leaves that are known to be active together, worked out when they are asked for.
pub(super) struct Together<'f, 'm> {
    facts: &'f Facts<'m>,
    stirred: &'f Stirred,
    /// Of every branch that enters something, and of the start, the leaves.
    landings: Vec<Vec<StateId>>,
    /// By the two regions.
    known: BTreeMap<[StateId; 2], BTreeSet<[StateId; 2]>>,
}

/// A region, and a state in it.
type Part = (StateId, StateId);

impl<'f, 'm> Together<'f, 'm> {
    pub(super) fn new(facts: &'f Facts<'m>, stirred: &'f Stirred) -> Self {
        Self { facts, stirred, landings: Vec::new(), known: BTreeMap::new() }
    }

    /// True if there is a run, guards aside, on which both states have their turn on the event.
    pub(super) fn may_react(&mut self, event: EventId, first: Part, second: Part) -> bool {
        self.any([first.0, second.0], |own, [a, b]| {
            own.has_its_turn(event, a, first.1) && own.has_its_turn(event, b, second.1)
        })
    }

    /// True if there is a run, guards aside, with such a pair of leaves in two regions.
    pub(super) fn any(
        &mut self,
        regions: [StateId; 2],
        is_wanted: impl Fn(&Self, [StateId; 2]) -> bool,
    ) -> bool {
        if !self.known.contains_key(&regions) {
            if self.known.len() == MOST_REGIONS {
                return false;
            }
            let pairs = self.pairs(regions);
            self.known.insert(regions, pairs);
        }
        self.known[&regions].iter().any(|pair| is_wanted(self, *pair))
    }

    fn pairs(&mut self, regions: [StateId; 2]) -> BTreeSet<[StateId; 2]> {
        if self.landings.is_empty() {
            self.landings = landings(self.facts);
        }
        let mut seen = self.starts(regions);
        let mut open: Vec<[StateId; 2]> = seen.iter().copied().collect();
        while let Some(pair) = open.pop() {
            for next in self.next(regions, pair) {
                if seen.len() < MOST_PAIRS && seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen
    }

    /// True if nothing between a leaf and a state around it speaks of the event.
    pub(super) fn has_its_turn(&self, event: EventId, leaf: StateId, state: StateId) -> bool {
        let tree = &self.facts.tree;
        let inner = tree.ancestors(leaf).take_while(|s| *s != state);
        tree.contains(state, leaf) && !inner.into_iter().any(|s| self.stirred.by(event, s))
    }

    /// The pairs that some branch, or the start, enters.
    fn starts(&self, regions: [StateId; 2]) -> BTreeSet<[StateId; 2]> {
        let pair = |leaves: &Vec<StateId>| {
            let [a, b] = regions.map(|region| self.only_leaf(region, leaves));
            Some([a?, b?])
        };
        self.landings.iter().filter_map(pair).collect()
    }

    fn only_leaf(&self, region: StateId, leaves: &[StateId]) -> Option<StateId> {
        let mut inside = leaves.iter().filter(|leaf| self.facts.tree.contains(region, **leaf));
        inside.next().copied().filter(|_| inside.next().is_none())
    }

    fn next(&self, regions: [StateId; 2], pair: [StateId; 2]) -> Vec<[StateId; 2]> {
        let mut next = Vec::new();
        for side in 0..2 {
            let other = 1 - side;
            for reaction in self.reactions(regions[side], pair[side]) {
                let beside = match reaction.trigger {
                    Trigger::Event(event) => self.beside(regions[other], pair[other], event),
                    _ => vec![pair[other]],
                };
                for leaf in self.ends(regions[side], pair[side], reaction) {
                    for moved in &beside {
                        let mut pair = [leaf; 2];
                        pair[other] = *moved;
                        next.push(pair);
                    }
                }
            }
        }
        next
    }

    /// What a leaf and the states around it react to, as far as nothing further inside does.
    fn reactions(&self, region: StateId, leaf: StateId) -> Vec<&Reaction> {
        let (facts, tree) = (self.facts, &self.facts.tree);
        let around: Vec<StateId> =
            tree.ancestors(leaf).take_while(|s| tree.contains(region, *s)).collect();
        let mut found: Vec<&Reaction> = Vec::new();
        for (at, state) in around.iter().enumerate() {
            found.extend(facts.reactions(*state).filter(|reaction| match reaction.trigger {
                Trigger::Event(event) => !around[..at].iter().any(|s| self.stirred.by(event, *s)),
                _ => true,
            }));
        }
        found
    }

    /// Where a leaf is after a reaction inside its region.
    fn ends(&self, region: StateId, leaf: StateId, reaction: &Reaction) -> Vec<StateId> {
        let (facts, tree) = (self.facts, &self.facts.tree);
        let end = |branch| {
            let landing = Landing::of(facts, reaction, branch);
            let domain = entry::domain(tree, reaction.source, &branch.target);
            match branch.target {
                Target::Stay => Some(leaf),
                _ if !domain.iter().all(|s| tree.contains(region, *s)) => None,
                _ => self.only_leaf(region, &landing.leaves).filter(|_| landing.certain),
            }
        };
        reaction.branches.iter().filter_map(end).collect()
    }

    /// Where the other region is after the same event, if that is known.
    fn beside(&self, region: StateId, leaf: StateId, event: EventId) -> Vec<StateId> {
        let tree = &self.facts.tree;
        let mut around = tree.ancestors(leaf).take_while(|s| tree.contains(region, *s));
        if !around.any(|s| self.stirred.by(event, s)) {
            return vec![leaf];
        }
        let own = Trigger::Event(event);
        let handler = self.reactions(region, leaf).into_iter().find(|r| r.trigger == own);
        match handler {
            Some(handler) if handler.is_certain() => self.ends(region, leaf, handler),
            // A guard may fail, and then the event goes outwards, or nowhere.
            _ => Vec::new(),
        }
    }
}

fn landings(facts: &Facts) -> Vec<Vec<StateId>> {
    let active = facts.model.reactions.iter().filter(|r| facts.is_active(r.source));
    let branches = active.flat_map(|r| r.branches.iter().map(move |branch| (r, branch)));
    let landings = branches
        .filter(|(_, branch)| branch.target != Target::Stay)
        .map(|(reaction, branch)| Landing::of(facts, reaction, branch).leaves);
    landings.chain([Landing::of_start(facts).leaves]).collect()
}
