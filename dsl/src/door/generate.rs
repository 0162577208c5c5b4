//! From a compilation to Rust: the machines, or what stands in for them.

use super::{protocol, report, stub};
use crate::ast::File;
use crate::chart::Chart;
use crate::compile::Compilation;
use crate::emit::mermaid;
use crate::emit::rust::{Grown, RustOptions, Types, grown, rust, state_enums};
use crate::lower::lower;
use crate::span::Span;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Where the code goes.
pub(crate) struct Place<'a> {
    /// `crate = path`.
    pub(crate) crate_path: Option<TokenStream>,
    /// The token that a place in the text came from.
    pub(crate) spans: &'a dyn Fn(Span) -> proc_macro2::Span,
    /// Other machines, and the paths of their modules.
    pub(crate) outside: Vec<(String, TokenStream)>,
}

/// The path of the runtime.
pub(super) fn crate_path(given: Option<&TokenStream>) -> TokenStream {
    given.cloned().unwrap_or_else(|| quote!(::statewright))
}

/// A module for every machine.
pub(crate) fn modules(compilation: &Compilation, place: &Place<'_>) -> TokenStream {
    match broken(compilation) {
        Some(trees) => stub::modules(&trees, &crate_path(place.crate_path.as_ref())),
        None => emit(compilation, place, (Types::Emitted, TokenStream::new()), None),
    }
}

/// What an annotated module becomes.
#[derive(Default)]
pub(super) struct Inside {
    /// What belongs into it.
    pub(super) code: TokenStream,
    /// The author's variants that are not as they were written.
    pub(super) grown: Vec<Grown>,
    /// True if the machine asks something of the outside, so that it has more errors than its author
    /// declares.
    pub(super) asks: bool,
}

/// What belongs into an annotated module. `nested` are the author's enums of states, by the path of
/// the state that holds them, `given` the names of all that the author declares, `activities` what
/// stands in front of their trait, which is written anew.
pub(super) fn inside(
    compilation: &Compilation,
    nested: &[(String, Ident)],
    (given, activities): (Vec<String>, TokenStream),
    place: &Place<'_>,
) -> Inside {
    let misnamed = misnamed(compilation, nested);
    match trees(compilation).first() {
        Some(tree) if compilation.diagnostics.has_errors() || !misnamed.is_empty() => {
            let stub = stub::inside(tree, &given, &crate_path(place.crate_path.as_ref()));
            Inside { code: quote!(#misnamed #stub), ..Inside::default() }
        }
        _ => {
            let (charts, options) =
                options(compilation, place, (Types::Given(given), activities), None);
            let grown = charts.iter().flat_map(|chart| grown(chart, &options)).collect();
            let asks = charts.iter().any(|chart| !chart.declarations.activities.is_empty());
            Inside { code: rust(&charts, &options), grown, asks }
        }
    }
}

/// An error for each enum of states that has not the name by which the generated code knows it.
fn misnamed(compilation: &Compilation, nested: &[(String, Ident)]) -> TokenStream {
    let charts: Vec<Chart> = compilation.machines.iter().map(lower).collect();
    let expected: Vec<(&str, String)> = charts.iter().flat_map(state_enums).collect();
    let errors = nested.iter().filter_map(|(path, given)| {
        let path = path.replace("::", ".");
        let (_, name) = expected.iter().find(|(state, _)| *state == path)?;
        let text = format!(
            "flow-E0001: the enum of the states in `{path}` is called `{name}`\nhelp: call it \
             `{name}`, so that every form of the machine has the same types"
        );
        (*given != name).then(|| report::error(given.span(), given.span(), &text))
    });
    errors.collect()
}

/// The module beside an annotated enum.
pub(super) fn beside(
    compilation: &Compilation,
    name: &Ident,
    visibility: &TokenStream,
    place: &Place<'_>,
) -> TokenStream {
    match broken(compilation) {
        Some(trees) => {
            let krate = crate_path(place.crate_path.as_ref());
            stub::beside(trees[0], &name.to_string(), &visibility.to_string(), &krate)
        }
        None => {
            let types = (Types::Emitted, TokenStream::new());
            emit(compilation, place, types, Some((name, visibility)))
        }
    }
}

/// The syntax trees, if there are errors.
fn broken(compilation: &Compilation) -> Option<Vec<&File>> {
    compilation.diagnostics.has_errors().then(|| trees(compilation))
}

/// The syntax trees.
pub(super) fn trees(compilation: &Compilation) -> Vec<&File> {
    compilation.package.files.iter().map(|file| &file.tree).collect()
}

fn emit(
    compilation: &Compilation,
    place: &Place<'_>,
    types: (Types, TokenStream),
    state: Option<(&Ident, &TokenStream)>,
) -> TokenStream {
    let (charts, options) = options(compilation, place, types, state);
    rust(&charts, &options)
}

fn options<'a>(
    compilation: &'a Compilation,
    place: &Place<'a>,
    (types, activities): (Types, TokenStream),
    state: Option<(&Ident, &TokenStream)>,
) -> (Vec<Chart>, RustOptions<'a>) {
    let charts: Vec<Chart> = compilation.machines.iter().map(lower).collect();
    let options = RustOptions {
        crate_path: crate_path(place.crate_path.as_ref()),
        span: place.spans,
        sources: Some(&compilation.sources),
        types: types.clone(),
        state_type: state.map(|(name, _)| quote!(super::#name)),
        visibility: state.map_or(quote!(pub), |(_, visibility)| visibility.clone()),
        prelude: quote!(
            use super::*;
        ),
        diagrams: compilation.machines.iter().map(mermaid).collect(),
        activities,
        protocols: match state {
            None if matches!(types, Types::Emitted) => protocol::macros(&trees(compilation)),
            _ => Vec::new(),
        },
        outside: place.outside.clone(),
    };
    (charts, options)
}
