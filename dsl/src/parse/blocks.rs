//! The parser's place in the text, one statement by pest, and blocks of statements.

use super::grammar::{FlowParser, Rule};
use super::tokens::{Kind, Token};
use crate::ast::{Annotation, File, Meta};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{SourceId, Span};
use pest::Parser as _;
use pest::iterators::Pair;

/// A walk over one text from front to back.
pub(super) struct Parser<'t, 'd> {
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// The next token, an index into `tokens`.
    pub(super) at: usize,
    /// Where the statement begins that pest saw last: its offsets count from here.
    pub(super) base: usize,
    /// The statement whose expression was called too deep, so that it is said once.
    pub(super) deep_base: Option<usize>,
    diagnostics: &'d mut Diagnostics,
}

impl<'t, 'd> Parser<'t, 'd> {
    pub(super) fn new(
        source: SourceId,
        text: &'t str,
        tokens: Vec<Token>,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        Self { source, text, tokens, at: 0, base: 0, deep_base: None, diagnostics }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The whole text.
    pub(super) fn file(mut self) -> File {
        let mut file = File::default();
        while self.kind() == Some(Kind::FileDoc) {
            file.docs.push(self.doc_text());
            self.at += 1;
        }
        while self.at < self.tokens.len() {
            let before = self.at;
            if let Some(item) = self.top_item() {
                file.items.push(item);
            }
            self.ensure_progress(before);
        }
        file
    }

    /// What kind of token comes next; `None` at the end.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|t| t.kind)
    }

    /// The text of the token `ahead` places from here; empty behind the end.
    pub(super) fn peek(&self, ahead: usize) -> &'t str {
        self.tokens
            .get(self.at + ahead)
            .map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    /// The place of the next token; behind the end, the end.
    pub(super) fn here(&self) -> Span {
        let end = self.text.len();
        let (start, end) =
            self.tokens.get(self.at).map_or((end, end), |t| (t.start as usize, t.end as usize));
        Span::new(self.source, start, end)
    }

    /// The end of the token in front of the next one.
    pub(super) fn behind(&self) -> Span {
        let end = self.at.checked_sub(1).map_or(0, |last| self.tokens[last].end as usize);
        Span::new(self.source, end, end)
    }

    /// Takes the next token if it reads so.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.peek(0) == text;
        self.at += usize::from(found);
        found
    }

    /// The `///` lines and annotations in front of an item.
    pub(super) fn meta(&mut self) -> Meta {
        let mut meta = Meta::default();
        loop {
            if self.kind() == Some(Kind::Doc) {
                meta.docs.push(self.doc_text());
                self.at += 1;
            } else if self.peek(0) == "@" {
                let Some(pair) = self.statement(Rule::annotation) else { return meta };
                meta.annotations.push(self.annotation(pair));
            } else {
                return meta;
            }
        }
    }

    fn doc_text(&self) -> String {
        let line = self.peek(0)[3..].trim_end();
        line.strip_prefix(' ').unwrap_or(line).to_string()
    }

    fn annotation(&mut self, pair: Pair<'t, Rule>) -> Annotation {
        let span = self.span(&pair);
        let mut parts = super::parts::Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        Annotation { name, args: self.next_args(&mut parts).unwrap_or_default(), span }
    }

    /// Lets pest read one statement from here. If it cannot, that is reported and the statement
    /// is passed over.
    pub(super) fn statement(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        self.base = self.here().start as usize;
        match FlowParser::parse(rule, &self.text[self.base..]) {
            Ok(mut pairs) => {
                let pair = pairs.next()?;
                let end = self.base + pair.as_span().end();
                while self.tokens.get(self.at).is_some_and(|t| (t.start as usize) < end) {
                    self.at += 1;
                }
                Some(pair)
            }
            Err(error) => {
                let message = format!("{error}");
                self.report(Diagnostic::new(Code::Syntax, self.here(), message));
                self.skip_statement();
                None
            }
        }
    }

    fn skip_statement(&mut self) {
        self.at += 1;
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "{" => depth += 1,
                "}" if depth == 0 => return,
                "}" => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Reads entries up to the closing brace.
    pub(super) fn block(&mut self, owner: &str, mut entry: impl FnMut(&mut Self)) {
        let open = self.here();
        if !self.eat("{") {
            let message = format!("expected `{{` to open {owner}");
            self.report(Diagnostic::new(Code::Syntax, open, message));
            return;
        }
        loop {
            if self.eat("}") {
                return;
            }
            if self.at >= self.tokens.len() {
                let message = format!("expected `}}` to close {owner}");
                let end = self.here();
                self.report(Diagnostic::new(Code::Syntax, end, message).label(open, "opened here"));
                return;
            }
            let before = self.at;
            entry(self);
            self.ensure_progress(before);
        }
    }

    /// The last resort against standing still.
    fn ensure_progress(&mut self, before: usize) {
        if self.at == before {
            let message = format!("unexpected `{}`", self.peek(0));
            self.report(Diagnostic::new(Code::Syntax, self.here(), message));
            self.at += 1;
        }
    }
}
