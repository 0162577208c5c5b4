//! Where a statement does break: where its author broke it, and where it would be too wide.

use super::pieces::Pieces;
use super::points::Points;
use super::starts::{Start, Starts};
use super::{INDENT, WIDTH};
use crate::parse::Rule;

/// What stands in front of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// What stood there.
    AsItWas,
    /// The same line goes on.
    Same,
    /// A line begins with so much indentation; `item` if a statement begins with it.
    Line { indent: usize, item: bool },
}

/// Breaks the lines of a text.
struct Breaker<'p> {
    pieces: &'p Pieces<'p>,
    starts: &'p Starts,
    points: Points,
    /// For every token, what stands in front of it.
    before: Vec<Before>,
    /// For every token, the indentation of its line.
    indents: Vec<usize>,
    /// For every group, whether all its points break.
    broken: Vec<bool>,
    /// For every token, how wide it is alone, and with the gap in front of it.
    widths: Vec<[usize; 2]>,
}

impl Pieces<'_> {
    /// What stands in front of every token.
    pub(super) fn breaks(&self, starts: &Starts) -> Vec<Before> {
        let points = self.points();
        let mut breaker = Breaker {
            pieces: self,
            starts,
            before: vec![Before::Same; self.len()],
            indents: vec![0; self.len()],
            broken: vec![false; points.groups],
            widths: (0..self.len()).map(|t| [self.width(t, false), self.width(t, t > 0)]).collect(),
            points,
        };
        let lines = (0..self.len()).filter(|token| starts.list[*token].is_some() || *token == 0);
        let mut lines = lines.peekable();
        while let Some(first) = lines.next() {
            breaker.line(first, lines.peek().copied().unwrap_or(self.len()));
        }
        breaker.before
    }
}

impl Breaker<'_> {
    /// Decides for the tokens `first..end`, of which only the first has to begin a line.
    fn line(&mut self, first: usize, end: usize) {
        let depth = match self.starts.list[first] {
            Some(Start::Depth(depth)) => Some(depth),
            _ => None,
        };
        let known = |token: usize| self.pieces.outline.known[token];
        if depth.is_none() || !(first..end).all(known) {
            self.before[first..end].fill(Before::AsItWas);
        }
        let Some(depth) = depth else { return };
        self.before[first] =
            Before::Line { indent: depth * INDENT, item: !self.is_documented(first) };
        self.indents[first] = depth * INDENT;
        if first + 1 == end || self.before[end - 1] == Before::AsItWas {
            return;
        }
        let mut breaks: Vec<bool> = (first..end).map(|token| self.is_broken(token)).collect();
        breaks[0] = false;
        loop {
            self.spread(first, &mut breaks);
            self.indent(first, &breaks);
            if !self.narrow(first, &mut breaks) {
                return;
            }
        }
    }

    /// True if documentation or an annotation of the same statement stands in front of the token.
    fn is_documented(&self, token: usize) -> bool {
        let documented = token > 0 && self.pieces.is_doc(token - 1) || self.pieces.annotated[token];
        documented && !self.pieces.begins[token] && !self.starts.closes[token]
    }

    /// True if the author broke in front of this token and may, or if a comment makes it so.
    fn is_broken(&self, token: usize) -> bool {
        let gap = &self.pieces.gaps[token];
        let delays = self.pieces.rule(token) == Some(Rule::k_after)
            && self.pieces.around(token) == Some(Rule::raise);
        let may = self.points.list[token].is_some() || delays;
        gap.must_break() || (may && gap.is_broken())
    }

    /// Where one element of a list begins a line, all do; and so do the clauses of a statement if
    /// the list has no brackets: `do a(), b()`.
    fn spread(&mut self, first: usize, breaks: &mut [bool]) {
        for (at, broken) in breaks.iter().enumerate() {
            if let Some(point) = self.points.list[first + at]
                && point.together
                && (*broken || self.broken[point.group])
            {
                self.broken[point.group] = true;
                if let (true, Some(clause)) =
                    (self.pieces.is_keyword(point.anchor), self.points.list[point.anchor])
                {
                    self.broken[clause.group] = true;
                }
            }
        }
        for (at, broken) in breaks.iter_mut().enumerate() {
            *broken |= self.points.list[first + at].is_some_and(|point| self.broken[point.group]);
        }
    }

    /// Gives every line its indentation.
    fn indent(&mut self, first: usize, breaks: &[bool]) {
        let base = self.indents[first];
        for token in first + 1..first + breaks.len() {
            let opens = self.starts.opens[token];
            let indent = match self.points.list[token] {
                _ if opens => base,
                Some(point) if point.anchor >= first => {
                    self.indents[point.anchor] + if point.deeper { INDENT } else { 0 }
                }
                _ => base + INDENT,
            };
            // The brace of a block stands where its statement begins, or on the line of that.
            let begins = breaks[token - first] || (opens && self.indents[token - 1] > base);
            (self.indents[token], self.before[token]) = match begins {
                true => (indent, Before::Line { indent, item: false }),
                false => (self.indents[token - 1], Before::Same),
            };
        }
    }

    /// Breaks what is too wide one level further; false if nothing is, or can be broken.
    fn narrow(&mut self, first: usize, breaks: &mut [bool]) -> bool {
        let end = first + breaks.len();
        let mut changed = false;
        let mut line = first;
        while line < end {
            let is_same = |token: &usize| self.before[*token] == Before::Same;
            let next = (line + 1..end).find(|token| !is_same(token)).unwrap_or(end);
            if self.is_wide(line, next) {
                changed |= self.split(first, line..next, breaks);
            }
            line = next;
        }
        changed
    }

    fn is_wide(&self, line: usize, next: usize) -> bool {
        let mut column = self.indents[line];
        for token in line..next {
            column += self.widths[token][usize::from(token > line)];
            if column > WIDTH {
                // Behind a string of several lines the columns are other ones: nothing is known.
                return !(line..=token).any(|token| self.pieces.is_tall(token));
            }
        }
        false
    }

    /// Breaks the outermost group of a line.
    fn split(&mut self, first: usize, line: std::ops::Range<usize>, breaks: &mut [bool]) -> bool {
        let points = line.clone().skip(1).filter_map(|token| self.points.list[token]);
        let Some(outermost) = points.min_by_key(|point| point.level) else { return false };
        self.broken[outermost.group] |= outermost.together;
        for token in line.skip(1) {
            if self.points.list[token].is_some_and(|point| point.group == outermost.group) {
                breaks[token - first] = true;
            }
        }
        true
    }
}
