//! What a person changes about a parked instance before it tries again: what it asks for, how that has
//! ended, the event that was due, or an event that comes first.
//!
//! A change comes as JSON, from the program or from another one, and is part of the commit with which
//! the instance goes on: it is made, or the instance stays parked as it was.

use super::advance::{note, send};
use super::error::{Cause, EngineError, Stuck};
use super::exact;
use super::held::{Keep, Storable};
use super::kind::{Input, Kind};
use super::resident::{Committing, Resident};
use super::running::Running;
use crate::activity::Perform;
use crate::chart::Durable;
use crate::clock::millis;
use crate::step::Dispatch;
use crate::store::Millis;
use crate::timers::Due;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// What is changed about a parked instance before it tries again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Edit<M: Storable> {
    /// The call that was stuck asks for this instead, under the same key: the same activity with
    /// other arguments.
    Request(M::Request),
    /// The call has ended with this, and is not made again: it was done by hand, or cannot be done.
    Reply(M::Reply),
    /// The delayed event that was due says this instead.
    Delayed(M::Event),
    /// This event is taken before anything is tried again, and may lead away from what would be. If
    /// there is nothing to do on it the instance stays parked.
    Event(M::Event),
}

impl<M: Storable> Edit<M> {
    /// As other programs write it.
    pub(super) fn json(&self) -> Result<String, EngineError> {
        let undecodable = |error: serde_json::Error| EngineError::Undecodable(error.to_string());
        let (name, value) = match self {
            Self::Request(request) => ("request", exact::of(request)),
            Self::Reply(reply) => ("reply", exact::of(reply)),
            Self::Delayed(event) => ("delayed", exact::of(event)),
            Self::Event(event) => ("event", exact::of(event)),
        };
        Ok(exact::write(&serde_json::json!({ name: value.map_err(undecodable)? })))
    }
}

/// The same, as other programs leave it and records say it: `{"request":{"Charge":{..}}}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    Request(Value),
    Reply(Value),
    Delayed(Value),
    Event(Value),
}

/// What a record says of a change: of the call with which number, or of what was due when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Changed {
    pub(super) at: u64,
    #[serde(flatten)]
    pub(super) change: Change,
}

/// Lets an instance try again that is parked for this cause, with a change if there is one; both JSON.
/// An answer that says that there is nothing to do on an event means that it does not try again.
pub(super) fn retry(
    kind: &dyn Kind,
    resident: &mut Resident,
    (change, cause): (Option<&str>, Option<&str>),
    now: Millis,
    to: &mut Committing,
) -> Result<Dispatch, EngineError> {
    let Some(change) = change else {
        resident.live.renew(now);
        note(resident, "retried", "true", now, to);
        return Ok(Dispatch::Handled);
    };
    let why = |error| EngineError::Undecodable(format!("no change of the instance: {error}"));
    let change = exact::read(change).map_err(why)?;
    let change: Change = serde_json::from_value(change).map_err(why)?;
    let cause: Option<Cause> = cause.and_then(|cause| serde_json::from_str(cause).ok());
    let stuck = cause.and_then(|cause| cause.payload);
    let at = stuck.map(|stuck| match *stuck {
        Stuck::Call { id, .. } => id,
        Stuck::Timer { due, .. } => due,
    });
    match &change {
        Change::Request(request) => {
            let at = resident.live.amend_request(at, request)?;
            note_retried(resident, &Changed { at, change }, now, to)?;
            Ok(Dispatch::Handled)
        }
        Change::Delayed(event) => {
            let at = resident.live.amend_delayed(at, event)?;
            note_retried(resident, &Changed { at, change }, now, to)?;
            Ok(Dispatch::Handled)
        }
        Change::Reply(reply) => {
            let id = resident.live.waits_for(at, tag(reply).unwrap_or_default())?;
            let reply = kind.reply(&exact::write(reply))?;
            note_retried(resident, &true, now, to)?;
            // One that was started and has not ended is not waited for either.
            to.sends.extend(resident.live.child(id).map(|child| child.cancel(id)));
            // A person says how it has ended: that is not tried again.
            let input = Input::Reply { id, reply, is_affordable: Some(false), by: None };
            let step = resident.take(now, input)?;
            Ok(step.map_or(Dispatch::Ignored, |step| resident.record(step, now, to)))
        }
        Change::Event(event) => {
            let event = kind.event(&exact::write(event))?;
            note_retried(resident, &true, now, to)?;
            send(resident, (event, None, None), now, to)
        }
    }
}

/// The record with which an instance tries again.
fn note_retried(
    resident: &mut Resident,
    says: &impl Serialize,
    now: Millis,
    to: &mut Committing,
) -> Result<(), EngineError> {
    let undecodable = |error: serde_json::Error| EngineError::Undecodable(error.to_string());
    resident.live.renew(now);
    let says = serde_json::to_value(says).map_err(undecodable)?;
    let step = resident.live.note("retried", &exact::write(&says))?;
    resident.record(step, now, to);
    Ok(())
}

