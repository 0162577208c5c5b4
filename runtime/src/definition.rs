//! What a machine is, for tools: names, kinds, places, docs.

use serde::{Deserialize, Serialize};

/// A machine as it was declared.
#[derive(Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: u64,
    /// A hash of what the bytes of an instance depend on: states, data, events, timers, what is
    /// invoked. Snapshots fit only the shape they are of.
    pub shape: u64,
    /// The shape, JSON; only of durable machines.
    pub document: &'static str,
    /// Its docs.
    pub docs: &'static str,
    /// The states in document order; the first is the machine itself.
    pub states: &'static [StateDefinition],
    /// External events in declared order.
    pub events: &'static [EventDefinition],
    /// How many timers it has.
    pub timers: u16,
    /// One line for each branch; see [`Definition::transitions`].
    #[doc(hidden)]
    pub packed_transitions: &'static str,
}

/// A state as it was declared.
#[derive(Debug)]
pub struct StateDefinition {
    /// Its name.
    pub name: &'static str,
    /// Its names from the outermost state inwards, joined by dots; empty for the machine itself.
    pub path: &'static str,
    /// The name that persists: `@id`, or the path.
    pub id: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The number of the state around it.
    pub parent: Option<u16>,
    /// The line it is declared in, from 1; 0 if it is not known.
    pub line: u32,
    /// Its docs.
    pub docs: &'static str,
}

/// An event as it was declared.
#[derive(Debug)]
pub struct EventDefinition {
    /// Its name.
    pub name: &'static str,
    /// Its docs.
    pub docs: &'static str,
}

/// What a person is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    /// The name of the human step.
    pub name: &'static str,
    /// The type of the answer, as the machine writes it.
    pub answer: &'static str,
    /// All answers as JSON, if there are few: of `bool` and of enums without fields.
    pub choices: &'static [&'static str],
    /// The timers of its state.
    pub timers: std::ops::Range<u16>,
}

/// The kinds of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// The machine itself: one of its children is active.
    Root,
    /// No states in it.
    Atomic,
    /// One of its children is active.
    Composite,
    /// All of its children, which are regions, are active.
    Parallel,
    /// A part of a parallel state: one of its children is active.
    Region,
    /// The end of what is around it.
    Final,
}

/// One branch of a transition as it was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionDefinition {
    /// The number of the state that it stands in.
    pub source: u16,
    /// What it waits for: the name of an event, `always`, `after`, `every` or `done`.
    pub trigger: &'static str,
    /// The numbers of the states that it leads to; empty if it stays.
    pub targets: Vec<u16>,
    /// The line it is declared in, from 1; 0 if it is not known.
    pub line: u32,
}

impl Definition {
    /// The branches of all transitions, in document order.
    pub fn transitions(&self) -> impl Iterator<Item = TransitionDefinition> {
        self.packed_transitions.lines().map(|line| {
            let mut words = line.split(' ');
            let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            let (source, line) = (number(), number());
            let trigger = words.next().unwrap_or_default();
            let targets = words.filter_map(|word| word.parse().ok()).collect();
            TransitionDefinition { source: source as u16, trigger, targets, line }
        })
    }

    /// The number of the state with this persistent name.
    pub fn state_by_id(&self, id: &str) -> Option<u16> {
        self.states.iter().position(|state| state.id == id).map(|at| at as u16)
    }
}
