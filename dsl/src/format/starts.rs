//! Where lines have to begin, and what stays on one line.

use super::pieces::Pieces;
use super::{INDENT, WIDTH};
use crate::parse::{Block, Rule};

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With so many blocks around it.
    Depth(usize),
    /// As it was: a mistake begins here.
    AsItWas,
}

/// How the statements of a block stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// A line each.
    Lines,
    /// All on the line of the braces.
    OneLine,
}

/// A block that is open at some token.
struct Open {
    block: Block,
    shape: Shape,
}

/// What blocks say of the tokens.
pub(super) struct Starts {
    /// For every token that begins a line, how.
    pub(super) list: Vec<Option<Start>>,
    /// For every token, whether it opens a block whose statements have a line each.
    pub(super) opens: Vec<bool>,
    /// For every token, whether it closes one.
    pub(super) closes: Vec<bool>,
}

impl Pieces<'_> {
    /// Finds where lines have to begin.
    pub(super) fn starts(&self) -> Starts {
        let count = self.len();
        let mut starts = Starts {
            list: vec![None; count],
            opens: vec![false; count],
            closes: vec![false; count],
        };
        let mut blocks = self.blocks().into_iter().peekable();
        let mut open: Vec<Open> = Vec::new();
        let mut line = 0;
        for token in 0..count {
            while open.last().is_some_and(|inner| inner.block.end <= token) {
                open.pop();
            }
            let lines = open.last().is_none_or(|inner| inner.shape == Shape::Lines);
            let closes = open.last().is_some_and(|inner| inner.block.close == Some(token));
            starts.closes[token] = closes && lines;
            if lines && (closes || self.begins[token] || self.is_documented(token)) {
                let depth = open.len() - usize::from(closes);
                starts.list[token] = self.start(token, depth);
            }
            if starts.list[token].is_some() {
                line = token;
            }
            if let Some(block) = blocks.next_if(|block| block.open == token) {
                let shape = match lines {
                    true => self.shape(&block, line, open.len()),
                    false => Shape::OneLine,
                };
                starts.opens[token] = shape == Shape::Lines;
                open.push(Open { block, shape });
            }
        }
        starts
    }

    /// True behind documentation, and behind an annotation on a line of its own.
    fn is_documented(&self, token: usize) -> bool {
        let documented = token > 0 && self.is_doc(token - 1) && self.outline.known[token - 1];
        documented || (self.annotated[token] && self.gaps[token].is_broken())
    }

    /// Blocks of statements and of branches, in the order of their opening braces.
    fn blocks(&self) -> Vec<Block> {
        let branches = self.outline.parts.iter().filter(|part| part.rule == Rule::branches);
        let branches =
            branches.map(|p| Block { open: p.first, close: Some(p.end - 1), end: p.end });
        let mut blocks: Vec<Block> = self.outline.blocks.iter().copied().chain(branches).collect();
        blocks.sort_by_key(|block| block.open);
        blocks
    }

    /// How a token begins a line; `None` if it does not, since a mistake stands beside it.
    fn start(&self, token: usize, depth: usize) -> Option<Start> {
        let broken = token == 0 || self.gaps[token].is_broken() || self.is_doc(token - 1);
        let known = |token: usize| self.outline.known[token];
        match (known(token), token == 0 || known(token - 1)) {
            (true, true) => Some(Start::Depth(depth)),
            (true, false) if broken => Some(Start::Depth(depth)),
            (false, _) if broken => Some(Start::AsItWas),
            _ => None,
        }
    }

    /// How a block stands whose line begins at `line` inside `depth` blocks.
    fn shape(&self, block: &Block, line: usize, depth: usize) -> Shape {
        let last = block.end - 1;
        let is_empty = block.close == Some(block.open + 1);
        let has_comment = !self.gaps[last].comments.is_empty();
        if is_empty && !has_comment {
            return Shape::OneLine;
        }
        let (from, open) = (self.from(line), self.from(block.open));
        let inner = &self.text[open..self.outline.tokens[last].end as usize];
        let wrong = (block.open..block.end).any(|token| !self.outline.known[token]);
        if inner.contains('\n') || block.close.is_none() {
            return Shape::Lines;
        }
        if wrong {
            return Shape::OneLine;
        }
        if self.text[from..open].contains('\n') {
            return Shape::Lines;
        }
        let stop = |token: &usize| self.outline.begins[*token] || self.word(*token) == "}";
        let end = (block.end..self.len()).find(stop).unwrap_or(self.len());
        match depth * INDENT + self.joined_width(line, end) <= WIDTH {
            true => Shape::OneLine,
            false => Shape::Lines,
        }
    }

    fn from(&self, token: usize) -> usize {
        self.outline.tokens[token].start as usize
    }
}
