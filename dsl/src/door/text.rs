//! Tokens become text for the parser, and a table remembers where every word came from.
//!
//! Words are joined by single spaces, or by a line break where the author broke the line: layout
//! means nothing to the language, but recovery from a mistake starts again at the next line.

use proc_macro2::{Delimiter, Group, Literal, Spacing, Span, TokenStream, TokenTree};
use std::ops::Range;

/// Text in the making, with the origin of each word.
#[derive(Debug, Default)]
pub struct FlowText {
    text: String,
    places: Vec<Place>,
    /// The last token was punctuation that belongs to the next, as the `-` of `->`.
    joint: bool,
    /// The line of the last token, if it is known.
    line: usize,
    attributes: bool,
}

/// A word of the text and the token that it was.
#[derive(Debug)]
struct Place {
    range: Range<usize>,
    span: Span,
}

impl FlowText {
    /// Text that stands for attributes, so that advice is given in terms of those.
    pub fn of_attributes() -> Self {
        Self { attributes: true, ..Self::default() }
    }

    /// True if the author wrote attributes and not this text.
    pub fn is_written_by_attributes(&self) -> bool {
        self.attributes
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tokens that a range of the text came from: the first and the last. An empty range, or
    /// one between words, gives the word in front of it.
    pub fn origin(&self, range: Range<usize>) -> (Span, Span) {
        let behind = self.places.partition_point(|p| p.range.start < range.end.max(1));
        let first = self.places.partition_point(|p| p.range.end <= range.start);
        let last = behind.saturating_sub(1);
        let first = first.min(last);
        match (self.places.get(first), self.places.get(last)) {
            (Some(first), Some(last)) => (first.span, last.span),
            _ => (Span::call_site(), Span::call_site()),
        }
    }

    /// Adds a word that stands for the token at `span`.
    pub fn word(&mut self, word: &str, span: Span) {
        self.separate(span);
        let start = self.text.len();
        self.text.push_str(word);
        self.places.push(Place { range: start..self.text.len(), span });
    }

    /// Ends the line.
    pub fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.joint = false;
    }

    /// Adds tokens as they are. `#[doc = ".."]` is what the compiler made of `///` and becomes that
    /// again; groups without delimiters, which other macros leave, become their content.
    pub fn tokens(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    let mark = match tokens.peek() {
                        Some(TokenTree::Punct(p)) if p.as_char() == '!' => "//!",
                        _ => "///",
                    };
                    if mark == "//!" {
                        tokens.next();
                    }
                    match tokens.peek() {
                        Some(TokenTree::Group(group)) if doc_text(group).is_some() => {
                            self.doc(mark, &doc_text(group).unwrap_or_default(), group.span());
                            tokens.next();
                        }
                        _ => self.word(if mark == "//!" { "#!" } else { "#" }, hash.span()),
                    }
                }
                other => self.token(other),
            }
        }
    }

    /// Adds doc lines behind `///` or `//!`.
    pub fn doc(&mut self, mark: &str, text: &str, span: Span) {
        for line in text.split('\n') {
            // Four slashes would be a plain comment.
            let gap = if line.starts_with('/') { " " } else { "" };
            self.word(&format!("{mark}{gap}{}", line.trim_end()), span);
            self.end_line();
        }
    }

    fn token(&mut self, token: TokenTree) {
        match token {
            TokenTree::Group(group) => self.group(&group),
            TokenTree::Ident(ident) => self.word(&ident.to_string(), ident.span()),
            TokenTree::Literal(literal) => self.word(&literal_text(&literal), literal.span()),
            TokenTree::Punct(punct) => {
                self.word(punct.as_char().encode_utf8(&mut [0; 4]), punct.span());
                self.joint = punct.spacing() == Spacing::Joint;
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => return self.tokens(group.stream()),
        };
        self.word(open, group.span_open());
        self.tokens(group.stream());
        self.word(close, group.span_close());
    }

    fn separate(&mut self, span: Span) {
        // Zero where the line is not known, as in an editor.
        let line = span.start().line;
        let joint = std::mem::take(&mut self.joint);
        if !joint && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(if line > self.line && self.line > 0 { '\n' } else { ' ' });
        }
        self.line = line;
    }
}

