//! What an instance has done, step by step, for people and tools: records in words.

use super::exact;
use crate::activity::Failure;
use crate::people::{Asked, Assignee};
use crate::store::{Millis, Record, Sender, Seq};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A step of an instance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryStep {
    /// Its number.
    pub seq: Seq,
    /// When it was made: milliseconds since 1970.
    pub at: Millis,
    /// What caused it.
    pub cause: StepCause,
    /// The active states before it; none before the first, or if the step before is not kept any more.
    pub from: Option<String>,
    /// The active states after it.
    pub to: String,
    /// What became of the cause: `Handled`, `Deferred`, `Ignored` or `Unhandled`.
    pub said: Option<String>,
    /// What was decided, in order: actions, activities, outputs.
    pub effects: Vec<StepEffect>,
}

/// What caused a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepCause {
    /// The instance was started, with this.
    Start(Value),
    /// An event was sent.
    Event {
        /// The event.
        event: Value,
        /// The id under which it was sent.
        message: Option<String>,
        /// The instance that has sent it, if one has.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Sender>,
    },
    /// A timer, or a delayed event, was due then.
    Due(Millis),
    /// An activity has ended.
    Reply {
        /// Which.
        id: u64,
        /// How.
        reply: Value,
        /// Who has answered, if a person was asked and said so.
        by: Option<String>,
    },
    /// Somebody has said that they answer a task.
    Claimed {
        /// The number of the invocation.
        task: u64,
        /// Who.
        by: String,
    },
    /// Somebody has taken that back.
    Released {
        /// The number of the invocation.
        task: u64,
        /// Who.
        by: String,
    },
    /// The instance could not go on.
    Parked(Value),
    /// It was made by another shape of its machine, of this version, and was carried over.
    Migrated(u64),
    /// A person has let it try again.
    Retried,
    /// The same with a change: another `request` of the call with the number `at`, or another content
    /// of the event that was `delayed` until then.
    Edited(Value),
    /// A person has given it up.
    Abandoned,
    /// The instance that has started it does not wait for it any more.
    Cancelled,
    /// Something that this version does not know.
    Unknown(Value),
}

/// What a step has decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepEffect {
    /// An action is called.
    Call(Value),
    /// An activity is asked for.
    Ask {
        /// Its number.
        id: u64,
        /// What is asked.
        request: Value,
    },
    /// Who was asked by the activity with this number is reminded.
    Remind(u64),
    /// What was asked is asked of somebody else.
    Escalate {
        /// The number of the activity.
        id: u64,
        /// Who is asked now.
        to: Assignee,
    },
    /// Nobody waits any more for the activity with this number.
    Revoke(u64),
    /// An output.
    Emit(Value),
    /// An event is sent to another instance.
    Send {
        /// Its machine.
        machine: String,
        /// Its key.
        key: String,
        /// The event.
        event: Value,
    },
    /// What has failed is tried again.
    Again {
        /// Which attempt that is; 1 was the first.
        attempt: u64,
        /// How long behind this step, in milliseconds.
        pause: Millis,
    },
}

/// Records in words; `before` is the one before the first, if there is one and it is kept.
pub fn steps(records: &[Record], before: Option<&Record>) -> Vec<HistoryStep> {
    let body = |record: &Record| exact::shown_text(&record.body).unwrap_or_default();
    let mut from = before.map(|record| record.state.clone());
    let mut known = before.map(|record| asked(&body(record)).unwrap_or_default());
    let one = |record: &Record| {
        let body = body(record);
        let now = asked(&body);
        let told = told(known.as_ref(), now.as_ref());
        known = now.or(known.take());
        step(record, body, from.replace(record.state.clone()), told)
    };
    records.iter().map(one).collect()
}

/// What people have been told of what is asked, by the number of the invocation; none if the record says
/// nothing of that.
fn asked(body: &Value) -> Option<BTreeMap<u64, Asked>> {
    let invocations = body.get("after")?.get("invocations").and_then(Value::as_array);
    let asked = |invocation: &Value| {
        let asked = Asked::deserialize(invocation.get("asked")?).ok()?;
        Some((invocation["id"].as_u64()?, asked))
    };
    Some(invocations.into_iter().flatten().filter_map(asked).collect())
}

/// Reminders and escalations: what people have been told between two records.
fn told(
    before: Option<&BTreeMap<u64, Asked>>,
    now: Option<&BTreeMap<u64, Asked>>,
) -> Vec<StepEffect> {
    let mut told = Vec::new();
    for (id, asked) in now.into_iter().flatten() {
        let Some(before) = before.and_then(|before| before.get(id)) else { continue };
        if asked.reminded > before.reminded {
            told.push(StepEffect::Remind(*id));
        }
        if let (true, Some(to)) = (asked.escalated > before.escalated, &asked.assigned) {
            told.push(StepEffect::Escalate { id: *id, to: to.clone() });
        }
    }
    told
}

