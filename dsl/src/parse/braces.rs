//! Which brace is missing, or one too many: told by the indentation, as people see it.

use super::tokens::{Kind, Token};

/// What the braces of a text tell before it is parsed.
#[derive(Debug, Default)]
pub(super) struct Braces {
    /// A `{` that is never closed, by its token, with the indentation of its line.
    pub(super) unclosed: Option<(usize, usize)>,
    /// A `}` that is one too many, by its token.
    pub(super) extra: Option<usize>,
    /// True if braces do not pair up.
    pub(super) is_unbalanced: bool,
    /// For every line that begins with a token: that token and its indentation.
    lines: Vec<(usize, usize)>,
}

/// A `{` that waits for its `}`: its token and the indentation of its line.
struct Open {
    token: usize,
    indentation: usize,
}

/// Pairs the braces of a text. If they do not pair up, the first pair that stands crooked tells
/// where the mistake is.
pub(super) fn braces(text: &str, tokens: &[Token]) -> Braces {
    let mut found = Braces::default();
    let mut open: Vec<Open> = Vec::new();
    let (mut line_end, mut crooked_open, mut crooked_close) = (0, None, None);
    let mut unmatched = None;
    for (at, token) in tokens.iter().enumerate() {
        let start = token.start as usize;
        let gap = &text[line_end..start];
        let first = at == 0 || gap.contains('\n');
        if first {
            found.lines.push((at, start - gap.rfind('\n').map_or(line_end, |n| line_end + n + 1)));
        }
        line_end = token.end as usize;
        let indentation = found.lines.last().map_or(0, |line| line.1);
        match &text[start..line_end] {
            "{" if token.kind == Kind::Mark => open.push(Open { token: at, indentation }),
            "}" if token.kind == Kind::Mark => match open.pop() {
                Some(opened) if first && indentation < opened.indentation => {
                    crooked_open.get_or_insert((opened.token, opened.indentation));
                }
                Some(opened) if first && indentation > opened.indentation => {
                    crooked_close.get_or_insert(at);
                }
                Some(_) => {}
                None => {
                    unmatched.get_or_insert(at);
                }
            },
            _ => {}
        }
    }
    found.is_unbalanced = !open.is_empty() || unmatched.is_some();
    if open.is_empty() {
        found.extra = unmatched.map(|at| crooked_close.unwrap_or(at));
    } else {
        found.unclosed = crooked_open;
    }
    found
}

impl Braces {
    /// The indentation of a token if it is the first of its line.
    pub(super) fn indentation(&self, token: usize) -> Option<usize> {
        let line = self.lines.binary_search_by_key(&token, |line| line.0).ok()?;
        Some(self.lines[line].1)
    }

    /// The indentation of the line on which a token stands.
    pub(super) fn line_indentation(&self, token: usize) -> usize {
        let behind = self.lines.partition_point(|line| line.0 <= token);
        behind.checked_sub(1).map_or(0, |line| self.lines[line].1)
    }
}
