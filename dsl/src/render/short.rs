//! One line a diagnostic, as compilers have printed it for fifty years.

use super::place::place;
use super::word;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use std::fmt::Write;

/// `file:line:column: error[flow-E0102]: message`, a line each.
pub fn short(sources: &Sources, diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let place = place(sources, diagnostic.primary);
        let _ = writeln!(
            out,
            "{}:{}:{}: {}[{}]: {}",
            place.file,
            place.start.line,
            place.start.column,
            word(diagnostic.severity),
            diagnostic.code,
            diagnostic.message.replace('\n', " "),
        );
    }
    out
}
