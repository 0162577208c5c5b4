//! How serious the warnings of each code are taken.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;

/// What becomes of the warnings of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not said.
    Allow,
    /// They are said.
    Warn,
    /// They are errors.
    Deny,
}

/// Levels that differ from the catalogue. Errors are always errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    all: Option<Level>,
    codes: BTreeMap<Code, Level>,
}

impl Levels {
    /// Sets the level of one code. It counts more than [`Levels::set_all`], whichever comes first.
    pub fn set(&mut self, code: Code, level: Level) {
        self.codes.insert(code, level);
    }

    /// Sets the level of every warning that is said without being asked for.
    pub fn set_all(&mut self, level: Level) {
        self.all = Some(level);
    }

    /// The level of a code, if one was set.
    pub fn get(&self, code: Code) -> Option<Level> {
        let all = self.all.filter(|_| !code.is_opt_in());
        self.codes.get(&code).copied().or(all)
    }

    /// True if a code was asked for that is not looked for otherwise.
    pub(crate) fn asks_for(&self, code: Code) -> bool {
        matches!(self.get(code), Some(Level::Warn | Level::Deny))
    }

    /// Drops the warnings that are allowed, and makes errors of those that are denied.
    pub(crate) fn apply(&self, diagnostics: &mut Diagnostics) {
        diagnostics.retain(|diagnostic| {
            let is_warning = diagnostic.severity == Severity::Warning;
            match self.get(diagnostic.code).filter(|_| is_warning) {
                Some(Level::Allow) => return false,
                Some(Level::Deny) => diagnostic.severity = Severity::Error,
                Some(Level::Warn) | None => {}
            }
            true
        });
    }
}
