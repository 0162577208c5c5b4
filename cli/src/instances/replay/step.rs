//! One step, made again from what caused it.

use super::kept::{after, fields, instance, list, occurrence, request};
use super::value::{read, read_all, tagged, write, write_tagged};
use serde_json::{Map, Value as Json, json};
use statewright_dsl::chart::Chart;
use statewright_dsl::interpret::{
    Act, Cause, Due, FaultKind, Instance, Interpreter, NoHost, Outcome, Reply, Step, Value,
};
use statewright_dsl::model::{ErrorId, FieldId};
use statewright_dsl::spelling::pascal_case;
use std::collections::BTreeMap;
use std::time::Duration;

/// What came of making a step again.
pub(super) enum Again {
    /// It came out as it is written.
    Same,
    /// It is no step of the machine: that it was parked, say.
    Note,
    /// It asks a guard or fn that is Rust, of this name.
    Host(String),
    /// There is none before it to begin with: it is not kept any more.
    Begins,
    /// It came out otherwise: where, what is written and what came out.
    Differs { place: String, written: Json, replayed: Json },
}

/// Makes the step of a record again, from what the one before it has left.
pub(super) fn again(chart: &Chart, before: Option<&Json>, record: &Json, at: u64) -> Again {
    let made = match (record.get("start"), before) {
        (Some(start), _) => begin(chart, start, at),
        (None, _) if !is_step(record) => return Again::Note,
        (None, None) => return Again::Begins,
        (None, Some(before)) => next(chart, before, record, at),
    };
    let visits = before.map_or(0, |before| before["visits"].as_u64().unwrap_or(0));
    match made {
        Ok((instance, step)) => {
            let said = if record.get("due").is_some() { Outcome::Handled } else { step.outcome };
            compare(record, &written(chart, &instance, &step, said, visits))
        }
        Err(Broken::Host(name)) => Again::Host(name),
        Err(Broken::Other(why)) => Again::Differs {
            place: "the step".to_owned(),
            written: json!("was made"),
            replayed: json!(format!("fails: {why}")),
        },
    }
}

/// Whether the machine has made a step. It hears nothing of an attempt that its policy makes `again`.
fn is_step(record: &Json) -> bool {
    let has = |name: &str| record.get(name).is_some();
    ["event", "reply", "due"].into_iter().any(has) && !has("again")
}

/// Why a step cannot be made.
enum Broken {
    Host(String),
    Other(String),
}

impl From<String> for Broken {
    fn from(why: String) -> Self {
        Self::Other(why)
    }
}

impl From<statewright_dsl::interpret::Fault> for Broken {
    fn from(fault: statewright_dsl::interpret::Fault) -> Self {
        match fault.kind {
            FaultKind::Unanswered(name) => Self::Host(name),
            kind => Self::Other(kind.to_string()),
        }
    }
}

type Made = Result<(Instance, Step), Broken>;

fn begin(chart: &Chart, start: &Json, at: u64) -> Made {
    let interpreter = Interpreter::without_invariants(chart);
    let mut given = BTreeMap::new();
    for FieldId(id) in interpreter.required() {
        let param = &fields(chart)[id as usize].param;
        let found = start.get(&param.name.text).unwrap_or(&Json::Null);
        let value = read(&param.ty, found, &chart.declarations);
        let wrong = || format!("`{}` cannot be {found}", param.name.text);
        given.insert(FieldId(id), value.ok_or_else(wrong)?);
    }
    Ok(interpreter.start(&given, Duration::from_millis(at), &mut NoHost)?)
}

fn next(chart: &Chart, before: &Json, record: &Json, at: u64) -> Made {
    let mut instance = instance(chart, before)?;
    let now = Duration::from_millis(at);
    let cause = match (record.get("event"), record.get("due")) {
        (Some(event), _) => Cause::Event(occurrence(chart, event)?),
        (None, Some(due)) => {
            let first = instance.due(now).ok_or("nothing is due".to_owned())?;
            let deadline = instance.timers[first].deadline.as_millis();
            if due.as_u64().map(u128::from) != Some(deadline) {
                return Err(Broken::Other(format!("what was due first was due at {deadline}")));
            }
            Cause::Due(first)
        }
        (None, None) => {
            let id = record["to"].as_u64().ok_or("it does not say whose end it is".to_owned())?;
            Cause::Reply(id, reply(chart, &record["reply"])?)
        }
    };
    if !matches!(cause, Cause::Due(_)) {
        instance.now = instance.now.max(now);
    }
    let step = Interpreter::without_invariants(chart).step(&instance, &cause, &mut NoHost);
    let (mut instance, step) = step?;
    ask_later(chart, &mut instance, &step, now);
    instance.now = instance.now.max(now);
    Ok((instance, step))
}

