//! Which states say something about which event: a handler, `defer` or `ignore`.

use super::facts::Facts;
use super::tree::Tree;
use crate::model::{EventId, StateId, Trigger};

/// Events with the states that say something about them, sorted.
pub(super) struct Stirred(Vec<(EventId, StateId)>);

impl Stirred {
    pub(super) fn new(facts: &Facts) -> Self {
        let mut found: Vec<(EventId, StateId)> = Vec::new();
        for id in facts.tree.ids() {
            let state = facts.tree.state(id);
            found.extend(facts.reactions(id).filter_map(|r| match r.trigger {
                Trigger::Event(event) => Some((event, id)),
                _ => None,
            }));
            found.extend(state.defer.iter().chain(&state.ignore).map(|(event, _)| (*event, id)));
        }
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    /// True if the state itself says something about the event.
    pub(super) fn by(&self, event: EventId, state: StateId) -> bool {
        self.0.binary_search(&(event, state)).is_ok()
    }

    /// True if some state inside the state, and not it itself, does.
    pub(super) fn inside(&self, tree: &Tree, event: EventId, state: StateId) -> bool {
        let from = self.0.partition_point(|entry| *entry <= (event, state));
        self.0.get(from).is_some_and(|(e, s)| *e == event && tree.contains(state, *s))
    }
}
