//! Syntax trees to syntax trees: what is written as steps becomes the
//! states, reactions and effects that it stands for.
//!
//! Between `parse` and `resolve`, for each construct a module. What is made has the places of what
//! was written, so that messages stand there, and [`Part`](crate::ast::Part) says what it stands
//! for. The trees that were parsed stay as they are; only a package with something to unfold is
//! copied.

mod make;
mod saga;

use crate::ast::{Item, Machine, MachineItem, Modifier, State, StateItem, StateItemKind};
use crate::diagnostic::Diagnostics;
use crate::resolve::Package;
use std::borrow::Cow;

/// The package without sagas, as `resolve` reads it.
pub fn unfold<'p>(package: &'p Package, d: &mut Diagnostics) -> Cow<'p, Package> {
    let Some(root) = package.files.first() else { return Cow::Borrowed(package) };
    let is_needed = |item: &Item| matches!(item, Item::Machine(machine) if has_special(machine));
    if !root.tree.items.iter().any(is_needed) {
        return Cow::Borrowed(package);
    }
    let mut unfolded = package.clone();
    // What is imported is never run.
    for item in unfolded.files.iter_mut().take(1).flat_map(|file| &mut file.tree.items) {
        if let Item::Machine(machine) = item {
            saga::unfold(machine, package, d);
        }
    }
    Cow::Owned(unfolded)
}

/// True if a state of the machine has a word in front that is unfolded.
fn has_special(machine: &Machine) -> bool {
    let is_special = |state: &State| state.modifiers.iter().any(|(m, _)| *m == Modifier::Saga);
    states_of(machine).any(|state| holds(state, &is_special))
}

fn states_of(machine: &Machine) -> impl Iterator<Item = &State> {
    machine.items.iter().filter_map(|item| match item {
        MachineItem::State(item) => state_of(item),
        _ => None,
    })
}

fn state_of(item: &StateItem) -> Option<&State> {
    match &item.kind {
        StateItemKind::State(state) => Some(state),
        _ => None,
    }
}

/// True if it holds for the state or one inside it.
fn holds(state: &State, is_wanted: &impl Fn(&State) -> bool) -> bool {
    let mut inside = state.items.iter().flatten().filter_map(state_of);
    is_wanted(state) || inside.any(|state| holds(state, is_wanted))
}
