//! The tree of states as ranges: what stands in what, without walking.

use crate::model::{Model, State, StateId, StateKind};

/// Who stands in whom. States are numbered in document order, so the states in a state are those
/// directly behind it.
pub(super) struct Tree<'m> {
    states: &'m [State],
    ends: Vec<u32>,
}

impl<'m> Tree<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let states = &model.states;
        let mut ends: Vec<u32> = (1..=states.len() as u32).collect();
        for index in (1..states.len()).rev() {
            if let Some(parent) = states[index].parent {
                ends[parent.index()] = ends[parent.index()].max(ends[index]);
            }
        }
        Self { states, ends }
    }

    pub(super) fn state(&self, id: StateId) -> &'m State {
        &self.states[id.index()]
    }

    pub(super) fn kind(&self, id: StateId) -> StateKind {
        self.state(id).kind
    }

    /// All states, in document order.
    pub(super) fn ids(&self) -> impl Iterator<Item = StateId> + use<> {
        (0..self.states.len() as u32).map(StateId)
    }

    /// The state and all states in it, in document order.
    pub(super) fn inside(&self, id: StateId) -> impl Iterator<Item = StateId> + use<> {
        (id.0..self.ends[id.index()]).map(StateId)
    }

    /// The number of the first state behind the state and all states in it.
    pub(super) fn end(&self, id: StateId) -> usize {
        self.ends[id.index()] as usize
    }

    /// True if `inner` is `outer` or stands in it.
    pub(super) fn contains(&self, outer: StateId, inner: StateId) -> bool {
        outer <= inner && inner.0 < self.ends[outer.index()]
    }

    /// The state and those around it, innermost first, the root last.
    pub(super) fn ancestors(&self, id: StateId) -> impl Iterator<Item = StateId> + '_ {
        std::iter::successors(Some(id), |s| self.state(*s).parent)
    }

    /// The child of `outer` that is `inner` or holds it; `None` if `inner` does not stand in
    /// `outer`.
    pub(super) fn child_towards(&self, outer: StateId, inner: StateId) -> Option<StateId> {
        if outer == inner || !self.contains(outer, inner) {
            return None;
        }
        let children = &self.state(outer).children;
        let behind = children.partition_point(|child| *child <= inner);
        children.get(behind.checked_sub(1)?).copied()
    }

    /// The name for messages: as short as it is unique among the siblings' and parents' names,
    /// which is the plain name except for regions' children that are called alike.
    pub(super) fn name(&self, id: StateId) -> &'m str {
        &self.state(id).name.text
    }

    /// Names from the outermost state inwards, as `Operating::Cars::Go`.
    pub(super) fn path(&self, id: StateId) -> String {
        let mut names: Vec<&str> = self.ancestors(id).map(|s| self.name(s)).collect();
        names.pop();
        names.reverse();
        if names.is_empty() { self.name(id).to_owned() } else { names.join("::") }
    }
}
