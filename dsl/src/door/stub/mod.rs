//! Stands in for a machine that has errors: its types and traits as far as the syntax tree tells, and
//! a `Machine` that does nothing. One mistake in a chart is then one message, and not one more for
//! every place of the program that uses the machine.
//!
//! The code is never run: an error always goes with it.

mod activities;
mod machine;
mod states;
mod types;

use super::names::snake;
use crate::ast::{ContextField, File, Item, Machine, MachineItem, Param, Path, Signature};
use proc_macro2::TokenStream;
use std::fmt::Write;
use types::{Types, fields, ident, reference, traits, ty, variant};

/// A module for every machine of the first file; the others are those that it imports. `krate` is
/// the path of the runtime.
pub(super) fn modules(files: &[&File], krate: &TokenStream) -> TokenStream {
    let types = Types::of(files);
    let mut out = String::new();
    let mut protocols = super::protocol::macros(files).into_iter();
    for item in files.first().into_iter().flat_map(|file| &file.items) {
        let Item::Machine(machine) = item else { continue };
        let protocol = protocols.next().unwrap_or_default();
        let Some(name) = ident(&snake(&machine.name.text)) else { continue };
        let _ = write!(out, "#[allow(unused, clippy::all)] pub mod {name} {{ {protocol}");
        types.write(&mut out);
        parts(machine, &types, &mut out);
        states::write(machine, &types, &mut out);
        states::write_in(machine, &mut out);
        machine::write(&krate.to_string(), &mut out);
        activities::write(machine, &types, false, &krate.to_string(), &mut out);
        out.push('}');
    }
    // Names that are no identifiers are left out above, so the text is Rust; if it were not, the
    // error that goes with it is still reported.
    out.parse().unwrap_or_default()
}

/// What is missing in an annotated module, which has its own types: `Machine`, `Start`, `In`, and what
/// belongs to activities. `given` are the names of its types.
pub(super) fn inside(file: &File, given: &[String], krate: &TokenStream) -> TokenStream {
    let mut out = String::new();
    let types = Types::of(&[file]);
    for item in &file.items {
        let Item::Machine(machine) = item else { continue };
        start(&context(machine), &types, &mut out);
        states::write_in(machine, &mut out);
        machine::write(&krate.to_string(), &mut out);
        let has_errors = given.iter().any(|name| name == "Error");
        activities::write(machine, &types, has_errors, &krate.to_string(), &mut out);
    }
    out.parse().unwrap_or_default()
}

/// What stands beside an annotated enum: a module in which it is the state.
pub(super) fn beside(
    file: &File,
    state: &str,
    visibility: &str,
    krate: &TokenStream,
) -> TokenStream {
    let types = Types::of(&[file]);
    let mut out = String::new();
    for item in &file.items {
        let Item::Machine(machine) = item else { continue };
        let Some(name) = ident(&snake(&machine.name.text)) else { continue };
        let _ = write!(out, "#[allow(unused, clippy::all)] {visibility} mod {name} {{");
        let _ = write!(out, "pub type State = super::{state};");
        parts(machine, &types, &mut out);
        states::write_in(machine, &mut out);
        machine::write(&krate.to_string(), &mut out);
        activities::write(machine, &types, false, &krate.to_string(), &mut out);
        out.push('}');
    }
    out.parse().unwrap_or_default()
}

