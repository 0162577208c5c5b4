//! A text as it is laid out: tokens, what the parser saw in them, and the gaps between.

use super::gaps::{Gap, without_end};
use crate::parse::{Kind, Outline, Part, Rule};

/// A text that can be laid out.
pub(super) struct Pieces<'t> {
    pub(super) text: &'t str,
    pub(super) outline: Outline,
    /// The gap in front of every token, and one behind the last.
    pub(super) gaps: Vec<Gap>,
    /// For every token, whether a statement, a field, a variant or a branch begins with it.
    pub(super) begins: Vec<bool>,
    /// For every token, and one behind the last, whether an annotation stands in front of it.
    pub(super) annotated: Vec<bool>,
    /// For every token of a statement, the innermost part that it is, an index into the parts.
    leaves: Vec<Option<usize>>,
    /// For every part, the part around it.
    parents: Vec<Option<usize>>,
    /// For every part, the first one behind it that is not inside it.
    behind: Vec<usize>,
}

impl<'t> Pieces<'t> {
    pub(super) fn new(text: &'t str, outline: Outline) -> Self {
        let mut gaps = Vec::with_capacity(outline.tokens.len() + 1);
        let mut at = 0;
        for token in &outline.tokens {
            gaps.push(Gap::new(text, at..token.start as usize));
            at = token.end as usize;
        }
        gaps.push(Gap::new(text, at..text.len()));
        let mut begins = outline.begins.clone();
        let mut annotated = vec![false; outline.tokens.len() + 1];
        let mut leaves = vec![None; outline.tokens.len()];
        let mut parents = Vec::with_capacity(outline.parts.len());
        let mut behind = vec![outline.parts.len(); outline.parts.len()];
        let mut around: Vec<usize> = Vec::new();
        for (at, part) in outline.parts.iter().enumerate() {
            around.drain(part.depth..).for_each(|closed| behind[closed] = at);
            parents.push(around.last().copied());
            around.push(at);
            leaves[part.first] = Some(at);
            begins[part.first] |= part.rule == Rule::branch;
            annotated[part.end] |= part.rule == Rule::annotation;
        }
        Self { text, outline, gaps, begins, annotated, leaves, parents, behind }
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.outline.tokens.len()
    }

    /// The text of a token.
    pub(super) fn word(&self, token: usize) -> &'t str {
        let token = self.outline.tokens[token];
        let word = &self.text[token.start as usize..token.end as usize];
        match token.kind {
            Kind::Doc | Kind::FileDoc => without_end(word),
            _ => word,
        }
    }

    pub(super) fn kind(&self, token: usize) -> Kind {
        self.outline.tokens[token].kind
    }

    /// True for `///` and `//!`, which end their lines.
    pub(super) fn is_doc(&self, token: usize) -> bool {
        matches!(self.kind(token), Kind::Doc | Kind::FileDoc)
    }

    /// What a token is to the grammar; `None` outside statements.
    pub(super) fn rule(&self, token: usize) -> Option<Rule> {
        self.leaves[token].map(|leaf| self.outline.parts[leaf].rule)
    }

    /// What the part around a token is.
    pub(super) fn around(&self, token: usize) -> Option<Rule> {
        let parent = self.parents[self.leaves[token]?]?;
        Some(self.outline.parts[parent].rule)
    }

    /// True for a word of the grammar, which is no name.
    pub(super) fn is_keyword(&self, token: usize) -> bool {
        let name = [Rule::ident, Rule::boolean, Rule::never];
        self.kind(token) == Kind::Word && self.rule(token).is_some_and(|rule| !name.contains(&rule))
    }

    /// The parts directly inside a part; the reaction of a handler has no layout of its own, and
    /// counts as what it is made of.
    pub(super) fn inside(&self, part: usize) -> Vec<Part> {
        let mut found: Vec<Part> = Vec::new();
        let mut at = part + 1;
        while at < self.behind[part] {
            let inner = self.outline.parts[at];
            if inner.rule == Rule::reaction {
                at += 1;
                continue;
            }
            found.push(inner);
            at = self.behind[at];
        }
        found
    }
}
