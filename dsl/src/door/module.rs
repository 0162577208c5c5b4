//! An annotated `mod` becomes `.flow` text: first the types, then the machine, each in the order of
//! the items.

use super::arguments::Arguments;
use super::functions::TraitKind;
use super::known::Known;
use super::parts::{self, Part};
use super::placement;
use super::refusal::Refusals;
use super::rust::{Attribute, Field, Fields, Function, Item, Variant};
use super::statement::{self, Policies};
use super::states::{self, StateEnum, States};
use super::text::FlowText;
use super::{functions, names, types, uses};
use proc_macro2::{Ident, TokenStream, TokenTree};
use std::collections::BTreeMap;

/// What the writer knows about the module.
pub(super) struct Module<'a> {
    /// Its name.
    pub(super) name: &'a Ident,
    /// `///` in front of it.
    pub(super) attributes: &'a [Attribute],
    /// `//!` in it.
    pub(super) inner: &'a [Attribute],
    /// What it holds.
    pub(super) items: &'a [Item],
    /// Other machines that it names.
    pub(super) known: &'a [Known],
}

/// How functions of the host are passed what they take.
struct Host {
    /// The enums that are passed by value.
    copied: Vec<String>,
    /// How actions take the host.
    actions: TraitKind,
}

/// Writes the module, and gives back which enum holds the states in which state.
pub(super) fn write(
    module: &Module<'_>,
    arguments: &Arguments,
    out: &mut FlowText,
    refusals: &mut Refusals,
) -> Vec<(String, Ident)> {
    let parts: Vec<(&Item, Part<'_>)> =
        module.items.iter().map(|item| (item, parts::part(item, refusals))).collect();
    placement::check_module(module.attributes, &parts, refusals);
    for attribute in module.inner {
        if let Some(text) = &attribute.doc {
            out.doc("//!", text, attribute.span);
        }
    }
    for known in module.known.iter().filter(|known| known.text.is_some()) {
        let place = known.path.last().map_or_else(|| module.name.span(), Ident::span);
        out.word("import", place);
        out.word(&format!("{:?}", known.name()), place);
        out.end_line();
    }
    let mut named = uses::named_types(module.items);
    named.extend(module.known.iter().flat_map(|known| known.brought.iter().cloned()));
    types::words(arguments.items.clone(), &mut named);
    for (item, part) in &parts {
        match part {
            Part::Use(tree) => uses::write(tree, &named, module.known, out),
            _ => write_type(item, part, &named, out, refusals),
        }
    }
    statement::write_meta(module.attributes, out);
    let name = machine_name(module.name, arguments);
    head(&name, arguments, out);
    let nested = write_items(&parts, module, arguments, out, refusals);
    out.word("}", module.name.span());
    nested
}

/// The name of the machine of a module.
pub(super) fn machine_name(module: &Ident, arguments: &Arguments) -> Ident {
    arguments
        .name
        .clone()
        .unwrap_or_else(|| Ident::new(&names::pascal(&module.to_string()), module.span()))
}

/// Writes `durable machine Name version 2 {` and the items among the arguments.
pub(super) fn head(name: &Ident, arguments: &Arguments, out: &mut FlowText) {
    if let Some(durable) = arguments.durable {
        out.word("durable", durable);
    }
    out.word("machine", name.span());
    out.word(&name.to_string(), name.span());
    if let Some(version) = &arguments.version {
        out.word("version", version.span());
        out.word(&version.to_string(), version.span());
    }
    out.word("{", name.span());
    out.end_line();
    out.tokens(arguments.items.clone());
    out.end_line();
}

/// Writes what stands in front of the machine.
fn write_type(
    item: &Item,
    part: &Part<'_>,
    named: &[String],
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    match part {
        Part::Enum(name, variants) => {
            statement::write_meta(&item.attributes, out);
            open("enum", name, out);
            write_variants("", variants, out, refusals);
            out.word("}", name.span());
        }
        Part::Struct(name, Fields::Named(fields)) => {
            statement::write_meta(&item.attributes, out);
            open("struct", name, out);
            for field in fields {
                statement::write_meta(&field.attributes, out);
                states::write_field(field, out, refusals);
                out.end_line();
            }
            out.word("}", name.span());
        }
        Part::Opaque(name) if named.iter().any(|n| *name == n) => {
            for word in ["use", "self", "::", &name.to_string(), ";"] {
                out.word(word, name.span());
            }
        }
        _ => {}
    }
    out.end_line();
}

fn open(keyword: &str, name: &Ident, out: &mut FlowText) {
    out.word(keyword, name.span());
    out.word(&name.to_string(), name.span());
    out.word("{", name.span());
    out.end_line();
}

fn write_items<'a>(
    parts: &[(&'a Item, Part<'a>)],
    module: &Module<'_>,
    arguments: &Arguments,
    out: &mut FlowText,
    refusals: &mut Refusals,
) -> Vec<(String, Ident)> {
    let is_activities = |part: &Part<'_>| matches!(part, Part::Activities(_));
    let shared = arguments.durable.is_some() || parts.iter().any(|(_, part)| is_activities(part));
    let actions = if shared { TraitKind::SharedActions } else { TraitKind::Actions };
    let outside = module.known.iter().flat_map(|known| known.copied.iter().cloned());
    let host = Host { copied: parts::copied(parts).into_iter().chain(outside).collect(), actions };
    let mut policies = Policies::default();
    let mut enums = BTreeMap::new();
    for (item, part) in parts {
        match part {
            Part::Policy(name, _) => policies.add(name),
            Part::States(name, variants) => {
                let attributes = &item.attributes;
                let found = StateEnum { attributes, name, variants, holder: None };
                enums.insert(name.to_string(), found);
            }
            _ => {}
        }
    }
    let mut states = States { enums, policies: &policies, nested: Vec::new() };
    for (item, part) in parts {
        write_part(item, part, &host, &mut states, out, refusals);
        out.end_line();
    }
    missing(parts, module.name, &states, refusals);
    states.nested
}

