//! Where a branch ends, and what is done on the way.

use super::entry::{self, Step};
use super::facts::Facts;
use crate::model::{Branch, Effect, Reaction, StateId, StateKind, Target};

/// The end of one branch.
pub(super) struct Landing<'m> {
    /// The leaves that it enters, in document order; of a stay, the source.
    pub(super) leaves: Vec<StateId>,
    /// What is done for sure, in order of execution.
    pub(super) effects: Vec<&'m Effect>,
    /// What may be done too: exits of states that are active if the source is in one of them.
    pub(super) chances: Vec<&'m Effect>,
    /// False if history decides where it ends.
    pub(super) certain: bool,
}

impl<'m> Landing<'m> {
    /// Of a branch that is taken.
    pub(super) fn of(facts: &Facts<'m>, reaction: &'m Reaction, branch: &'m Branch) -> Self {
        let mut landing = Self::nowhere();
        landing.effects.extend(&reaction.effects);
        landing.exits(facts, reaction.source, &branch.target);
        landing.effects.extend(&branch.effects);
        if branch.target == Target::Stay {
            landing.leaves.push(reaction.source);
        } else {
            let mut steps = Vec::new();
            let tree = &facts.tree;
            entry::walk(tree, reaction.source, &branch.target, &mut |step| steps.push(step));
            steps.into_iter().for_each(|step| landing.step(facts, step));
        }
        landing
    }

    /// Of the start of the machine.
    pub(super) fn of_start(facts: &Facts<'m>) -> Self {
        let mut landing = Self::nowhere();
        landing.step(facts, Step::Enter(StateId::ROOT, None));
        landing.step(facts, Step::Default(StateId::ROOT));
        landing
    }

    fn nowhere() -> Self {
        Self { leaves: Vec::new(), effects: Vec::new(), chances: Vec::new(), certain: true }
    }

    fn step(&mut self, facts: &Facts<'m>, step: Step) {
        let tree = &facts.tree;
        match step {
            Step::Enter(state, _) => self.effects.extend(&tree.state(state).entry),
            Step::Default(state) if tree.kind(state).is_leaf() => self.leaves.push(state),
            Step::Default(state) => {
                if let Some(initial) = &tree.state(state).initial {
                    self.effects.extend(&initial.effects);
                }
                let mut steps = Vec::new();
                entry::default_entry(tree, state, &mut |step| steps.push(step));
                steps.into_iter().for_each(|step| self.step(facts, step));
            }
            Step::Restore(_) => self.certain = false,
        }
    }

    /// What is left: between the source and what stays for sure, beside that perhaps.
    fn exits(&mut self, facts: &Facts<'m>, source: StateId, target: &Target) {
        let tree = &facts.tree;
        let domain = entry::domain(tree, source, target);
        for stays in &domain {
            let way = tree.child_towards(*stays, source);
            let first = way.filter(|_| tree.kind(*stays) != StateKind::Parallel);
            let inside: Vec<StateId> = tree.inside(first.unwrap_or(*stays)).collect();
            for state in inside.into_iter().rev().filter(|s| s != stays) {
                let sure = tree.contains(state, source);
                let list = if sure { &mut self.effects } else { &mut self.chances };
                list.extend(&tree.state(state).exit);
            }
        }
    }
}