/// Context, events, outputs and the traits.
fn parts(machine: &Machine, types: &Types, out: &mut String) {
    let (mut events, mut outputs) = (Vec::new(), Vec::new());
    let (mut logic, mut actions) = (String::new(), String::new());
    let this = if activities::shares_host(machine) { "&self," } else { "&mut self," };
    for item in &machine.items {
        match item {
            MachineItem::Event(event) => events.push(event),
            MachineItem::Output(output) => outputs.push(output),
            MachineItem::Guard(guard) => function(guard, "", "-> bool", types, &mut logic),
            MachineItem::Fn(pure) => {
                let result = pure.result.as_ref().map(|r| format!("-> {}", ty(r, types)));
                function(pure, "", &result.unwrap_or_default(), types, &mut logic);
            }
            MachineItem::Action(action) => function(action, this, "", types, &mut actions),
            _ => {}
        }
    }
    let fields = context(machine);
    match external(machine, "Context") {
        Some(path) => {
            out.push_str(&path);
            out.push_str("pub type Start = Context;");
        }
        None => {
            write_context(&fields, types, out);
            start(&fields, types, out);
        }
    }
    for (name, variants) in [("Event", events), ("Output", outputs)] {
        match external(machine, name) {
            Some(path) => out.push_str(&path),
            None => write_enum(name, &variants, types, out),
        }
    }
    for (name, functions) in [("Logic", logic), ("Actions", actions)] {
        if !functions.is_empty() {
            let _ = write!(out, "pub trait {name} {{ {functions} }}");
        }
    }
}

/// `pub use path as Event;`, if the machine says that its events are the user's own.
fn external(machine: &Machine, name: &str) -> Option<String> {
    let path = machine.items.iter().find_map(|item| match (item, name) {
        (MachineItem::ExternalContext(path), "Context")
        | (MachineItem::ExternalEvents(path), "Event")
        | (MachineItem::ExternalOutputs(path), "Output") => Some(path),
        _ => None,
    })?;
    // Behind another name, since the path may be the name itself, and relative to the module around.
    Some(format!(
        "mod external_{name} {{ use super::super::*; pub type Type = {}; }}
         pub type {name} = external_{name}::Type;",
        rust_path(path)?
    ))
}

fn rust_path(path: &Path) -> Option<String> {
    let names: Option<Vec<String>> = path.segments.iter().map(|s| ident(&s.text)).collect();
    Some(names?.join("::"))
}

fn context(machine: &Machine) -> Vec<&ContextField> {
    let declared = machine.items.iter().filter_map(|item| match item {
        MachineItem::Context(context) => Some(&context.fields),
        _ => None,
    });
    declared.flatten().collect()
}

fn write_context(context: &[&ContextField], types: &Types, out: &mut String) {
    out.push_str("pub struct Context {");
    for field in context {
        let Some(name) = ident(&field.param.name.text) else { continue };
        let owned = ty(&field.param.ty, types);
        let _ = match field.late {
            Some(_) => write!(out, "pub {name}: ::core::option::Option<{owned}>,"),
            None => write!(out, "pub {name}: {owned},"),
        };
    }
    out.push('}');
    traits("Context", out);
}

fn start(context: &[&ContextField], types: &Types, out: &mut String) {
    let given = context.iter().filter(|f| f.late.is_none() && f.param.default.is_none());
    let given: Vec<Param> = given.map(|field| field.param.clone()).collect();
    let written = fields(&given, "pub", types);
    let _ = write!(out, "pub struct Start {{ {written} }}");
    traits("Start", out);
    if given.is_empty() {
        out.push_str(
            "impl ::core::default::Default for Start { fn default() -> Self { Start {} } }",
        );
    }
}

fn write_enum(name: &str, variants: &[&Signature], types: &Types, out: &mut String) {
    let _ = write!(out, "pub enum {name} {{");
    for declared in variants {
        variant(&declared.name.text, &fields(&declared.params, "", types), out);
    }
    out.push('}');
    traits(name, out);
}

fn function(signature: &Signature, receiver: &str, result: &str, types: &Types, out: &mut String) {
    let Some(name) = ident(&signature.name.text) else { return };
    let _ = write!(out, "fn {name}({receiver}");
    for Param { name, ty, .. } in &signature.params {
        if let Some(name) = ident(&name.text) {
            let _ = write!(out, "{name}: {},", reference(ty, types));
        }
    }
    let _ = write!(out, ") {result};");
}
