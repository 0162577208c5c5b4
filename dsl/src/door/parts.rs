//! What the items of an annotated `mod` are: parts of the machine, states, types, imports.

use super::refusal::Refusals;
use super::rust::{Fields, Function, Item, ItemKind, Variant};
use super::states;
use super::text::FlowText;
use super::types;
use proc_macro2::{Ident, Span, TokenStream};

/// What an item of the `mod` is to the machine.
pub(super) enum Part<'a> {
    /// `#[context] struct Context`
    Context(&'a Ident, &'a Fields),
    /// `#[events] enum Event`
    Events(&'a [Variant]),
    /// `#[outputs] enum Output`
    Outputs(&'a [Variant]),
    /// `#[errors] enum Error`
    Errors(&'a [Variant]),
    /// `#[logic] trait Logic`
    Logic(&'a [Function]),
    /// `#[actions] trait Actions`
    Actions(&'a [Function]),
    /// `#[activities] trait Activities`
    Activities(&'a [Function]),
    /// `#[policy(..)] struct Gateway;`
    Policy(&'a Ident, TokenStream),
    /// `enum State`
    Root(&'a [Variant]),
    /// Any other enum whose variants are states.
    States(&'a Ident, &'a [Variant]),
    /// An enum that the language can declare.
    Enum(&'a Ident, &'a [Variant]),
    /// A struct that the language can declare.
    Struct(&'a Ident, &'a Fields),
    /// A type that the language stores and passes without looking into it.
    Opaque(&'a Ident),
    /// What stands behind `use`.
    Use(&'a TokenStream),
    /// No business of the machine's.
    Rust,
}

/// The attributes that name a part, the item that it stands on, and the name it must have.
const PARTS: &[(&str, &str, &str)] = &[
    ("context", "struct", "Context"),
    ("events", "enum", "Event"),
    ("outputs", "enum", "Output"),
    ("errors", "enum", "Error"),
    ("logic", "trait", "Logic"),
    ("actions", "trait", "Actions"),
    ("activities", "trait", "Activities"),
];

/// True for what is marked as a part of the machine, also if it cannot be one.
pub(super) fn is_marked(item: &Item) -> bool {
    PARTS.iter().any(|(name, ..)| item.attributes.iter().any(|a| a.name == *name))
}

/// Says what an item is.
pub(super) fn part<'a>(item: &'a Item, refusals: &mut Refusals) -> Part<'a> {
    let marked = PARTS.iter().find(|(name, ..)| item.attributes.iter().any(|a| a.name == *name));
    if let Some((attribute, keyword, expected)) = marked {
        refuse_generics(item, refusals);
        refuse_narrow(item, refusals);
        return marked_part(item, attribute, keyword, expected, refusals);
    }
    match &item.kind {
        ItemKind::Enum(name, variants) if name == "State" => {
            refuse_generics(item, refusals);
            refuse_narrow(item, refusals);
            Part::Root(variants)
        }
        ItemKind::Enum(name, variants) if states::holds_states(&item.attributes, variants) => {
            refuse_generics(item, refusals);
            Part::States(name, variants)
        }
        ItemKind::Struct(name, fields) => {
            match item.attributes.iter().find(|a| a.name == "policy") {
                Some(policy) => {
                    refuse_fields(fields, refusals);
                    Part::Policy(name, policy.args.clone())
                }
                None if is_unmarked(name, refusals) => Part::Rust,
                None if item.generics.is_none() && is_expressible(fields) => {
                    Part::Struct(name, fields)
                }
                None => Part::Opaque(name),
            }
        }
        ItemKind::Enum(name, _) | ItemKind::Trait(name, _) if is_unmarked(name, refusals) => {
            Part::Rust
        }
        ItemKind::Enum(name, variants)
            if item.generics.is_none() && variants.iter().all(|v| is_declarable(&v.fields)) =>
        {
            Part::Enum(name, variants)
        }
        ItemKind::Enum(name, _) | ItemKind::Alias(name) => Part::Opaque(name),
        ItemKind::Use(tree) => Part::Use(tree),
        _ => Part::Rust,
    }
}

/// The enums without data, which are passed by value.
pub(super) fn copied(parts: &[(&Item, Part<'_>)]) -> Vec<String> {
    let plain = |v: &Variant| matches!(v.fields, Fields::Unit);
    parts
        .iter()
        .filter_map(|(_, part)| match part {
            Part::Enum(name, variants) if variants.iter().all(plain) => Some(name.to_string()),
            _ => None,
        })
        .collect()
}

fn marked_part<'a>(
    item: &'a Item,
    attribute: &str,
    keyword: &str,
    expected: &str,
    refusals: &mut Refusals,
) -> Part<'a> {
    let (name, part) = match (&item.kind, attribute) {
        (ItemKind::Struct(name, fields), "context") => (name, Part::Context(name, fields)),
        (ItemKind::Enum(name, variants), "events") => (name, Part::Events(variants)),
        (ItemKind::Enum(name, variants), "outputs") => (name, Part::Outputs(variants)),
        (ItemKind::Enum(name, variants), "errors") => (name, Part::Errors(variants)),
        (ItemKind::Trait(name, functions), "logic") => (name, Part::Logic(functions)),
        (ItemKind::Trait(name, functions), "actions") => (name, Part::Actions(functions)),
        (ItemKind::Trait(name, functions), "activities") => (name, Part::Activities(functions)),
        _ => {
            refusals.at(
                item.attributes
                    .iter()
                    .find(|a| a.name == attribute)
                    .map_or_else(Span::call_site, |a| a.span),
                format!("`#[{attribute}]` stands in front of {}", with_article(keyword)),
                format!("write `#[{attribute}] {keyword} {expected} {{ .. }}`"),
            );
            return Part::Rust;
        }
    };
    if name != expected {
        refusals.at(
            name.span(),
            format!("the {keyword} behind `#[{attribute}]` is called `{expected}`"),
            format!("write `{keyword} {expected}`: every machine has it under this name"),
        );
    }
    part
}

fn with_article(keyword: &str) -> String {
    let article = if keyword == "enum" { "an" } else { "a" };
    format!("{article} `{keyword}`")
}

/// Parts of a machine are no more generic than it is.
pub(super) fn refuse_generics(item: &Item, refusals: &mut Refusals) {
    if let Some(span) = item.generics {
        refusals.at(
            span,
            "a machine cannot be generic",
            "name the type itself; a type of the program comes in by `use`",
        );
    }
}

/// What the generated code shows to all who see the module cannot be seen by fewer.
fn refuse_narrow(item: &Item, refusals: &mut Refusals) {
    let is_type = matches!(item.kind, ItemKind::Enum(..) | ItemKind::Struct(..));
    if is_type && item.visibility.clone().into_iter().count() > 1 {
        refusals.over(
            item.visibility.clone(),
            "who sees the module sees this type",
            "take the visibility out, and put it in front of the module",
        );
    }
}

fn refuse_fields(fields: &Fields, refusals: &mut Refusals) {
    let first = match fields {
        Fields::Unit => return,
        Fields::Named(fields) => fields.first().map(|field| field.name.span()),
        Fields::Tuple(_, group) => Some(group.span_open()),
    };
    refusals.at(
        first.unwrap_or_else(Span::call_site),
        "a policy has no fields",
        "write `#[policy(timeout 5s)] struct Patient;`",
    );
}

/// True, and an error, for an item that has the name of a part without being marked as it.
fn is_unmarked(name: &Ident, refusals: &mut Refusals) -> bool {
    let Some((attribute, keyword, expected)) = PARTS.iter().find(|(_, _, part)| name == part)
    else {
        return false;
    };
    refusals.at(
        name.span(),
        format!("`{expected}` is a part of the machine and is not marked as one"),
        format!("write `#[{attribute}]` in front of the {keyword}, or give it another name"),
    );
    true
}

/// True if the language can declare a variant with these fields.
fn is_declarable(fields: &Fields) -> bool {
    matches!(fields, Fields::Unit) || is_expressible(fields)
}

fn is_expressible(fields: &Fields) -> bool {
    let Fields::Named(fields) = fields else { return false };
    let mut refusals = Refusals::default();
    for field in fields {
        types::write(field.ty.clone(), &mut FlowText::default(), &mut refusals);
    }
    refusals.is_empty()
}
