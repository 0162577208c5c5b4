//! Lays out states, slots and leaves as ranges in document order.

use crate::chart::{ChartState, LeafId, Slot, SlotId};
use crate::model::{Model, State, StateId, StateKind};

/// What [`layout`] makes.
pub(super) struct Layout {
    pub(super) states: Vec<ChartState>,
    pub(super) slots: Vec<Slot>,
    pub(super) leaves: Vec<StateId>,
}

/// Copies the tree of states and gives each its ranges; handlers and entries come later.
pub(super) fn layout(model: &Model) -> Layout {
    let mut layout =
        Layout { states: Vec::with_capacity(model.states.len()), slots: vec![], leaves: vec![] };
    for (index, state) in model.states.iter().enumerate() {
        let id = StateId(index as u32);
        let slot = layout.slot_of(id, state);
        let first_leaf = layout.leaves.len() as u32;
        if matches!(state.kind, StateKind::Atomic | StateKind::Final | StateKind::Parallel) {
            layout.leaves.push(id);
        }
        let path = layout.path(state);
        layout.states.push(ChartState {
            name: state.name.clone(),
            id: state.id.clone().unwrap_or_else(|| path.clone()),
            path,
            docs: state.docs.clone(),
            kind: state.kind,
            parent: state.parent,
            children: state.children.clone(),
            // The ends are known when the last state inside has been laid out.
            subtree: id.0..id.0 + 1,
            slot,
            leaves: first_leaf..layout.leaves.len() as u32,
            slots: match state.kind {
                StateKind::Root | StateKind::Region => slot.0..slot.0 + 1,
                _ => layout.slots.len() as u32..layout.slots.len() as u32,
            },
            data: state.data.clone(),
            entry: state.entry.clone(),
            exit: state.exit.clone(),
            timers: 0..0,
            invoke: None,
            fan_out: None,
            handlers: Vec::new(),
            always: Vec::new(),
            on_done: None,
            history: None,
            failure: state.failure,
            role: state.part.as_ref().map(|part| part.role),
            step: state.part.as_ref().and_then(|part| Some(part.step.as_ref()?.text.clone())),
            late: state.late.clone(),
            was: state.was.clone(),
            span: state.span,
            default_entry: Vec::new(),
        });
    }
    layout.close_ranges();
    layout
}

impl Layout {
    /// The slot in which a state is chosen; makes a new one for the root and for regions.
    fn slot_of(&mut self, id: StateId, state: &State) -> SlotId {
        let around = state.parent.map(|p| self.states[p.index()].slot);
        match (around, state.kind) {
            (Some(slot), kind) if kind != StateKind::Region => slot,
            (parent, _) => {
                let first = self.leaves.len() as u32;
                self.slots.push(Slot { state: id, leaves: first..first, parent });
                SlotId(self.slots.len() as u32 - 1)
            }
        }
    }

    fn path(&self, state: &State) -> String {
        let Some(parent) = state.parent else { return String::new() };
        let around = &self.states[parent.index()].path;
        if around.is_empty() {
            state.name.text.clone()
        } else {
            format!("{around}.{}", state.name.text)
        }
    }

    /// Extends the ranges of every state over the states in it, the innermost first.
    fn close_ranges(&mut self) {
        for index in (1..self.states.len()).rev() {
            let inner = &self.states[index];
            let (subtree, leaves, slots) = (inner.subtree.end, inner.leaves.end, inner.slots.end);
            if let Some(parent) = inner.parent {
                let outer = &mut self.states[parent.index()];
                outer.subtree.end = outer.subtree.end.max(subtree);
                outer.leaves.end = outer.leaves.end.max(leaves);
                outer.slots.end = outer.slots.end.max(slots);
            }
        }
        for slot in &mut self.slots {
            slot.leaves = self.states[slot.state.index()].leaves.clone();
        }
    }
}

impl crate::chart::Chart {
    /// The number of a state as a leaf; `None` for the root, composites and regions.
    pub fn leaf(&self, id: StateId) -> Option<LeafId> {
        let found = self.leaves.binary_search(&id).ok()?;
        Some(LeafId(found as u32))
    }
}
