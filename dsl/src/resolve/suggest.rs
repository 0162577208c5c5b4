//! "Did you mean": the known name that is nearest to an unknown one.

use crate::ast::{Name, Part};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::spelling::nearest;
use std::cell::Cell;

/// How many names are compared in one compilation before suggestions end: with thousands of
/// mistakes in a file of thousands of names, the time goes into them alone.
#[derive(Debug)]
pub(super) struct Patience {
    left: Cell<u32>,
}

impl Default for Patience {
    fn default() -> Self {
        Self { left: Cell::new(200_000) }
    }
}

impl Patience {
    /// The candidates, as long as there is patience.
    pub(super) fn with<I: Iterator>(&self, candidates: I) -> impl Iterator<Item = I::Item> {
        candidates.take_while(|_| {
            let left = self.left.get();
            self.left.set(left.saturating_sub(1));
            left > 0
        })
    }
}

/// "unknown KIND `NAME`", with the nearest known name where there is one.
pub(super) fn unknown<'n>(
    code: Code,
    kind: &str,
    name: &Name,
    candidates: impl Iterator<Item = (&'n str, Span)>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, name.span, format!("unknown {kind} `{}`", name.text));
    suggest(diagnostic, name, candidates)
}

/// Adds the nearest known name: where it is declared, and a fix.
pub(super) fn suggest<'n>(
    diagnostic: Diagnostic,
    name: &Name,
    candidates: impl Iterator<Item = (&'n str, Span)>,
) -> Diagnostic {
    let candidates: Vec<(&str, Span)> =
        candidates.map(|(known, span)| (known.trim_start_matches(Part::MARK), span)).collect();
    match nearest(&name.text, candidates.iter().map(|(known, _)| *known)) {
        None => diagnostic.at("nothing has this name"),
        Some(known) => {
            let place = candidates.iter().find(|(other, _)| *other == known);
            let diagnostic = match place {
                // Words of the language are declared nowhere.
                Some((_, span)) if span.end > 0 => {
                    diagnostic.label(*span, format!("`{known}` is declared here"))
                }
                _ => diagnostic,
            };
            diagnostic.at(format!("did you mean `{known}`?")).fix(
                &format!("write `{known}`"),
                name.span,
                known,
            )
        }
    }
}
