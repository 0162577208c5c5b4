//! Workflow commands that GitHub turns into annotations of a pull request.

use super::place::place;
use super::{text, word};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use std::fmt::Write;

/// `::error file=..,line=..::message`, a line each, with notes and help in the message.
pub fn github(sources: &Sources, diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let place = place(sources, diagnostic.primary);
        let _ = writeln!(
            out,
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            word(diagnostic.severity),
            escape_property(place.file),
            place.start.line,
            place.end.line,
            place.start.column,
            place.end.column,
            diagnostic.code,
            escape(&text(diagnostic)),
        );
    }
    out
}

/// The message may hold anything but these.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma or a colon.
fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
