//! An instance on its way from an old version, as migrations see it.

use crate::engine::exact;
use crate::error::StepError;
use crate::migration::Migration;
use crate::shape::{Comparison, Document};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// An instance on its way from an old version to the present one.
pub struct Migrating {
    comparison: Arc<Comparison>,
    /// All of it, as it is kept.
    pub(super) whole: Map<String, Value>,
    /// The fields of the context that were set.
    pub(super) set: BTreeSet<String>,
    /// Where states lead, in the order in which it was said.
    pub(super) moves: Vec<Move>,
    /// The old leaves.
    pub(super) leaves: Vec<Leaf>,
    /// Those that are remembered, with the ids of the states that remember them.
    pub(super) remembered: Vec<(String, Vec<Leaf>)>,
    /// Events were changed by hand, and are what the new machine wants.
    pub(super) has_new_events: bool,
}

/// An old leaf, and the move that has led it away.
pub(super) type Leaf = (usize, Option<usize>);

/// States that are entered instead of an old one.
pub(super) struct Move {
    /// The paths of the new ones.
    pub(super) new: Vec<String>,
    /// Their data: state, name, value.
    pub(super) data: Vec<(String, String, Value)>,
}

/// Why an instance cannot be migrated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateError(String);

impl MigrateError {
    /// With these words.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for MigrateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MigrateError {}

impl From<StepError> for MigrateError {
    fn from(error: StepError) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for MigrateError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl Migrating {
    pub(in crate::engine) fn new(
        comparison: Arc<Comparison>,
        json: &str,
    ) -> Result<Self, MigrateError> {
        let whole: Map<String, Value> = serde_json::from_value(exact::read(json)?)?;
        let names = whole.get("in").and_then(Value::as_array).into_iter().flatten();
        let leaf = |name: &Value| {
            let name = name.as_str().unwrap_or_default();
            let state = comparison.old.state(name).map(|state| (state, None));
            state.ok_or_else(|| MigrateError(format!("it is in `{name}`, which was no state then")))
        };
        let leaves = names.map(leaf).collect::<Result<_, _>>()?;
        let histories = whole.get("histories").and_then(Value::as_object).into_iter().flatten();
        let remembered = histories.map(|(id, names)| {
            let names = names.as_array().into_iter().flatten();
            let leaves = names.filter_map(|name| comparison.old.state(name.as_str()?));
            (id.clone(), leaves.map(|leaf| (leaf, None)).collect())
        });
        let remembered = remembered.collect();
        let (set, moves) = (BTreeSet::new(), Vec::new());
        Ok(Self { comparison, whole, set, moves, leaves, remembered, has_new_events: false })
    }

    /// The version that has made the instance.
    pub fn version(&self) -> u64 {
        self.comparison.old.version
    }

    /// The context, or what of it the type has, as it is now: with what earlier migrations have set.
    ///
    /// # Errors
    /// It is not of that type.
    pub fn context<T: DeserializeOwned>(&self) -> Result<T, MigrateError> {
        let context = self.whole.get("context").cloned().unwrap_or_default();
        exact::to(&context)
            .map_err(|error| MigrateError(format!("the old context cannot be read: {error}")))
    }

    /// Sets a field of the new context.
    ///
    /// # Errors
    /// The value cannot be written.
    pub fn set(&mut self, field: &str, value: &impl Serialize) -> Result<(), MigrateError> {
        self.put(field, exact::of(value)?);
        Ok(())
    }

    fn put(&mut self, field: &str, value: Value) {
        let context = self.whole.entry("context").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(context) = context {
            context.insert(field.to_owned(), value);
        }
        self.set.insert(field.to_owned());
    }

    /// Sets all fields of the new context: the `Context` of the machine, or a struct of your own that
    /// has some of them.
    ///
    /// # Errors
    /// The value cannot be written, or is no struct.
    pub fn set_context(&mut self, context: &impl Serialize) -> Result<(), MigrateError> {
        match exact::of(context)? {
            Value::Object(fields) => {
                fields.into_iter().for_each(|(field, value)| self.put(&field, value));
                Ok(())
            }
            other => Err(MigrateError(format!("a context has fields, and this is {other}"))),
        }
    }

    /// True if the instance is in the state, given by its path: `Working::Charging`.
    pub fn is_in(&self, state: &str) -> bool {
        let state = dotted(state);
        self.leaves.iter().any(|leaf| self.leaf_is_in(*leaf, &state))
    }

    /// The data of an old state, or what of it the type has, if the instance is in the state or
    /// remembers it.
    ///
    /// # Errors
    /// It is not of that type.
    pub fn data<T: DeserializeOwned>(&self, state: &str) -> Result<Option<T>, MigrateError> {
        let state = dotted(state);
        let remembered = self.remembered.iter().flat_map(|(_, leaves)| leaves);
        let mut leaves = self.leaves.iter().chain(remembered);
        let Some(leaf) = leaves.find(|leaf| self.leaf_is_in(**leaf, &state)) else {
            return Ok(None);
        };
        let data = match leaf.1 {
            Some(at) => {
                let own = self.moves[at].data.iter().filter(|(owner, ..)| *owner == state);
                own.map(|(_, name, value)| (name.clone(), value.clone())).collect()
            }
            None => self.kept_data(&state),
        };
        let read = exact::to(&Value::Object(data));
        read.map(Some)
            .map_err(|error| MigrateError(format!("the data of `{state}` cannot be read: {error}")))
    }

    /// Enters a state instead of an old one that the instance is in, or remembers; both by their paths.
    /// `data` is a struct with the data of the new state, or `()` for defaults.
    ///
    /// No effect of leaving or entering runs. Timers and activities of what is left are dropped, those
    /// of what is entered begin. What is active around the old state and is around the new one too
    /// stays as it is.
    ///
    /// # Errors
    /// The data cannot be written, or is no struct.
    pub fn enter(
        &mut self,
        old: &str,
        new: &str,
        data: &impl Serialize,
    ) -> Result<(), MigrateError> {
        let data = match exact::of(data)? {
            Value::Object(fields) => fields,
            Value::Null => Map::new(),
            other => return Err(MigrateError(format!("data has fields, and this is {other}"))),
        };
        let new = dotted(new);
        Migration::enter(self, old, &[&new]);
        for (name, value) in data {
            self.take(&new, &name, value);
        }
        Ok(())
    }

    fn take(&mut self, state: &str, name: &str, value: Value) {
        if let Some(last) = self.moves.last_mut() {
            last.data.push((dotted(state), name.to_owned(), value));
        }
    }

    /// Changes or drops events that are put off or delayed: each is given as it is kept, and is kept
    /// on if the answer is `true`. What is kept then has to be one of the new machine. An integer of more
    /// than 64 bits, which [`Value`] does not hold, is a text that means it.
    pub fn events(&mut self, mut change: impl FnMut(&mut Value) -> bool) {
        self.has_new_events = true;
        if let Some(Value::Array(deferred)) = self.whole.get_mut("deferred") {
            deferred.retain_mut(&mut change);
        }
        if let Some(Value::Array(timers)) = self.whole.get_mut("timers") {
            timers.retain_mut(|timer| match timer.pointer_mut("/due/raise") {
                Some(event) => change(event),
                None => true,
            });
        }
    }

    /// The data of an old state, as it is kept.
    fn kept_data(&self, path: &str) -> Map<String, Value> {
        let old = self.old();
        let state = old.states.iter().find(|state| state.path == path);
        let Some((state, Some(Value::Object(all)))) = state.zip(Some(self.whole.get("data")))
        else {
            return Map::new();
        };
        let values = state.data.iter().filter_map(|field| {
            let value = all.get(&format!("{}.{}", state.id, field.name))?;
            Some((field.name.clone(), value.clone()))
        });
        values.collect()
    }

    fn leaf_is_in(&self, (leaf, moved): Leaf, path: &str) -> bool {
        let old = self.old();
        match moved {
            Some(at) => self.moves[at].new.iter().any(|new| is_inside(new, path)),
            None => old.around(leaf).any(|state| old.states[state].path == path),
        }
    }

    fn old(&self) -> &Document {
        &self.comparison.old
    }
}

impl Migration for Migrating {
    type Error = MigrateError;

