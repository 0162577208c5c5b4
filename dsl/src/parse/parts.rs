//! The parts of a rule in the order of the grammar, and the small things all topics share.

use super::blocks::Parser;
use super::grammar::Rule;
use crate::ast::{Name, Path};
use crate::span::Span;
use pest::iterators::{Pair, Pairs};
use std::iter::Peekable;

/// What stands inside a rule, taken from front to back.
pub(super) struct Parts<'t>(Peekable<Pairs<'t, Rule>>);

impl<'t> Parts<'t> {
    pub(super) fn of(pair: Pair<'t, Rule>) -> Self {
        Self(pair.into_inner().peekable())
    }

    /// The next part if it is of this rule.
    pub(super) fn next_if(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        self.0.next_if(|pair| pair.as_rule() == rule)
    }

    /// The rule of the next part.
    pub(super) fn peek(&mut self) -> Option<Rule> {
        self.0.peek().map(Pair::as_rule)
    }

    /// The text of the next part if it is of this rule.
    pub(super) fn peek_str(&mut self, rule: Rule) -> Option<&'t str> {
        self.0.peek().filter(|pair| pair.as_rule() == rule).map(Pair::as_str)
    }

    /// The next part, whatever it is.
    pub(super) fn next(&mut self) -> Pair<'t, Rule> {
        self.0.next().expect("the grammar has one more part here")
    }

    /// The first part of this rule; those in front of it are words and marks.
    pub(super) fn find(&mut self, rule: Rule) -> Pair<'t, Rule> {
        let found = self.0.find(|pair| pair.as_rule() == rule);
        found.expect("the grammar has a part of this rule here")
    }

    /// The first part of this rule, if there is one; all parts in front of it are dropped.
    pub(super) fn seek(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        self.0.find(|pair| pair.as_rule() == rule)
    }

    /// The next part if it is of another rule than this.
    pub(super) fn before(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        self.0.next_if(|pair| pair.as_rule() != rule)
    }

    /// All parts that are left.
    pub(super) fn rest(self) -> impl Iterator<Item = Pair<'t, Rule>> {
        self.0
    }

    /// All parts of this rule that are left.
    pub(super) fn all(self, rule: Rule) -> impl Iterator<Item = Pair<'t, Rule>> {
        self.0.filter(move |pair| pair.as_rule() == rule)
    }
}

impl<'t> Parser<'t, '_> {
    /// The place of a part. Pest lets a rule reach over the white space and the comments in front
    /// of an optional part that is not there, so the end is that of the last token inside.
    pub(super) fn span(&self, pair: &Pair<'t, Rule>) -> Span {
        let span = pair.as_span();
        let (start, end) = (self.base + span.start(), self.base + span.end());
        let behind = self.tokens.partition_point(|t| (t.start as usize) < end);
        let end = behind.checked_sub(1).map_or(end, |last| end.min(self.tokens[last].end as usize));
        Span::new(self.source, start, end.max(start))
    }

    pub(super) fn name(&self, pair: Pair<'t, Rule>) -> Name {
        let text = pair.as_str();
        let start = self.base + pair.as_span().start();
        let span = Span::new(self.source, start, start + text.len());
        Name { text: text.strip_prefix("r#").unwrap_or(text).to_string(), span }
    }

    pub(super) fn names(&self, parts: Parts<'t>) -> Vec<Name> {
        parts.all(Rule::ident).map(|p| self.name(p)).collect()
    }

    pub(super) fn path(&self, pair: Pair<'t, Rule>) -> Path {
        let segments = self.names(Parts::of(pair));
        let span = match segments.as_slice() {
            [first, .., last] => first.span.to(last.span),
            [only] => only.span,
            [] => Span::default(),
        };
        Path { segments, span }
    }
}
