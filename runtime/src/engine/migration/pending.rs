//! What an instance waits for when it has been carried over.

use super::migrating::Migrating;
use super::place::Place;
use crate::shape::Comparison;
use serde_json::{Value, json};

/// What an instance waits for.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) deferred: Vec<Value>,
    pub(super) timers: Vec<Value>,
    pub(super) invocations: Vec<Value>,
    /// Fan-outs whose joins are not decided.
    pub(super) fans: Vec<Value>,
    pub(super) calls: Vec<Value>,
    /// Activities that nobody waits for any more.
    pub(super) revoked: Vec<u64>,
}

impl Pending {
    /// What is kept of it, with the reasons why it may not be.
    pub(super) fn find(
        comparison: &Comparison,
        instance: &Migrating,
        place: &Place<'_>,
        reasons: &mut Vec<String>,
    ) -> Self {
        let mut pending = Self::default();
        for event in list(instance, "deferred") {
            pending.deferred.extend(kept(self::event(comparison, instance, event), reasons));
        }
        for timer in list(instance, "timers") {
            let timer = self::timer(comparison, instance, place, timer);
            pending.timers.extend(kept(timer, reasons).flatten());
        }
        for invocation in list(instance, "invocations") {
            match kept(self::invocation(comparison, place, invocation), reasons) {
                Some(Some(invocation)) => pending.invocations.push(invocation),
                Some(None) => pending.revoked.extend(invocation["id"].as_u64()),
                None => {}
            }
        }
        for fan in list(instance, "fans") {
            let fan = self::fan(comparison, place, fan);
            pending.fans.extend(kept(fan, reasons).flatten());
        }
        pending.calls = list(instance, "calls").to_vec();
        for call in pending.calls.iter().filter_map(Value::as_array).flatten() {
            if let Err(difference) = comparison.action(variant(call)) {
                reasons.push(difference.to_string());
            }
        }
        pending
    }
}

fn list<'v>(instance: &'v Migrating, name: &str) -> &'v [Value] {
    instance.whole.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What was found, or a reason why not.
fn kept<T>(found: Result<T, String>, reasons: &mut Vec<String>) -> Option<T> {
    found.map_err(|reason| reasons.push(reason)).ok()
}

/// The name of a variant as serde writes it.
fn variant(value: &Value) -> &str {
    match value {
        Value::Object(object) => object.keys().next().map_or("", String::as_str),
        other => other.as_str().unwrap_or_default(),
    }
}

/// An event under its new name.
fn event(comparison: &Comparison, instance: &Migrating, event: &Value) -> Result<Value, String> {
    if instance.has_new_events {
        return Ok(event.clone());
    }
    let name = comparison.event(variant(event)).map_err(|difference| difference.to_string())?;
    Ok(match (name, event) {
        (None, event) => event.clone(),
        (Some(name), Value::Object(fields)) => {
            json!({ name: fields.values().next().cloned().unwrap_or_default() })
        }
        (Some(name), _) => Value::from(name),
    })
}

/// A timer under its new number; none if its state was left, or has it no more.
fn timer(
    comparison: &Comparison,
    instance: &Migrating,
    place: &Place<'_>,
    timer: &Value,
) -> Result<Option<Value>, String> {
    let mut timer = timer.clone();
    if let Some(raised) = timer.pointer_mut("/due/raise") {
        *raised = event(comparison, instance, raised)?;
        return Ok(Some(timer));
    }
    let after = timer.pointer_mut("/due/after").is_some();
    let path = if after { "/due/after" } else { "/due/every/0" };
    let Some(number) = timer.pointer_mut(path) else { return Ok(Some(timer)) };
    let before = number.as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or(u16::MAX);
    let stays = comparison.old.state_of_timer(before).and_then(|old| comparison.new_of(old));
    if !stays.is_some_and(|state| place.is_kept(state)) {
        return Ok(None);
    }
    let now = comparison.timer(before).map_err(|difference| difference.to_string())?;
    let Some(now) = now else { return Ok(None) };
    *number = Value::from(now);
    Ok(Some(timer))
}

/// An activity under the new number of its `invoke`; none if its state was left.
fn invocation(
    comparison: &Comparison,
    place: &Place<'_>,
    invocation: &Value,
) -> Result<Option<Value>, String> {
    let number = invocation["invoke"].as_u64().and_then(|number| u16::try_from(number).ok());
    let number = number.unwrap_or(u16::MAX);
    let old = comparison.old.state_of_invoke(number);
    let stays = old.and_then(|old| comparison.new_of(old)).filter(|state| place.is_kept(*state));
    let Some(state) = stays else { return Ok(None) };
    let now = comparison.invoke(number).map_err(|difference| difference.to_string())?;
    let mut invocation = invocation.clone();
    invocation["invoke"] = Value::from(now);
    // A person who is waited for without end has no deadline any more.
    if let Some(asked) = invocation.get_mut("asked").and_then(Value::as_object_mut)
        && !comparison.has_timeout(state)
    {
        asked.remove("due");
    }
    Ok(Some(invocation))
}

/// A fan-out under its new number, with the branches that wait; none if its state was left.
fn fan(comparison: &Comparison, place: &Place<'_>, fan: &Value) -> Result<Option<Value>, String> {
    let number = fan["fan_out"].as_u64().unwrap_or(u64::MAX);
    let Some((state, now)) = comparison.fan_out(number) else { return Ok(None) };
    if !place.is_kept(state) {
        return Ok(None);
    }
    let mut fan = fan.clone();
    fan["fan_out"] = Value::from(now);
    for waiting in fan.get_mut("waiting").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(invocation) = self::invocation(comparison, place, waiting)? {
            *waiting = invocation;
        }
    }
    Ok(Some(fan))
}