    fn old<T: DeserializeOwned>(&self) -> Result<T, MigrateError> {
        self.context()
    }

    fn data<T: DeserializeOwned>(&self, state: &str) -> Result<Option<T>, MigrateError> {
        Migrating::data(self, state)
    }

    fn enter(&mut self, old: &str, new: &[&str]) {
        let old = dotted(old);
        let at = self.moves.len();
        let led =
            |leaf: &Leaf| if self.leaf_is_in(*leaf, &old) { (leaf.0, Some(at)) } else { *leaf };
        let leaves = self.leaves.iter().map(led).collect();
        let remembered = self.remembered.iter();
        let remembered =
            remembered.map(|(id, leaves)| (id.clone(), leaves.iter().map(led).collect())).collect();
        (self.leaves, self.remembered) = (leaves, remembered);
        let new = new.iter().map(|new| dotted(new)).collect();
        self.moves.push(Move { new, data: Vec::new() });
    }

    fn give<T: Serialize>(
        &mut self,
        state: &str,
        name: &str,
        value: &T,
    ) -> Result<(), MigrateError> {
        self.take(state, name, exact::of(value)?);
        Ok(())
    }

    fn set<T: Serialize>(&mut self, field: &str, value: &T) -> Result<(), MigrateError> {
        Migrating::set(self, field, value)
    }
}

/// A path as it is kept.
fn dotted(path: &str) -> String {
    path.replace("::", ".")
}

/// True if a path is another, or that of a state in it.
pub(super) fn is_inside(path: &str, around: &str) -> bool {
    path.strip_prefix(around).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