/// People who were asked by a timer that was overdue are asked now: the engine says so.
fn ask_later(chart: &Chart, instance: &mut Instance, step: &Step, now: Duration) {
    let late = now.saturating_sub(instance.now);
    for act in &step.acts {
        let Act::Ask(_, invoke, ..) = act else { continue };
        let timers = &chart.state(chart.invokes[invoke.index()].state).timers;
        for pending in &mut instance.timers {
            if matches!(&pending.due, Due::Timer(timer, _) if timers.contains(&timer.0)) {
                pending.deadline += late;
            }
        }
    }
}

pub(super) fn reply(chart: &Chart, json: &Json) -> Result<Reply, String> {
    let types = &chart.declarations;
    let read = || {
        let (name, result) = tagged(json)?;
        let activity = types.activities.iter().find(|a| pascal_case(&a.name.text) == name)?;
        if let Some(value) = result.get("Ok") {
            let value = activity.result.as_ref().map(|ty| read(ty, value, types));
            return Some(Reply::Done(match value {
                Some(value) => Some(value?),
                None => None,
            }));
        }
        let (name, fields) = tagged(result.get("Err")?)?;
        if name == Reply::UNEXPECTED {
            let (name, message) = (fields["name"].as_str()?, fields["message"].as_str()?);
            return Some(match name {
                Reply::UNEXPECTED => Reply::Unexpected(message.to_owned()),
                name => Reply::Failed(name.to_owned(), message.to_owned()),
            });
        }
        let at = types.errors.iter().position(|error| error.name.text == name)?;
        let values = read_all(&types.errors[at].params, fields, types)?;
        Some(Reply::Error(ErrorId(at as u32), values))
    };
    read().ok_or_else(|| format!("{json} is no end of an activity of the machine"))
}

/// The record of a step, as the engine would write it. Activities that were asked for before have
/// numbers up to `visits`.
fn written(
    chart: &Chart,
    instance: &Instance,
    step: &Step,
    said: Outcome,
    visits: u64,
) -> Map<String, Json> {
    let types = &chart.declarations;
    let (mut calls, mut emits) = (Vec::new(), Vec::new());
    let (mut sends, mut revokes) = (Vec::new(), Vec::new());
    for act in &step.acts {
        match act {
            Act::Call(id, values) => {
                let action = &types.functions[id.index()];
                let args = action.params.iter().zip(values);
                let mut args: Vec<Json> = args.map(|(p, v)| write(&p.ty, v, types)).collect();
                let name = action.name.text.as_str();
                calls.push(match args.len() {
                    0 => json!(name),
                    1 => json!({ name: args.remove(0) }),
                    _ => json!({ name: args }),
                });
            }
            Act::Emit(id, values) => {
                let output = &types.outputs[id.index()];
                emits.push(write_tagged(&output.name.text, &output.params, values, types));
            }
            Act::Send(id, values) => {
                let message = &types.messages[id.index()];
                let (key, values) = match values.split_first() {
                    Some((key, values)) => (key, values),
                    None => continue,
                };
                let event = &message.event;
                let event = write_tagged(&event.name.text, &event.params, values, types);
                let machine = message.machine.text.as_str();
                sends.push(json!({ machine: { "key": shown(key), "event": event } }));
            }
            Act::Revoke(id, _) if *id <= visits => revokes.push(json!(id)),
            _ => {}
        }
    }
    let is_asked = |id: u64| {
        step.acts.iter().any(|act| match act {
            Act::Invoke(of, ..) | Act::FallBack(of, ..) => *of == id,
            _ => false,
        })
    };
    let asks = instance.invocations.iter().filter(|asked| is_asked(asked.id));
    let asks = asks.map(|asked| json!({ "id": asked.id, "request": request(chart, asked) }));
    let mut record = Map::new();
    record.insert("said".to_owned(), json!(format!("{said:?}")));
    for (name, list) in [
        ("calls", calls),
        ("asks", asks.collect()),
        ("revokes", revokes),
        ("emits", emits),
        ("sends", sends),
    ] {
        record.insert(name.to_owned(), Json::Array(list));
    }
    record.insert("after".to_owned(), after(chart, instance));
    record
}

