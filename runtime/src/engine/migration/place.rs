//! Where an instance is when it has been carried over.

use super::migrating::{Leaf, Migrating, Move};
use crate::shape::{Comparison, Document};
use std::collections::BTreeSet;

/// Where an instance is.
pub(super) struct Place<'m> {
    /// The states that are active, in document order.
    pub(super) active: BTreeSet<usize>,
    /// Those of them that are new to the instance: their timers and activities begin.
    pub(super) entered: BTreeSet<usize>,
    /// The moves that count.
    moves: Vec<&'m Move>,
}

impl<'m> Place<'m> {
    /// Where the instance is, with the reasons why it may be nowhere.
    pub(super) fn find(
        comparison: &Comparison,
        instance: &'m Migrating,
        reasons: &mut Vec<String>,
    ) -> Self {
        let mut place = Self::of(comparison, instance, &instance.leaves, reasons);
        if reasons.is_empty() {
            place.complete(&comparison.new);
        }
        place
    }

    /// The states that are restored where old ones were remembered by one that is called `owner` now;
    /// none if they lead out of it.
    pub(super) fn remembered(
        comparison: &Comparison,
        instance: &'m Migrating,
        (owner, leaves): (usize, &[Leaf]),
        reasons: &mut Vec<String>,
    ) -> Option<Self> {
        let new = &comparison.new;
        let mut place = Self::of(comparison, instance, leaves, reasons);
        let is_inside = |state: usize| new.around(state).any(|around| around == owner);
        let is_around = |state: usize| new.around(owner).any(|around| around == state);
        if !reasons.is_empty()
            || !place.active.iter().all(|state| is_inside(*state) || is_around(*state))
        {
            return None;
        }
        place.complete(new);
        place.active.retain(|state| is_inside(*state));
        Some(place)
    }

    /// Where old leaves are now, without what is entered inside by default.
    fn of(
        comparison: &Comparison,
        instance: &'m Migrating,
        leaves: &[Leaf],
        reasons: &mut Vec<String>,
    ) -> Self {
        let (old, new) = (&comparison.old, &comparison.new);
        let mut place =
            Self { active: BTreeSet::new(), entered: BTreeSet::new(), moves: Vec::new() };
        // What was active around and is the same stays, also if a state inside leads elsewhere.
        let before: BTreeSet<usize> =
            leaves.iter().flat_map(|(leaf, _)| old.around(*leaf)).collect();
        let stays =
            |state: usize| comparison.old_of(state).is_some_and(|old| before.contains(&old));
        for (leaf, moved) in leaves {
            let Some(at) = moved else {
                match comparison.place(*leaf) {
                    Ok(state) => place.add(new, state, &stays),
                    Err(difference) => reasons.push(difference.to_string()),
                }
                continue;
            };
            let chosen = &instance.moves[*at];
            if place.moves.iter().any(|known| std::ptr::eq(*known, chosen)) {
                continue;
            }
            place.moves.push(chosen);
            for target in &chosen.new {
                match new.states.iter().position(|state| state.path == *target) {
                    Some(state) => {
                        place.add(new, state, &stays);
                        place.entered.insert(state);
                    }
                    None => reasons.push(format!("`{target}`, where it leads, is no state")),
                }
            }
        }
        place
    }

    /// A state and those around it.
    fn add(&mut self, new: &Document, state: usize, stays: &impl Fn(usize) -> bool) {
        for around in new.around(state) {
            if self.active.insert(around) && !stays(around) {
                self.entered.insert(around);
            }
        }
    }

    /// What has to be active inside and is not is entered by default.
    fn complete(&mut self, new: &Document) {
        for state in 0..new.states.len() {
            let is_parallel_around = new
                .parent(state)
                .is_some_and(|p| new.states[p].kind == "parallel" && self.active.contains(&p));
            if is_parallel_around {
                self.active.insert(state).then(|| self.entered.insert(state));
            }
            if !self.active.contains(&state) || new.states[state].initial.is_empty() {
                continue;
            }
            let is_filled = new.children(state).any(|child| self.active.contains(&child));
            if !is_filled {
                for leaf in new.states[state].initial.iter().filter_map(|id| new.state(id)) {
                    self.add(new, leaf, &|_| false);
                }
            }
        }
    }

    /// The ids of the innermost active states.
    pub(super) fn configuration(&self, new: &Document) -> Vec<String> {
        innermost(new, &self.active)
    }

    /// The data that a move gives to a state.
    pub(super) fn given(&self, path: &str, name: &str) -> Option<&serde_json::Value> {
        let all = self.moves.iter().flat_map(|chosen| &chosen.data);
        all.filter(|(state, field, _)| state == path && field == name).map(|(.., v)| v).next_back()
    }

    /// True if a state is active, and was before.
    pub(super) fn is_kept(&self, state: usize) -> bool {
        self.active.contains(&state) && !self.entered.contains(&state)
    }
}

/// The ids of states in which none of the others stands.
pub(super) fn innermost(document: &Document, active: &BTreeSet<usize>) -> Vec<String> {
    let leaves = active
        .iter()
        .filter(|state| !document.children(**state).any(|child| active.contains(&child)));
    leaves.map(|state| document.states[*state].id.clone()).collect()
}
