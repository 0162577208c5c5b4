//! What other machines may know of a machine: how it is started, what can be sent to it, how it ends.
//!
//! Macros see one item only. So the module of every machine has a macro with the machine's name, which
//! hands this text over; whoever names the machine in a `use` gets it ([`super::known`]). Types stand in
//! front of the machine, each on a line of its own.

use crate::ast::{
    ContextField, File, Item, Machine, MachineItem, Modifier, Param, StateItem, StateItemKind, Type,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The macro of each machine of the first file, in order.
pub(super) fn macros(files: &[&File]) -> Vec<TokenStream> {
    let machines = files.first().into_iter().flat_map(|file| &file.items);
    let machines = machines.filter_map(|item| match item {
        Item::Machine(machine) => Some(machine),
        _ => None,
    });
    machines.map(|machine| one_macro(machine, files)).collect()
}

fn one_macro(machine: &Machine, files: &[&File]) -> TokenStream {
    let text = text(machine, files);
    // A name that is none has an error of its own.
    let Some(name) = identifier(&machine.name.text) else { return TokenStream::new() };
    let hidden = format_ident!("__statewright_{}", machine.name.text);
    quote! {
        #[allow(unused_macros)]
        #[doc(hidden)]
        macro_rules! #hidden {
            ({ $($then:tt)* } $($rest:tt)*) => { $($then)* ! { #text $($rest)* } };
        }
        #[allow(unused_imports)]
        #[doc(hidden)]
        pub(crate) use #hidden as #name;
    }
}

/// The name, if a macro can have it.
fn identifier(name: &str) -> Option<Ident> {
    let first = name.chars().next()?;
    (first.is_uppercase() && name != "Self").then(|| Ident::new(name, Span::call_site()))
}

/// The text, and the types that it names.
fn text(machine: &Machine, files: &[&File]) -> String {
    let mut named = BTreeSet::new();
    let body = body(machine, &mut named);
    let mut out = types(files, named);
    out.push_str(&body);
    out
}

fn body(machine: &Machine, named: &mut BTreeSet<String>) -> String {
    let durable = if machine.durable.is_some() { "durable " } else { "" };
    let mut out = format!("{durable}machine {} {{", machine.name.text);
    let key = machine.items.iter().find_map(|item| match item {
        MachineItem::Key(name) => Some(name.text.as_str()),
        _ => None,
    });
    for item in &machine.items {
        let _ = match item {
            MachineItem::Key(name) => write!(out, " key {}", name.text),
            MachineItem::Context(context) => {
                let fields = context.fields.iter().filter_map(|field| start(field, key, named));
                let fields: Vec<String> = fields.collect();
                write!(out, " context {{ {} }}", fields.join(" "))
            }
            MachineItem::ExternalEvents(path) => write!(out, " events {}", path.text()),
            MachineItem::Event(event) => {
                write!(out, " event {}{}", event.name.text, params(&event.params, named))
            }
            MachineItem::State(StateItem { kind: StateItemKind::State(state), .. }) => {
                let is_final = state.modifiers.iter().any(|(m, _)| *m == Modifier::Final);
                let failure = state.meta.annotations.iter().any(|a| a.name.text == "outcome");
                let outcome = if failure { " @outcome(failure)" } else { "" };
                match is_final {
                    false => Ok(()),
                    true => {
                        let data = params(&state.params, named);
                        write!(out, "{outcome} final state {}{data}", state.name.text)
                    }
                }
            }
            _ => Ok(()),
        };
    }
    out.push_str(" }\n");
    out
}

/// A field that is given at the start, or the key; nobody asks for the others.
fn start(field: &ContextField, key: Option<&str>, named: &mut BTreeSet<String>) -> Option<String> {
    let given = field.late.is_none() && field.param.default.is_none();
    let is_key = key == Some(field.param.name.text.as_str());
    let late = if given { "" } else { "late " };
    (given || is_key).then(|| format!("{late}{}", param(&field.param, named)))
}

fn params(params: &[Param], named: &mut BTreeSet<String>) -> String {
    let all: Vec<String> = params.iter().map(|of| param(of, named)).collect();
    if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
}

fn param(of: &Param, named: &mut BTreeSet<String>) -> String {
    format!("{}: {}", of.name.text, ty(&of.ty, named))
}

/// A type by its name alone: what is written as a path is brought in like what a `use` names.
fn ty(of: &Type, named: &mut BTreeSet<String>) -> String {
    let args: Vec<String> = of.args.iter().map(|arg| ty(arg, named)).collect();
    let name = of.path.segments.last().map_or("", |last| &last.text);
    named.insert(of.path.text());
    if args.is_empty() { name.to_owned() } else { format!("{name}<{}>", args.join(", ")) }
}

/// The declarations of the types that are named, and of those that these name.
fn types(files: &[&File], mut named: BTreeSet<String>) -> String {
    let items: Vec<&Item> = files.iter().flat_map(|file| &file.items).collect();
    let mut written = BTreeSet::new();
    let mut out = String::new();
    while let Some(name) = named.iter().find(|name| !written.contains(*name)).cloned() {
        match name.contains("::") {
            true => out.push_str(&format!("use {name};\n")),
            false => {
                for item in &items {
                    out.push_str(&declaration(item, &name, &mut named));
                }
            }
        }
        written.insert(name);
    }
    out
}

/// The line of a type, if the item declares it or brings it in under this name.
fn declaration(item: &Item, name: &str, named: &mut BTreeSet<String>) -> String {
    match item {
        Item::Enum(of) if of.name.text == name => {
            let variants = of
                .variants
                .iter()
                .map(|variant| format!("{}{}", variant.name.text, params(&variant.params, named)));
            let variants: Vec<String> = variants.collect();
            format!("enum {name} {{ {} }}\n", variants.join(" "))
        }
        Item::Struct(of) if of.name.text == name => {
            let fields: Vec<String> = of.fields.iter().map(|field| param(field, named)).collect();
            format!("struct {name} {{ {} }}\n", fields.join(", "))
        }
        Item::Use(of) => {
            let found = of.imports.iter().filter(|import| {
                import
                    .alias
                    .as_ref()
                    .or(import.path.segments.last())
                    .is_some_and(|n| n.text == name)
            });
            let lines = found.map(|import| {
                let alias = import.alias.as_ref().map(|alias| format!(" as {}", alias.text));
                format!("use {}{};\n", import.path.text(), alias.unwrap_or_default())
            });
            lines.collect()
        }
        _ => String::new(),
    }
}
