//! What is known of what a step calls: an activity, or a machine that is started and waited for.

use crate::ast::{Call, Item, Machine, MachineItem, Modifier, Param, State, StateItemKind, Type};
use crate::resolve::Package;
use std::collections::BTreeMap;

/// What can be called.
#[derive(Debug)]
pub(super) struct Callable {
    /// The errors that say that it was not done.
    pub(super) raises: Vec<String>,
    /// What it gives.
    pub(super) result: Option<Type>,
    /// It leaves nothing behind.
    pub(super) readonly: bool,
    /// What it takes.
    pub(super) params: Vec<Param>,
}

/// The activities of a machine, and the machines that it can start.
#[derive(Debug)]
pub(super) struct Callables {
    activities: BTreeMap<String, Callable>,
    machines: BTreeMap<String, Callable>,
}

impl Callables {
    /// What a machine of the root file can call.
    pub(super) fn of(machine: &Machine, package: &Package) -> Self {
        let errors = errors(machine);
        // The first of two with one name counts, here as where names are looked up.
        let mut machines = BTreeMap::new();
        for other in package.files.iter().flat_map(|file| &file.tree.items).filter_map(machine_of) {
            machines.entry(other.name.text.clone()).or_insert_with(|| child(other, &errors));
        }
        Self { activities: activities(machine), machines }
    }

    /// What a call is of.
    pub(super) fn called(&self, call: &Call) -> Option<&Callable> {
        let among = if call.machine { &self.machines } else { &self.activities };
        among.get(&call.name.text)
    }
}

fn machine_of(item: &Item) -> Option<&Machine> {
    match item {
        Item::Machine(machine) => Some(machine),
        _ => None,
    }
}

fn activities(machine: &Machine) -> BTreeMap<String, Callable> {
    let declared = machine.items.iter().filter_map(|item| match item {
        MachineItem::Activity { signature, raises, .. } => Some((signature, raises)),
        _ => None,
    });
    let known = declared.map(|(signature, raises)| {
        let callable = Callable {
            raises: raises.iter().map(|name| name.text.clone()).collect(),
            result: signature.result.clone(),
            readonly: signature.meta.is_readonly(),
            params: signature.params.clone(),
        };
        (signature.name.text.clone(), callable)
    });
    known.collect()
}

/// The errors that a machine declares, with what they carry. Those that an import brings do not count: they
/// may be those of the machine that a step starts, which says nothing by them to whoever starts it.
fn errors(machine: &Machine) -> BTreeMap<&str, &[Param]> {
    let declared = machine.items.iter().filter_map(|item| match item {
        MachineItem::Error { signature, .. } => {
            Some((signature.name.text.as_str(), signature.params.as_slice()))
        }
        _ => None,
    });
    declared.collect()
}

/// A machine as whoever starts it sees it: it takes the fields that it is started with, gives the data
/// of its final states, and fails with those that are failures.
fn child(machine: &Machine, errors: &BTreeMap<&str, &[Param]>) -> Callable {
    let finals = || {
        machine.items.iter().filter_map(|item| match item {
            MachineItem::State(item) => match &item.kind {
                StateItemKind::State(state) if is_final(state) => Some(state),
                _ => None,
            },
            _ => None,
        })
    };
    let is_declared = |state: &&State| {
        let declared = errors.get(state.name.text.as_str());
        declared.is_some_and(|params| same(params, &state.params))
    };
    let failures = finals().filter(|state| state.meta.is_failure()).filter(is_declared);
    let given = machine.items.iter().filter_map(|item| match item {
        MachineItem::Context(context) => Some(&context.fields),
        _ => None,
    });
    let given = given.flatten().filter(|f| f.late.is_none() && f.param.default.is_none());
    Callable {
        raises: failures.map(|state| state.name.text.clone()).collect(),
        result: result(finals().filter(|state| !state.meta.is_failure())),
        readonly: false,
        params: given.map(|field| field.param.clone()).collect(),
    }
}

fn is_final(state: &State) -> bool {
    state.modifiers.iter().any(|(modifier, _)| *modifier == Modifier::Final)
}

/// The one value that all of them have, of one type.
fn result<'s>(mut ends: impl Iterator<Item = &'s State>) -> Option<Type> {
    let one = |state: &'s State| match state.params.as_slice() {
        [one] => Some(&one.ty),
        _ => None,
    };
    let first = one(ends.next()?)?;
    ends.all(|state| one(state) == Some(first)).then(|| first.clone())
}

/// True for the same names and types in one order.
fn same(a: &[Param], b: &[Param]) -> bool {
    let equal = |(a, b): (&Param, &Param)| a.name == b.name && a.ty == b.ty;
    a.len() == b.len() && a.iter().zip(b).all(equal)
}
