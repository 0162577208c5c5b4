//! How invoked activities end, and who hears of it.

use super::tree::Tree;
use crate::model::{
    Activity, ActivityId, ErrorKind, Invoke, Model, Reaction, StateId, Trigger, Work,
};

/// The calls that a state makes: what it invokes, or the branches of its fan-out.
pub(super) fn calls<'m>(
    tree: &Tree<'m>,
    id: StateId,
) -> impl Iterator<Item = &'m Invoke> + use<'m> {
    tree.state(id).calls()
}

/// True if a state calls something.
pub(super) fn has_calls(tree: &Tree, id: StateId) -> bool {
    tree.state(id).starts().is_some()
}

/// The activity of a chain that ends with an error: the first that raises it and does not fall back on
/// another. Any error that nobody declares is one of the last.
pub(super) fn ending<'m>(model: &'m Model, invoke: &Invoke, kind: ErrorKind) -> &'m Activity {
    let declarations = &model.declarations;
    let activities = (0..=invoke.fallbacks.len()).filter_map(|call| match invoke.work(call) {
        Work::Activity(activity) => Some((call, activity)),
        Work::Function(_) => None,
    });
    let ends = |(call, activity): &(usize, ActivityId)| {
        declarations.failures(*activity).any(|own| own == kind)
            && !declarations.falls_back(invoke, *call, kind)
    };
    let found = activities.into_iter().find(ends).map_or(invoke.activity, |(_, found)| found);
    &declarations.activities[found.index()]
}

/// False for `on error` where nothing that is invoked inside can end so.
pub(super) fn is_possible(model: &Model, tree: &Tree, reaction: &Reaction) -> bool {
    let Trigger::Error(wanted) = reaction.trigger else { return true };
    tree.inside(reaction.source).any(|id| {
        let ends = model.declarations.ends_of(tree.state(id));
        match wanted {
            Some(wanted) => ends.contains(&ErrorKind::Declared(wanted)),
            None => !ends.is_empty(),
        }
    })
}

/// True if a reaction catches an error.
pub(super) fn catches(reaction: &Reaction, kind: ErrorKind) -> bool {
    match (&reaction.trigger, kind) {
        (Trigger::Error(None), _) => true,
        (Trigger::Error(Some(wanted)), ErrorKind::Declared(error)) => *wanted == error,
        _ => false,
    }
}
