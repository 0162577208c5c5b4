//! W0901: `PascalCase` for machines, states, events, outputs, errors, types and variants, `snake_case`
//! for fields, parameters, functions, activities and bindings, as Rust has them.
//!
//! The names become Rust types and fields, and a reader of a diagram sees at once what is a state
//! and what is data. Names that belong to the user's own Rust types are not looked at.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    ActivityKind, BindingField, ContextDecl, EventDecl, FunctionKind, Name, Param, StateKind,
    TypeDecl, TypeDeclKind,
};
use crate::spelling::NEVER_RAW;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let declarations = &facts.model.declarations;
    for ty in declarations.types.iter().filter(|ty| !ty.imported) {
        type_names(ty, d);
    }
    if let ContextDecl::Declared(fields) = &declarations.context {
        fields.iter().for_each(|field| snake("field", &field.param.name, d));
    }
    if declarations.external_events.is_none() {
        payload_names("event", &declarations.events, d);
    }
    if declarations.external_outputs.is_none() {
        payload_names("output", &declarations.outputs, d);
    }
    for function in &declarations.functions {
        let what = match function.kind {
            FunctionKind::Guard => "guard",
            FunctionKind::Fn => "fn",
            FunctionKind::Action => "action",
        };
        snake(what, &function.name, d);
        params(&function.params, d);
    }
    for activity in &declarations.activities {
        match activity.kind {
            ActivityKind::Host => snake("activity", &activity.name, d),
            ActivityKind::Person => snake("human step", &activity.name, d),
            // It is called like the machine.
            ActivityKind::Machine(_) => {}
        }
    }
    declarations.of_host().for_each(|activity| params(&activity.params, d));
    for error in declarations.errors.iter().filter(|error| !error.imported) {
        pascal("error", &error.name, d);
        params(&error.params, d);
    }
    for state in &facts.model.states {
        let what = match state.kind {
            StateKind::Root => "machine",
            StateKind::Region => "region",
            _ => "state",
        };
        pascal(what, &state.name, d);
        params(&state.data, d);
    }
    for binding in facts.model.reactions.iter().flat_map(|r| &r.bindings) {
        // A name behind `{` is the field's, and was looked at there.
        if !matches!(binding.field, BindingField::Named(_)) {
            snake("name", &binding.name, d);
        }
    }
}

fn type_names(ty: &TypeDecl, d: &mut Diagnostics) {
    pascal("type", &ty.name, d);
    match &ty.kind {
        TypeDeclKind::Enum(variants) => {
            for variant in variants {
                pascal("variant", &variant.name, d);
                params(&variant.fields, d);
            }
        }
        TypeDeclKind::Struct(fields) => params(fields, d),
    }
}

fn payload_names(what: &str, list: &[EventDecl], d: &mut Diagnostics) {
    for event in list {
        pascal(what, &event.name, d);
        params(&event.params, d);
    }
}

fn params(list: &[Param], d: &mut Diagnostics) {
    list.iter().filter(|p| !p.made).for_each(|param| snake("field", &param.name, d));
}

fn pascal(what: &str, name: &Name, d: &mut Diagnostics) {
    let better = to_pascal(&name.text);
    report(what, "PascalCase", name, better, d);
}

fn snake(what: &str, name: &Name, d: &mut Diagnostics) {
    let better = to_snake(&name.text);
    report(what, "snake_case", name, better, d);
}

fn report(what: &str, style: &str, name: &Name, better: String, d: &mut Diagnostics) {
    if better == name.text {
        return;
    }
    let is_none = NEVER_RAW.contains(&better.as_str());
    let better = if is_none { format!("{better}_") } else { better };
    if better == name.text {
        return;
    }
    d.push(
        Diagnostic::new(Code::Naming, name.span, format!("{what} `{}` is not {style}", name.text))
            .help(format!("call it `{better}`, here and where it is used")),
    );
}

/// `door_open` and `doorOpen` to `DoorOpen`; `HTTPError` and `V1_2` stay as they are.
fn to_pascal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut upper = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let between_digits = out.ends_with(|p: char| p.is_ascii_digit())
            && chars.peek().is_some_and(|n| n.is_ascii_digit());
        if c == '_' && !between_digits {
            upper = true;
        } else if std::mem::take(&mut upper) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    // Nothing but underscores: there is no better name.
    if out.is_empty() { text.to_owned() } else { out }
}

/// `doorOpen` and `DoorOpen` to `door_open`, `HTTPError` to `http_error`; `_unused` stays.
fn to_snake(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| chars[b]);
        let starts_word = before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit())
            || (before.is_some_and(char::is_uppercase)
                && chars.get(at + 1).is_some_and(|n| n.is_lowercase()));
        if c.is_uppercase() && starts_word {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn no_name_is_asked_for_that_is_none() {
        let told = |what: &str, text: &str| {
            let (name, mut d) =
                (Name { text: text.to_owned(), span: Span::default() }, Diagnostics::default());
            match what {
                "state" => pascal(what, &name, &mut d),
                _ => snake(what, &name, &mut d),
            }
            d.iter().next().and_then(|one| one.help.clone())
        };
        // The one is told to be no name at all.
        assert_eq!((told("state", "Self"), told("state", "Self_")), (None, None));
        assert_eq!(
            told("state", "self_"),
            Some("call it `Self_`, here and where it is used".into())
        );
        assert_eq!(
            told("field", "Super"),
            Some("call it `super_`, here and where it is used".into())
        );
    }

    #[test]
    fn names_are_converted_once_and_stay() {
        for (from, to) in [
            ("door_open", "DoorOpen"),
            ("doorOpen", "DoorOpen"),
            ("DoorOpen", "DoorOpen"),
            ("HTTPError", "HTTPError"),
            ("V1_2", "V1_2"),
            ("_", "_"),
            ("öffnen", "Öffnen"),
            ("开", "开"),
        ] {
            assert_eq!(to_pascal(from), to);
            assert_eq!(to_pascal(to), to);
        }
        for (from, to) in [
            ("doorOpen", "door_open"),
            ("DoorOpen", "door_open"),
            ("door_open", "door_open"),
            ("HTTPError", "http_error"),
            ("v2Beta", "v2_beta"),
            ("_unused", "_unused"),
            ("x1", "x1"),
            ("开", "开"),
        ] {
            assert_eq!(to_snake(from), to);
            assert_eq!(to_snake(to), to);
        }
    }
}
