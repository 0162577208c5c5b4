//! Replaying a journal: every step is made again from what caused it, and has to come out as it is
//! written.

use super::edit::{Change, Changed};
use super::error::EngineError;
use super::exact;
use super::family::Parent;
use super::kind::{Input, Kind, Live};
use super::part::last_state;
use crate::store::{Instance, Record, Sender, Seq, Status};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// All steps came out as they are written: so many.
    Same(u64),
    /// One did not.
    Differs {
        /// Which.
        seq: Seq,
        /// The record as it is written, JSON.
        written: String,
        /// What came out, JSON, or why nothing did.
        replayed: String,
    },
    /// All steps did, and the snapshot is not what is behind its step.
    SnapshotDiffers {
        /// The last step in the snapshot.
        seq: Seq,
        /// The snapshot, JSON.
        snapshot: String,
        /// What is behind that step, JSON.
        replayed: String,
    },
}

/// What caused a step.
#[derive(Deserialize)]
struct Caused<'r> {
    #[serde(borrow)]
    start: Option<&'r RawValue>,
    #[serde(borrow)]
    event: Option<&'r RawValue>,
    message: Option<String>,
    from: Option<Sender>,
    parent: Option<Parent>,
    due: Option<u64>,
    #[serde(borrow)]
    part: Option<&'r RawValue>,
    to: Option<u64>,
    #[serde(borrow)]
    reply: Option<&'r RawValue>,
    /// Who has answered.
    by: Option<String>,
    /// Somebody has claimed a task, or released it.
    claimed: Option<Claim>,
    released: Option<Claim>,
    /// A person has let it try again, and may have changed something.
    #[serde(borrow)]
    retried: Option<&'r RawValue>,
    /// Nobody waits for it any more.
    #[serde(default)]
    cancelled: bool,
    /// A step of a saga was cut short for that.
    #[serde(default)]
    cut: bool,
    /// The retry budget was spent.
    #[serde(default)]
    spent: bool,
}

/// A claim of a task, as it is written.
#[derive(Deserialize)]
struct Claim {
    task: u64,
    by: Option<String>,
}

/// Replays the steps of an instance. If the first of them is not there any more, it begins behind
/// the first that is; if the instance was carried over from another shape, behind that.
pub(super) fn replay(
    kind: &dyn Kind,
    instance: &Instance,
    records: &[Record],
) -> Result<Replay, EngineError> {
    let mut live: Option<Box<dyn Live>> = None;
    let mut count = 0;
    // What another shape of the machine has done cannot be made again with this one.
    let migrated = records.iter().rposition(|record| is_migration(&record.body));
    for record in &records[migrated.unwrap_or(0)..] {
        let again = again(kind, instance, &mut live, record)?;
        let Some(again) = again else { continue };
        count += 1;
        if !is_same(&again, &record.body) {
            let (seq, written) = (record.seq, record.body.clone());
            return Ok(Replay::Differs { seq, written, replayed: again });
        }
    }
    let differing =
        || Some((instance.snapshot.clone()?, state_behind_snapshot(instance, records)?));
    Ok(match differing() {
        Some((snapshot, replayed)) if !is_same_state(&snapshot, &replayed, instance.status) => {
            Replay::SnapshotDiffers { seq: instance.seq, snapshot, replayed }
        }
        _ => Replay::Same(count),
    })
}

/// The state behind the last step that is in the snapshot, as the journal has it; none if what that
/// takes is not kept any more.
fn state_behind_snapshot(instance: &Instance, records: &[Record]) -> Option<String> {
    let at = records.iter().position(|record| record.seq == instance.seq)?;
    let whole = records[..=at].iter().rposition(|record| !is_part(&record.body))?;
    let records = records[whole..=at].to_vec();
    let behind = Instance { snapshot: None, records, ..instance.clone() };
    last_state(&behind).ok().map(|state| state.into_owned())
}

/// True if the record says only what has changed.
fn is_part(body: &str) -> bool {
    let caused: Result<Caused<'_>, _> = serde_json::from_str(body);
    caused.is_ok_and(|caused| caused.part.is_some())
}

/// Whether a snapshot is the state behind its step, but for what has been done since.
fn is_same_state(snapshot: &str, state: &str, status: Status) -> bool {
    let plain = |text: &str| {
        let mut state = exact::read(text).ok()?;
        forget_done(&mut state);
        // Who was given up has told those that it has started.
        if matches!(status, Status::Abandoned | Status::Cancelled) {
            state.as_object_mut()?.remove("children");
        }
        Some(state)
    };
    plain(snapshot).is_some_and(|a| plain(state).is_some_and(|b| a == b))
}