/// A key as it is put on a letter.
fn shown(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        // What a Rust type shows of itself is mostly what it writes.
        Value::Rust(json) => serde_json::from_str(json).unwrap_or_else(|_| json.clone()),
        _ => String::new(),
    }
}

/// The first difference.
fn compare(record: &Json, replayed: &Map<String, Json>) -> Again {
    let pairs = replayed.iter().flat_map(|(name, json)| match name.as_str() {
        "after" => {
            let parts = json.as_object().into_iter().flatten();
            let pair = |(name, json): (&String, &Json)| {
                (name.clone(), without_times(name, &record["after"][name]), json.clone())
            };
            parts.map(pair).collect::<Vec<_>>()
        }
        _ => vec![(name.clone(), record[name].clone(), json.clone())],
    });
    for (name, written, replayed) in pairs {
        if let Some((place, written, replayed)) = first_difference(name, written, replayed) {
            return Again::Differs { place, written, replayed };
        }
    }
    Again::Same
}

/// Of branches that have ended, how they have is compared, and not which of its chain has ended so: the
/// interpreter does not know that any more.
fn fans(mut fans: Json) -> Json {
    for fan in fans.as_array_mut().into_iter().flatten() {
        for ended in fan["ended"].as_array_mut().into_iter().flatten() {
            let how = tagged(ended).map(|(_, how)| how.clone());
            *ended = how.unwrap_or_default();
        }
    }
    fans
}

/// When states were entered is not compared, nor what the engine notes beside what is asked: what a person
/// is told, and which step is taken back. The interpreter knows neither.
fn without_times(name: &str, json: &Json) -> Json {
    let mut json = json.clone();
    if name == "fans" {
        return fans(json);
    }
    if name == "invocations" {
        for asked in json.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
            asked.retain(|name, _| !matches!(name.as_str(), "asked" | "undoes"));
        }
    }
    if let ("data", Json::Object(data)) = (name, &mut json) {
        data.retain(|name, _| !name.starts_with("entered_"));
    }
    json
}

/// Where a snapshot is not what is behind its step, what it says, and what is there; but for what was
/// done since: actions that were called, attempts that a program cut off when it ended, and those that
/// one who was given up had started.
pub(super) fn differing_snapshot(
    mut snapshot: Json,
    mut behind: Json,
    is_given_up: bool,
) -> Option<(String, Json, Json)> {
    for state in [&mut snapshot, &mut behind] {
        let Json::Object(state) = state else { continue };
        state.remove("calls");
        if is_given_up {
            state.remove("children");
        }
        let courses = state.get_mut("courses").and_then(Json::as_object_mut);
        for course in courses.into_iter().flat_map(|courses| courses.values_mut()) {
            course.as_object_mut().map(|course| course.remove("unsure"));
        }
    }
    first_difference("snapshot".to_owned(), snapshot, behind)
}

/// What is empty need not be written.
fn first_difference(place: String, a: Json, b: Json) -> Option<(String, Json, Json)> {
    let is_empty = |json: &Json| match json {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        other => other.as_u64() == Some(0),
    };
    if a == b || is_empty(&a) && is_empty(&b) {
        return None;
    }
    if let (Json::Object(a), Json::Object(b)) = (&a, &b) {
        let names: Vec<&String> =
            a.keys().chain(b.keys().filter(|n| !a.contains_key(*n))).collect();
        return names.into_iter().find_map(|name| {
            let side = |object: &Map<String, Json>| object.get(name).cloned().unwrap_or_default();
            let (a, b) = (side(a), side(b));
            (a != b).then(|| (format!("{place}.{name}"), a, b))
        });
    }
    if place == "in" && sorted(&a) == sorted(&b) {
        return None;
    }
    Some((place, a, b))
}

fn sorted(json: &Json) -> Vec<&str> {
    let mut all: Vec<&str> = list(json).filter_map(Json::as_str).collect();
    all.sort_unstable();
    all
}
