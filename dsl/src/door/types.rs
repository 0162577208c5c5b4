//! Rust types become types of the language, or are refused with what to write instead.

use super::refusal::Refusals;
use super::text::FlowText;
use super::tokens::Cursor;
use crate::spelling::BUILT_IN;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// True for types that the language knows without a declaration. `BTreeMap` is its `Map`.
pub(super) fn is_built_in(name: &str) -> bool {
    name == "BTreeMap" || BUILT_IN.contains(&name)
}

/// Writes the type of a field, which owns its value.
pub(super) fn write(ty: TokenStream, out: &mut FlowText, refusals: &mut Refusals) {
    let end = ty.clone().into_iter().last().map_or_else(Span::call_site, |t| t.span());
    one(&mut Cursor::new(ty, end), out, refusals);
}

/// Writes the type of a parameter: `&str` is a `String`, `&[T]` a `Vec<T>`, `&T` a `T`.
pub(super) fn write_param(ty: TokenStream, out: &mut FlowText, refusals: &mut Refusals) {
    let end = ty.clone().into_iter().last().map_or_else(Span::call_site, |t| t.span());
    let mut cursor = Cursor::new(ty, end);
    if !cursor.eat_punct('&') {
        return one(&mut cursor, out, refusals);
    }
    if cursor.eat_word("mut") {
        refusals.at(
            cursor.span(),
            "host functions do not change what they are given",
            "return the new value from a `fn` and `set` it, or take `&T`",
        );
    }
    if cursor.is_word("str") {
        return out.word("String", cursor.span());
    }
    match cursor.eat_group(Delimiter::Bracket) {
        Some(slice) => {
            out.word("Vec", slice.span_open());
            out.word("<", slice.span_open());
            one(&mut Cursor::inside(&slice), out, refusals);
            out.word(">", slice.span_close());
        }
        None => one(&mut cursor, out, refusals),
    }
}

/// The single words that a type names, for finding out which `use` it needs.
pub(super) fn words(ty: TokenStream, found: &mut Vec<String>) {
    for token in ty {
        match token {
            TokenTree::Ident(word) => found.push(word.to_string()),
            TokenTree::Group(group) => words(group.stream(), found),
            _ => {}
        }
    }
}

fn one(cursor: &mut Cursor, out: &mut FlowText, refusals: &mut Refusals) {
    let Some((message, help)) = foreign(cursor) else { return path(cursor, out, refusals) };
    refusals.over(cursor.clone().rest(), message, help);
    cursor.rest();
}

/// What is said about a type that the language has no words for; `None` if it has.
fn foreign(cursor: &Cursor) -> Option<(&'static str, &'static str)> {
    match cursor.ahead(0) {
        Some(TokenTree::Punct(p)) if p.as_char() == '&' => Some((
            "a machine owns its data, it cannot hold a reference",
            "write `String`, `Vec<T>` or `T`",
        )),
        Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Bracket => Some((
            "the language has no arrays",
            "write `Vec<T>`, or give the type a name, `type Grid = ..;`: it is then stored and \
             passed as it is",
        )),
        Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis => {
            Some(("the language has no tuples", "declare a `struct` with named fields"))
        }
        Some(TokenTree::Ident(word)) if ["dyn", "impl", "fn"].iter().any(|w| word == w) => Some((
            "the language has no such types",
            "give the type a name, `type Job = ..;`: it is then stored and passed as it is",
        )),
        Some(TokenTree::Ident(_)) => None,
        Some(TokenTree::Punct(p)) if p.as_char() == ':' => None,
        _ => Some(("a type is expected here", "write the name of a type, as `u32`")),
    }
}

fn path(cursor: &mut Cursor, out: &mut FlowText, refusals: &mut Refusals) {
    let mut segments: Vec<Ident> = Vec::new();
    loop {
        while cursor.eat_punct(':') {}
        match cursor.eat_ident() {
            Some(word) => segments.push(word),
            None => break,
        }
        if !cursor.is_punct(':') {
            break;
        }
    }
    write_path(&segments, out);
    if cursor.is_punct('<') {
        arguments(cursor, out, refusals);
    }
}

/// Writes the path, or the language's own word for a type of the standard library.
fn write_path(segments: &[Ident], out: &mut FlowText) {
    let Some(last) = segments.last() else { return };
    let standard = segments.len() == 1
        || segments.first().is_some_and(|w| w == "std" || w == "core" || w == "alloc");
    let name = last.to_string();
    if standard && is_built_in(&name) {
        let name = if name == "BTreeMap" { "Map" } else { &name };
        return out.word(name, last.span());
    }
    if is_failure(segments) {
        return out.word(&name, last.span());
    }
    for (i, segment) in segments.iter().enumerate() {
        if i > 0 {
            out.word("::", segment.span());
        }
        out.word(&segment.to_string(), segment.span());
    }
}

/// True for `statewright::Failure`, which the language knows as `Failure`.
pub(super) fn is_failure(path: &[Ident]) -> bool {
    matches!(path, [krate, name] if krate == "statewright" && name == "Failure")
}

fn arguments(cursor: &mut Cursor, out: &mut FlowText, refusals: &mut Refusals) {
    out.word("<", cursor.span());
    cursor.next();
    while !cursor.is_empty() && !cursor.is_punct('>') {
        if cursor.is_punct('\'') {
            refusals.at(cursor.span(), "the language has no lifetimes", "own the value");
            cursor.next();
            cursor.next();
        } else {
            one(cursor, out, refusals);
        }
        if cursor.is_punct(',') {
            out.word(",", cursor.span());
            cursor.next();
        }
    }
    out.word(">", cursor.span());
    cursor.next();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let (mut out, mut refusals) = (FlowText::default(), Refusals::default());
        write_param(source.parse().expect("the case is made of tokens"), &mut out, &mut refusals);
        match refusals.iter().next() {
            Some(refusal) => assert_eq!(refusal.message, expected),
            None => assert_eq!(out.text(), expected),
        }
    }

    #[test]
    fn writes_types_as_the_language_does() {
        check("u32", "u32");
        check("std::time::Duration", "Duration");
        check("BTreeMap<String, Vec<u8>>", "Map < String , Vec < u8 > >");
        check("crate::model::Money", "crate :: model :: Money");
        check("Option<std::string::String>", "Option < String >");
        check("&[Option<statewright::Failure>]", "Vec < Option < Failure > >");
    }

    #[test]
    fn borrowed_parameters_are_owned_in_the_language() {
        check("&str", "String");
        check("&[Item]", "Vec < Item >");
        check("&Money", "Money");
    }

    #[test]
    fn refuses_what_the_language_has_no_words_for() {
        check("[u8; 4]", "the language has no arrays");
        check("(u8, u8)", "the language has no tuples");
        check("Vec<&str>", "a machine owns its data, it cannot hold a reference");
        check("Box<dyn Fn()>", "the language has no such types");
        check("Cow<'static, str>", "the language has no lifetimes");
    }
}
