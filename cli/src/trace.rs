//! What a simulated machine did, for people and for programs.

use crate::args::Trace;
use crate::outcome::Failure;
use crate::output;
use serde_json::{Map, Value as Json, json};
use statewright_dsl::chart::Chart;
use statewright_dsl::interpret::{Outcome, Value, duration};
use statewright_dsl::model::{Declarations, Param, TypeDeclKind};
use statewright_dsl::simulate::Line;
use std::fmt::Write;
use std::time::Duration;

/// Prints one line.
pub(crate) fn print(form: Trace, chart: &Chart, line: &Line) -> Result<(), Failure> {
    match form {
        Trace::Human => output::print(&human(chart, line)),
        Trace::Json => output::print(&format!("{}\n", json(chart, line))),
    }
}

/// The word for what became of an input.
pub(crate) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Handled => "handled",
        Outcome::Deferred => "deferred",
        Outcome::Ignored => "ignored",
        Outcome::Unhandled => "unhandled",
        Outcome::Pending => "pending",
    }
}

/// A few lines: what happened, in order, and what is now.
pub(crate) fn human(chart: &Chart, line: &Line) -> String {
    let declarations = &chart.declarations;
    let said = match (&line.fault, line.step) {
        (Some(_), _) => String::from(": fails"),
        (None, 0) => String::new(),
        // Time that passes without anything being due is handled by nobody.
        (None, _) if line.input.starts_with("after ") && line.outcome != Outcome::Handled => {
            String::new()
        }
        (None, _) => format!(": {}", word(line.outcome)),
    };
    let mut text = format!("{:>3}  {}{said}\n", line.step, line.input);
    let mut add = |what: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(text, "     {what:<9} {value}");
        }
    };
    if let Some(fault) = &line.fault {
        add("because", fault.kind.to_string());
    }
    add("left", line.exited.join(", "));
    add("did", line.effects.join(", "));
    add("entered", line.entered.join(", "));
    add("now in", line.configuration.join(", "));
    let context = line.context.iter().map(|(name, value)| match value {
        Some(value) => format!("{name} = {}", value.text(declarations)),
        None => format!("{name} not set"),
    });
    add("context", context.collect::<Vec<_>>().join(", "));
    let timers = line.timers.iter().map(|timer| {
        let of = timer.state.as_ref().map(|state| format!(" of {state}")).unwrap_or_default();
        format!("{}{of} in {}", timer.what, duration(millis(timer.remaining)))
    });
    add("timers", timers.collect::<Vec<_>>().join(", "));
    add("runs", line.running.join(", "));
    if line.finished {
        add("finished", "no event does anything any more".into());
    }
    text
}

fn millis(of: Duration) -> u64 {
    u64::try_from(of.as_millis()).unwrap_or(u64::MAX)
}

/// One object, in the format that `simulate --help` documents.
fn json(chart: &Chart, line: &Line) -> Json {
    let declarations = &chart.declarations;
    let context = line.context.iter().map(|(name, v)| {
        (name.clone(), v.as_ref().map_or(Json::Null, |value| of_value(value, declarations)))
    });
    let outputs = line.outputs.iter().map(|(id, values)| {
        let output = &declarations.outputs[id.index()];
        tagged(&output.name.text, &output.params, values, declarations)
    });
    let timers = line.timers.iter().map(|timer| {
        json!({
            "timer": timer.what,
            "state": timer.state,
            "remaining_ms": millis(timer.remaining),
        })
    });
    let mut object = json!({
        "step": line.step,
        "input": line.input,
        "outcome": word(line.outcome),
        "exited": line.exited,
        "effects": line.effects,
        "entered": line.entered,
        "configuration": line.configuration,
        "context": context.collect::<Map<_, _>>(),
        "outputs": outputs.collect::<Vec<_>>(),
        "timers": timers.collect::<Vec<_>>(),
        "now_ms": millis(line.now),
    });
    if let Some(fields) = object.as_object_mut() {
        if !line.running.is_empty() {
            fields.insert("running".into(), json!(line.running));
        }
        if let Some(fault) = &line.fault {
            fields.insert("fault".into(), fault.kind.to_string().into());
        }
    }
    object
}

/// A value as serde writes that of the generated type.
fn of_value(value: &Value, declarations: &Declarations) -> Json {
    let all = |values: &[Value]| -> Vec<Json> {
        values.iter().map(|value| of_value(value, declarations)).collect()
    };
    match value {
        Value::Bool(value) => json!(value),
        // All integers of the language have at most 64 bits.
        Value::Int(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => json!(value),
            (_, Ok(value)) => json!(value),
            _ => json!(value.to_string()),
        },
        Value::Float(value) => json!(value.0),
        Value::Single(value) => single(value.0),
        Value::String(text) | Value::Rust(text) => json!(text),
        Value::Failure(name, message) => json!({"name": name, "message": message}),
        Value::Duration(ms) => json!({"secs": ms / 1000, "nanos": ms % 1000 * 1_000_000}),
        Value::List(items) => json!(all(items)),
        Value::Map(entries) => {
            let key = |key: &Value| match of_value(key, declarations) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            let entries = entries.iter().map(|(k, v)| (key(k), of_value(v, declarations)));
            Json::Object(entries.collect())
        }
        Value::Option(inner) => inner.as_ref().map_or(Json::Null, |v| of_value(v, declarations)),
        Value::Struct(id, values) => match &declarations.types[id.index()].kind {
            TypeDeclKind::Struct(params) => fields(params, values, declarations),
            TypeDeclKind::Enum(_) => Json::Null,
        },
        Value::Variant(id, at, values) => match &declarations.types[id.index()].kind {
            TypeDeclKind::Enum(variants) => {
                let variant = &variants[*at as usize];
                tagged(&variant.name.text, &variant.fields, values, declarations)
            }
            TypeDeclKind::Struct(_) => Json::Null,
        },
    }
}

/// A number as serde writes an `f32`: by the shortest text that is read as the same.
pub(crate) fn single(value: f32) -> Json {
    value.to_string().parse::<f64>().map_or(Json::Null, Json::from)
}

/// `"Name"`, or `{"Name": {..}}` with fields.
fn tagged(name: &str, params: &[Param], values: &[Value], declarations: &Declarations) -> Json {
    match params.is_empty() {
        true => json!(name),
        false => json!({ name: fields(params, values, declarations) }),
    }
}

fn fields(params: &[Param], values: &[Value], declarations: &Declarations) -> Json {
    let pairs = params.iter().zip(values);
    let fields = pairs.map(|(p, v)| (p.name.text.clone(), of_value(v, declarations)));
    Json::Object(fields.collect())
}
