//! What each macro gives back. These are the functions that the macro crate hands over to.

use super::annotated::{self, Annotated, Form};
use super::generate::{self, Inside, Place};
use super::inline::{self, Inline};
use super::tokens::Cursor;
use super::{arguments, keep, report, text};
use crate::compile::{Compilation, FileLoader, LoadError, Loader, compile, compile_text_with};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use std::path::{Path, PathBuf};

/// `flow! { .. }`
pub fn flow(tokens: TokenStream) -> TokenStream {
    let Inline { crate_path, text } = inline::read(tokens);
    let compilation = compile_text_with(&Manifest::directory(), "flow!", text.text());
    let said = report::at_tokens(compilation.diagnostics.iter(), &compilation.sources, &text);
    let files = watched(&compilation);
    let spans = |span: crate::span::Span| text.origin(span.range()).0;
    let place = Place { crate_path, spans: &spans };
    let code = generate::modules(&compilation, &place);
    quote!(#said #files #code)
}

/// `include_flow!("flows/x.flow")`, with `crate = path` behind it if needed.
pub fn include_flow(tokens: TokenStream) -> TokenStream {
    let mut cursor = Cursor::new(tokens, Span::call_site());
    let span = cursor.span();
    let path = match cursor.next() {
        Some(TokenTree::Literal(literal)) => text::string_value(&literal),
        _ => None,
    };
    let Some(path) = path else {
        let message = "`include_flow!` takes the path of a file, as `include_flow!(\"x.flow\")`; \
                       it is relative to the directory of Cargo.toml";
        return report::error(span, span, message);
    };
    cursor.eat_punct(',');
    let crate_path = arguments::crate_path(&mut cursor);
    let compilation = compile(&Manifest::directory(), &path);
    let said = report::at_file(compilation.diagnostics.iter(), &compilation.sources, span);
    let files = watched(&compilation);
    let code = generate::modules(&compilation, &Place { crate_path, spans: &|_| span });
    quote!(#said #files #code)
}

/// `#[machine]` on an enum or a module.
pub fn machine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let annotated = annotated::read(arguments, item);
    if !annotated.refusals.is_empty() {
        let said = report::refusals(&annotated.refusals);
        let kept = kept(&annotated, Inside::default());
        return quote!(#said #kept);
    }
    let Annotated { text, .. } = &annotated;
    let compilation = compile_text_with(&Manifest::directory(), "#[machine]", text.text());
    let said = report::at_tokens(compilation.diagnostics.iter(), &compilation.sources, text);
    let spans = |span: crate::span::Span| text.origin(span.range()).0;
    let place = Place { crate_path: annotated.arguments.crate_path.clone(), spans: &spans };
    let code = match &annotated.form {
        Form::Enum { name } => {
            let code = generate::beside(&compilation, name, &annotated.item.visibility, &place);
            Inside { code, ..Inside::default() }
        }
        Form::Mod { nested, items, .. } => {
            let given = (keep::names(items), keep::attributes_of_activities(items));
            generate::inside(&compilation, nested, given, &place)
        }
        Form::Other => Inside::default(),
    };
    let kept = kept(&annotated, code);
    quote!(#said #kept)
}

/// The annotated item as Rust, with the generated code in the module or beside the enum.
fn kept(annotated: &Annotated, inside: Inside) -> TokenStream {
    let krate = generate::crate_path(annotated.arguments.crate_path.as_ref());
    let item = &annotated.item;
    match &annotated.form {
        Form::Enum { .. } => {
            let code = inside.code;
            let kept = keep::enumeration(item, &krate);
            quote!(#kept #code)
        }
        Form::Mod { name, inner, items, .. } => {
            let activities = keep::words_of_activities(items);
            let kept = items.iter().map(|item| keep::item(item, &activities, &inside, &krate));
            let (missing, code) = (keep::missing(items, &krate), &inside.code);
            let attributes = keep::attributes(item);
            let visibility = &item.visibility;
            quote!(#attributes #visibility mod #name { #inner #(#kept)* #missing #code })
        }
        Form::Other => keep::as_written(item),
    }
}

/// Reads files relative to the directory of the `Cargo.toml` that is being compiled.
pub(super) struct Manifest {
    directory: PathBuf,
}

impl Manifest {
    pub(super) fn directory() -> Self {
        Self { directory: std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default().into() }
    }

    fn path(&self, path: &str) -> String {
        self.directory.join(path).to_string_lossy().into_owned()
    }
}

impl Loader for Manifest {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        FileLoader.read(&self.path(path))
    }

    fn identity(&self, path: &str) -> String {
        FileLoader.identity(&self.path(path))
    }
}

/// Makes cargo compile again when a file that was read changes.
pub(super) fn watched(compilation: &Compilation) -> TokenStream {
    let manifest = Manifest::directory();
    compilation
        .sources
        .iter()
        .map(|(_, source)| manifest.path(&source.name))
        .filter(|path| Path::new(path).is_file())
        .map(|path| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
        .collect()
}
