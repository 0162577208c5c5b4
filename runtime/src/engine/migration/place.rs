//! Where an instance is when it has been carried over.

use super::migrating::{Migrating, Move, is_inside};
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
        let (old, new) = (&comparison.old, &comparison.new);
        let mut place =
            Self { active: BTreeSet::new(), entered: BTreeSet::new(), moves: Vec::new() };
        // What was active around and is the same stays, also if a state inside leads elsewhere.
        let before: BTreeSet<usize> =
            instance.leaves.iter().flat_map(|(leaf, _)| old.around(*leaf)).collect();
        let stays =
            |state: usize| comparison.old_of(state).is_some_and(|old| before.contains(&old));
        for (leaf, moved) in &instance.leaves {
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
        if reasons.is_empty() {
            place.complete(new);
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

/// The states that are restored where old ones were remembered.
pub(super) fn remembered(
    comparison: &Comparison,
    moves: &[Move],
    leaves: &[usize],
    owner: usize,
) -> Result<BTreeSet<usize>, String> {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut place = Place { active: BTreeSet::new(), entered: BTreeSet::new(), moves: Vec::new() };
    for leaf in leaves {
        let mut paths = vec![old.states[*leaf].path.clone()];
        let mut is_moved = false;
        for chosen in moves {
            let inside = |path: &String| is_inside(path, &chosen.old);
            if paths.iter().any(inside) {
                is_moved = true;
                paths.retain(|path| !is_inside(path, &chosen.old));
                paths.extend(chosen.new.iter().cloned());
            }
        }
        if !is_moved {
            let state = comparison.place(*leaf).map_err(|difference| difference.to_string())?;
            place.add(new, state, &|_| true);
            continue;
        }
        for path in paths {
            if let Some(state) = new.states.iter().position(|state| state.path == path) {
                place.add(new, state, &|_| true);
            }
        }
    }
    // What leads out of the state is not remembered in it.
    if place.active.iter().any(|state| {
        new.around(*state).all(|around| around != owner)
            && new.around(owner).all(|around| around != *state)
    }) {
        return Ok(BTreeSet::new());
    }
    place.complete(new);
    place.active.retain(|state| new.around(*state).any(|around| around == owner));
    Ok(place.active)
}

/// The ids of states in which none of the others stands.
pub(super) fn innermost(document: &Document, active: &BTreeSet<usize>) -> Vec<String> {
    let leaves = active
        .iter()
        .filter(|state| !document.children(**state).any(|child| active.contains(&child)));
    leaves.map(|state| document.states[*state].id.clone()).collect()
}
