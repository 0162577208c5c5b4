//! Diagnostics as text: for people, for terminals without room, for GitHub, for programs.
//!
//! Every form takes the diagnostics in the order of the collector; sort them first.

mod excerpt;
mod github;
mod human;
mod json;
mod place;
mod short;

pub use github::github;
pub use human::{human, human_one};
pub use json::json;
pub use short::short;

use crate::diagnostic::{Diagnostics, Severity};

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
