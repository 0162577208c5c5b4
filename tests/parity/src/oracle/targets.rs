//! What a transition leaves, and what its target means.

use super::choosing::Chosen;
use super::entering::Entry;
use super::sagas::Turn;
use super::values::Value;
use super::{Due, Failure, Oracle};
use statewright_dsl::model::{Expr, Reaction, StateId, StateKind, Target, TargetState};
use std::collections::BTreeSet;

impl<'m> Oracle<'m> {
    /// The states that stay and inside which everything is left.
    pub(super) fn domain(&self, source: StateId, target: &Target) -> Vec<StateId> {
        match target {
            Target::Stay => Vec::new(),
            Target::Initial(state, _) => vec![*state],
            Target::Reenter(target) => self.state(target.state).parent.into_iter().collect(),
            Target::History { state, .. } if self.around(source).contains(state) => vec![*state],
            Target::History { state, .. } => self.between(source, &[*state]),
            Target::States(targets) => {
                let targets: Vec<StateId> = targets.iter().map(|t| t.state).collect();
                self.between(source, &targets)
            }
        }
    }

    /// The innermost state around source and targets; of a parallel one those regions that hold
    /// one of them.
    pub(super) fn between(&self, source: StateId, targets: &[StateId]) -> Vec<StateId> {
        let holds = |outer: StateId| targets.iter().all(|target| self.is_inside(*target, outer));
        let Some(domain) = self.around(source).into_iter().find(|outer| holds(*outer)) else {
            return Vec::new();
        };
        if self.state(domain).kind != StateKind::Parallel {
            return vec![domain];
        }
        let regions = self.state(domain).children.iter().copied();
        regions
            .filter(|region| {
                let mut points = targets.iter().chain([&source]);
                points.any(|point| *point == *region || self.is_inside(*point, *region))
            })
            .collect()
    }

    pub(super) fn leaves(&self, source: StateId, target: &Target) -> BTreeSet<StateId> {
        if let Target::Reenter(target) = target {
            let mut left = self.active_inside(target.state);
            left.insert(target.state);
            return left;
        }
        self.domain(source, target).into_iter().flat_map(|d| self.active_inside(d)).collect()
    }

    /// All exits, then all effects, then all entries.
    pub(super) fn take(&mut self, mut chosen: Vec<Chosen<'m>>) -> Result<(), Failure> {
        chosen.sort_by_key(|chosen| chosen.source);
        for chosen in chosen.iter_mut().filter(|chosen| !chosen.late) {
            let Some(reaction) = chosen.reaction else { continue };
            self.effects(&reaction.effects, reaction.source, &chosen.bound)?;
            if chosen.branch.is_none() {
                chosen.branch = self.branch(reaction, &chosen.bound)?;
            }
        }
        let taken = chosen.iter().filter_map(Chosen::taken);
        let left = taken.flat_map(|(r, b)| self.leaves(r.source, &b.target));
        let anew = chosen.iter().filter(|chosen| matches!(chosen.turn, Some(Turn::Round(_))));
        let left = left.chain(anew.flat_map(|chosen| self.active_inside(chosen.source)));
        let left: BTreeSet<StateId> = left.collect();
        for state in &left {
            let inside = self.active_inside(*state);
            let courses =
                inside.iter().filter_map(|id| Some((*id, self.now.courses.get(id)?.clone())));
            self.now.left_courses.insert(*state, courses.collect());
            self.now.left.insert(*state, inside);
        }
        let goes = |chosen: &&Chosen| matches!(chosen.turn, Some(Turn::Go(..)));
        let moved: BTreeSet<StateId> = chosen.iter().filter(goes).map(|c| c.source).collect();
        for state in left.union(&moved).collect::<Vec<_>>().into_iter().rev() {
            if moved.contains(state) {
                self.take_back(*state);
                continue;
            }
            self.effects(&self.state(*state).exit, *state, &[])?;
            let own = &self.state(*state).reactions;
            self.now.timers.retain(|(_, due)| match due {
                Due::After(reaction) | Due::Every(reaction, _) => !own.contains(reaction),
                Due::Raise(..) => true,
            });
            self.take_back(*state);
            self.now.active.remove(state);
            self.now.changed = true;
        }
        let mut entry = Entry::default();
        for chosen in &chosen {
            if let Some((reaction, branch)) = chosen.taken() {
                if chosen.late {
                    self.effects(&reaction.effects, reaction.source, &chosen.bound)?;
                }
                self.effects(&branch.effects, reaction.source, &chosen.bound)?;
                self.target(reaction, &chosen.bound, &branch.target, &mut entry)?;
            }
            if let Some(turn) = &chosen.turn {
                self.turn(chosen.source, turn, &mut entry);
            }
        }
        self.enter(entry)
    }

