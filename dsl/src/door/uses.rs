//! Which `use` items of a module the machine needs: those that name a type of its parts.

use super::known::Known;
use super::rust::{Fields, Item, ItemKind};
use super::statement;
use super::text::FlowText;
use super::tokens::Cursor;
use super::{functions, types};
use proc_macro2::{Delimiter, Ident, TokenStream};

/// All words in the types of the module's fields and functions, and in its statements.
pub(super) fn named_types(items: &[Item]) -> Vec<String> {
    let mut named = Vec::new();
    for item in items {
        match &item.kind {
            ItemKind::Enum(_, variants) => {
                for variant in variants {
                    of_fields(&variant.fields, &mut named);
                    for attribute in
                        variant.attributes.iter().filter(|a| statement::is_statement(a))
                    {
                        types::words(attribute.args.clone(), &mut named);
                    }
                }
            }
            ItemKind::Struct(_, fields) => of_fields(fields, &mut named),
            ItemKind::Trait(_, functions) => {
                for function in functions {
                    let params = function.params.iter().filter(|(_, ty)| !functions::is_cx(ty));
                    params.for_each(|(_, ty)| types::words(ty.clone(), &mut named));
                    function.result.iter().for_each(|ty| types::words(ty.clone(), &mut named));
                }
            }
            _ => {}
        }
    }
    named
}

fn of_fields(fields: &Fields, named: &mut Vec<String>) {
    match fields {
        Fields::Unit => {}
        Fields::Named(fields) => {
            fields.iter().for_each(|field| types::words(field.ty.clone(), named));
        }
        Fields::Tuple(types, _) => types.iter().for_each(|ty| types::words(ty.clone(), named)),
    }
}

/// Writes a `use` for every name of the tree that is among `named`; those that the language knows
/// without it are left out.
pub(super) fn write(tree: &TokenStream, named: &[String], known: &[Known], out: &mut FlowText) {
    for leaf in leaves(tree).into_iter().filter(|leaf| !known.iter().any(|of| of.covers(leaf))) {
        let Some(last) = leaf.alias.as_ref().or(leaf.path.last()) else { continue };
        let name = last.to_string();
        let is_known =
            types::is_built_in(&name) || leaf.alias.is_none() && types::is_failure(&leaf.path);
        if !named.contains(&name) || is_known {
            continue;
        }
        out.word("use", last.span());
        for (i, segment) in leaf.path.iter().enumerate() {
            if i > 0 {
                out.word("::", segment.span());
            }
            out.word(&segment.to_string(), segment.span());
        }
        if let Some(alias) = &leaf.alias {
            out.word("as", alias.span());
            out.word(&alias.to_string(), alias.span());
        }
        out.word(";", last.span());
        out.end_line();
    }
}

/// One name that a `use` brings in.
pub(super) struct Leaf {
    /// All of its path.
    pub(super) path: Vec<Ident>,
    /// `as Name`
    pub(super) alias: Option<Ident>,
}

/// All names that a `use` brings in.
pub(super) fn leaves(tree: &TokenStream) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let end =
        tree.clone().into_iter().last().map_or_else(proc_macro2::Span::call_site, |t| t.span());
    walk(&mut Cursor::new(tree.clone(), end), &[], &mut leaves);
    leaves
}

fn walk(cursor: &mut Cursor, prefix: &[Ident], leaves: &mut Vec<Leaf>) {
    let mut path = prefix.to_vec();
    loop {
        while cursor.eat_punct(':') {}
        if let Some(group) = cursor.eat_group(Delimiter::Brace) {
            let mut inside = Cursor::inside(&group);
            while !inside.is_empty() {
                let mut one = Cursor::new(inside.until_comma(), inside.span());
                walk(&mut one, &path, leaves);
            }
            return;
        }
        match cursor.eat_ident() {
            // `use a::{self}` names `a` itself.
            Some(word) if word == "self" && !path.is_empty() => {}
            Some(word) => path.push(word),
            // `use a::*`: what it brings in is not known here.
            None => return,
        }
        let alias = if cursor.eat_word("as") { cursor.eat_ident() } else { None };
        if alias.is_some() || !cursor.is_punct(':') {
            leaves.push(Leaf { path, alias });
            return;
        }
    }
}
