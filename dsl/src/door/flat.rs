//! One annotated enum becomes `.flow` text: a flat machine, whose parts stand in the attribute.

use super::arguments::Arguments;
use super::module::head;
use super::placement;
use super::refusal::Refusals;
use super::rust::{Attribute, Variant};
use super::statement::{self, Policies};
use super::states::States;
use super::text::FlowText;
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// Writes the machine of an enum.
pub(super) fn write(
    name: &Ident,
    attributes: &[Attribute],
    variants: &[Variant],
    arguments: &Arguments,
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    placement::check_enum(attributes, variants, refusals);
    statement::write_meta(attributes, out);
    head(arguments.name.as_ref().unwrap_or(name), arguments, out);
    let policies = Policies::default();
    statement::write_statements(attributes, &policies, out);
    let mut states = States { enums: BTreeMap::new(), policies: &policies, nested: Vec::new() };
    states.write_all(variants, "", out, refusals);
    out.word("}", name.span());
}
