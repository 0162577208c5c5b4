//! What the parser saw where, for tools that keep the text: the tree tells what a text means, and
//! forgets its comments and half of its marks.

use super::blocks::Parser;
use super::grammar::Rule;
use super::tokens::Token;
use crate::ast::File;
use pest::iterators::Pair;

/// Where everything stands that could be understood. A token that nothing here speaks of belongs
/// to a mistake.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// All tokens of the text.
    pub(crate) tokens: Vec<Token>,
    /// What pest found, statement by statement, each part in front of those inside it.
    pub(crate) parts: Vec<Part>,
    /// Blocks of statements, in the order of their opening braces.
    pub(crate) blocks: Vec<Block>,
    /// For every token, whether a statement, a field or a variant begins with it, or could have.
    pub(crate) begins: Vec<bool>,
    /// For every token, whether it was understood.
    pub(crate) known: Vec<bool>,
}

/// A part of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) rule: Rule,
    /// The first token.
    pub(crate) first: usize,
    /// The token behind the last one.
    pub(crate) end: usize,
    /// How many parts stand around it.
    pub(crate) depth: usize,
}

/// A block by its tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// The opening brace.
    pub(crate) open: usize,
    /// The closing brace; `None` if it is missing.
    pub(crate) close: Option<usize>,
    /// The token behind the block.
    pub(crate) end: usize,
}

impl Outline {
    pub(super) fn new(tokens: Vec<Token>) -> Self {
        let nothing = vec![false; tokens.len()];
        Self { begins: nothing.clone(), known: nothing, tokens, ..Self::default() }
    }

    /// An entry of a block begins here, as far as the parser knows.
    pub(super) fn begin(&mut self, token: usize) {
        if let Some(begins) = self.begins.get_mut(token) {
            *begins = true;
        }
    }

    /// The parser took this token.
    pub(super) fn know(&mut self, token: usize) {
        if let Some(known) = self.known.get_mut(token) {
            *known = true;
        }
    }

    pub(super) fn open(&mut self, open: usize) {
        self.blocks.push(Block { open, close: None, end: open + 1 });
    }

    /// The block that opened at `open` is closed by `close`.
    pub(super) fn close(&mut self, open: usize, close: usize) {
        let block = self.blocks.iter_mut().rfind(|block| block.open == open);
        block.into_iter().for_each(|block| block.close = Some(close));
    }

    /// The block that opened at `open` ends in front of `end`, closed or not.
    pub(super) fn end(&mut self, open: usize, end: usize) {
        let block = self.blocks.iter_mut().rfind(|block| block.open == open);
        block.into_iter().for_each(|block| block.end = end);
    }

    /// Takes in what pest made of a statement; `base` is where that begins in the text.
    pub(super) fn statement(&mut self, pair: &Pair<'_, Rule>, base: usize) {
        let from = self.parts.len();
        self.add(pair.clone(), base, 0);
        if let Some(part) = self.parts.get(from) {
            self.known[part.first..part.end].fill(true);
        }
    }

    fn add(&mut self, pair: Pair<'_, Rule>, base: usize, depth: usize) {
        let (rule, span) = (pair.as_rule(), pair.as_span());
        let token = |offset| self.tokens.partition_point(|t| (t.start as usize) < base + offset);
        let (first, end) = (token(span.start()), token(span.end()));
        self.parts.push(Part { rule, first, end, depth });
        pair.into_inner().for_each(|inner| self.add(inner, base, depth + 1));
    }
}

impl Parser<'_, '_> {
    /// The whole text, and where everything in it stands.
    pub(super) fn file_with_outline(mut self) -> (File, Outline) {
        self.outline = Some(Outline::new(self.tokens.clone()));
        let file = self.file();
        (file, self.outline.unwrap_or_default())
    }
}
