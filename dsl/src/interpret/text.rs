//! Values as they are written in scenarios and scripts.

use super::activity::Reply;
use super::value::Value;
use crate::ast::duration;
use crate::model::{ActivityId, Declarations, Param, Ty, TypeDeclKind};
use std::time::Duration;

impl Value {
    /// The value as a script has it: `Lamp::Red`, `some(3)`, `[1, 2]`, `1h30m`. A struct is written
    /// like a call, `Review(0.5, "good")`; a value of a Rust type is a string.
    pub fn text(&self, declarations: &Declarations) -> String {
        let all = |values: &[Value]| {
            values.iter().map(|value| value.text(declarations)).collect::<Vec<_>>().join(", ")
        };
        let name = |id: &crate::model::TypeId| &declarations.types[id.index()].name.text;
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{:?}", value.0),
            Self::Single(value) => format!("{:?}", value.0),
            Self::String(text) | Self::Rust(text) => quoted(text),
            Self::Failure(name, message) => format!("error({}, {})", quoted(name), quoted(message)),
            Self::Duration(ms) => duration(*ms),
            Self::List(items) => format!("[{}]", all(items)),
            Self::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(k, v)| format!("{}: {}", k.text(declarations), v.text(declarations)));
                format!("[{}]", entries.collect::<Vec<_>>().join(", "))
            }
            Self::Option(None) => "none".into(),
            Self::Option(Some(inner)) => format!("some({})", inner.text(declarations)),
            Self::Struct(id, fields) => format!("{}({})", name(id), all(fields)),
            Self::Variant(id, at, fields) => {
                let variant = match &declarations.types[id.index()].kind {
                    TypeDeclKind::Enum(variants) => {
                        variants.get(*at as usize).map_or("_", |v| v.name.text.as_str())
                    }
                    TypeDeclKind::Struct(_) => "_",
                };
                let fields =
                    if fields.is_empty() { String::new() } else { format!("({})", all(fields)) };
                format!("{}::{variant}{fields}", name(id))
            }
        }
    }
}

/// `name(a, b)`; `name(..)` without arguments.
pub(crate) fn called(declarations: &Declarations, name: &str, args: Option<&[Value]>) -> String {
    let Some(args) = args else { return format!("{name}(..)") };
    let args: Vec<String> = args.iter().map(|arg| arg.text(declarations)).collect();
    format!("{name}({})", args.join(", "))
}

/// How an activity ends, as it stands behind `given`; for a step under its name, without arguments for
/// any call.
pub(crate) fn ending(
    declarations: &Declarations,
    (of, step): (ActivityId, Option<&str>),
    args: Option<&[Value]>,
    reply: &Reply,
) -> String {
    let how = match reply {
        Reply::Done(Some(value)) => value.text(declarations),
        Reply::Done(None) => "done".to_owned(),
        Reply::Error(error, values) => {
            let name = &declarations.errors[error.index()].name.text;
            match values.as_slice() {
                [] => format!("error {name}"),
                values => format!("error {}", called(declarations, name, Some(values))),
            }
        }
        Reply::Unexpected(text) => format!("error {}", quoted(text)),
        Reply::Failed(name, text) if name == text => format!("error {name}"),
        Reply::Failed(name, text) => format!("error {name}({})", quoted(text)),
    };
    let name = step.unwrap_or(&declarations.activities[of.index()].name.text);
    format!("{} = {how}", called(declarations, name, args))
}

impl Value {
    /// The value as `{:?}` shows it in Rust, which is what generated code says of errors with several
    /// parts.
    pub(super) fn debug(&self, ty: &Ty, declarations: &Declarations) -> String {
        let of = |value: &Value, ty: &Ty| value.debug(ty, declarations);
        match (self, ty) {
            (Self::String(text), _) => format!("{text:?}"),
            (Self::Duration(ms), _) => format!("{:?}", Duration::from_millis(*ms)),
            (Self::List(items), Ty::Vec(ty)) => {
                let items: Vec<String> = items.iter().map(|item| of(item, ty)).collect();
                format!("[{}]", items.join(", "))
            }
            (Self::Map(entries), Ty::Map(key, value)) => {
                let text = |(k, v): &(Value, Value)| format!("{}: {}", of(k, key), of(v, value));
                let entries: Vec<String> = entries.iter().map(text).collect();
                format!("{{{}}}", entries.join(", "))
            }
            (Self::Option(None), _) => "None".into(),
            (Self::Option(Some(inner)), Ty::Option(ty)) => format!("Some({})", of(inner, ty)),
            (Self::Struct(id, values) | Self::Variant(id, _, values), _) => {
                let declared = &declarations.types[id.index()];
                let (name, fields) = match (&declared.kind, self) {
                    (TypeDeclKind::Enum(variants), Self::Variant(_, at, _)) => {
                        let variant = &variants[*at as usize];
                        (&variant.name.text, &variant.fields[..])
                    }
                    (TypeDeclKind::Struct(fields), _) => (&declared.name.text, &fields[..]),
                    (TypeDeclKind::Enum(_), _) => (&declared.name.text, &[][..]),
                };
                let field = |(f, v): (&Param, &Value)| format!("{}: {}", f.name.text, of(v, &f.ty));
                let all: Vec<String> = fields.iter().zip(values).map(field).collect();
                if all.is_empty() {
                    name.clone()
                } else {
                    format!("{name} {{ {} }}", all.join(", "))
                }
            }
            (Self::Rust(text), _) => text.clone(),
            _ => self.text(declarations),
        }
    }
}

/// A string in quotes, with the escapes of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
