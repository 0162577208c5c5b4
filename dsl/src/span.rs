//! Places in source text: a small key that only the [`Sources`](crate::source::Sources) it came
//! from, or the front end that made the text, can turn back into a line or a token.

use std::hash::{Hash, Hasher};

/// Which text a [`Span`] points into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A range of bytes, `start..end`, in one source.
///
/// Spans never take part in equality or hashing: two trees that say the same thing are equal
/// wherever they stand, which is how a test compares what two doors understood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// The text it points into.
    pub source: SourceId,
    /// Byte offset of the first character.
    pub start: u32,
    /// Byte offset behind the last character.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        // A source longer than 4 GiB is refused by the loader, so the casts cannot lose anything.
        Self { source, start: start as u32, end: end as u32 }
    }

    /// The smallest span that holds both; `self` if they stand in different sources.
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The byte range, for indexing the text of the source.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A key that sorts spans by source and place.
    pub fn order(self) -> (SourceId, u32, u32) {
        (self.source, self.start, self.end)
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Span) -> bool {
        true
    }
}

impl Eq for Span {}

impl Hash for Span {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
