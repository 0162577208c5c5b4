//! Variants become states: a variant that holds an enum is a composite, one with a field for each of
//! several enums is parallel, other fields are data.

use super::names;
use super::refusal::Refusals;
use super::rust::{Attribute, Field, Fields, Variant};
use super::statement::{self, Policies};
use super::text::FlowText;
use super::tokens::Cursor;
use super::types;
use proc_macro2::{Ident, TokenStream, TokenTree};
use std::collections::BTreeMap;

/// The enums that hold states, and what is written from them.
pub(super) struct States<'a> {
    /// By name. The root is not among them.
    pub(super) enums: BTreeMap<String, StateEnum<'a>>,
    /// The policies, for `with Gateway`.
    pub(super) policies: &'a Policies,
    /// Which enum holds which states: the path of state names, and the enum.
    pub(super) nested: Vec<(String, Ident)>,
}

/// An enum whose variants are states.
pub(super) struct StateEnum<'a> {
    /// Its attributes.
    pub(super) attributes: &'a [Attribute],
    /// Its name.
    pub(super) name: &'a Ident,
    /// The states.
    pub(super) variants: &'a [Variant],
    /// The state that holds it, once that is written.
    pub(super) holder: Option<String>,
}

/// True if the variants are states: the enum or one of them has an attribute that only states have.
pub(super) fn holds_states(attributes: &[Attribute], variants: &[Variant]) -> bool {
    attributes.iter().chain(variants.iter().flat_map(|v| &v.attributes)).any(statement::is_of_state)
}

/// What the fields of a variant are.
#[derive(Default)]
struct Parts<'a> {
    data: Vec<&'a Field>,
    regions: Vec<(&'a Field, String)>,
    inner: Option<String>,
}

impl<'a> States<'a> {
    /// Writes the states of an enum; `path` names the state that holds it, empty for the root.
    pub(super) fn write_all(
        &mut self,
        variants: &'a [Variant],
        path: &str,
        out: &mut FlowText,
        refusals: &mut Refusals,
    ) {
        for variant in variants {
            self.write(variant, path, out, refusals);
            out.end_line();
        }
    }

    fn write(
        &mut self,
        variant: &'a Variant,
        outer: &str,
        out: &mut FlowText,
        refusals: &mut Refusals,
    ) {
        let parts = self.parts(variant, refusals);
        let path = join(outer, &variant.name.to_string());
        let inner = parts.inner.as_ref().and_then(|name| self.enter(name, &path, refusals));
        let inner_attributes = inner.as_ref().map_or(&[][..], |(attributes, _)| attributes);
        statement::write_meta(&variant.attributes, out);
        statement::write_annotations(inner_attributes, out);
        let limits = modifiers(variant, &parts, out);
        out.word("state", variant.name.span());
        out.word(&variant.name.to_string(), variant.name.span());
        write_fields(&parts.data, &variant.name, out, refusals);
        limits.into_iter().for_each(|limit| out.tokens(limit));
        let all = variant.attributes.iter().chain(inner_attributes);
        if !all.into_iter().any(statement::is_statement)
            && inner.is_none()
            && parts.regions.is_empty()
        {
            return;
        }
        out.word("{", variant.name.span());
        out.end_line();
        statement::write_statements(&variant.attributes, self.policies, out);
        statement::write_statements(inner_attributes, self.policies, out);
        if let Some((_, variants)) = inner {
            self.write_all(variants, &path, out, refusals);
        }
        for (field, ty) in parts.regions {
            self.write_region(field, &ty, &path, out, refusals);
        }
        out.word("}", variant.name.span());
    }

    fn write_region(
        &mut self,
        field: &'a Field,
        ty: &str,
        outer: &str,
        out: &mut FlowText,
        refusals: &mut Refusals,
    ) {
        let name = names::region(&field.name.to_string(), ty);
        let path = join(outer, &name);
        let Some((attributes, variants)) = self.enter(ty, &path, refusals) else { return };
        statement::write_meta(&field.attributes, out);
        statement::write_annotations(attributes, out);
        out.word("region", field.name.span());
        out.word(&name, field.name.span());
        out.word("{", field.name.span());
        out.end_line();
        statement::write_statements(&field.attributes, self.policies, out);
        statement::write_statements(attributes, self.policies, out);
        self.write_all(variants, &path, out, refusals);
        out.word("}", field.name.span());
        out.end_line();
    }

