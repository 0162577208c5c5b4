//! A way from the start to a state on which a field stays unset, for the message.

use super::flow::{Flow, add_sets};
use super::reads::{Place, Read};
use crate::check::entry::{self, Step};
use crate::check::facts::Facts;
use crate::model::{FieldId, StateId, Target};
use crate::span::Span;
use std::collections::VecDeque;

/// How many names of a way a message shows; the first ones are left out.
const SHOWN: usize = 4;

/// The states on the way, and the last branch of it.
#[derive(Default)]
pub(super) struct Way {
    pub(super) names: Vec<String>,
    pub(super) last: Option<Span>,
}

/// How a state was come to: from where, by which branch; nothing at the start.
type Step0 = Option<(StateId, Span)>;

/// The shortest way.
pub(super) fn to(facts: &Facts, flow: &Flow, field: FieldId, read: &Read) -> Way {
    let mut search = Search {
        facts,
        flow,
        field: field.index(),
        entering: vec![None; facts.model.states.len()],
        active: vec![None; facts.model.states.len()],
        queue: VecDeque::new(),
    };
    search.run();
    search.way(read.place)
}

struct Search<'s, 'm> {
    facts: &'s Facts<'m>,
    flow: &'s Flow,
    field: usize,
    entering: Vec<Option<Step0>>,
    active: Vec<Option<Step0>>,
    queue: VecDeque<StateId>,
}

impl Search<'_, '_> {
    fn run(&mut self) {
        let start = [Step::Enter(StateId::ROOT, None), Step::Default(StateId::ROOT)];
        self.enter(&start, None);
        while let Some(state) = self.queue.pop_front() {
            for reaction in self.facts.reactions(state) {
                for branch in reaction.branches.iter().filter(|b| b.target != Target::Stay) {
                    if !self.flow.before_entry(self.facts, reaction, branch).has(self.field) {
                        let mut steps = Vec::new();
                        let tree = &self.facts.tree;
                        entry::walk(tree, state, &branch.target, &mut |step| steps.push(step));
                        self.enter(&steps, Some((state, branch.span)));
                    }
                }
            }
        }
    }

    /// Marks what is entered: by the way itself until something sets the field, and as active if
    /// nothing does.
    fn enter(&mut self, steps: &[Step], from: Step0) {
        let mut entered = Vec::new();
        let all = self.unset_steps(steps, &mut entered);
        for state in entered {
            self.entering[state.index()].get_or_insert(from);
            if all && self.active[state.index()].is_none() {
                self.active[state.index()] = Some(from);
                self.queue.push_back(state);
            }
        }
    }

    /// Collects the states that are entered before the field is set; false if it is.
    fn unset_steps(&self, steps: &[Step], entered: &mut Vec<StateId>) -> bool {
        for step in steps {
            match *step {
                Step::Enter(state, _) => entered.push(state),
                Step::Default(state) | Step::Restore(state) => {
                    let mut sets = self.flow.nothing();
                    if let Some(initial) = &self.facts.tree.state(state).initial {
                        add_sets(&initial.effects, &mut sets);
                    }
                    let mut inner = Vec::new();
                    let tree = &self.facts.tree;
                    entry::default_entry(tree, state, &mut |step| inner.push(step));
                    if sets.has(self.field) || !self.unset_steps(&inner, entered) {
                        return false;
                    }
                }
            }
            if self.flow.step_sets(*step).has(self.field) {
                return false;
            }
        }
        true
    }

    fn way(&self, place: Place) -> Way {
        let (end, first) = match place {
            Place::Entering(state) => (state, self.entering[state.index()]),
            Place::Active(state) => (state, self.active[state.index()]),
        };
        // Only a shallow history target leads to a read without leaving a trace here.
        let Some(first) = first else { return Way::default() };
        let mut names = vec![self.facts.tree.name(end).to_owned()];
        let (last, mut step) = (first.map(|(_, span)| span), first);
        while let Some((from, _)) = step {
            names.push(self.facts.tree.name(from).to_owned());
            step = self.active[from.index()].flatten();
        }
        if names.len() > SHOWN {
            names.truncate(SHOWN);
            names.push("..".to_owned());
        }
        names.reverse();
        Way { names, last }
    }
}
