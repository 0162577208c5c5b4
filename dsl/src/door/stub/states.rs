//! The states as nested enums.

use super::super::names::snake;
use super::types::{Types, fields, ident, traits};
use crate::ast::{Machine, MachineItem, State, StateItem, StateItemKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Names of generated types that no enum of states may have.
const TAKEN: &[&str] = &[
    "State",
    "Event",
    "Output",
    "Context",
    "Start",
    "Machine",
    "Logic",
    "Actions",
    "Activities",
    "Snapshot",
];

/// Writes `enum State` and the enums inside it.
pub(super) fn write(machine: &Machine, types: &Types<'_>, out: &mut String) {
    let top = top(machine);
    let mut count = BTreeMap::new();
    top.iter().for_each(|state| count_names(state, &mut count));
    let mut writer = Writer { types, count, out };
    writer.states("State", "", &top);
}

/// Writes `In`, which names states for `is_in`: both ways in which a name may have come out.
pub(super) fn write_in(machine: &Machine, out: &mut String) {
    let mut names = BTreeSet::new();
    top(machine).into_iter().for_each(|state| all_names(state, "", &mut names));
    traits("In", out);
    out.push_str("impl ::core::marker::Copy for In {} pub struct In; impl In {");
    for name in names.iter().filter_map(|name| ident(name)) {
        let _ = write!(out, "#[allow(non_upper_case_globals)] pub const {name}: In = In;");
    }
    out.push('}');
}

fn all_names(state: &State, path: &str, names: &mut BTreeSet<String>) {
    let path = format!("{path}{}", state.name.text);
    names.insert(state.name.text.clone());
    inner(state).into_iter().for_each(|state| all_names(state, &path, names));
    names.insert(path);
}

fn top(machine: &Machine) -> Vec<&State> {
    machine.items.iter().filter_map(state_of_machine).collect()
}

fn state_of_machine(item: &MachineItem) -> Option<&State> {
    match item {
        MachineItem::State(item) => state(item),
        _ => None,
    }
}

fn state(item: &StateItem) -> Option<&State> {
    match &item.kind {
        StateItemKind::State(state) => Some(state),
        _ => None,
    }
}

fn inner(of: &State) -> Vec<&State> {
    of.items.iter().flatten().filter_map(state).collect()
}

/// How often a composite or region has each name.
fn count_names<'a>(state: &'a State, count: &mut BTreeMap<&'a str, usize>) {
    let inner = inner(state);
    if !inner.is_empty() && !inner.iter().any(|s| s.region) {
        *count.entry(&state.name.text).or_default() += 1;
    }
    inner.into_iter().for_each(|state| count_names(state, count));
}

struct Writer<'a> {
    types: &'a Types<'a>,
    count: BTreeMap<&'a str, usize>,
    out: &'a mut String,
}

impl<'a> Writer<'a> {
    fn states(&mut self, name: &str, path: &str, states: &[&'a State]) {
        let mut body = String::new();
        let mut nested = Vec::new();
        for state in states {
            let Some(variant) = ident(&state.name.text) else { continue };
            let path = format!("{path}{}", state.name.text);
            let data = fields(&state.params, "", self.types);
            let inner = inner(state);
            let held: String =
                inner.iter().filter(|s| s.region).fold(data.clone(), |all, region| {
                    let path = format!("{path}{}", region.name.text);
                    let ty = self.name(region, &path);
                    let field = ident(&snake(&region.name.text)).unwrap_or_default();
                    nested.push((ty.clone(), path, self::inner(region)));
                    format!("{all}{field}: {ty},")
                });
            let _ = match (inner.is_empty(), held.is_empty()) {
                (true, true) => write!(body, "{variant},"),
                (false, true) => {
                    let ty = self.name(state, &path);
                    nested.push((ty.clone(), path, inner));
                    write!(body, "{variant}({ty}),")
                }
                (false, false) if held == data => {
                    let ty = self.name(state, &path);
                    nested.push((ty.clone(), path, inner));
                    write!(body, "{variant} {{ {data} state: {ty} }},")
                }
                _ => write!(body, "{variant} {{ {held} }},"),
            };
        }
        let _ = write!(self.out, "pub enum {name} {{ {body} }}");
        traits(name, self.out);
        for (name, path, states) in nested {
            self.states(&name, &path, &states);
        }
    }

    /// The name of a state's enum: the state's own, if nothing else has it.
    fn name(&self, state: &State, path: &str) -> String {
        let name = state.name.text.as_str();
        let free = |name: &str| !TAKEN.contains(&name) && !self.types.contains(name);
        if free(name) && self.count.get(name).is_none_or(|count| *count < 2) {
            return name.to_owned();
        }
        if free(path) { path.to_owned() } else { format!("{path}State") }
    }
}