/// Forgets actions that were still to be called, and that a program ended while it called something:
/// neither shows in the journal.
fn forget_done(state: &mut Value) {
    let Some(state) = state.as_object_mut() else { return };
    state.remove("calls");
    let courses = state.get_mut("courses").and_then(Value::as_object_mut);
    courses.into_iter().flat_map(|courses| courses.values_mut()).for_each(forget_doubt);
}

/// The record that a step gives when it is made again; none for what is no step.
fn again(
    kind: &dyn Kind,
    instance: &Instance,
    live: &mut Option<Box<dyn Live>>,
    record: &Record,
) -> Result<Option<String>, EngineError> {
    let undecodable = |error: serde_json::Error| {
        EngineError::Undecodable(format!("step {} cannot be read: {error}", record.seq))
    };
    let caused: Caused<'_> = serde_json::from_str(&record.body).map_err(undecodable)?;
    if let Some(start) = caused.start {
        let (begun, step) = {
            let start = kind.start(start.get())?;
            kind.begin(start, &instance.key, record.at, caused.parent)?
        };
        *live = Some(begun);
        return Ok(Some(step.body));
    }
    let Some(machine) = live else {
        // What says only what has changed needs what was before.
        if caused.part.is_none() {
            *live = Some(from_record(kind, instance, record)?);
        }
        return Ok(None);
    };
    // What was called since does not show in the journal, and is not done again.
    machine.forget_calls();
    let step = match (caused.event, caused.to, caused.reply, caused.due) {
        (Some(event), ..) => {
            let event = kind.event(event.get())?;
            machine.take(
                record.at,
                Input::Event { event, message: caused.message, sender: caused.from },
            )
        }
        (_, Some(id), Some(_), _) if caused.cut => machine.take(record.at, Input::Cut { id }),
        (_, Some(id), Some(reply), _) => {
            let reply = kind.reply(reply.get())?;
            let is_affordable = Some(!caused.spent);
            let by = caused.by;
            machine.take(record.at, Input::Reply { id, reply, is_affordable, by })
        }
        _ if caused.cancelled => machine.cancel(record.at).map(Some),
        _ if caused.retried.is_some() => {
            amend(machine, caused.retried)?;
            machine.renew(record.at);
            return Ok(None);
        }
        _ if caused.claimed.is_some() || caused.released.is_some() => {
            let by = caused.claimed.as_ref().and_then(|claim| claim.by.as_deref());
            let task = caused.claimed.as_ref().or(caused.released.as_ref());
            machine.claim(record.at, task.map_or(0, |claim| claim.task), by)
        }
        (_, _, _, Some(_)) => machine.fire(record.at).transpose(),
        _ => return Ok(None),
    };
    Ok(Some(match step {
        Ok(Some(step)) => step.body,
        Ok(None) => "nothing waits for it".to_owned(),
        Err(error) => error.to_string(),
    }))
}

/// Makes again what a person has changed when the instance was let try again.
fn amend(live: &mut Box<dyn Live>, retried: Option<&RawValue>) -> Result<(), EngineError> {
    let changed = retried.and_then(|retried| exact::read(retried.get()).ok());
    let changed = changed.and_then(|changed| serde_json::from_value::<Changed>(changed).ok());
    let Some(Changed { at, change }) = changed else { return Ok(()) };
    match change {
        Change::Request(request) => live.amend_request(Some(at), &request).map(|_| ()),
        Change::Delayed(event) => live.amend_delayed(Some(at), &event).map(|_| ()),
        // These are steps of their own.
        Change::Reply(_) | Change::Event(_) => Ok(()),
    }
}

/// True if the record says that the instance was carried over.
fn is_migration(body: &str) -> bool {
    body.starts_with("{\"migrated\":")
}

/// The instance as it was behind a step.
fn from_record(
    kind: &dyn Kind,
    instance: &Instance,
    record: &Record,
) -> Result<Box<dyn Live>, EngineError> {
    let behind = Instance { records: vec![record.clone()], ..instance.clone() };
    kind.load(&behind).map_err(|cause| EngineError::Undecodable(cause.message))
}

/// Whether two records say the same, but for actions that were still to be called.
fn is_same(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        let mut value = exact::read(text).ok()?;
        for state in ["after", "part"] {
            value.get_mut(state).into_iter().for_each(forget_done);
        }
        value.get_mut("again").into_iter().for_each(forget_doubt);
        Some(value)
    };
    a == b || plain(a).is_some_and(|a| plain(b).is_some_and(|b| a == b))
}

fn forget_doubt(course: &mut Value) {
    if let Some(course) = course.as_object_mut() {
        course.remove("unsure");
    }
}
