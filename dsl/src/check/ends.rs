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

/// False for `on error` where nothing that is invoked inside can end so, or all that can is caught on
/// the way.
pub(super) fn is_possible(model: &Model, tree: &Tree, reaction: &Reaction) -> bool {
    if !matches!(reaction.trigger, Trigger::Error(_)) {
        return true;
    }
    let mut errors = errors(model, tree, reaction);
    errors.any(|(id, kind)| catcher(model, tree, (id, kind), reaction).is_none())
}

/// The errors that a reaction waits for, with the states inside that end with them.
pub(super) fn errors<'m>(
    model: &'m Model,
    tree: &'m Tree<'m>,
    reaction: &'m Reaction,
) -> impl Iterator<Item = (StateId, ErrorKind)> {
    let ends = |id: StateId| model.declarations.ends_of(tree.state(id)).into_iter();
    let all = tree.inside(reaction.source).flat_map(move |id| ends(id).map(move |kind| (id, kind)));
    all.filter(|(_, kind)| catches(reaction, *kind))
}

/// What surely catches an error of a state before a reaction around it can.
pub(super) fn catcher<'m>(
    model: &'m Model,
    tree: &Tree<'m>,
    (id, kind): (StateId, ErrorKind),
    reaction: &Reaction,
) -> Option<&'m Reaction> {
    let by_name = |r: &Reaction| matches!(r.trigger, Trigger::Error(Some(_)));
    let inside = tree.ancestors(id).take_while(|state| *state != reaction.source);
    let own = (!by_name(reaction)).then_some(reaction.source);
    let states = inside.map(|state| (state, false)).chain(own.map(|state| (state, true)));
    states.into_iter().find_map(|(state, only_names)| {
        let reactions = tree.state(state).reactions.iter().map(|id| &model.reactions[id.index()]);
        let mut certain = reactions.filter(|r| r.is_certain() && catches(r, kind));
        certain.find(|r| !only_names || by_name(r))
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