fn step(
    record: &Record,
    mut body: Value,
    from: Option<String>,
    mut effects: Vec<StepEffect>,
) -> HistoryStep {
    let mut take = |name: &str| body.get_mut(name).map(Value::take);
    let said = take("said").and_then(|said| said.as_str().map(str::to_owned));
    let list = |value: Option<Value>| match value {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    effects.extend(list(take("calls")).into_iter().map(StepEffect::Call));
    effects.extend(list(take("asks")).into_iter().map(|mut asked| {
        let id = asked["id"].as_u64().unwrap_or(0);
        StepEffect::Ask { id, request: asked["request"].take() }
    }));
    effects.extend(list(take("revokes")).iter().filter_map(Value::as_u64).map(StepEffect::Revoke));
    effects.extend(list(take("emits")).into_iter().map(StepEffect::Emit));
    effects.extend(list(take("sends")).into_iter().filter_map(sent));
    effects.extend(take("again").map(|again| StepEffect::Again {
        attempt: again["attempt"].as_u64().unwrap_or(0),
        pause: again["due"].as_u64().unwrap_or(0).saturating_sub(record.at),
    }));
    let cause = cause(body);
    HistoryStep {
        seq: record.seq,
        at: record.at,
        cause,
        from,
        to: record.state.clone(),
        said,
        effects,
    }
}

/// `{"Shipping":{"key":"o-1","event":..}}`
fn sent(message: Value) -> Option<StepEffect> {
    let Value::Object(message) = message else { return None };
    let (machine, mut parts) = message.into_iter().next()?;
    let key = parts["key"].as_str()?.to_owned();
    Some(StepEffect::Send { machine, key, event: parts["event"].take() })
}

fn cause(mut body: Value) -> StepCause {
    let mut take = |name: &str| body.get_mut(name).map(Value::take);
    if let Some(start) = take("start") {
        return StepCause::Start(start);
    }
    if let Some(event) = take("event") {
        let message = take("message").and_then(|id| id.as_str().map(str::to_owned));
        let from = take("from").and_then(|from| serde_json::from_value(from).ok());
        return StepCause::Event { event, message, from };
    }
    if let Some(due) = take("due") {
        return StepCause::Due(due.as_u64().unwrap_or(0));
    }
    if take("cut").is_some() {
        return StepCause::Cancelled;
    }
    if let Some(reply) = take("reply") {
        let id = take("to").and_then(|id| id.as_u64()).unwrap_or(0);
        let by = take("by").and_then(|by| by.as_str().map(str::to_owned));
        return StepCause::Reply { id, reply, by };
    }
    let claim = |value: Value| {
        let by = value["by"].as_str().unwrap_or_default().to_owned();
        (value["task"].as_u64().unwrap_or(0), by)
    };
    if let Some((task, by)) = take("claimed").map(claim) {
        return StepCause::Claimed { task, by };
    }
    if let Some((task, by)) = take("released").map(claim) {
        return StepCause::Released { task, by };
    }
    if let Some(cause) = take("parked") {
        return StepCause::Parked(cause);
    }
    if let Some(migrated) = take("migrated") {
        return StepCause::Migrated(migrated["from"].as_u64().unwrap_or(0));
    }
    if take("cancelled").is_some() {
        return StepCause::Cancelled;
    }
    match (take("retried"), take("abandoned")) {
        (Some(changed @ Value::Object(_)), _) => StepCause::Edited(changed),
        (Some(_), _) => StepCause::Retried,
        (_, Some(_)) => StepCause::Abandoned,
        _ => StepCause::Unknown(body),
    }
}

impl fmt::Display for HistoryStep {
    /// `3  Charge: Ok {..}  Charging -> Shipping  asks Ship(..)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  ", self.cause)?;
        match &self.from {
            Some(from) if *from == self.to => write!(f, "in {}", self.to)?,
            Some(from) => write!(f, "{from} -> {}", self.to)?,
            None => write!(f, "-> {}", self.to)?,
        }
        if let Some(said) =
            self.said.as_deref().filter(|said| !["Handled", "Pending"].contains(said))
        {
            write!(f, "  ({said})")?;
        }
        self.effects.iter().try_for_each(|effect| write!(f, "  {effect}"))
    }
}

