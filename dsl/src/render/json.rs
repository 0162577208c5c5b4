//! One JSON object a line, for programs.

use super::literal::{join, string};
use super::place::place;
use super::word;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::span::Span;
use std::fmt::Write;

/// Objects with `code`, `severity`, `message`, `file`, `line`, `column`, `end_line`, `end_column`,
/// `label`, `labels`, `notes`, `help` and `fixes`. Lines and columns count from 1, columns in
/// characters. A fix says in `start` and `end` which bytes of its file it replaces.
pub fn json(sources: &Sources, diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        object(&mut out, sources, diagnostic);
        out.push('\n');
    }
    out
}

fn object(out: &mut String, sources: &Sources, diagnostic: &Diagnostic) {
    let _ = write!(out, "{{\"code\":\"{}\",", diagnostic.code);
    let _ = write!(out, "\"severity\":\"{}\",", word(diagnostic.severity));
    let _ = write!(out, "\"message\":{},", string(&diagnostic.message));
    out.push_str(&location(sources, diagnostic.primary));
    let _ = write!(out, ",\"label\":{}", string(&diagnostic.primary_label));
    let labels = diagnostic.labels.iter().map(|label| {
        format!("{{\"message\":{},{}}}", string(&label.text), location(sources, label.span))
    });
    let _ = write!(out, ",\"labels\":[{}]", join(labels));
    let _ = write!(out, ",\"notes\":[{}]", join(diagnostic.notes.iter().map(|n| string(n))));
    let help = diagnostic.help.as_ref().map_or("null".into(), |help| string(help));
    let _ = write!(out, ",\"help\":{help}");
    let fixes = diagnostic.fixes.iter().map(|fix| {
        format!(
            "{{\"title\":{},\"replacement\":{},{},\"start\":{},\"end\":{}}}",
            string(&fix.title),
            string(&fix.replacement),
            location(sources, fix.span),
            fix.span.start,
            fix.span.end,
        )
    });
    let _ = write!(out, ",\"fixes\":[{}]}}", join(fixes));
}

fn location(sources: &Sources, span: Span) -> String {
    let place = place(sources, span);
    format!(
        "\"file\":{},\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{}",
        string(place.file),
        place.start.line,
        place.start.column,
        place.end.line,
        place.end.column,
    )
}