/// The text of `[doc = "text"]`, without the brackets' `#`.
pub(super) fn doc_text(group: &Group) -> Option<String> {
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let mut tokens = group.stream().into_iter();
    match (tokens.next(), tokens.next(), tokens.next(), tokens.next()) {
        (
            Some(TokenTree::Ident(doc)),
            Some(TokenTree::Punct(equals)),
            Some(TokenTree::Literal(text)),
            None,
        ) if doc == "doc" && equals.as_char() == '=' => string_value(&text),
        _ => None,
    }
}

/// What a string literal says, escapes replaced; `None` if it is no string.
pub(super) fn string_value(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    if let Some(raw) = text.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return raw.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    }
    let body = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = String::new();
    let mut rest = body.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => unescape(&mut rest, &mut value)?,
            c => value.push(c),
        }
    }
    Some(value)
}

/// One escape of a Rust string, behind its backslash.
fn unescape(rest: &mut std::str::Chars<'_>, value: &mut String) -> Option<()> {
    match rest.next()? {
        'n' => value.push('\n'),
        'r' => value.push('\r'),
        't' => value.push('\t'),
        '0' => value.push('\0'),
        'x' => {
            let digits: String = rest.by_ref().take(2).collect();
            value.push(u8::from_str_radix(&digits, 16).ok()?.into());
        }
        'u' => {
            let digits: String = rest.by_ref().take_while(|c| *c != '}').collect();
            let digits = digits.trim_start_matches('{').replace('_', "");
            value.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
        }
        '\n' => *rest = rest.as_str().trim_start().chars(),
        c => value.push(c),
    }
    Some(())
}

/// A literal as the language writes it: it has no raw strings, so those get escapes.
fn literal_text(literal: &Literal) -> String {
    let text = literal.to_string();
    if text.starts_with("r\"") || text.starts_with("r#") {
        return string_value(literal).map_or(text, |value| format!("{value:?}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(source: &str) -> FlowText {
        let mut text = FlowText::default();
        text.tokens(source.parse().expect("the case is made of Rust tokens"));
        text
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(joined(source).text(), expected);
    }

    #[test]
    fn joins_words_by_spaces_and_operators_by_nothing() {
        check(
            "on Coin(value)if value>=50->Unlocked",
            "on Coin ( value ) if value >= 50 -> Unlocked",
        );
        check("retry backoff 200ms..10s 50%", "retry backoff 200ms .. 10s 50 %");
        check("after 1h30m if !(a&&b)", "after 1h30m if ! ( a && b )");
        check("a::B", "a :: B");
        check("r#type _ 'x' \"q\\\"\"", "r#type _ 'x' \"q\\\"\"");
    }

    #[test]
    fn keeps_the_lines_of_the_author() {
        check("on A -> B\n\n   on C\n -> D", "on A -> B\non C\n-> D");
    }

    #[test]
    fn turns_doc_attributes_back() {
        check("#[doc = r\" A door.\"] machine D {}", "/// A door.\nmachine D { }");
        check("#![doc = \" All.\"] event E", "//! All.\nevent E");
        check("#[doc = \" a\\n b \\\"c\\\"\"] event E", "/// a\n/// b \"c\"\nevent E");
        check("#[doc = \"/x\"] event E", "/// /x\nevent E");
        check("/// A door.\n/// Two.\nmachine D", "/// A door.\n/// Two.\nmachine D");
    }

    #[test]
    fn writes_raw_strings_with_escapes() {
        check(r##"title r#"say "hi""#"##, r#"title "say \"hi\"""#);
    }

    #[test]
    fn finds_the_token_of_every_range() {
        let source = "on Coin -> Unlocked";
        let text = joined(source);
        let place = |range: Range<usize>| {
            let (first, last) = text.origin(range);
            (first.start().column, last.end().column)
        };
        let at = |word: &str| {
            let start = text.text().find(word).expect("the word is in the text");
            place(start..start + word.len())
        };
        assert_eq!(at("Coin"), (3, 7));
        assert_eq!(at("Coin -> Unlocked"), (3, 19));
        assert_eq!(at("->"), (8, 10));
        assert_eq!(place(0..0), (0, 2));
        assert_eq!(place(19..19), (11, 19));
        assert_eq!(place(100..200), (11, 19));
    }
}
