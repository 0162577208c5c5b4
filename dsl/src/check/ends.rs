//! How invoked activities end, and who hears of it.

use super::tree::Tree;
use crate::model::{ErrorKind, Invoke, Model, Reaction, StateId, Trigger};

/// What a state invokes, if anything.
pub(super) fn invoke<'m>(tree: &Tree<'m>, id: StateId) -> Option<&'m Invoke> {
    tree.state(id).invoke.as_ref()
}

/// False for `on error` where nothing that is invoked inside can end so.
pub(super) fn is_possible(model: &Model, tree: &Tree, reaction: &Reaction) -> bool {
    let Trigger::Error(wanted) = reaction.trigger else { return true };
    tree.inside(reaction.source).filter_map(|id| invoke(tree, id)).any(|invoke| {
        let ends = model.declarations.ends(invoke);
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
