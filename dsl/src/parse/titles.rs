//! Titles of human steps: words with values in braces, `"Approve {order.id}"`.

use super::blocks::Parser;
use super::grammar::Rule;
use super::literals::escape;
use crate::ast::{Expr, ExprKind, Name, Path, TitlePart};
use crate::span::Span;
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    /// The parts of a string. Braces are looked for in what is written, so that every value has its
    /// place; those of an escape, as `\u{e9}`, are none.
    pub(super) fn title_parts(&mut self, pair: &Pair<'t, Rule>) -> Vec<TitlePart> {
        let literal = pair.as_str();
        let (inner, start) =
            (&literal[1..literal.len() - 1], self.base + pair.as_span().start() + 1);
        let (mut parts, mut text) = (Vec::new(), String::new());
        let mut at = 0;
        while let Some(c) = inner[at..].chars().next() {
            let rest = &inner[at..];
            let len = match c {
                '\\' => {
                    let (_, len) = escape(rest);
                    text.push_str(&self.unescape(&rest[..len], start + at));
                    len
                }
                '{' | '}' if rest[1..].starts_with(c) => {
                    text.push(c);
                    2
                }
                '{' | '}' => {
                    if !text.is_empty() {
                        parts.push(TitlePart::Text(std::mem::take(&mut text)));
                    }
                    let (part, len) = self.value_in(rest, start + at);
                    parts.push(part);
                    len
                }
                c => {
                    text.push(c);
                    c.len_utf8()
                }
            };
            at += len;
        }
        if !text.is_empty() {
            parts.push(TitlePart::Text(text));
        }
        parts
    }

    /// What stands in braces at the start of `rest`, and how long it is with them.
    fn value_in(&self, rest: &str, start: usize) -> (TitlePart, usize) {
        let end = rest.find('}').filter(|end| *end > 0);
        let len = end.map_or(1, |end| end + 1);
        let malformed = TitlePart::Malformed(Span::new(self.source, start, start + len));
        let Some(end) = end else { return (malformed, len) };
        let mut names = Vec::new();
        let mut at = 1;
        for part in rest[1..end].split('.') {
            let (text, before) = (part.trim(), part.len() - part.trim_start().len());
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            if !text.starts_with(|c: char| c.is_alphabetic() || c == '_')
                || !text.chars().all(is_name)
            {
                return (malformed, len);
            }
            let from = start + at + before;
            let span = Span::new(self.source, from, from + text.len());
            names.push(Name { text: text.to_owned(), span });
            at += part.len() + 1;
        }
        let value = names.into_iter().fold(None, |of: Option<Expr>, name| {
            let span = of.as_ref().map_or(name.span, |of| of.span.to(name.span));
            let kind = match of {
                Some(of) => ExprKind::Field(Box::new(of), name),
                None => ExprKind::Path(Path { segments: vec![name], span }),
            };
            Some(Expr { kind, span })
        });
        (value.map_or(malformed, TitlePart::Value), len)
    }
}
