//! Child machines: what the one that starts them sees of them.

use super::Oracle;
use super::values::{Value, plain};
use crate::interpreted::written;
use statewright_dsl::ast::{
    ContextField, Machine, MachineItem, Modifier, Param, Signature, State, StateItem, StateItemKind,
};
use statewright_dsl::model::Invoke;

/// A machine that another can start.
#[derive(Debug)]
pub(super) struct Child {
    /// What it is started with.
    pub(super) fields: Vec<String>,
    /// Its key among them.
    key: Option<usize>,
    /// Its end is a value.
    pub(super) gives: bool,
    /// Its failures that the one that starts it has declared as errors.
    pub(super) errors: Vec<String>,
}

impl Child {
    /// A machine as another sees it.
    pub(super) fn of(machine: &Machine, parent: &Machine) -> Self {
        let fields = machine.items.iter().flat_map(|item| match item {
            MachineItem::Context(context) => &context.fields[..],
            _ => &[],
        });
        let given = |field: &&ContextField| field.late.is_none() && field.param.default.is_none();
        let fields: Vec<String> =
            fields.filter(given).map(|field| field.param.name.text.clone()).collect();
        let key = machine.items.iter().find_map(|item| match item {
            MachineItem::Key(name) => fields.iter().position(|field| *field == name.text),
            _ => None,
        });
        let ends = machine.items.iter().filter_map(|item| match item {
            MachineItem::State(StateItem { kind: StateItemKind::State(state), .. }) => Some(state),
            _ => None,
        });
        let is_end =
            |state: &&State| state.modifiers.iter().any(|(word, _)| *word == Modifier::Final);
        let (bad, good): (Vec<&State>, Vec<&State>) =
            ends.filter(is_end).partition(|state| state.meta.is_failure());
        let types = |state: &&State| state.params.iter().map(|param| param.ty.clone()).collect();
        let types: Vec<Vec<_>> = good.iter().map(types).collect();
        let declared: Vec<&Signature> = parent.items.iter().filter_map(error).collect();
        let is_declared = |state: &&State| {
            let same = |error: &&Signature| {
                error.name.text == state.name.text && parts(&error.params) == parts(&state.params)
            };
            declared.iter().any(same)
        };
        let errors = bad.into_iter().filter(is_declared).map(|state| state.name.text.clone());
        let gives = types.iter().all(|of| of.len() == 1 && *of == types[0]);
        Self { fields, key, gives, errors: errors.collect() }
    }
}

fn error(item: &MachineItem) -> Option<&Signature> {
    match item {
        MachineItem::Error { signature, .. } => Some(signature),
        _ => None,
    }
}

/// Names and types.
fn parts(of: &[Param]) -> Vec<(&str, &statewright_dsl::ast::Type)> {
    of.iter().map(|param| (&*param.name.text, &param.ty)).collect()
}

impl<'m> Oracle<'m> {
    /// The machine that a call starts, with its name.
    pub(super) fn child(&self, call: &Invoke) -> Option<(&'m str, &'m Child)> {
        let name = &self.model().declarations.activities[call.activity.index()].name.text;
        self.reading.children.get(name).map(|child| (&**name, child))
    }

    /// Machine and key of the instance that a call starts.
    pub(super) fn starts(&self, call: &Invoke, args: &[Value]) -> Option<(&'m str, String)> {
        let (name, child) = self.child(call)?;
        Some((name, written(&plain(&args[child.key?]))))
    }
}
