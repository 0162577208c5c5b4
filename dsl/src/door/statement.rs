//! Attributes become statements: what stands in `#[on( .. )]` is literally the text behind `on`.

use super::rust::Attribute;
use super::text::FlowText;
use super::tokens::Cursor;
use proc_macro2::{Ident, TokenStream, TokenTree};

/// Attributes that are statements of a state.
const STATEMENTS: &[&str] = &[
    "on",
    "after",
    "every",
    "always",
    "entry",
    "exit",
    "defer",
    "ignore",
    "invariant",
    "invoke",
    "human",
    "fan_out",
    "step",
    "pivot",
    "concurrent",
    "until",
    "initial",
];

/// Attributes that are annotations, and how the language calls them.
const ANNOTATIONS: &[(&str, &str)] = &[
    ("id", "id"),
    ("was", "was"),
    ("allow_flow", "allow"),
    ("outcome", "outcome"),
    ("readonly", "readonly"),
    ("strict", "strict"),
];

/// Attributes that say what part of a machine an item is, or something of a part.
const PARTS: &[&str] = &[
    "state",
    "late",
    "init",
    "context",
    "events",
    "outputs",
    "errors",
    "logic",
    "actions",
    "activities",
    "policy",
    "raises",
    "cache",
    "coalesce",
    "transient",
];

/// True for a statement, as `#[on(..)]`.
pub(super) fn is_statement(attribute: &Attribute) -> bool {
    STATEMENTS.contains(&attribute.name.as_str())
}

/// True if only states have such an attribute.
pub(super) fn is_of_state(attribute: &Attribute) -> bool {
    is_statement(attribute) || attribute.name == "state"
}

/// True for `#[id(..)]` and the like.
pub(super) fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.iter().any(|(attribute, _)| *attribute == name)
}

/// True for attributes that the macros read and rustc must not see.
pub(super) fn is_ours(name: &str) -> bool {
    STATEMENTS.contains(&name) || PARTS.contains(&name) || is_annotation(name)
}

/// Writes the doc comments and annotations among the attributes.
pub(super) fn write_meta(attributes: &[Attribute], out: &mut FlowText) {
    write_docs(attributes, out);
    write_annotations(attributes, out);
}

/// Writes the annotations among the attributes.
pub(super) fn write_annotations(attributes: &[Attribute], out: &mut FlowText) {
    for attribute in attributes {
        if let Some((_, word)) = ANNOTATIONS.iter().find(|(name, _)| *name == attribute.name) {
            out.word(&format!("@{word}"), attribute.span);
            if !attribute.args.is_empty() {
                parenthesized(attribute, attribute.args.clone(), out);
            }
            out.end_line();
        }
    }
}

/// Writes the doc comments among the attributes.
pub(super) fn write_docs(attributes: &[Attribute], out: &mut FlowText) {
    for attribute in attributes {
        if let Some(text) = &attribute.doc {
            out.end_line();
            out.doc("///", text, attribute.span);
        }
    }
}

/// Writes `word ( tokens )` behind a word that the attribute stands for.
pub(super) fn parenthesized(attribute: &Attribute, tokens: TokenStream, out: &mut FlowText) {
    out.word("(", attribute.span);
    out.tokens(tokens);
    out.word(")", attribute.span);
}

/// Writes all statements among the attributes, in order.
pub(super) fn write_statements(attributes: &[Attribute], policies: &Policies, out: &mut FlowText) {
    for attribute in attributes.iter().filter(|a| is_statement(a)) {
        write_statement(attribute, policies, out);
        out.end_line();
    }
}

fn write_statement(attribute: &Attribute, policies: &Policies, out: &mut FlowText) {
    let mut cursor = Cursor::new(attribute.args.clone(), attribute.span);
    // `#[on(@allow(W0302, "..") Coin -> Open)]`: an annotation stands in front of its statement.
    let start = cursor.position();
    while cursor.eat_punct('@') {
        cursor.next();
        cursor.eat_group(proc_macro2::Delimiter::Parenthesis);
    }
    out.tokens(cursor.since(start));
    out.word(&attribute.name, attribute.span);
    let names_a_step = matches!(cursor.ahead(1), Some(TokenTree::Ident(_)));
    if attribute.name == "pivot" && !(cursor.is_word("step") && names_a_step) {
        out.word("step", attribute.span);
    }
    let in_braces = cursor.group(proc_macro2::Delimiter::Brace).is_some();
    let tokens = policies.rename(cursor.rest());
    if attribute.name == "concurrent" && !in_braces {
        out.word("{", attribute.span);
        out.tokens(tokens);
        out.word("}", attribute.span);
    } else {
        out.tokens(tokens);
    }
}

/// The policies of a `mod`: unit structs in Rust, snake case in the language.
#[derive(Debug, Default)]
pub(super) struct Policies {
    structs: Vec<String>,
}

impl Policies {
    /// Takes in `#[policy(..)] struct Gateway;`.
    pub(super) fn add(&mut self, name: &Ident) {
        self.structs.push(name.to_string());
    }

    /// Writes `with gateway` for `with Gateway`.
    fn rename(&self, tokens: TokenStream) -> TokenStream {
        if self.structs.is_empty() {
            return tokens;
        }
        let mut behind_with = false;
        let mut renamed = Vec::new();
        for token in tokens {
            let with = matches!(&token, TokenTree::Ident(word) if word == "with");
            renamed.push(match token {
                TokenTree::Ident(name)
                    if behind_with && self.structs.contains(&name.to_string()) =>
                {
                    Ident::new(&super::names::snake(&name.to_string()), name.span()).into()
                }
                TokenTree::Group(group) => {
                    let inner = self.rename(group.stream());
                    let mut changed = proc_macro2::Group::new(group.delimiter(), inner);
                    changed.set_span(group.span());
                    changed.into()
                }
                other => other,
            });
            behind_with = with;
        }
        renamed.into_iter().collect()
    }
}
