//! Numbers, durations and strings.

use super::blocks::Parser;
use super::grammar::Rule;
use crate::ast::{Count, Expr, ExprKind, Name, Path};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    pub(super) fn literal(&mut self, pair: Pair<'t, Rule>) -> ExprKind {
        match pair.as_rule() {
            Rule::int => ExprKind::Int(self.int(&pair)),
            Rule::float => ExprKind::Float(self.float(&pair)),
            Rule::duration => ExprKind::Duration(self.duration(&pair)),
            Rule::boolean => ExprKind::Bool(pair.as_str() == "true"),
            Rule::percent => ExprKind::Percent(self.percent(pair)),
            Rule::never => ExprKind::Path(self.never(&pair)),
            _ => ExprKind::String(self.string(&pair)),
        }
    }

    pub(super) fn literal_expr(&mut self, pair: Pair<'t, Rule>) -> Expr {
        let span = self.span(&pair);
        Expr { kind: self.literal(pair), span }
    }

    fn never(&self, pair: &Pair<'t, Rule>) -> Path {
        let span = self.span(pair);
        Path { segments: vec![Name { text: "never".to_string(), span }], span }
    }

    pub(super) fn int(&mut self, pair: &Pair<'t, Rule>) -> u64 {
        digits(pair.as_str()).unwrap_or_else(|| {
            let message = format!("number is too large, the largest is {}", u64::MAX);
            self.wrong_literal(pair, message);
            0
        })
    }

    /// A whole number with its place.
    pub(super) fn number(&mut self, pair: &Pair<'t, Rule>) -> Count {
        Count { value: self.int(pair), span: self.span(pair) }
    }

    /// The number of a percentage, at the place of that.
    pub(super) fn number_of_percent(&mut self, pair: Pair<'t, Rule>) -> Count {
        let span = self.span(&pair);
        Count { value: self.percent(pair), span }
    }

    pub(super) fn percent(&mut self, pair: Pair<'t, Rule>) -> u64 {
        let inner = pair.into_inner().next();
        inner.map_or(0, |int| self.int(&int))
    }

    pub(super) fn float(&mut self, pair: &Pair<'t, Rule>) -> f64 {
        let value: f64 = pair.as_str().replace('_', "").parse().unwrap_or(f64::INFINITY);
        if value.is_finite() {
            return value;
        }
        self.wrong_literal(pair, "number is too large for 64 bits".to_string());
        0.0
    }

    /// The milliseconds of `1h30m`.
    fn duration(&mut self, pair: &Pair<'t, Rule>) -> u64 {
        milliseconds(pair.as_str()).unwrap_or_else(|| {
            let message = "duration is too long, the longest is about 584 million years";
            self.wrong_literal(pair, message.to_string());
            0
        })
    }

    fn wrong_literal(&mut self, pair: &Pair<'t, Rule>, message: String) {
        let span = self.span(pair);
        self.report(Diagnostic::new(Code::Syntax, span, message));
    }

    /// The text of a string literal, escapes replaced.
    pub(super) fn string(&mut self, pair: &Pair<'t, Rule>) -> String {
        let literal = pair.as_str();
        let inner = &literal[1..literal.len() - 1];
        if !inner.contains('\\') {
            return inner.to_string();
        }
        let start = self.base + pair.as_span().start() + 1;
        self.unescape(inner, start)
    }

    pub(super) fn unescape(&mut self, inner: &str, start: usize) -> String {
        let mut text = String::with_capacity(inner.len());
        let mut at = 0;
        while let Some(c) = inner[at..].chars().next() {
            if c != '\\' {
                text.push(c);
                at += c.len_utf8();
                continue;
            }
            let (replacement, len) = escape(&inner[at..]);
            match replacement {
                Some(replacement) => text.extend(replacement.0),
                None => self.wrong_escape(&inner[at..at + len], start + at),
            }
            at += len;
        }
        text
    }

    fn wrong_escape(&mut self, written: &str, start: usize) {
        let span = Span::new(self.source, start, start + written.len());
        let message = format!("unknown escape `\\{}`", written[1..].escape_debug());
        let help =
            r#"the escapes are \" \\ \n \r \t \0 \x7F \u{1F600}; a backslash itself is `\\`"#;
        self.report(Diagnostic::new(Code::Syntax, span, message).help(help));
    }
}

/// What an escape stands for: a character, or nothing for a line that continues.
pub(super) struct Replacement(Option<char>);

/// The meaning of the escape at the start of `rest` (`None`: it has none) and its length.
pub(super) fn escape(rest: &str) -> (Option<Replacement>, usize) {
    let Some(c) = rest[1..].chars().next() else { return (None, rest.len()) };
    let one = |c| (Some(Replacement(Some(c))), 2);
    match c {
        '"' => one('"'),
        '\'' => one('\''),
        '\\' => one('\\'),
        'n' => one('\n'),
        'r' => one('\r'),
        't' => one('\t'),
        '0' => one('\0'),
        'x' => hex_escape(rest),
        'u' => unicode_escape(rest),
        '\n' | '\r' => {
            let behind = rest[1..].trim_start_matches([' ', '\t', '\n', '\r']);
            (Some(Replacement(None)), rest.len() - behind.len())
        }
        _ => (None, 1 + c.len_utf8()),
    }
}

fn hex_escape(rest: &str) -> (Option<Replacement>, usize) {
    let value = rest.get(2..4).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    match value.filter(u8::is_ascii) {
        Some(value) => (Some(Replacement(Some(value.into()))), 4),
        None => (None, 2),
    }
}

fn unicode_escape(rest: &str) -> (Option<Replacement>, usize) {
    let Some(end) = rest.find('}').filter(|_| rest[2..].starts_with('{')) else { return (None, 2) };
    let hex = rest[3..end].replace('_', "");
    let value = u32::from_str_radix(&hex, 16).ok().filter(|_| hex.len() <= 6);
    (value.and_then(char::from_u32).map(|c| Replacement(Some(c))), end + 1)
}

/// A decimal number with `_` between digits; `None` if it is above `u64::MAX`.
fn digits(text: &str) -> Option<u64> {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .try_fold(0_u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// The milliseconds of a literal as `1h30m`; `None` if they are above `u64::MAX`.
fn milliseconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let unit = rest[number..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - number);
        let factor = match &rest[number..number + unit] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 86_400_000,
        };
        total = total.checked_add(digits(&rest[..number])?.checked_mul(factor)?)?;
        rest = &rest[number + unit..];
    }
    Some(total)
}
