//! The one style of `.flow` text: white space is laid out anew, nothing else changes.
//!
//! The tree forgets comments, so nothing is printed from it. The tokens stay in their order, and
//! what is decided is the gap in front of each: nothing, a space, or a new line with its depth.
//!
//! * [`pieces`] are the tokens with what the parser saw in them, and the gaps ([`gaps`]) between,
//!   which hold the comments.
//! * [`starts`] finds where lines have to begin: a line for every statement, unless its author
//!   wrote a short block on one line.
//! * [`points`] are the places where a statement may break, [`breaks`] those where it does: where
//!   its author broke it, and where it would be wider than [`WIDTH`].
//! * [`spacing`] parts words inside a line, [`write`](mod@write) puts the text together, and
//!   [`columns`] aligns the comments behind it.
//!
//! All of it goes by what the grammar's parts are made of (words, marks, lists, operators), and
//! hardly by which they are: a new statement or block needs nothing here.
//!
//! What the parser did not understand stays as it is, from its first token to its last.

mod breaks;
mod columns;
mod gaps;
mod pieces;
mod points;
mod spacing;
mod starts;
mod write;

use crate::ast::File;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse;
use crate::span::SourceId;
use pieces::Pieces;

/// No line is wider than this many characters if it can be broken; comments do not count.
pub const WIDTH: usize = 100;

/// One more level of indentation.
const INDENT: usize = 4;

/// How often a text with mistakes is laid out to see that it comes to rest.
const ATTEMPTS: usize = 4;

/// The text in the one style. Its line ends stay what most of them are, a byte order mark stays.
///
/// Mistakes stay as they are. As indentation tells where a missing brace belongs, a text in which
/// another layout would make other mistakes is given back unchanged.
pub fn format(text: &str) -> String {
    let (mark, body) = match text.strip_prefix('\u{FEFF}') {
        Some(body) => ("\u{FEFF}", body),
        None => ("", text),
    };
    let Some(laid_out) = unix(body).and_then(|unix| laid_out(&unix)) else {
        return text.to_string();
    };
    let line_feeds = body.matches('\n').count();
    match body.matches("\r\n").count() * 2 > line_feeds {
        true => mark.to_string() + &laid_out.replace('\n', "\r\n"),
        false => mark.to_string() + &laid_out,
    }
}

/// The text with plain line feeds; `None` if it would be another one. White space in front of a
/// line end can be part of a string that is never closed.
fn unix(text: &str) -> Option<String> {
    let mut unix = text.replace("\r\n", "\n");
    if !unix.contains("\r\n") {
        return Some(unix);
    }
    while unix.contains("\r\n") {
        unix = unix.replace("\r\n", "\n");
    }
    Read::of(text).says_the_same_as(&Read::of(&unix)).then_some(unix)
}

/// The text laid out; `None` if it has mistakes and they would not stay the same.
fn laid_out(text: &str) -> Option<String> {
    let mut read = Read::of(text);
    let mut now = Pieces::new(text, std::mem::take(&mut read.outline)).write();
    if read.mistakes.is_empty() {
        return Some(now);
    }
    for _ in 0..ATTEMPTS {
        let again = Read::of(&now);
        if !again.says_the_same_as(&read) {
            return None;
        }
        let next = Pieces::new(&now, again.outline).write();
        if next == now {
            return (words(&now) == words(text)).then_some(now);
        }
        now = next;
    }
    None
}

/// What the parser makes of a text.
struct Read {
    tree: File,
    outline: parse::Outline,
    mistakes: Vec<Diagnostic>,
}

impl Read {
    fn of(text: &str) -> Self {
        let mut diagnostics = Diagnostics::default();
        let (tree, outline) = parse::outline(SourceId(0), text, &mut diagnostics);
        Self { tree, outline, mistakes: diagnostics.iter().cloned().collect() }
    }

    fn says_the_same_as(&self, other: &Self) -> bool {
        self.tree == other.tree && self.mistakes == other.mistakes
    }
}

/// The text without white space.
fn words(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{FEFF}')).collect()
}
