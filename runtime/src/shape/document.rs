//! Shapes as data: what the compiler writes and stores keep.

use serde::{Deserialize, Serialize};

/// The shape of a machine: what an instance at rest depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Document {
    /// The name of the machine.
    pub machine: String,
    /// Its version.
    pub version: u64,
    /// The field of the context that is its key.
    pub key: Option<String>,
    /// The states in document order; the first is the machine itself.
    pub states: Vec<StateShape>,
    /// The fields of the context.
    pub context: Vec<FieldShape>,
    /// The user's own type, if the context is that.
    pub external_context: Option<String>,
    /// Events, which can be put off or delayed.
    pub events: Vec<MessageShape>,
    /// The user's own type of events.
    pub external_events: Option<String>,
    /// Outputs, which can be read later.
    pub outputs: Vec<MessageShape>,
    /// The user's own type of outputs.
    pub external_outputs: Option<String>,
    /// Activities with their arguments.
    pub activities: Vec<MessageShape>,
    /// Actions with their arguments.
    pub actions: Vec<MessageShape>,
    /// The declared types that values are made of.
    pub types: Vec<TypeShape>,
    /// What `migrate` blocks say.
    pub migrations: Vec<MigrationShape>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct StateShape {
    /// The name that persists: `@id`, or the path.
    pub id: String,
    /// `root`, `atomic`, `composite`, `parallel`, `region`, `final`.
    pub kind: String,
    /// The id of the state around it.
    pub parent: Option<String>,
    /// Its name.
    pub name: String,
    /// Its names from the outermost state inwards, joined by dots.
    pub path: String,
    /// Names that it had.
    pub was: Vec<String>,
    /// The part that it is of a saga: `saga` for all of it; `step`, `pivot`, and `later` behind that;
    /// `group` of steps side by side, with a `branch` each; `undo`, and `choice` which of a group is
    /// taken back; the ends `done`, `compensated`, `failed`.
    pub part: String,
    /// The step that it does or takes back.
    pub step: String,
    /// The ids of the leaves that default entry of what is inside leads to.
    pub initial: Vec<String>,
    /// Its data.
    pub data: Vec<FieldShape>,
    /// The `late` fields without which no instance can be in it.
    pub needs: Vec<String>,
    /// The `late` fields that are set for sure while it is active.
    pub set: Vec<String>,
    /// What was active in it is remembered when it is left.
    pub remembered: bool,
    /// When it was entered is kept.
    pub timed: bool,
    /// The number of its first timer.
    pub first_timer: u16,
    /// Its timers, in order.
    pub timers: Vec<TimerShape>,
    /// The number of its `invoke`.
    pub invoke_number: u16,
    /// The activity that it invokes, `human` and a name, `machine` and a name, or all that its
    /// fan-out calls.
    pub invoke: Option<String>,
    /// The number of its fan-out, if it has one.
    pub fan_out_number: Option<u16>,
    /// The names of its branches, if it is over no list.
    pub branches: Vec<String>,
    /// The types of what its branches give, or of what a person answers.
    pub gives: String,
}

impl StateShape {
    /// True if it asks a person.
    pub(super) fn asks_person(&self) -> bool {
        self.invoke.as_deref().is_some_and(|invoke| invoke.starts_with("human "))
    }

    /// The chains of calls that it invokes, each a name and its fallbacks.
    pub(super) fn chains(&self) -> impl Iterator<Item = &str> {
        let invoke = self.invoke.as_deref().unwrap_or_default();
        let calls = invoke.strip_prefix("fan_out ").map(|calls| match calls.split_once(": ") {
            Some((over, calls)) if over.starts_with("of each") => calls,
            _ => calls,
        });
        calls.unwrap_or(invoke).split(" and ").filter(|chain| !chain.is_empty())
    }

    /// Their numbers.
    pub(super) fn invokes(&self) -> std::ops::Range<u16> {
        self.invoke_number..self.invoke_number + self.chains().count() as u16
    }
}

/// A timer of a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerShape {
    /// `after` or `every`; of a task `timeout`, `escalate after`, `remind every`.
    pub kind: String,
    /// How long, as it is written.
    #[serde(default)]
    pub delay: String,
}

/// A name with a type: of the context, of state data, of a payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct FieldShape {
    /// Its name.
    pub name: String,
    /// Its type, as it is written.
    #[serde(rename = "type")]
    pub ty: String,
    /// It may be unset.
    pub late: bool,
    /// It has a default.
    pub default: bool,
    /// `@id`
    pub id: Option<String>,
    /// Names that it had.
    pub was: Vec<String>,
}

/// A name with fields: an event, an output, an activity, an action, a variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct MessageShape {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub fields: Vec<FieldShape>,
    /// An event that some state puts off, or that is raised later: instances can have some.
    pub kept: bool,
    /// `@id`
    pub id: Option<String>,
    /// Names that it had.
    pub was: Vec<String>,
}

/// A declared type: an enum if it has variants, else a struct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct TypeShape {
    /// Its name.
    pub name: String,
    /// The fields of a struct.
    pub fields: Vec<FieldShape>,
    /// The variants of an enum.
    pub variants: Vec<MessageShape>,
}

/// What a `migrate` block says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct MigrationShape {
    /// The version it takes.
    pub from: u64,
    /// What it reads of the old context.
    pub old: Vec<FieldShape>,
    /// The states it leads elsewhere.
    pub states: Vec<MovedShape>,
    /// The fields it sets.
    pub sets: Vec<String>,
}

/// A state that a `migrate` block leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct MovedShape {
    /// The path of the old state.
    pub old: String,
    /// What it reads of its data.
    pub data: Vec<FieldShape>,
    /// The paths of the new states.
    pub new: Vec<String>,
}

impl Document {
    /// Reads what the compiler has written.
    ///
    /// # Errors
    /// It is no shape, as of an instance that was made before shapes were kept.
    pub fn parse(json: &str) -> Result<Self, String> {
        let document: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        match document.states.is_empty() {
            true => Err("it names no states".to_owned()),
            false => Ok(document),
        }
    }

    /// The number of the state with this id.
    pub fn state(&self, id: &str) -> Option<usize> {
        self.states.iter().position(|state| state.id == id)
    }

    /// The number of the state around a state.
    pub fn parent(&self, state: usize) -> Option<usize> {
        self.state(self.states[state].parent.as_deref()?)
    }

    /// A state and those around it, from inside outwards.
    pub fn around(&self, state: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(state), |state| self.parent(*state))
    }

    /// The states directly in a state.
    pub fn children(&self, state: usize) -> impl Iterator<Item = usize> + '_ {
        let id = &self.states[state].id;
        let inside = move |at: &usize| self.states[*at].parent.as_ref() == Some(id);
        (1..self.states.len()).filter(inside)
    }

    /// The state that has the timer with this number.
    pub fn state_of_timer(&self, number: u16) -> Option<usize> {
        self.states.iter().position(|state| {
            let numbers = state.first_timer..state.first_timer + state.timers.len() as u16;
            numbers.contains(&number)
        })
    }

    /// The state that has the `invoke` with this number.
    pub fn state_of_invoke(&self, number: u16) -> Option<usize> {
        self.states.iter().position(|s| s.invokes().contains(&number))
    }
}