impl fmt::Display for StepCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(start) => write!(f, "start({})", Fields(start)),
            Self::Event { event, from: Some(from), .. } => {
                write!(f, "{} from {} {}", Tagged(event), from.machine, from.key)
            }
            Self::Event { event, .. } => write!(f, "{}", Tagged(event)),
            Self::Due(_) => f.write_str("timer"),
            Self::Claimed { task, by } => write!(f, "{by} claims #{task}"),
            Self::Released { task, by } => write!(f, "{by} releases #{task}"),
            Self::Reply { reply, by: Some(by), .. } => {
                match reply.as_object().and_then(|o| o.iter().next()) {
                    Some((question, result)) => {
                        write!(f, "{by} answers {question}: {}", Plain(&result["Ok"]))
                    }
                    None => write!(f, "{by}: {reply}"),
                }
            }
            Self::Reply { reply, .. } => write!(f, "{}", Ending(reply)),
            Self::Parked(cause) => match cause["message"].as_str() {
                Some(message) => write!(f, "parked: {message}"),
                None => write!(f, "parked: {cause}"),
            },
            Self::Migrated(from) => write!(f, "migrated from version {from}"),
            Self::Retried => f.write_str("retried"),
            Self::Edited(changed) => {
                let changed = changed.as_object().into_iter().flatten();
                let (_, to) = changed.into_iter().find(|(name, _)| *name != "at").unzip();
                write!(f, "retried with {}", Tagged(to.unwrap_or(&Value::Null)))
            }
            Self::Abandoned => f.write_str("abandoned"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Unknown(body) => write!(f, "{body}"),
        }
    }
}

impl fmt::Display for StepEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => write!(f, "calls {}", Tagged(call)),
            Self::Ask { request, .. } => write!(f, "asks {}", Tagged(request)),
            Self::Remind(id) => write!(f, "reminds #{id}"),
            Self::Escalate { id, to } => write!(f, "escalates #{id} to {to}"),
            Self::Revoke(id) => write!(f, "revokes #{id}"),
            Self::Emit(output) => write!(f, "emits {}", Tagged(output)),
            Self::Send { machine, key, event } => {
                write!(f, "sends {machine}({key:?}).{}", Tagged(event))
            }
            Self::Again { attempt, pause } => {
                let pause = Duration::from_millis(*pause);
                write!(f, "tries again in {pause:?}, attempt {attempt}")
            }
        }
    }
}

/// An event, a request or an output as it is kept, in the words of the language: `Submit(total: 5)`.
pub fn in_words(value: &Value) -> impl fmt::Display + '_ {
    Tagged(value)
}

/// How an activity has ended as it is kept, in words: `Charge gave 5`.
pub fn ending_in_words(value: &Value) -> impl fmt::Display + '_ {
    Ending(value)
}

/// How an activity has ended.
struct Ending<'v>(&'v Value);

impl fmt::Display for Ending<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((activity, result)) = self.0.as_object().and_then(|o| o.iter().next()) else {
            return write!(f, "{}", self.0);
        };
        match (result.get("Ok"), result.get("Err")) {
            (Some(Value::Null), _) => write!(f, "{activity} done"),
            (Some(value), _) => write!(f, "{activity} gave {}", Plain(value)),
            (_, Some(error)) => match &error[Failure::UNEXPECTED] {
                // Errors that are not declared have no fields, but a name and a text.
                Value::Object(failure) => {
                    let said = |part: &str| failure.get(part).and_then(Value::as_str);
                    let name = said("name").unwrap_or(Failure::UNEXPECTED);
                    let message = said("message").unwrap_or_default();
                    let failure = Failure::new(name, message);
                    write!(f, "{activity} failed: {failure}")
                }
                _ => write!(f, "{activity} failed: {}", Tagged(error)),
            },
            _ => write!(f, "{activity} {result}"),
        }
    }
}

/// A variant as serde writes it, in the words of the language: `Submit(total: 5)`.
struct Tagged<'v>(&'v Value);

impl fmt::Display for Tagged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(name) => f.write_str(name),
            Value::Object(object) => match object.iter().next() {
                Some((name, fields)) => write!(f, "{name}({})", Fields(fields)),
                None => f.write_str("{}"),
            },
            other => write!(f, "{other}"),
        }
    }
}

/// Fields with their names, or a value alone.
struct Fields<'v>(&'v Value);

impl fmt::Display for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Value::Object(fields) = self.0 else { return write!(f, "{}", Plain(self.0)) };
        for (at, (name, value)) in fields.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{name}: {}", Plain(value))?;
        }
        Ok(())
    }
}

/// A value, JSON but for structs.
struct Plain<'v>(&'v Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Object(_) => write!(f, "{{{}}}", Fields(self.0)),
            other => write!(f, "{other}"),
        }
    }
}
