//! Messages on their way back: to rustc, at the tokens that the author wrote.

use super::refusal::Refusals;
use super::text::FlowText;
use crate::ast::{File, Item, MachineItem};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{Style, human_one};
use crate::source::Sources;
use crate::span::SourceId;
use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::borrow::Cow;

/// An error for everything that was refused.
pub(super) fn refusals(refusals: &Refusals) -> TokenStream {
    refusals
        .iter()
        .map(|r| error(r.first, r.last, &format!("flow-E0001: {}\nhelp: {}", r.message, r.help)))
        .collect()
}

/// Errors and warnings about text that came from tokens, each at its tokens.
pub(super) fn at_tokens<'a>(
    diagnostics: impl Iterator<Item = &'a Diagnostic>,
    sources: &Sources,
    text: &FlowText,
) -> TokenStream {
    diagnostics
        .map(|diagnostic| match is_of_tokens(diagnostic.primary) {
            true => {
                let (first, last) = text.origin(diagnostic.primary.range());
                one(diagnostic, first, last, &words(diagnostic, sources, text))
            }
            // In a file that the text imports.
            false => {
                let span = Span::call_site();
                one(diagnostic, span, span, &excerpt(diagnostic, sources))
            }
        })
        .collect()
}

/// Errors and warnings about files: all at one token, with the place and the lines in the message,
/// since no stable interface names a place in another file.
pub(crate) fn at_file<'a>(
    diagnostics: impl Iterator<Item = &'a Diagnostic>,
    sources: &Sources,
    span: Span,
) -> TokenStream {
    diagnostics
        .map(|diagnostic| one(diagnostic, span, span, &excerpt(diagnostic, sources)))
        .collect()
}

/// The message with the lines that it is about; rustc puts `error: ` or `warning: ` in front.
pub(super) fn excerpt(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let code = diagnostic.code.to_string();
    if sources.get(diagnostic.primary.source).is_none_or(|source| source.text.is_empty()) {
        let help = "paths are relative to the directory of Cargo.toml";
        return format!("{code}: {}\nhelp: {help}", diagnostic.message);
    }
    let text = human_one(sources, diagnostic, Style { color: false, ..Style::default() });
    match text.split_once(&format!("[{code}]: ")) {
        Some(("error" | "warning", rest)) => format!("{code}: {rest}"),
        _ => text,
    }
}

/// An error for each scenario and each property in the tokens of a macro: nobody would play or prove it.
pub(super) fn unheard(files: &[&File], text: &FlowText) -> TokenStream {
    let items = files.first().into_iter().flat_map(|file| &file.items);
    let found = items.flat_map(|item| match item {
        Item::Scenario(scenario) => vec![(scenario.title.span, UNPLAYED)],
        Item::Machine(machine) => machine.items.iter().filter_map(in_machine).collect(),
        _ => Vec::new(),
    });
    let told = found.map(|(place, why)| {
        let (first, last) = text.origin(place.range());
        error(first, last, why)
    });
    told.collect()
}

fn in_machine(item: &MachineItem) -> Option<(crate::span::Span, &'static str)> {
    match item {
        MachineItem::Scenario(scenario) => Some((scenario.title.span, UNPLAYED)),
        MachineItem::Property(property) => Some((property.title.span, UNPROVED)),
        _ => None,
    }
}

const UNPLAYED: &str = "flow-E0001: nothing plays a scenario that stands in a macro
help: write the machine in a file: `statewright test` and `scenarios!` play what stands in it or \
beside it; or drive the machine in a `#[test]`";

const UNPROVED: &str = "flow-E0001: nothing proves a property that stands in a macro
help: write the machine in a file, for `include_flow!`: `statewright verify` reads files and proves what they \
claim; debug builds look at an `invariant`";

/// The first token of a place.
pub(super) fn token(span: crate::span::Span, text: &FlowText) -> Span {
    match is_of_tokens(span) {
        true => text.origin(span.range()).0,
        false => Span::call_site(),
    }
}

/// True for a place in the text that came from tokens, and not in what that imports.
fn is_of_tokens(span: crate::span::Span) -> bool {
    span.source == SourceId(0)
}

fn one(diagnostic: &Diagnostic, first: Span, last: Span, text: &str) -> TokenStream {
    match diagnostic.severity {
        Severity::Error => error(first, last, text),
        Severity::Warning => warning(first, diagnostic.code.short(), text),
    }
}

/// All that a diagnostic says, without source lines: rustc shows those of the place itself, and the
/// others are named by line.
fn words(diagnostic: &Diagnostic, sources: &Sources, text: &FlowText) -> String {
    let mut out = format!("{}: {}", diagnostic.code, diagnostic.message);
    if !diagnostic.primary_label.is_empty() {
        out.push_str(&format!("\nhere: {}", diagnostic.primary_label));
    }
    for label in &diagnostic.labels {
        if !is_of_tokens(label.span) {
            let file = sources.get(label.span.source).map_or("", |source| &source.name);
            let slice = sources.slice(label.span).replace('\n', " ");
            out.push_str(&format!("\nin `{file}`, `{slice}`: {}", label.text));
            continue;
        }
        let line = text.origin(label.span.range()).0.start().line;
        let place = match line {
            // An editor does not know the line.
            0 => format!("`{}`", sources.slice(label.span)),
            line => format!("line {line}, `{}`", sources.slice(label.span).replace('\n', " ")),
        };
        out.push_str(&format!("\n{place}: {}", label.text));
    }
    for note in &diagnostic.notes {
        out.push_str(&format!("\nnote: {note}"));
    }
    match (&diagnostic.help, diagnostic.fixes.first()) {
        _ if diagnostic.code == Code::Initial && text.is_written_by_attributes() => {
            out.push_str("\nhelp: mark one of its states `#[state(initial)]`");
        }
        (Some(help), _) if text.is_written_by_attributes() => {
            out.push_str(&format!("\nhelp: {}", by_attributes(help)));
        }
        (Some(help), _) => out.push_str(&format!("\nhelp: {help}")),
        (None, Some(fix))
            if !fix.replacement.is_empty() && !fix.title.contains(&fix.replacement) =>
        {
            out.push_str(&format!("\nhelp: {}: `{}`", fix.title, fix.replacement.trim()));
        }
        (None, Some(fix)) => out.push_str(&format!("\nhelp: {}", fix.title)),
        (None, None) => {}
    }
    out
}

/// What a file says in front of `state` stands in an attribute.
fn by_attributes(help: &str) -> Cow<'_, str> {
    let word = help.strip_prefix("write `").and_then(|rest| rest.strip_suffix("` before `state`"));
    word.map_or(help.into(), |word| {
        format!("write `#[state({word})]` in front of the variant").into()
    })
}

/// `compile_error!` that covers the tokens from `first` to `last`.
pub(super) fn error(first: Span, last: Span, text: &str) -> TokenStream {
    // rustc takes the place of a macro call from its first token to its last.
    let start = quote_spanned!(first=> ::core::compile_error!);
    let mut group = Group::new(proc_macro2::Delimiter::Brace, quote!(#text));
    group.set_span(last);
    quote!(#start #group)
}

/// Stable macros cannot warn. What is deprecated can be used, though, with the text as the reason.
fn warning(span: Span, code: &str, text: &str) -> TokenStream {
    let name = Ident::new(&format!("flow_{code}"), span);
    quote_spanned! {span=>
        const _: () = {
            #[deprecated(note = #text)]
            #[allow(non_upper_case_globals)]
            const #name: () = ();
            #name
        };
    }
}
