//! The texts of one compilation, and places in them as people count: line and column from 1.

use crate::span::{SourceId, Span};

/// One text: a file, or the joined tokens of a macro.
#[derive(Clone, Debug)]
pub struct Source {
    /// How messages name it: a path as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
    line_starts: Vec<u32>,
}

/// A place as people count it: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// All texts that one compilation has read, in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Takes a text in and gives it its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1))
            .collect();
        self.list.push(Source { name: name.into(), text, line_starts });
        SourceId(self.list.len() as u32 - 1)
    }

    /// The text with this id; `None` for an id of another compilation.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// All texts with their ids, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list.iter().enumerate().map(|(i, source)| (SourceId(i as u32), source))
    }

    /// The text that a span covers; empty if the span does not belong here.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).and_then(|s| s.text.get(span.range())).unwrap_or("")
    }
}

impl Source {
    /// Where a byte offset stands. Offsets behind the end give the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts[line - 1] as usize;
        let column = self.text.get(start..offset).map_or(0, |s| s.chars().count()) + 1;
        Position { line, column }
    }

    /// The bytes of a line, counted from 1, without its line break (`\n` or `\r\n`). Lines behind
    /// the last are empty and stand at the end.
    pub fn line(&self, number: usize) -> std::ops::Range<usize> {
        let start_of = |n: usize| self.line_starts.get(n).map(|&start| start as usize);
        let Some(start) = start_of(number.max(1) - 1) else {
            return self.text.len()..self.text.len();
        };
        let end = start_of(number.max(1)).unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').map_or(line, |l| l.strip_suffix('\r').unwrap_or(l));
        start..start + line.len()
    }
}
