//! Ids of boxes: readable, unique, and safe in every format.

use crate::model::{Model, State, StateId};
use std::collections::{BTreeMap, BTreeSet};

/// Words that Mermaid reads as something else where an id stands, whatever their case, and names
/// that every JavaScript object has, which its layout library confuses with ids.
const RESERVED: &[&str] = &[
    "accdescr",
    "acctitle",
    "as",
    "choice",
    "class",
    "classdef",
    "click",
    "constructor",
    "default",
    "direction",
    "end",
    "fork",
    "hasownproperty",
    "hide",
    "href",
    "isprototypeof",
    "join",
    "left",
    "note",
    "propertyisenumerable",
    "prototype",
    "right",
    "root",
    "scale",
    "state",
    "statediagram",
    "style",
    "tolocalestring",
    "tostring",
    "valueof",
    "width",
    "__proto__",
    "__definegetter__",
    "__definesetter__",
    "__lookupgetter__",
    "__lookupsetter__",
];

/// What each state would like to be called: its name if no other state has it, else its path.
pub(super) fn names(model: &Model) -> Vec<String> {
    let own: Vec<String> = model.states.iter().map(|state| plain(&state.name.text)).collect();
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    for name in &own[1..] {
        *times.entry(name).or_default() += 1;
    }
    let alone = |name: &str| times.get(name) == Some(&1);
    let states = model.states.iter().zip(&own);
    states.map(|(state, own)| if alone(own) { own.clone() } else { path(model, state) }).collect()
}

fn path(model: &Model, state: &State) -> String {
    match state.parent {
        Some(parent) if parent != StateId::ROOT => {
            let above = path(model, &model.states[parent.index()]);
            format!("{above}_{}", plain(&state.name.text))
        }
        _ => plain(&state.name.text),
    }
}

/// Letters, digits and `_` of ASCII; others become `_`.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Gives ids out, none twice.
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Default for Ids {
    fn default() -> Self {
        // The dots of the outermost level.
        Self { taken: ["root_start", "root_end"].map(String::from).into() }
    }
}

impl Ids {
    /// An id as near to `name` as possible. It takes the ids of its two dots with it, since
    /// Mermaid makes those by itself.
    pub(super) fn claim(&mut self, name: &str) -> String {
        let reserved = RESERVED.contains(&name.to_ascii_lowercase().as_str());
        let base = match name.chars().next() {
            Some(first) if reserved || first.is_ascii_digit() => format!("{name}_"),
            Some(_) => name.to_string(),
            None => "state_".into(),
        };
        let mut number = 1;
        loop {
            let id = if number == 1 { base.clone() } else { format!("{base}_{number}") };
            let all = [id.clone(), format!("{id}_start"), format!("{id}_end")];
            if !all.iter().any(|id| self.taken.contains(id)) {
                self.taken.extend(all);
                return id;
            }
            number += 1;
        }
    }
}
