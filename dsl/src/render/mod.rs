//! Diagnostics as text: for people, for terminals without room, for GitHub, for programs, for code
//! scanning.
//!
//! Every form takes the diagnostics in the order of the collector; sort them first.

mod excerpt;
mod github;
mod human;
mod json;
pub(crate) mod literal;
mod place;
mod sarif;
mod short;

pub use github::github;
pub use human::{human, human_one};
pub use json::json;
pub use sarif::SarifLog;
pub use short::short;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use std::fmt::Write;

/// How [`human`] looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Columns of the terminal; longer source lines are cut around the place.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 140 }
    }
}

/// One line that counts them, as `2 errors, 1 warning`; empty if there are none.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")]
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}{}", if *number == 1 { "" } else { "s" }))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The word for a severity that all forms use.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// All words of a diagnostic, a line each.
fn text(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.primary_label.is_empty() {
        let _ = write!(text, ": {}", diagnostic.primary_label);
    }
    for note in &diagnostic.notes {
        let _ = write!(text, "\nnote: {note}");
    }
    for help in diagnostic.help.iter().chain(diagnostic.fixes.iter().map(|fix| &fix.title)) {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}