    /// Adds what a target enters. Its data is read now.
    pub(super) fn target(
        &mut self,
        reaction: &Reaction,
        bound: &[Value],
        target: &'m Target,
        entry: &mut Entry<'m>,
    ) -> Result<(), Failure> {
        let domain = self.domain(reaction.source, target);
        let targets: Vec<&TargetState> = match target {
            Target::States(targets) => targets.iter().collect(),
            Target::Reenter(target) => vec![target],
            _ => Vec::new(),
        };
        let mut given = Vec::new();
        for target in &targets {
            let args = target.args.iter().flatten();
            let values: Result<Vec<Value>, Failure> =
                args.map(|arg| self.value(arg, reaction.source, bound)).collect();
            if target.args.is_some() {
                given.push((target.state, values?));
            }
        }
        match target {
            Target::Stay => {}
            Target::Initial(state, _) => self.default(*state, entry),
            Target::History { state, deep, .. } if domain == [*state] => {
                self.restore(*state, *deep, entry);
            }
            Target::History { state, deep, .. } => {
                for outer in domain {
                    self.towards(outer, &[(*state, Some(*deep), None)], entry);
                }
            }
            Target::States(_) | Target::Reenter(_) => {
                let goals: Vec<Goal> =
                    targets.iter().map(|t| (t.state, None, t.args.as_deref())).collect();
                for outer in domain {
                    match target {
                        // Of a parallel state only the region that starts over is entered.
                        Target::Reenter(target) => self.one(target.state, &goals, entry),
                        _ => self.towards(outer, &goals, entry),
                    }
                }
            }
        }
        for (state, values) in given {
            // Read already: nothing is left to be read on entry.
            entry.states.entry(state).or_default().clear();
            self.now.data.insert(state, values);
            self.begins_anew(state);
        }
        Ok(())
    }

    /// What is entered inside a state that is active: the ways to the goals, else the default.
    pub(super) fn towards(&self, outer: StateId, goals: &[Goal<'m>], entry: &mut Entry<'m>) {
        if let Some((_, Some(deep), _)) = goals.iter().find(|(goal, ..)| *goal == outer) {
            return self.restore(outer, *deep, entry);
        }
        let state = self.state(outer);
        let inside = |child: StateId| {
            goals.iter().any(|(goal, ..)| *goal == child || self.is_inside(*goal, child))
        };
        if !state.children.iter().any(|child| inside(*child)) {
            return self.default(outer, entry);
        }
        for child in &state.children {
            if state.kind == StateKind::Parallel || inside(*child) {
                self.one(*child, goals, entry);
            }
        }
    }

    /// One state on the way to the goals.
    pub(super) fn one(&self, id: StateId, goals: &[Goal<'m>], entry: &mut Entry<'m>) {
        let own = goals.iter().find(|(goal, ..)| *goal == id);
        let data = match own.and_then(|(.., args)| *args) {
            Some(args) => args.iter().collect(),
            None => self.defaults(id),
        };
        entry.states.insert(id, data);
        self.towards(id, goals, entry);
    }

    pub(super) fn defaults(&self, id: StateId) -> Vec<&'m Expr> {
        self.state(id).data.iter().filter_map(|param| param.default.as_ref()).collect()
    }

    pub(super) fn default(&self, id: StateId, entry: &mut Entry<'m>) {
        let state = self.state(id);
        if state.kind == StateKind::Parallel {
            state.children.iter().for_each(|region| self.one(*region, &[], entry));
        } else if let Some(initial) = &state.initial {
            entry.initial.insert(id, initial);
            let goals: Vec<Goal> =
                initial.targets.iter().map(|t| (t.state, None, t.args.as_deref())).collect();
            self.towards(id, &goals, entry);
        }
    }

    /// What was active inside the state when it was last left.
    pub(super) fn restore(&self, id: StateId, deep: bool, entry: &mut Entry<'m>) {
        let Some(left) = self.now.left.get(&id) else { return self.default(id, entry) };
        if deep {
            entry.states.extend(left.iter().map(|inner| (*inner, Vec::new())));
            entry.restored.extend(self.now.left_courses[&id].clone());
            return;
        }
        for child in self.state(id).children.iter().filter(|child| left.contains(child)) {
            entry.states.insert(*child, Vec::new());
            if self.state(id).kind != StateKind::Parallel {
                self.default(*child, entry);
                continue;
            }
            for inner in self.state(*child).children.iter().filter(|inner| left.contains(inner)) {
                entry.states.insert(*inner, Vec::new());
                self.default(*inner, entry);
            }
        }
    }
}

/// A state to get to, whether what was active in it comes back (deep or not), values for its data.
pub(super) type Goal<'m> = (StateId, Option<bool>, Option<&'m [Expr]>);
