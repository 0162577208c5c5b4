//! The graph of states: what can follow what.
//!
//! Three nodes a state: it is active; a default chooses what is inside it; some state inside it is
//! active. Reactions count whatever their guards say, so that "cannot be reached" is certain and
//! "can be reached" may need guards that never hold together.

use super::bits::Bits;
use super::ends;
use super::entry::{self, Step};
use super::tree::Tree;
use crate::model::{Model, Reaction, StateId, StateKind, Target};

/// The edges in both directions.
pub(super) struct Graph {
    states: usize,
    forward: Edges,
    backward: Edges,
    /// Where migrations lead.
    begun: Vec<u32>,
}

/// Successor lists in one vector.
struct Edges {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Edges {
    fn new(nodes: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; nodes + 1];
        for (from, _) in pairs {
            starts[*from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let (mut next, mut ends) = (starts.clone(), vec![0; pairs.len()]);
        for (from, to) in pairs {
            let slot = &mut next[*from as usize];
            ends[*slot as usize] = *to;
            *slot += 1;
        }
        Self { starts, ends }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.ends[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// Adds what can be reached, and gives back what was not seen before.
    fn reach(&self, from: impl IntoIterator<Item = u32>, seen: &mut Bits) -> Vec<u32> {
        let mut new: Vec<u32> = from.into_iter().filter(|n| seen.insert(*n as usize)).collect();
        let mut next = 0;
        while let Some(node) = new.get(next) {
            let more = self.of(*node).iter().filter(|n| seen.insert(**n as usize));
            new.extend(more);
            next += 1;
        }
        new
    }
}

/// Collects edges.
struct Builder {
    states: u32,
    /// What follows.
    steps: Vec<(u32, u32)>,
    /// What may follow, counted only where a possibility too many does no harm: in a parallel
    /// state, what its other regions do; at a history target, what was active.
    chances: Vec<(u32, u32)>,
}

impl Builder {
    fn choosing(&self, state: StateId) -> u32 {
        self.states + state.0
    }

    fn somewhere_in(&self, state: StateId) -> u32 {
        2 * self.states + state.0
    }

    fn step(&mut self, from: u32, step: Step) {
        match step {
            Step::Enter(state, _) => self.steps.push((from, state.0)),
            Step::Default(state) => self.steps.push((from, self.choosing(state))),
            Step::Restore(state) => {
                self.steps.push((from, self.choosing(state)));
                self.chances.push((from, self.somewhere_in(state)));
            }
        }
    }

    fn state(&mut self, tree: &Tree, state: StateId) {
        let around = tree.state(state).parent;
        if let Some(parent) = around {
            self.steps.push((state.0, parent.0));
            self.chances.push((self.somewhere_in(parent), self.somewhere_in(state)));
        }
        self.chances.push((self.somewhere_in(state), state.0));
        if tree.kind(state) == StateKind::Parallel {
            self.chances.push((state.0, self.somewhere_in(state)));
        }
        let from = self.choosing(state);
        entry::default_entry(tree, state, &mut |step| self.step(from, step));
    }

    /// Shallow history: a child that was active is entered again, and then by default.
    fn shallow(&mut self, tree: &Tree, state: StateId) {
        for child in &tree.state(state).children {
            if tree.kind(*child) == StateKind::Region {
                self.shallow(tree, *child);
            } else {
                self.steps.push((child.0, self.choosing(*child)));
            }
        }
    }
}

impl Graph {
    pub(super) fn new(model: &Model, tree: &Tree) -> Self {
        let states = model.states.len();
        let mut builder = Builder { states: states as u32, steps: Vec::new(), chances: Vec::new() };
        for state in tree.ids() {
            builder.state(tree, state);
        }
        let mut shallow = Bits::none(states);
        for reaction in model.reactions.iter().filter(|r| ends::is_possible(model, tree, r)) {
            for branch in &reaction.branches {
                let from = reaction.source.0;
                entry::walk(tree, reaction.source, &branch.target, &mut |s| builder.step(from, s));
                if let Target::History { state, deep: false, .. } = branch.target
                    && shallow.insert(state.index())
                {
                    builder.shallow(tree, state);
                }
            }
        }
        let moves = model.migrations.iter().flat_map(|migration| &migration.moves);
        let migrated: Vec<StateId> =
            moves.flat_map(|chosen| &chosen.new).filter_map(|target| target.state).collect();
        let begun = migrated.iter().flat_map(|state| [state.0, builder.choosing(*state)]).collect();
        let forward = Edges::new(3 * states, &builder.steps);
        let mut turned: Vec<(u32, u32)> =
            builder.steps.into_iter().chain(builder.chances).map(|(a, b)| (b, a)).collect();
        turned.sort_unstable();
        turned.dedup();
        let backward = Edges::new(3 * states, &turned);
        Self { states, forward, backward, begun }
    }

    /// States that can be active.
    pub(super) fn active(&self) -> Bits {
        let mut seen = Bits::none(3 * self.states);
        let begun = self.begun.iter().copied().chain([0, self.states as u32]);
        self.forward.reach(begun, &mut seen);
        seen
    }

    /// The states that can be active once `state` is and were not seen before, in document order.
    pub(super) fn follow(&self, state: StateId, seen: &mut Bits) -> Vec<StateId> {
        let new = self.forward.reach([state.0, self.states as u32 + state.0], seen);
        let mut new: Vec<StateId> =
            new.into_iter().filter(|n| (*n as usize) < self.states).map(StateId).collect();
        new.sort_unstable();
        new
    }

    /// The states that can be active once one of these reactions was taken, in document order.
    pub(super) fn behind<'m>(
        &self,
        tree: &Tree<'m>,
        reactions: impl Iterator<Item = &'m Reaction>,
    ) -> Vec<StateId> {
        let mut entered = Vec::new();
        for reaction in reactions {
            for branch in &reaction.branches {
                entry::walk(tree, reaction.source, &branch.target, &mut |step| {
                    entered.push(match step {
                        Step::Enter(state, _) => state.0,
                        Step::Default(state) | Step::Restore(state) => self.states as u32 + state.0,
                    });
                });
            }
        }
        let mut found = self.forward.reach(entered, &mut self.nothing());
        found.retain(|node| (*node as usize) < self.states);
        found.sort_unstable();
        found.into_iter().map(StateId).collect()
    }

    /// No state, for [`Graph::follow`].
    pub(super) fn nothing(&self) -> Bits {
        Bits::none(3 * self.states)
    }

    /// States from which one of the given ones may be reached.
    pub(super) fn leading_to(&self, goals: impl IntoIterator<Item = StateId>) -> Bits {
        let mut seen = self.nothing();
        self.backward.reach(goals.into_iter().map(|s| s.0), &mut seen);
        seen
    }
}
