//! Enums of states with what the machine adds to them: rounds of loops, steps of sagas.

use super::rust;
use super::tokens::{Cursor, is_punct};
use crate::emit::rust::Grown;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// The body of an enum, with those of its variants that have grown.
pub(super) fn variants(body: TokenStream, grown: &[&Grown]) -> TokenStream {
    let grow = |token: TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let mut cursor = Cursor::inside(&group);
            let mut variants = TokenStream::new();
            while !cursor.is_empty() {
                variants.extend(variant(&mut cursor, grown));
            }
            let mut changed = Group::new(Delimiter::Brace, variants);
            changed.set_span(group.span());
            changed.into()
        }
        other => other,
    };
    body.into_iter().map(grow).collect()
}

fn variant(cursor: &mut Cursor, grown: &[&Grown]) -> TokenStream {
    let start = cursor.position();
    rust::attributes(cursor);
    rust::visibility(cursor);
    let head = cursor.since(start);
    let start = cursor.position();
    let name = cursor.eat_ident();
    let named = |grown: &&&Grown| name.as_ref().is_some_and(|name| is(name, &grown.variant));
    let Some(grown) = grown.iter().find(named) else {
        cursor.until_comma();
        let written = cursor.since(start);
        return quote!(#head #written);
    };
    let form = match cursor.eat_group(Delimiter::Brace) {
        Some(written) => with_fields(&written, grown),
        None => grown.form.clone(),
    };
    cursor.eat_group(Delimiter::Parenthesis);
    let rest = cursor.until_comma();
    quote!(#head #name #form #rest,)
}

fn is(name: &proc_macro2::Ident, text: &str) -> bool {
    name.to_string().trim_start_matches("r#") == text.trim_start_matches("r#")
}

/// The fields as they were written, and behind them those that are new.
fn with_fields(written: &Group, grown: &Grown) -> TokenStream {
    let declared = written.stream();
    let mut cursor = Cursor::inside(written);
    let mut names = Vec::new();
    while !cursor.is_empty() {
        rust::attributes(&mut cursor);
        rust::visibility(&mut cursor);
        names.extend(cursor.eat_ident());
        cursor.until_comma();
    }
    let last = declared.clone().into_iter().last();
    let comma = last.filter(|token| !is_punct(Some(token), ',')).map(|_| quote!(,));
    let new = grown.fields.iter().filter(|(name, _)| {
        let text = name.to_string();
        !names.iter().any(|written| is(written, &text))
    });
    let new = new.map(|(name, ty)| quote!(#name: #ty));
    quote!({ #declared #comma #(#new),* })
}
