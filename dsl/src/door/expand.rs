//! What each macro gives back. These are the functions that the macro crate hands over to.

use super::annotated::{self, Annotated, Form};
use super::generate::{self, Inside, Place};
use super::inline::{self, Inline};
use super::known::{self, Answer, Known};
use super::tokens::Cursor;
use super::{arguments, keep, protocol, report, text};
use crate::compile::{Compilation, FileLoader, LoadError, Loader, compile, compile_text_with};
use crate::diagnostic::Diagnostics;
use crate::parse;
use crate::span::SourceId;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use std::path::{Path, PathBuf};

/// `flow! { .. }`
pub fn flow(tokens: TokenStream) -> TokenStream {
    let Inline { crate_path, text } = inline::read(tokens);
    let compilation = compile_text_with(&Manifest::directory(), "flow!", text.text());
    let said = report::at_tokens(compilation.diagnostics.iter(), &compilation.sources, &text);
    let unheard = report::unheard(&generate::trees(&compilation), &text);
    let files = watched(&compilation);
    let spans = |span| report::token(span, &text);
    let place = Place { crate_path, spans: &spans, outside: Vec::new() };
    let code = generate::modules(&compilation, &place);
    quote!(#said #unheard #files #code)
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
    let code = generate::modules(
        &compilation,
        &Place { crate_path, spans: &|_| span, outside: Vec::new() },
    );
    quote!(#said #files #code)
}

/// `#[machine]` on an enum or a module.
pub fn machine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let annotated = annotated::read(arguments.clone(), item.clone());
    if let Some(first) = annotated.known.first() {
        let krate = generate::crate_path(annotated.arguments.crate_path.as_ref());
        let ask = first.ask(&krate, &arguments, &item, &[]);
        return module(&annotated, ask);
    }
    let (said, inside) = compiled(&annotated);
    let kept = match &annotated.form {
        Form::Enum { .. } => {
            let krate = generate::crate_path(annotated.arguments.crate_path.as_ref());
            let (kept, code) = (keep::enumeration(&annotated.item, &krate), inside.code);
            quote!(#kept #code)
        }
        Form::Mod { .. } => module(&annotated, content(&annotated, inside)),
        Form::Other => keep::as_written(&annotated.item),
    };
    quote!(#said #kept)
}

/// `known! { "text" { arguments } { module } { texts } }`: what the macro beside a machine comes back
/// with, in a module that names the machine.
pub fn known(tokens: TokenStream) -> TokenStream {
    let Some(answer) = known::answer(tokens) else {
        let span = Span::call_site();
        return report::error(span, span, "this macro is for generated code only");
    };
    let Answer { arguments, item, texts } = answer;
    let annotated = annotated::read_with(arguments.clone(), item.clone(), &texts);
    if let Some(next) = annotated.known.get(texts.len()) {
        let krate = generate::crate_path(annotated.arguments.crate_path.as_ref());
        return next.ask(&krate, &arguments, &item, &texts);
    }
    let (said, inside) = compiled(&annotated);
    let content = content(&annotated, inside);
    quote!(#said #content)
}

/// What is said of annotated Rust, and what belongs into it.
fn compiled(annotated: &Annotated) -> (TokenStream, Inside) {
    if !annotated.refusals.is_empty() {
        return (report::refusals(&annotated.refusals), Inside::default());
    }
    let Annotated { text, known, .. } = annotated;
    let loader = WithKnown { manifest: Manifest::directory(), known };
    let compilation = compile_text_with(&loader, "#[machine]", text.text());
    let said = report::at_tokens(compilation.diagnostics.iter(), &compilation.sources, text);
    let unheard = report::unheard(&generate::trees(&compilation), text);
    let spans = |span| report::token(span, text);
    let crate_path = annotated.arguments.crate_path.clone();
    let outside = known.iter().map(|of| (of.machine(), of.module())).collect();
    let place = Place { crate_path, spans: &spans, outside };
    let inside = match &annotated.form {
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
    (quote!(#said #unheard), inside)
}

/// An annotated module with this content.
fn module(annotated: &Annotated, content: TokenStream) -> TokenStream {
    let Form::Mod { name, inner, .. } = &annotated.form else { return content };
    let item = &annotated.item;
    let (attributes, visibility) = (keep::attributes(item), &item.visibility);
    // What others may know of the machine depends on nothing that it knows of them.
    let mut said = Diagnostics::default();
    let tree = parse::parse(SourceId(0), annotated.text.text(), &mut said);
    let protocol = protocol::macros(&[&tree]);
    quote!(#attributes #visibility mod #name { #inner #(#protocol)* #content })
}

/// The items of an annotated module as Rust, with the generated code behind them.
fn content(annotated: &Annotated, mut inside: Inside) -> TokenStream {
    let Form::Mod { items, .. } = &annotated.form else { return TokenStream::new() };
    let krate = generate::crate_path(annotated.arguments.crate_path.as_ref());
    let mut elsewhere = keep::words_of_activities(items);
    inside.asks |= !elsewhere.is_empty();
    elsewhere.extend(annotated.known.iter().map(Known::machine));
    let kept = items.iter().map(|item| keep::item(item, &elsewhere, &inside, &krate));
    let types = annotated.known.iter().flat_map(Known::imports);
    let (missing, code) = (keep::missing(items, &krate), &inside.code);
    quote!(#(#kept)* #(#types)* #missing #code)
}

/// Reads what is known of other machines as files beside those of the program.
struct WithKnown<'a> {
    manifest: Manifest,
    known: &'a [Known],
}

impl Loader for WithKnown<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        match self.known.iter().find(|known| known.name() == path) {
            Some(Known { text: Some(text), .. }) => Ok(text.clone().into_bytes()),
            _ => self.manifest.read(path),
        }
    }

    fn identity(&self, path: &str) -> String {
        let is_known = self.known.iter().any(|known| known.name() == path);
        if is_known { path.to_owned() } else { self.manifest.identity(path) }
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
