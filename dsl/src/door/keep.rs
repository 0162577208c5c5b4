//! What stays of annotated Rust: the items as they were written, without the macros' attributes, with
//! the derives that the author did not give, and visible to those who use the module.

use super::generate::Inside;
use super::grown;
use super::parts::{self, Part};
use super::refusal::Refusals;
use super::rust::{self, Fields, Item, ItemKind};
use super::statement;
use super::tokens::{Cursor, is_punct};
use super::types;
use crate::emit::rust::Grown;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// The enum of a flat machine.
pub(super) fn enumeration(item: &Item, krate: &TokenStream) -> TokenStream {
    let attributes = strip(item.attribute_tokens.clone());
    let (visibility, body) = (&item.visibility, strip(item.body.clone()));
    let derives = derives(item, krate);
    quote!(#attributes #derives #visibility #body)
}

/// An item of a module. `elsewhere` are the words of its activities, and the machines that it names;
/// `inside` says what the machine adds to what its author has written.
pub(super) fn item(
    item: &Item,
    elsewhere: &[String],
    inside: &Inside,
    krate: &TokenStream,
) -> TokenStream {
    match parts::part(item, &mut Refusals::default()) {
        // What only the activities have named is not named where they are written anew, nor are other
        // machines.
        Part::Use(tree) if names_one_of(tree, elsewhere) => {
            let kept = as_written(item);
            quote!(#[allow(unused_imports)] #kept)
        }
        // It was refused, which is enough: rustc need not say that it knows no such attribute.
        Part::Rust if parts::is_marked(item) => {
            declaration(item, TokenStream::new(), item.body.clone())
        }
        Part::Rust | Part::Use(_) | Part::Opaque(_) => as_written(item),
        Part::Policy(..) => {
            let kept = declaration(item, TokenStream::new(), item.body.clone());
            quote!(#[allow(dead_code)] #kept)
        }
        Part::Logic(_) | Part::Actions(_) => {
            declaration(item, TokenStream::new(), item.body.clone())
        }
        // Written anew: an `async fn` of a trait does not say that its future can be sent.
        Part::Activities(_) => TokenStream::new(),
        Part::Errors(_) if inside.asks => {
            let given = item.attributes.iter().any(|a| a.name == "derive");
            let derives = if given { quote!() } else { derives_at(krate, quote!()) };
            declaration(item, derives, with_unexpected(item.body.clone(), krate))
        }
        Part::Context(..) | Part::Struct(..) => {
            declaration(item, derives(item, krate), open_fields(item.body.clone()))
        }
        Part::Root(_) | Part::States(..) => states(item, &inside.grown, krate),
        _ => declaration(item, derives(item, krate), item.body.clone()),
    }
}

/// An enum of states.
fn states(item: &Item, grown: &[Grown], krate: &TokenStream) -> TokenStream {
    let ItemKind::Enum(name, _) = &item.kind else { return as_written(item) };
    let grown: Vec<&Grown> = grown.iter().filter(|grown| name == &grown.of).collect();
    if grown.is_empty() {
        return declaration(item, derives(item, krate), item.body.clone());
    }
    let given = item.attributes.iter().any(|a| a.name == "derive");
    let derives = if given { quote!() } else { derives_at(krate, quote!()) };
    declaration(item, derives, grown::variants(item.body.clone(), &grown))
}

/// All words of `#[activities] trait Activities`; none if there is none.
pub(super) fn words_of_activities(items: &[Item]) -> Vec<String> {
    let mut words = Vec::new();
    let all = items.iter().filter(|item| is_activities(item));
    all.for_each(|item| types::words(item.body.clone(), &mut words));
    words
}

/// What its author has written in front of it; nothing if that is only the macro's.
pub(super) fn attributes_of_activities(items: &[Item]) -> TokenStream {
    items.iter().filter(|item| is_activities(item)).map(attributes).collect()
}

fn is_activities(item: &Item) -> bool {
    item.attributes.iter().any(|attribute| attribute.name == "activities")
}

fn names_one_of(tree: &TokenStream, words: &[String]) -> bool {
    let mut named = Vec::new();
    types::words(tree.clone(), &mut named);
    named.iter().any(|word| words.contains(word))
}

/// The names of the items, which the generated code then does not declare.
pub(super) fn names(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match &item.kind {
        ItemKind::Enum(name, _) | ItemKind::Struct(name, _) | ItemKind::Alias(name) => {
            Some(name.to_string())
        }
        ItemKind::Trait(name, _) => Some(name.to_string()).filter(|name| name != "Activities"),
        ItemKind::Use(_) | ItemKind::Mod(..) | ItemKind::Other => None,
    };
    items.iter().filter_map(name).collect()
}

/// The parts that every machine has and that this module does not declare.
pub(super) fn missing(items: &[Item], krate: &TokenStream) -> TokenStream {
    let has = |name: &str| items.iter().any(|i| i.attributes.iter().any(|a| a.name == name));
    let derives = derives_at(krate, TokenStream::new());
    let part = |attribute, code: TokenStream| if has(attribute) { quote!() } else { code };
    let (context, event, output) = (
        part("context", quote!(#derives pub struct Context {})),
        part("events", quote!(#derives pub enum Event {})),
        part("outputs", quote!(#derives pub enum Output {})),
    );
    quote!(#context #event #output)
}

/// The attributes of an item that are not the macros'.
pub(super) fn attributes(item: &Item) -> TokenStream {
    strip(item.attribute_tokens.clone())
}

/// An item that is no part of the machine.
pub(super) fn as_written(item: &Item) -> TokenStream {
    let (attributes, visibility, body) = (&item.attribute_tokens, &item.visibility, &item.body);
    quote!(#attributes #visibility #body)
}

/// A part of the machine is `pub` unless its author said otherwise: the module is its interface. What
/// lints say of that is then not for the author.
fn declaration(item: &Item, derives: TokenStream, body: TokenStream) -> TokenStream {
    let attributes = strip(item.attribute_tokens.clone());
    let body = strip(body);
    if item.visibility.is_empty() {
        return quote! {
            #[allow(missing_docs, unreachable_pub)] #attributes #derives pub #body
        };
    }
    let visibility = &item.visibility;
    quote!(#attributes #derives #visibility #body)
}

/// The derives of every generated type; none if the author gave some.
fn derives(item: &Item, krate: &TokenStream) -> TokenStream {
    if item.attributes.iter().any(|a| a.name == "derive") {
        return TokenStream::new();
    }
    let fieldless = match &item.kind {
        ItemKind::Enum(_, variants) => variants.iter().all(|v| matches!(v.fields, Fields::Unit)),
        _ => false,
    };
    let more = match fieldless {
        true => quote!(, ::core::marker::Copy, ::core::cmp::Eq, ::core::hash::Hash),
        false => TokenStream::new(),
    };
    derives_at(krate, more)
}

fn derives_at(krate: &TokenStream, more: TokenStream) -> TokenStream {
    let serde = quote!(#krate::__private::serde).to_string().replace(' ', "");
    quote! {
        #[derive(
            ::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq,
            #krate::__private::serde::Serialize, #krate::__private::serde::Deserialize #more
        )]
        #[serde(crate = #serde)]
    }
}

/// Takes out the attributes of the macros, also in what stands in braces and parentheses.
fn strip(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && is_ours(group) =>
            {
                tokens.next();
            }
            (TokenTree::Group(group), _) => out.push(regroup(group, strip(group.stream()))),
            _ => out.push(token),
        }
    }
    out.into_iter().collect()
}

fn is_ours(group: &Group) -> bool {
    match group.stream().into_iter().next() {
        Some(TokenTree::Ident(name)) => statement::is_ours(&name.to_string()),
        _ => false,
    }
}

/// `pub` in front of every field that does not say who sees it, and `Option` around those that are
/// `#[late]`.
fn open_fields(body: TokenStream) -> TokenStream {
    let open = |token: TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let mut cursor = Cursor::inside(&group);
            let mut fields = TokenStream::new();
            while !cursor.is_empty() {
                fields.extend(open_field(&mut cursor));
            }
            regroup(&group, fields)
        }
        other => other,
    };
    body.into_iter().map(open).collect()
}

fn open_field(cursor: &mut Cursor) -> TokenStream {
    let start = cursor.position();
    let late = rust::attributes(cursor).iter().any(|a| a.name == "late");
    let attributes = cursor.since(start);
    let start = cursor.position();
    rust::visibility(cursor);
    let mut visibility = cursor.since(start);
    if visibility.is_empty() {
        visibility = quote!(pub);
    }
    let start = cursor.position();
    cursor.until(|t| is_punct(Some(t), ':'));
    cursor.eat_punct(':');
    let name = cursor.since(start);
    let ty = cursor.until_comma();
    if late {
        quote!(#attributes #visibility #name ::core::option::Option<#ty>,)
    } else {
        quote!(#attributes #visibility #name #ty,)
    }
}

/// An enum with one more variant: what no declared error says.
fn with_unexpected(body: TokenStream, krate: &TokenStream) -> TokenStream {
    let more = |token: TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let declared = group.stream();
            let ends = declared.clone().into_iter().last();
            let comma = ends.filter(|t| !is_punct(Some(t), ',')).map(|_| quote!(,));
            let all = quote! {
                #declared #comma
                /// What no declared error says: an error of another kind, a panic.
                Unexpected(#krate::__private::Failure),
            };
            regroup(&group, all)
        }
        other => other,
    };
    body.into_iter().map(more).collect()
}

fn regroup(group: &Group, stream: TokenStream) -> TokenTree {
    let mut changed = Group::new(group.delimiter(), stream);
    changed.set_span(group.span());
    changed.into()
}
