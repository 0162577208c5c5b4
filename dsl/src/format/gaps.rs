//! What stands between tokens: white space and comments.

/// The space in front of a token, or behind the last one.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// Where it begins and ends in the text.
    pub(super) range: std::ops::Range<usize>,
    pub(super) comments: Vec<Comment>,
    /// How many lines end behind the last comment.
    pub(super) lines: usize,
}

/// A comment between two tokens.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) range: std::ops::Range<usize>,
    /// How many lines end in front of it, behind the token or comment before.
    pub(super) lines: usize,
    /// Up to the end of the line; else it ends with `*/`.
    pub(super) is_line: bool,
}

impl Gap {
    /// The gap that `text[range]` is.
    pub(super) fn new(text: &str, range: std::ops::Range<usize>) -> Self {
        let mut gap = Self { range: range.clone(), ..Self::default() };
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            let is_line = rest.starts_with("//");
            let len = match rest.as_bytes() {
                [b'/', b'/', ..] => rest.find('\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => block(rest),
                _ => {
                    gap.lines += usize::from(rest.starts_with('\n'));
                    at += rest.chars().next().map_or(1, char::len_utf8);
                    continue;
                }
            };
            let comment = at..at + without_end(&rest[..len]).len();
            let lines = std::mem::take(&mut gap.lines);
            gap.comments.push(Comment { range: comment, lines, is_line });
            at += len;
        }
        gap
    }

    /// True if a line ends in it, other than inside a comment.
    pub(super) fn is_broken(&self) -> bool {
        self.lines > 0 || self.comments.iter().any(|comment| comment.lines > 0)
    }

    /// True if what follows cannot stand on the same line.
    pub(super) fn must_break(&self) -> bool {
        self.comments.iter().any(|comment| comment.is_line)
    }
}

/// A text without the white space at its end. What else Unicode calls white space is none here.
pub(super) fn without_end(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\r', '\n', '\u{FEFF}'])
}

/// The length of a comment, those inside it included; all of it if it is never closed.
fn block(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