/// The name of a variant as serde writes it: `Charge` of `{"Charge":{..}}`.
fn tag(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        Value::Object(object) => object.keys().next().map(String::as_str),
        _ => None,
    }
}

fn value_of(value: &impl Serialize) -> Value {
    // What cannot be written could not be kept.
    exact::shown(value).unwrap_or_default()
}

fn name_of(value: &impl Serialize) -> String {
    tag(&value_of(value)).unwrap_or_default().to_owned()
}

fn read<T: Keep>(value: &Value, what: &str) -> Result<T, EngineError> {
    exact::to(value)
        .map_err(|error| EngineError::Undecodable(format!("no {what} of the machine: {error}")))
}

/// The one of several by name that is meant: that at which the instance was stuck, or the only one.
fn meant(all: &[(u64, String)], at: Option<u64>, name: &str) -> Result<u64, EngineError> {
    let same = || all.iter().filter(|(_, other)| other == name).map(|(number, _)| *number);
    let first = same().next();
    let found = at.filter(|at| same().any(|number| number == *at));
    found.or(first.filter(|_| same().count() == 1)).ok_or_else(|| EngineError::NotAsked {
        name: name.to_owned(),
        waits_for: all.iter().map(|(_, name)| name.clone()).collect(),
    })
}

impl<C, H> Running<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    /// The call with this name that is waited for. What people are asked they answer.
    pub(super) fn call_named(
        &self,
        at: Option<u64>,
        name: &str,
        may_be_child: bool,
    ) -> Result<u64, EngineError> {
        let is_child = |id: &u64| self.owed.children.contains_key(id);
        let all = self.core.invocations.iter().filter(|asked| asked.asked.is_none());
        let all = all.filter(|asked| may_be_child || !is_child(&asked.id));
        let all: Vec<_> = all.map(|asked| (asked.id, name_of(&asked.request))).collect();
        meant(&all, at, name)
    }

    /// Changes what a call asks for; gives its number.
    pub(super) fn request_amended(
        &mut self,
        at: Option<u64>,
        request: &Value,
    ) -> Result<u64, EngineError> {
        let id = self.call_named(at, tag(request).unwrap_or_default(), false)?;
        let request: C::Request = read(request, "request")?;
        if let Some(asked) = self.core.invocations.iter_mut().find(|asked| asked.id == id) {
            asked.request = request;
        }
        Ok(id)
    }

    /// Changes what a delayed event says; gives when it is due.
    pub(super) fn delayed_amended(
        &mut self,
        at: Option<u64>,
        event: &Value,
    ) -> Result<Millis, EngineError> {
        let all = self.core.timers.in_order().into_iter();
        let delayed = all.filter_map(|pending| match &pending.due {
            Due::Event(event) => Some((pending.order, millis(pending.deadline), name_of(event))),
            Due::Timer { .. } => None,
        });
        let (orders, all): (Vec<u64>, Vec<(Millis, String)>) =
            delayed.map(|(order, due, name)| (order, (due, name))).unzip();
        let name = tag(event).unwrap_or_default();
        let due = meant(&all, at, name)?;
        let event: C::Event = read(event, "event")?;
        let place = all.iter().position(|(at, of)| *at == due && of == name);
        if let Some(order) = place.and_then(|place| orders.get(place)) {
            self.core.timers.replace(*order, event);
        }
        Ok(due)
    }

    /// What it cannot get past, `failing`: for a person.
    pub(super) fn stuck_at(
        &self,
        failing: Failing,
        key_of: &dyn Fn(u64) -> String,
    ) -> Option<Stuck> {
        match failing {
            Failing::Call { id, record } => {
                let asked = self.core.invocations.iter().find(|asked| asked.id == id)?;
                let mut idempotency_key = key_of(id);
                if asked.call > 0 {
                    idempotency_key = format!("{idempotency_key}/{}", asked.call);
                }
                let request = value_of(&asked.request);
                let record: Option<Value> = record.and_then(|r| exact::shown_text(&r).ok());
                let reply = record.and_then(|mut record| Some(record.get_mut("reply")?.take()));
                Some(Stuck::Call { id, idempotency_key, request, reply })
            }
            Failing::Timer(due) => {
                let all = self.core.timers.in_order();
                let first = all.first().filter(|pending| millis(pending.deadline) == due);
                let event = first.and_then(|pending| match &pending.due {
                    Due::Event(event) => Some(value_of(event)),
                    Due::Timer { .. } => None,
                });
                Some(Stuck::Timer { due, event })
            }
        }
    }
}

/// What an instance is at when a step fails.
pub(super) enum Failing {
    /// The end of a call, with what of its record was written.
    Call { id: u64, record: Option<String> },
    /// A timer that was due then.
    Timer(Millis),
}
