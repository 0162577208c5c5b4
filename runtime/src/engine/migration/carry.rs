//! Carrying an instance over to the present shape.

use super::migrating::Migrating;
use super::pending::Pending;
use super::place::{Place, innermost};
use crate::engine::exact;
use crate::migration::{Lack, Values};
use crate::shape::{Comparison, Source};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// An instance as the present machine keeps it.
pub(in crate::engine) struct Carried {
    /// All of it, JSON.
    pub(in crate::engine) whole: Value,
    /// What is not in it yet.
    pub(in crate::engine) lacks: Vec<Lack>,
    /// Activities that nobody waits for any more.
    pub(in crate::engine) revoked: Vec<u64>,
}

/// The defaults of the context, by name.
#[derive(Default)]
pub(in crate::engine) struct Defaults(BTreeMap<&'static str, Value>);

impl Values for Defaults {
    fn value<T: Serialize>(&mut self, name: &'static str, value: &T) {
        // What cannot be written is missing when the context is read, which says so.
        self.0.extend(exact::of(value).ok().map(|value| (name, value)));
    }
}

/// Carries an instance over when all migrations have been done.
///
/// # Errors
/// What does not fit, each with the way out.
pub(in crate::engine) fn carry(
    comparison: &Comparison,
    instance: &Migrating,
    defaults: &Defaults,
) -> Result<Carried, Vec<String>> {
    let mut reasons = Vec::new();
    let context = context(comparison, instance, defaults, &mut reasons);
    let place = Place::find(comparison, instance, &mut reasons);
    if !reasons.is_empty() {
        return Err(reasons);
    }
    needed(comparison, &place, &context, &mut reasons);
    let mut lacks = Vec::new();
    let mut data = Map::new();
    for state in &place.active {
        let into = (&mut data, &mut lacks);
        state_data(comparison, instance, &place, *state, into, &mut reasons);
        entered(comparison, instance, &place, *state, (&mut data, &mut lacks));
    }
    let histories = histories(comparison, instance, (&mut data, &mut lacks), &mut reasons);
    let pending = Pending::find(comparison, instance, &place, &mut reasons);
    begun(comparison, &place, &mut lacks, &mut reasons);
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let mut whole = Map::new();
    whole.insert("in".to_owned(), place.configuration(&comparison.new).into());
    whole.insert("taken".to_owned(), taken(comparison, instance));
    for name in ["now", "visits", "courses", "children", "parent", "cancelled"] {
        whole.extend(instance.whole.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    whole.insert("context".to_owned(), context);
    whole.insert("data".to_owned(), Value::Object(data));
    whole.insert("histories".to_owned(), Value::Object(histories));
    whole.insert("deferred".to_owned(), pending.deferred.into());
    whole.insert("timers".to_owned(), pending.timers.into());
    whole.insert("invocations".to_owned(), pending.invocations.into());
    whole.insert("fans".to_owned(), pending.fans.into());
    whole.insert("calls".to_owned(), pending.calls.into());
    Ok(Carried { whole: Value::Object(whole), lacks, revoked: pending.revoked })
}

/// The steps of sagas that may have to be taken back, by the states that do them now.
fn taken(comparison: &Comparison, instance: &Migrating) -> Value {
    let taken = instance.whole.get("taken").and_then(Value::as_array);
    let renamed = taken.into_iter().flatten().filter_map(|step| {
        let mut step = step.as_object()?.clone();
        let old = comparison.old.state(step.get("state")?.as_str()?)?;
        let state = &comparison.new.states[comparison.new_of(old)?];
        step.insert("state".to_owned(), state.id.as_str().into());
        Some(Value::Object(step))
    });
    renamed.collect()
}

fn context(
    comparison: &Comparison,
    instance: &Migrating,
    defaults: &Defaults,
    reasons: &mut Vec<String>,
) -> Value {
    let before = instance.whole.get("context").cloned().unwrap_or_default();
    match comparison.external_context() {
        Ok(true) => return before,
        Ok(false) => {}
        // Migrations that make a context make all of it.
        Err(_) if !instance.set.is_empty() && comparison.new.external_context.is_some() => {
            return before;
        }
        Err(_) if !instance.set.is_empty() => {}
        Err(difference) => {
            reasons.push(difference.to_string());
            return before;
        }
    }
    let mut context = Map::new();
    for field in &comparison.new.context {
        let is_set = |name: &&String| instance.set.contains(*name);
        let set = std::iter::once(&field.name).chain(&field.was).find(is_set);
        let value = match (set, comparison.context(field)) {
            (Some(name), _) => before.get(name).cloned(),
            (None, Ok(Source::Old(old))) => before.get(&old.name).cloned(),
            (None, Ok(Source::OldIfSet(old))) => {
                let value = before.get(&old.name).filter(|value| !value.is_null());
                if value.is_none() {
                    reasons.push(comparison.unset(old, field).to_string());
                }
                value.cloned()
            }
            (None, Ok(Source::Default)) => defaults.0.get(field.name.as_str()).cloned(),
            (None, Err(difference)) => {
                reasons.push(difference.to_string());
                None
            }
        };
        context.extend(value.map(|value| (field.name.clone(), value)));
    }
    Value::Object(context)
}

/// What the compiler has proved to be set holds of instances that it has not seen only if it is so.
fn needed(comparison: &Comparison, place: &Place<'_>, context: &Value, reasons: &mut Vec<String>) {
    let mut told = BTreeSet::new();
    for state in &place.active {
        for field in &comparison.new.states[*state].needs {
            let is_unset = context.get(field).is_none_or(Value::is_null);
            if is_unset && told.insert(field) {
                reasons.push(comparison.needed(field, "is unset", *state).to_string());
            }
        }
    }
}

/// The data of a state that is active or remembered.
fn state_data(
    comparison: &Comparison,
    instance: &Migrating,
    place: &Place<'_>,
    state: usize,
    (data, lacks): (&mut Map<String, Value>, &mut Vec<Lack>),
    reasons: &mut Vec<String>,
) {
    let shape = &comparison.new.states[state];
    let mut is_missing = false;
    for field in &shape.data {
        let given = place.given(&shape.path, &field.name).cloned();
        let is_kept = place.is_kept(state);
        let value = match (given, comparison.data(state, field)) {
            (Some(value), _) => Some(value),
            (None, Ok(Source::Old(old))) if is_kept => {
                old_data(comparison, instance, state, &old.name)
            }
            (None, Err(difference)) if is_kept || !field.default => {
                reasons.push(difference.to_string());
                continue;
            }
            _ if field.default => None,
            _ => {
                let (name, path) = (&field.name, shape.path.replace('.', "::"));
                reasons.push(format!(
                    "data `{name}` of state `{path}` has no default; where it is entered, `-> {path}(..)` gives it"
                ));
                continue;
            }
        };
        is_missing |= value.is_none();
        if let Some(value) = value {
            // A state that is remembered and active has the data with which it is active.
            data.entry(format!("{}.{}", shape.id, field.name)).or_insert(value);
        }
    }
    if is_missing {
        lacks.push(Lack::Data(state as u16));
    }
}

/// When an active state was entered.
fn entered(
    comparison: &Comparison,
    instance: &Migrating,
    place: &Place<'_>,
    state: usize,
    (data, lacks): (&mut Map<String, Value>, &mut Vec<Lack>),
) {
    let shape = &comparison.new.states[state];
    if !shape.timed {
        return;
    }
    let old = comparison.old_of(state).map(|old| &comparison.old.states[old]);
    let key = old.filter(|_| place.is_kept(state)).map(|old| format!("entered {}", old.id));
    match key.and_then(|key| instance.whole.get("data")?.get(&key).cloned()) {
        Some(time) => {
            data.insert(format!("entered {}", shape.id), time);
        }
        None => lacks.push(Lack::Entered(state as u16)),
    }
}

/// A piece of data of the old state that a new one was.
fn old_data(
    comparison: &Comparison,
    instance: &Migrating,
    state: usize,
    name: &str,
) -> Option<Value> {
    let old = &comparison.old.states[comparison.old_of(state)?];
    instance.whole.get("data")?.get(format!("{}.{name}", old.id)).cloned()
}

/// What is remembered of states that were left, with the data that belongs to it.
fn histories(
    comparison: &Comparison,
    instance: &Migrating,
    (data, lacks): (&mut Map<String, Value>, &mut Vec<Lack>),
    reasons: &mut Vec<String>,
) -> Map<String, Value> {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut histories = Map::new();
    for (id, leaves) in &instance.remembered {
        let owner = old.state(id).and_then(|owner| comparison.new_of(owner));
        let Some(owner) = owner.filter(|owner| new.states[*owner].remembered) else { continue };
        let mut own = Vec::new();
        let place = Place::remembered(comparison, instance, (owner, leaves), &mut own);
        if let Some(place) = place.filter(|place| !place.active.is_empty()) {
            for state in &place.active {
                state_data(comparison, instance, &place, *state, (data, lacks), &mut own);
            }
            let active = innermost(new, &place.active);
            histories.insert(new.states[owner].id.clone(), active.into());
        }
        let path = old.state(id).map_or(id, |owner| &old.states[owner].path).replace('.', "::");
        let remembered = |reason| format!("{reason} (state `{path}` remembers it)");
        reasons.extend(own.into_iter().map(remembered));
    }
    histories
}

/// What begins: all that belongs to states that are entered, and what states have that they had not.
fn begun(
    comparison: &Comparison,
    place: &Place<'_>,
    lacks: &mut Vec<Lack>,
    reasons: &mut Vec<String>,
) {
    let (mut invokes, mut completions) = (Vec::new(), Vec::new());
    for state in &place.active {
        let shape = &comparison.new.states[*state];
        let all = shape.first_timer..shape.first_timer + shape.timers.len() as u16;
        if place.is_kept(*state) {
            lacks.extend(comparison.new_timers(*state).into_iter().map(Lack::Timer));
            reasons.extend(comparison.not_asked(*state).map(|difference| difference.to_string()));
        } else {
            lacks.extend(all.map(Lack::Timer));
            invokes.extend(shape.invoke.as_ref().map(|_| Lack::Invoke(shape.invoke_number)));
            completions.push(Lack::Completion(*state as u16));
        }
    }
    // The innermost first, as where they are entered.
    lacks.extend(invokes.into_iter().chain(completions.into_iter().rev()));
}
