//! Which neighbours in a line have a space between them, and how wide the line is then.

use super::pieces::Pieces;
use crate::parse::{Kind, Rule};

impl Pieces<'_> {
    /// How many spaces stand between a token and the one in front of it: two part statements.
    pub(super) fn spaces(&self, token: usize) -> usize {
        let parts = self.begins[token] && !matches!(self.word(token - 1), "{" | ",");
        usize::from(self.has_space(token)) + usize::from(parts)
    }

    /// True if there is any.
    fn has_space(&self, token: usize) -> bool {
        let before = self.rule(token - 1);
        let (inner, outer) = (self.around(token - 1), self.around(token));
        match before {
            Some(
                Rule::lparen
                | Rule::lbracket
                | Rule::less
                | Rule::at
                | Rule::dot
                | Rule::dots
                | Rule::colons
                | Rule::prefix,
            ) => return false,
            Some(Rule::lbrace) if inner == Some(Rule::use_group) => return false,
            _ => {}
        }
        match self.rule(token) {
            Some(
                Rule::rparen
                | Rule::rbracket
                | Rule::less
                | Rule::more
                | Rule::comma
                | Rule::semi
                | Rule::colon
                | Rule::dot
                | Rule::dots
                | Rule::question
                | Rule::per_cent,
            ) => false,
            // `use ::a` against `a::b`.
            Some(Rule::colons) => before != Some(Rule::ident),
            Some(Rule::lparen) => outer == Some(Rule::group) || before == Some(Rule::k_by),
            Some(Rule::rbrace) => outer != Some(Rule::use_group),
            Some(_) => true,
            None => !matches!((self.word(token - 1), self.word(token)), (_, ",") | ("{", "}")),
        }
    }

    /// True if even a comment has no space behind it here.
    pub(super) fn closes(&self, token: usize) -> bool {
        matches!(self.word(token), ")" | "]" | "," | ";")
    }

    /// How wide tokens are on one line.
    pub(super) fn joined_width(&self, first: usize, end: usize) -> usize {
        (first..end).map(|token| self.width(token, token > first)).sum()
    }

    /// How wide a token is with what stands in front of it on its line.
    pub(super) fn width(&self, token: usize, with_gap: bool) -> usize {
        let mut width = self.word(token).chars().count();
        if with_gap {
            let comments = &self.gaps[token].comments;
            let comments = comments.iter().map(|c| self.text[c.range.clone()].chars().count() + 1);
            width += comments.sum::<usize>() + self.spaces(token);
        }
        width
    }

    /// True if a string or a comment in this place goes over several lines.
    pub(super) fn is_tall(&self, token: usize) -> bool {
        let gap = &self.gaps[token].comments;
        let tall_comment = gap.iter().any(|c| self.text[c.range.clone()].contains('\n'));
        tall_comment || (self.kind(token) == Kind::String && self.word(token).contains('\n'))
    }
}
