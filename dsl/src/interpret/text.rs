//! Values as they are written in scenarios and scripts.

use super::value::Value;
use crate::ast::duration;
use crate::model::{Declarations, TypeDeclKind};

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
