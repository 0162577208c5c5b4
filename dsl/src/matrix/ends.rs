//! The columns of activities: how they can end, and who hears of it.

use super::{Answer, Cell, Verb, ancestors, is_finished, path};
use crate::model::{ErrorKind, Model, Reaction, StateId, Trigger};

/// A way in which an activity can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// With a result.
    Done,
    /// With an error.
    Error(ErrorKind),
}

impl End {
    /// What the column is called.
    pub(super) fn name(self, model: &Model) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::Error(ErrorKind::Declared(error)) => {
                format!("error {}", model.declarations.errors[error.index()].name.text)
            }
            Self::Error(ErrorKind::Unexpected) => "error".to_owned(),
        }
    }
}

/// The ends of all that the states of a machine invoke: `done`, the declared errors in their order,
/// then any other error.
pub(super) fn ends(model: &Model) -> Vec<End> {
    let states = 0..model.states.len() as u32;
    let mut ends: Vec<End> = states.flat_map(|id| of_state(model, StateId(id))).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// How the activity can end that a state invokes.
fn of_state(model: &Model, id: StateId) -> Vec<End> {
    let state = &model.states[id.index()];
    if state.starts().is_none() {
        return Vec::new();
    }
    let failures = model.declarations.ends_of(state).into_iter();
    [End::Done].into_iter().chain(failures.map(End::Error)).collect()
}

/// What happens in a leaf when what is invoked there ends so, innermost first. Where several states
/// around it invoke something, each answer stands there once.
pub(super) fn cell(model: &Model, leaf: StateId, end: End) -> Option<Cell> {
    if is_finished(model, leaf) {
        return None;
    }
    let invoking: Vec<StateId> =
        ancestors(model, leaf).filter(|id| of_state(model, *id).contains(&end)).collect();
    if invoking.is_empty() {
        return None;
    }
    let mut cell = Cell::new();
    for id in invoking {
        for reaction in hearers(model, id, end) {
            let source = reaction.source;
            let guarded = !reaction.is_certain();
            let from = (source != leaf).then(|| path(model, source));
            let answer = Answer { verb: Verb::Handled, from, guarded };
            if !cell.contains(&answer) {
                cell.push(answer);
            }
            if !guarded {
                break;
            }
        }
    }
    Some(cell)
}

/// The reactions that are tried, in order: to a result those of the state that invokes; to an error
/// also those around it, in each the one by its name first.
fn hearers(model: &Model, invoking: StateId, end: End) -> Vec<&Reaction> {
    let own = |id: StateId, trigger: Trigger| {
        let reactions = model.states[id.index()].reactions.iter();
        reactions.map(|id| &model.reactions[id.index()]).find(|r| r.trigger == trigger)
    };
    match end {
        End::Done => own(invoking, Trigger::Result).into_iter().collect(),
        End::Error(kind) => {
            let by_name = |id| match kind {
                ErrorKind::Declared(error) => own(id, Trigger::Error(Some(error))),
                ErrorKind::Unexpected => None,
            };
            let all = |id| own(id, Trigger::Error(None));
            ancestors(model, invoking).flat_map(|id| [by_name(id), all(id)]).flatten().collect()
        }
    }
}
