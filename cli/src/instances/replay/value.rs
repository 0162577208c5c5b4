//! Values as the engine keeps them: what serde writes for the types that the compiler generates.

use crate::trace::single;
use serde_json::{Map, Value as Json, json};
use statewright_dsl::interpret::Value;
use statewright_dsl::model::{Declarations, Param, Ty, TypeDeclKind};

/// A value of a type; none if it is not written so.
pub(super) fn read(ty: &Ty, json: &Json, types: &Declarations) -> Option<Value> {
    Some(match ty {
        Ty::Bool => Value::Bool(json.as_bool()?),
        Ty::Int(_) => Value::Int(integer(json)?),
        Ty::Float(float) => Value::float(*float, json.as_f64()?),
        Ty::String => Value::String(json.as_str()?.to_owned()),
        Ty::Duration => Value::Duration(millis(json)?),
        Ty::Vec(item) => {
            let items = json.as_array()?.iter().map(|json| read(item, json, types));
            Value::List(items.collect::<Option<_>>()?)
        }
        Ty::Option(_) if json.is_null() => Value::Option(None),
        Ty::Option(some) => Value::Option(Some(Box::new(read(some, json, types)?))),
        Ty::Map(key, item) => {
            let entries = json.as_object()?.iter();
            let entry = |(name, json): (&String, &Json)| {
                Some((read_key(key, name, types)?, read(item, json, types)?))
            };
            Value::Map(entries.map(entry).collect::<Option<_>>()?)
        }
        Ty::Enum(id) => {
            let TypeDeclKind::Enum(variants) = &types.types[id.index()].kind else { return None };
            let (name, fields) = tagged(json)?;
            let at = variants.iter().position(|variant| variant.name.text == name)?;
            let values = read_all(&variants[at].fields, fields, types)?;
            Value::Variant(*id, u32::try_from(at).ok()?, values)
        }
        Ty::Struct(id) => {
            let TypeDeclKind::Struct(fields) = &types.types[id.index()].kind else { return None };
            Value::Struct(*id, read_all(fields, json, types)?)
        }
        Ty::Failure => {
            let text = |name: &str| Some(json.get(name)?.as_str()?.to_owned());
            Value::Failure(text("name")?, text("message")?)
        }
        Ty::Rust { .. } | Ty::Unknown => Value::Rust(json.to_string()),
    })
}

/// Values by the names of their fields.
pub(super) fn read_all(params: &[Param], json: &Json, types: &Declarations) -> Option<Vec<Value>> {
    let absent = Json::Null;
    let field =
        |param: &Param| read(&param.ty, json.get(&param.name.text).unwrap_or(&absent), types);
    params.iter().map(field).collect()
}

/// A variant with its fields: `"Submit"` or `{"Cancel": {..}}`.
pub(super) fn tagged(json: &Json) -> Option<(&str, &Json)> {
    static NONE: Json = Json::Null;
    match json {
        Json::String(name) => Some((name, &NONE)),
        Json::Object(object) => match object.iter().next() {
            Some((name, fields)) if object.len() == 1 => Some((name, fields)),
            _ => None,
        },
        _ => None,
    }
}

fn read_key(ty: &Ty, name: &str, types: &Declarations) -> Option<Value> {
    match ty {
        Ty::Int(_) => Some(Value::Int(name.parse().ok()?)),
        Ty::Bool => Some(Value::Bool(name.parse().ok()?)),
        _ => read(ty, &Json::from(name), types),
    }
}

fn integer(json: &Json) -> Option<i128> {
    json.as_i64().map(i128::from).or_else(|| json.as_u64().map(i128::from))
}

/// A duration as serde writes it, in milliseconds.
pub(super) fn millis(json: &Json) -> Option<u64> {
    let (secs, nanos) = (json.get("secs")?.as_u64()?, json.get("nanos")?.as_u64()?);
    secs.checked_mul(1_000)?.checked_add(nanos / 1_000_000)
}

/// True if a duration in it, as serde writes it, is none in milliseconds.
pub(super) fn has_finer_time(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.iter().any(has_finer_time),
        Json::Object(object) => {
            let nanos = object.get("nanos").filter(|_| object.len() == 2 && millis(json).is_some());
            let nanos = nanos.and_then(Json::as_u64).unwrap_or(0);
            nanos % 1_000_000 > 0 || object.values().any(has_finer_time)
        }
        _ => false,
    }
}

/// A duration as serde writes it.
pub(super) fn duration(millis: u64) -> Json {
    json!({ "secs": millis / 1_000, "nanos": millis % 1_000 * 1_000_000 })
}

/// How a value of a type is written.
pub(super) fn write(ty: &Ty, value: &Value, types: &Declarations) -> Json {
    match (ty, value) {
        (_, Value::Bool(value)) => Json::from(*value),
        (_, Value::Int(value)) => match u64::try_from(*value) {
            Ok(value) => Json::from(value),
            Err(_) => i64::try_from(*value).map_or(Json::Null, Json::from),
        },
        (_, Value::Float(value)) => Json::from(value.0),
        (_, Value::Single(value)) => single(value.0),
        (_, Value::String(text)) => Json::from(text.as_str()),
        (_, Value::Duration(millis)) => duration(*millis),
        (Ty::Vec(item), Value::List(items)) => {
            items.iter().map(|value| write(item, value, types)).collect()
        }
        (Ty::Option(some), Value::Option(Some(value))) => write(some, value, types),
        (Ty::Map(key, item), Value::Map(entries)) => {
            let entry = |(name, value): &(Value, Value)| {
                let name = match write(key, name, types) {
                    Json::String(name) => name,
                    other => other.to_string(),
                };
                (name, write(item, value, types))
            };
            Json::Object(entries.iter().map(entry).collect())
        }
        (_, Value::Variant(id, at, values)) => match &types.types[id.index()].kind {
            TypeDeclKind::Enum(variants) => {
                let variant = &variants[*at as usize];
                write_tagged(&variant.name.text, &variant.fields, values, types)
            }
            TypeDeclKind::Struct(_) => Json::Null,
        },
        (_, Value::Struct(id, values)) => match &types.types[id.index()].kind {
            TypeDeclKind::Struct(fields) => write_all(fields, values, types),
            TypeDeclKind::Enum(_) => Json::Null,
        },
        (_, Value::Failure(name, message)) => json!({ "name": name, "message": message }),
        (_, Value::Rust(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str()))
        }
        _ => Json::Null,
    }
}

/// Values with the names of their fields.
pub(super) fn write_all(params: &[Param], values: &[Value], types: &Declarations) -> Json {
    let field = |(param, value): (&Param, &Value)| {
        (param.name.text.clone(), write(&param.ty, value, types))
    };
    Json::Object(params.iter().zip(values).map(field).collect::<Map<_, _>>())
}

/// A variant with its fields.
pub(super) fn write_tagged(
    name: &str,
    params: &[Param],
    values: &[Value],
    types: &Declarations,
) -> Json {
    match params {
        [] => Json::from(name),
        params => json!({ name: write_all(params, values, types) }),
    }
}
