//! What the macros themselves refuse: Rust that the language has no words for.

use proc_macro2::{Span, TokenStream};

/// A piece of Rust that cannot be turned into the language, with the way out.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The first token that it is about.
    pub(super) first: Span,
    /// The last.
    pub(super) last: Span,
    /// One line, lower case, no full stop.
    pub(super) message: String,
    /// What to write instead.
    pub(super) help: String,
}

/// All refusals of one macro call, in the order of finding.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    list: Vec<Refusal>,
}

impl Refusals {
    /// Refuses one token.
    pub(super) fn at(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.list.push(Refusal {
            first: span,
            last: span,
            message: message.into(),
            help: help.into(),
        });
    }

    /// Refuses a run of tokens.
    pub(super) fn over(&mut self, tokens: TokenStream, message: &str, help: impl Into<String>) {
        let mut spans = tokens.into_iter().map(|t| t.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        let last = spans.last().unwrap_or(first);
        self.list.push(Refusal { first, last, message: message.into(), help: help.into() });
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Refusal> {
        self.list.iter()
    }

    /// True if nothing was refused.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
