//! Where a span stands, as people count.

use crate::source::{Position, Sources};
use crate::span::Span;

/// A span with its file, and lines and columns from 1.
pub(super) struct Place<'a> {
    /// The name of the source; empty if the span belongs to none.
    pub(super) file: &'a str,
    /// Of the first character.
    pub(super) start: Position,
    /// Behind the last character.
    pub(super) end: Position,
}

/// Looks a span up. A span of no known source stands at 1:1 of a file without a name.
pub(super) fn place(sources: &Sources, span: Span) -> Place<'_> {
    match sources.get(span.source) {
        Some(source) => Place {
            file: &source.name,
            start: source.position(span.start as usize),
            end: source.position(span.end.max(span.start) as usize),
        },
        None => {
            let start = Position { line: 1, column: 1 };
            Place { file: "", start, end: start }
        }
    }
}