    /// Takes an enum for the state at `path`; `None`, and an error, if another state has it.
    fn enter(
        &mut self,
        name: &str,
        path: &str,
        refusals: &mut Refusals,
    ) -> Option<(&'a [Attribute], &'a [Variant])> {
        let found = self.enums.get_mut(name)?;
        if let Some(holder) = &found.holder {
            refusals.at(
                found.name.span(),
                format!("`{name}` holds the states of both `{holder}` and `{path}`"),
                "give each its own enum: the two are never in the same place of the machine",
            );
            return None;
        }
        found.holder = Some(path.to_owned());
        self.nested.push((path.to_owned(), found.name.clone()));
        Some((found.attributes, found.variants))
    }

    fn parts(&self, variant: &'a Variant, refusals: &mut Refusals) -> Parts<'a> {
        let mut parts = Parts::default();
        match &variant.fields {
            Fields::Unit => {}
            Fields::Tuple(types, group) => {
                parts.inner = match &types[..] {
                    [ty] => self.state_enum(ty),
                    _ => None,
                };
                if parts.inner.is_none() {
                    refuse_tuple(types, group, refusals);
                }
            }
            Fields::Named(fields) => {
                for field in fields {
                    match self.state_enum(&field.ty) {
                        Some(ty) => parts.regions.push((field, ty)),
                        None => parts.data.push(field),
                    }
                }
                if parts.regions.len() == 1 && parts.regions[0].0.name == "state" {
                    parts.inner = parts.regions.pop().map(|(_, ty)| ty);
                }
            }
        }
        parts
    }

    /// The name of the type, if it is an enum that holds states.
    fn state_enum(&self, ty: &TokenStream) -> Option<String> {
        let mut tokens = ty.clone().into_iter();
        match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Ident(name)), None) => {
                Some(name.to_string()).filter(|name| self.enums.contains_key(name))
            }
            _ => None,
        }
    }
}

/// Writes `initial`, `final` and the like, and gives back what stands behind the name: `max 6`.
fn modifiers(variant: &Variant, parts: &Parts<'_>, out: &mut FlowText) -> Vec<TokenStream> {
    let mut limits = Vec::new();
    let mut parallel = parts.regions.is_empty();
    for attribute in variant.attributes.iter().filter(|a| a.name == "state") {
        let mut cursor = Cursor::new(attribute.args.clone(), attribute.span);
        while !cursor.is_empty() {
            parallel |= cursor.is_word("parallel");
            let limit = cursor.is_word("max") || cursor.is_word("deadline");
            let clause = cursor.until_comma();
            if limit {
                limits.push(clause);
            } else {
                out.tokens(clause);
            }
        }
    }
    if !parallel {
        out.word("parallel", variant.name.span());
    }
    limits
}

/// Writes `( name : Type = start , .. )`, or nothing if there are no fields.
pub(super) fn write_fields(
    fields: &[&Field],
    owner: &Ident,
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    if fields.is_empty() {
        return;
    }
    out.word("(", owner.span());
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.word(",", field.name.span());
        }
        write_field(field, out, refusals);
    }
    out.word(")", owner.span());
}

/// Writes `name : Type = start`.
pub(super) fn write_field(field: &Field, out: &mut FlowText, refusals: &mut Refusals) {
    out.word(&field.name.to_string(), field.name.span());
    out.word(":", field.name.span());
    types::write(field.ty.clone(), out, refusals);
    if let Some(start) = field.attributes.iter().find(|a| a.name == "init") {
        out.word("=", start.span);
        out.tokens(start.args.clone());
    }
}

fn refuse_tuple(types: &[TokenStream], group: &proc_macro2::Group, refusals: &mut Refusals) {
    let tokens = TokenStream::from(TokenTree::Group(group.clone()));
    let name = types.first().map(ToString::to_string).unwrap_or_default();
    let help = format!(
        "name the data of a state, `{{ value: {name} }}`; if `{name}` is an enum of the states in \
         this one, mark the first of them `#[state(initial)]`"
    );
    refusals.over(tokens, "the data of a state needs names", help);
}

fn join(outer: &str, name: &str) -> String {
    let name = name.trim_start_matches("r#");
    if outer.is_empty() { name.to_owned() } else { format!("{outer}::{name}") }
}
