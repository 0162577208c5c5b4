//! All of an instance as its last step has left it, read without its machine: what
//! `statewright::engine` writes into records (`after`) and snapshots.

use super::fans::Fan;
use super::open::{Opened, refused};
use crate::outcome::Failure;
use serde_json::{Map, Value, json};
use statewright::engine::last_state;
use statewright::store::{Instance, InstanceId, Millis, Store, Stored};
use std::time::Duration;

/// An instance as its last step has left it.
pub(crate) struct Whole {
    pub(crate) context: Map<String, Value>,
    /// Data of the states that have some.
    pub(crate) data: Value,
    pub(crate) timers: Vec<Timer>,
    pub(crate) activities: Vec<Activity>,
    /// Fan-outs whose joins are not decided.
    pub(crate) fans: Vec<Fan>,
    /// Events that were put off.
    pub(crate) deferred: Vec<Value>,
    /// What was active in states that are remembered.
    pub(crate) remembered: Map<String, Value>,
    /// How many outputs there were.
    pub(crate) outputs: u64,
}

/// Something that is due.
pub(crate) struct Timer {
    pub(crate) due: Millis,
    pub(crate) what: What,
}

/// What happens when it is.
pub(crate) enum What {
    /// `after`
    After,
    /// `every`, and how long it waits each time.
    Every(Duration),
    /// An event is raised.
    Raise(Value),
}

/// An activity that has not ended.
pub(crate) struct Activity {
    pub(crate) id: u64,
    pub(crate) request: Value,
    /// The key under which services know it.
    pub(crate) key: String,
}

impl Whole {
    /// Reads an instance; the inner error says why it cannot be read.
    pub(crate) fn read(opened: &Opened, id: InstanceId) -> Result<Result<Self, String>, Failure> {
        Ok(match opened.store.load(&[id]).map_err(refused)?.pop() {
            Some(Stored::Whole(instance)) => Self::of(&instance),
            Some(Stored::Corrupt { why, .. }) => Err(why),
            None => Err("it has just been deleted".to_owned()),
        })
    }

    fn of(instance: &Instance) -> Result<Self, String> {
        let mut value = last(instance)?;
        let mut take = |name: &str| value.get_mut(name).map(Value::take).unwrap_or_default();
        let list = |value: Value| match value {
            Value::Array(list) => list,
            _ => Vec::new(),
        };
        let object = |value: Value| match value {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        let invocations = list(take("invocations")).into_iter();
        let activities: Vec<Activity> = invocations.map(|one| activity(instance, one)).collect();
        let fans = list(take("fans")).into_iter();
        Ok(Self {
            context: object(take("context")),
            data: take("data"),
            timers: list(take("timers")).iter().filter_map(timer).collect(),
            fans: fans.map(|fan| Fan::of(fan, &activities)).collect(),
            activities,
            deferred: list(take("deferred")),
            remembered: object(take("histories")),
            outputs: instance.outputs,
        })
    }

    /// As fields of JSON.
    pub(crate) fn add_to(self, object: &mut Value) {
        object["context"] = Value::Object(self.context);
        object["data"] = self.data;
        object["timers"] = self.timers.into_iter().map(Timer::json).collect();
        let activities = self.activities.into_iter();
        object["activities"] = activities
            .map(|Activity { id, request, key }| {
                json!({ "id": id, "request": request, "idempotency_key": key })
            })
            .collect();
        object["fan_outs"] = self.fans.iter().map(Fan::json).collect();
        object["deferred"] = Value::Array(self.deferred);
        object["remembered"] = Value::Object(self.remembered);
        object["outputs"] = Value::from(self.outputs);
    }
}

impl Timer {
    fn json(self) -> Value {
        match self.what {
            What::After => json!({ "due": self.due, "what": "after" }),
            What::Every(period) => {
                let period = u64::try_from(period.as_millis()).unwrap_or(u64::MAX);
                json!({ "due": self.due, "what": "every", "period": period })
            }
            What::Raise(event) => json!({ "due": self.due, "what": "raise", "event": event }),
        }
    }
}

/// All of it: behind its last step, else in its snapshot.
fn last(instance: &Instance) -> Result<Value, String> {
    let state = last_state(instance)?;
    serde_json::from_str(&state).map_err(|error| format!("its state cannot be read: {error}"))
}

fn timer(value: &Value) -> Option<Timer> {
    let due = duration(&value["deadline"])?.as_nanos().div_ceil(1_000_000);
    let what = &value["due"];
    let what = if what.get("after").is_some() {
        What::After
    } else if let Some(every) = what.get("every") {
        What::Every(duration(&every[1])?)
    } else {
        What::Raise(what.get("raise")?.clone())
    };
    Some(Timer { due: Millis::try_from(due).unwrap_or(Millis::MAX), what })
}

/// As serde writes it.
fn duration(value: &Value) -> Option<Duration> {
    let nanos = u32::try_from(value["nanos"].as_u64()?).ok()?;
    // `Duration::new` panics if the seconds overflow.
    Duration::from_secs(value["secs"].as_u64()?).checked_add(Duration::from_nanos(nanos.into()))
}

fn activity(instance: &Instance, mut invocation: Value) -> Activity {
    let id = invocation["id"].as_u64().unwrap_or(0);
    let Instance { machine, key, id: number, .. } = instance;
    let mut key = format!("{machine}/{key}/{number}/{id}");
    if let Some(call) = invocation["call"].as_u64().filter(|call| *call > 0) {
        // What stands in for something else does another thing.
        key = format!("{key}/{call}");
    }
    Activity { id, request: invocation["request"].take(), key }
}
