//! A saga to which `history(..)` of a state around leads back begins anew: nothing that it has kept of
//! its last visit counts. Data of states come back with history, so it puts its own back itself.

use super::{Saga, Stage};
use crate::ast::{
    InitialTransition, Machine, MachineItem, Outcome, Reaction, StateItem, StateItemKind, Target,
    TargetKind,
};
use crate::unfold::make;

/// True if a machine asks for history that is not deep. Only then is there anything to put back.
pub(super) fn is_asked_for(machine: &Machine) -> bool {
    let mut items = machine.items.iter().filter_map(|item| match item {
        MachineItem::State(item) => Some(item),
        _ => None,
    });
    items.any(asks)
}

fn asks(item: &StateItem) -> bool {
    match &item.kind {
        StateItemKind::State(state) => state.items.iter().flatten().any(asks),
        StateItemKind::On(_, reaction)
        | StateItemKind::After(_, reaction)
        | StateItemKind::Every(_, reaction)
        | StateItemKind::Always(reaction) => leads_to_history(reaction),
        _ => false,
    }
}

fn leads_to_history(reaction: &Reaction) -> bool {
    let is_history =
        |target: &Target| matches!(target.kind, TargetKind::History { deep: false, .. });
    let mut outcomes = reaction.branches.iter().map(|branch| &branch.outcome);
    outcomes.any(|outcome| matches!(outcome, Outcome::Go(target) if is_history(target)))
}

impl Saga<'_> {
    /// `initial do set .. -> First`, with all that it keeps as it was at first.
    pub(super) fn begins_anew(&self, first: &Stage) -> StateItem {
        let span = self.name.span;
        let back = self.data().into_iter().filter_map(|param| {
            let place = param.name.span;
            Some(make::set(&param.name.text, param.default?, place))
        });
        let (effects, target) = (back.collect(), make::to(&first.state, span));
        let initial = InitialTransition { effects, target, span };
        make::item(StateItemKind::Initial(initial), span)
    }
}
