//! Words and marks with their places: what messages name, and where statements begin and end.

/// A word, a number, a string or a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Byte offset of the first character.
    pub(crate) start: u32,
    /// Byte offset behind the last character.
    pub(crate) end: u32,
}

/// The sorts of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    String,
    /// Punctuation, and any character that nothing in the language begins with.
    Mark,
    /// `/// ..`
    Doc,
    /// `//! ..`
    FileDoc,
}

/// A text cut into tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// The tokens; white space and comments are left out.
    pub(super) list: Vec<Token>,
    /// Where a comment begins that is never closed.
    pub(super) open_comment: Option<usize>,
    /// Where a comment begins that holds comments beyond [`DEPTH_LIMIT`].
    pub(super) deep_comment: Option<usize>,
}

/// How deep braces, parentheses, brackets, types, operators and comments may nest. Every level
/// costs the parser stack, most of all unoptimised inside a macro; people stop at ten.
pub const DEPTH_LIMIT: usize = 128;

/// Marks of two characters; longer ones are not in the language.
const PAIRS: [&str; 10] = ["->", "=>", "::", "..", "==", "!=", "<=", ">=", "&&", "||"];

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Tokens {
    let mut tokens = Tokens { list: Vec::with_capacity(text.len() / 5), ..Tokens::default() };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, len) = match c {
            ' ' | '\t' | '\r' | '\n' | '\u{FEFF}' => (None, c.len_utf8()),
            '/' if rest.starts_with("//") => line(rest),
            '/' if rest.starts_with("/*") => (None, tokens.block_comment(rest, at)),
            '"' => (Some(Kind::String), string(rest)),
            '0'..='9' => (Some(Kind::Number), number(rest)),
            _ if is_start(c) => (Some(Kind::Word), word(rest)),
            _ if PAIRS.iter().any(|p| rest.starts_with(p)) => (Some(Kind::Mark), 2),
            _ => (Some(Kind::Mark), c.len_utf8()),
        };
        if let Some(kind) = kind {
            tokens.list.push(Token { kind, start: at as u32, end: (at + len) as u32 });
        }
        at += len;
    }
    tokens
}

impl Tokens {
    /// The length of a comment, those inside it included; up to the end if it is never closed.
    fn block_comment(&mut self, rest: &str, start: usize) -> usize {
        let bytes = rest.as_bytes();
        let (mut depth, mut at) = (0, 0);
        while at + 1 < bytes.len() {
            match &bytes[at..at + 2] {
                b"/*" => (depth, at) = (depth + 1, at + 2),
                b"*/" => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
            if depth > DEPTH_LIMIT {
                self.deep_comment.get_or_insert(start);
            }
            if depth == 0 {
                return at;
            }
        }
        self.open_comment = Some(start);
        rest.len()
    }
}

fn is_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

fn line(rest: &str) -> (Option<Kind>, usize) {
    let len = rest.find('\n').unwrap_or(rest.len());
    let kind = if rest.starts_with("//!") {
        Some(Kind::FileDoc)
    } else if rest.starts_with("///") && !rest.starts_with("////") {
        Some(Kind::Doc)
    } else {
        None
    };
    (kind, len)
}

/// The length of a string with its quotes. A string that is not closed ends with its line: so it
/// costs one message, and not one for every quote behind it.
fn string(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'"', ..] => return at + 1,
            [b'\n', ..] | [b'\r', b'\n', ..] => return at,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [b'\\', _, ..] => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a number with its unit: `30s`, `1_000`, `0.9`, `1e-3`, and wrong ones alike.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut len = word(rest);
    if bytes.get(len) == Some(&b'.') && is_digit(len + 1) {
        len += 1 + word(&rest[len + 1..]);
    }
    let signed = matches!(bytes.get(len), Some(b'+' | b'-'));
    if signed && matches!(bytes[len - 1], b'e' | b'E') && is_digit(len + 1) {
        len += 1 + word(&rest[len + 1..]);
    }
    len
}

fn word(rest: &str) -> usize {
    let raw = if rest.starts_with("r#") && rest[2..].starts_with(is_start) { 2 } else { 0 };
    rest[raw..].find(|c| !unicode_ident::is_xid_continue(c)).map_or(rest.len(), |len| raw + len)
}