fn write_part<'a>(
    item: &'a Item,
    part: &Part<'a>,
    host: &Host,
    states: &mut States<'a>,
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    let mut write = |kind, functions: &[Function]| {
        functions::write(kind, functions, &host.copied, out, refusals);
    };
    match part {
        Part::Context(name, Fields::Named(fields)) => {
            statement::write_annotations(&item.attributes, out);
            write_context(name, fields, out, refusals);
        }
        Part::Context(name, _) => refusals.at(
            name.span(),
            "the context has named fields",
            "write `struct Context { count: u32 }`",
        ),
        Part::Events(variants) => write_variants("event", variants, out, refusals),
        Part::Outputs(variants) => write_variants("output", variants, out, refusals),
        Part::Errors(variants) => write_variants("error", variants, out, refusals),
        Part::Logic(functions) => write(TraitKind::Logic, functions),
        Part::Actions(functions) => write(host.actions, functions),
        Part::Activities(functions) => {
            write(TraitKind::Activities, functions);
            placement::check_activities(item, refusals);
        }
        Part::Policy(name, items) => {
            statement::write_meta(&item.attributes, out);
            out.word("policy", name.span());
            out.word(&names::snake(&name.to_string()), name.span());
            out.word("{", name.span());
            out.tokens(items.clone());
            out.word("}", name.span());
        }
        Part::Root(variants) => {
            statement::write_statements(&item.attributes, states.policies, out);
            states.write_all(variants, "", out, refusals);
        }
        _ => {}
    }
}

fn write_context(name: &Ident, fields: &[Field], out: &mut FlowText, refusals: &mut Refusals) {
    out.word("context", name.span());
    out.word("{", name.span());
    out.end_line();
    for field in fields {
        statement::write_meta(&field.attributes, out);
        if let Some(late) = field.attributes.iter().find(|a| a.name == "late") {
            out.word("late", late.span);
        }
        states::write_field(field, out, refusals);
        out.end_line();
    }
    out.word("}", name.span());
}

/// Writes variants as events, outputs, errors, or, without a keyword, as variants of an enum.
fn write_variants(
    keyword: &str,
    variants: &[Variant],
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    for variant in variants {
        statement::write_meta(&variant.attributes, out);
        if let Some(transient) = variant.attributes.iter().find(|a| a.name == "transient") {
            out.word("transient", transient.span);
        }
        if !keyword.is_empty() {
            out.word(keyword, variant.name.span());
        }
        out.word(&variant.name.to_string(), variant.name.span());
        match &variant.fields {
            Fields::Unit => {}
            Fields::Named(fields) => {
                let fields: Vec<&Field> = fields.iter().collect();
                states::write_fields(&fields, &variant.name, out, refusals);
            }
            Fields::Tuple(_, group) => refusals.over(
                TokenStream::from(TokenTree::Group(group.clone())),
                "a payload needs names",
                format!("write `{} {{ value: .. }}`", variant.name),
            ),
        }
        out.end_line();
    }
}

/// Says what is missing: the states, or the state that holds an enum of states.
fn missing(
    parts: &[(&Item, Part<'_>)],
    module: &Ident,
    states: &States<'_>,
    refusals: &mut Refusals,
) {
    if !parts.iter().any(|(_, part)| matches!(part, Part::Root(_))) {
        refusals.at(
            module.span(),
            "a machine needs an `enum State`",
            "declare `enum State { #[state(initial)] First }` in the module",
        );
        return;
    }
    for found in states.enums.values().filter(|found| found.holder.is_none()) {
        refusals.at(
            found.name.span(),
            format!("no state holds `{}`", found.name),
            format!(
                "let a variant hold it, `Outer({0})`, or a field of a variant, \
                 `Outer {{ left: {0}, right: .. }}`",
                found.name
            ),
        );
    }
}
