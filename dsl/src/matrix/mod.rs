//! What each state does with each event, as a table: what it handles itself, what it has from the
//! states around it, what it puts off or ignores, and what nothing says anything about. And the same
//! for how activities end that run while it is active.
//!
//! [`matrix()`] makes the table of a machine; the other functions write tables down.

mod ends;
mod forms;

pub use forms::{csv, markdown, text};

use crate::model::{EventId, Model, State, StateId, StateKind, Trigger, Valid};

/// The table of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The name of the machine.
    pub machine: String,
    /// The events, in declared order; of an external enum those that the machine names.
    pub events: Vec<String>,
    /// How the activities can end that its states invoke: `done`, `error Declined`, and `error` for
    /// any other; empty if none does.
    pub ends: Vec<String>,
    /// The atomic and final states, in document order.
    pub rows: Vec<Row>,
    /// True if several states can be active at once.
    pub has_regions: bool,
}

/// What one state does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its path, as `Operating.Cars.Go`.
    pub state: String,
    /// What it does with each event, in the order of [`Matrix::events`].
    pub cells: Vec<Cell>,
    /// What becomes of the ends of activities, in the order of [`Matrix::ends`]; `None` if none that
    /// runs there can end so.
    pub ends: Vec<Option<Cell>>,
}

/// What a state does with an event: the answers in the order in which they are tried, innermost
/// first. No answer: nothing says anything about it.
pub type Cell = Vec<Answer>;

/// One thing that is done with an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is done.
    pub verb: Verb,
    /// The path of the state around that does it, or the name of the machine; `None` for the state
    /// itself.
    pub from: Option<String>,
    /// True if it is done only if a guard holds; else the next answer counts.
    pub guarded: bool,
}

/// What can be done with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Some handler reacts.
    Handled,
    /// It is kept until the configuration changes.
    Deferred,
    /// It is dropped, and that is meant.
    Ignored,
}

/// The table of a machine.
pub fn matrix(machine: &Valid<Model>) -> Matrix {
    let model: &Model = machine;
    let events = &model.declarations.events;
    let leaves = (0..model.states.len() as u32)
        .map(StateId)
        .filter(|id| model.states[id.index()].kind.is_leaf());
    let ends = ends::ends(model);
    let rows = leaves.map(|leaf| Row {
        state: path(model, leaf),
        cells: (0..events.len() as u32).map(|event| cell(model, leaf, EventId(event))).collect(),
        ends: ends.iter().map(|end| ends::cell(model, leaf, *end)).collect(),
    });
    Matrix {
        machine: model.name.text.clone(),
        events: events.iter().map(|event| event.name.text.clone()).collect(),
        ends: ends.iter().map(|end| end.name(model)).collect(),
        rows: rows.collect(),
        has_regions: model.states.iter().any(|state| state.kind == StateKind::Region),
    }
}

fn ancestors(model: &Model, leaf: StateId) -> impl Iterator<Item = StateId> + '_ {
    std::iter::successors(Some(leaf), |id| model.states[id.index()].parent)
}

/// Names from the outermost state inwards; of the machine itself its name.
fn path(model: &Model, id: StateId) -> String {
    let mut names: Vec<&str> =
        ancestors(model, id).map(|id| model.states[id.index()].name.text.as_str()).collect();
    names.reverse();
    if names.len() > 1 { names[1..].join(".") } else { names.concat() }
}

fn cell(model: &Model, leaf: StateId, event: EventId) -> Cell {
    let mut cell = Cell::new();
    if is_finished(model, leaf) {
        return cell;
    }
    for id in ancestors(model, leaf) {
        let from = (id != leaf).then(|| path(model, id));
        let Some((verb, guarded)) = answer(model, &model.states[id.index()], event) else {
            continue;
        };
        cell.push(Answer { verb, from, guarded });
        if !guarded {
            break;
        }
    }
    cell
}

/// True if the machine is finished there, and reacts to nothing.
fn is_finished(model: &Model, leaf: StateId) -> bool {
    let state = &model.states[leaf.index()];
    state.kind == StateKind::Final && state.parent == Some(StateId::ROOT)
}

/// What a state itself does with an event, and whether only if a guard holds.
fn answer(model: &Model, state: &State, event: EventId) -> Option<(Verb, bool)> {
    let mut reactions = state.reactions.iter().map(|id| &model.reactions[id.index()]);
    let handler = reactions.find(|reaction| reaction.trigger == Trigger::Event(event));
    let is_in = |list: &[(EventId, _)]| list.iter().any(|(other, _)| *other == event);
    match handler {
        Some(handler) => Some((Verb::Handled, !handler.is_certain())),
        None if is_in(&state.defer) => Some((Verb::Deferred, false)),
        None if is_in(&state.ignore) => Some((Verb::Ignored, false)),
        None => None,
    }
}
