//! The parser's place in the text, one statement by pest, and blocks of statements.

use super::braces::{Braces, braces};
use super::grammar::{FlowParser, Rule};
use super::lexis;
use super::outline::Outline;
use super::places::Place;
use super::tokens::{Kind, Token, Tokens};
use crate::ast::{Annotation, File, Meta};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{SourceId, Span};
use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

/// A walk over one text from front to back.
pub(super) struct Parser<'t, 'd> {
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    pub(super) braces: Braces,
    /// The next token, an index into `tokens`.
    pub(super) at: usize,
    /// Where the statement begins that pest saw last: its offsets count from here.
    pub(super) base: usize,
    /// The statement whose expression was called too deep, so that it is said once.
    pub(super) deep_base: Option<usize>,
    /// The kind of the innermost block.
    pub(super) place: Place,
    /// The first token of the last good statement of the innermost block.
    pub(super) last: Option<usize>,
    /// True once the end of the text was called a mistake, or a comment swallowed it.
    pub(super) end_is_told: bool,
    /// Where mistakes begin that were found before parsing: they are not told twice.
    told: Vec<u32>,
    /// A mistake that is only told if nothing else is.
    pub(super) doubted: Option<Diagnostic>,
    has_told: bool,
    /// How many more mistakes are told.
    left: usize,
    diagnostics: &'d mut Diagnostics,
    /// Written if somebody asked for it.
    pub(super) outline: Option<Outline>,
}

/// How many mistakes of one text are told, if its lines are of a length that people write, and if
/// one is not. More help nobody, and each costs time in proportion to its line.
const MOST: [usize; 2] = [100, 10];
const LONG_LINE: usize = 1 << 18;

/// Why pest could not read a statement.
pub(super) struct Failure {
    /// The token that did not fit; behind the last one, the end of the text.
    pub(super) at: usize,
    /// What could have stood there.
    pub(super) expected: Vec<Rule>,
}

impl<'t, 'd> Parser<'t, 'd> {
    pub(super) fn new(
        source: SourceId,
        text: &'t str,
        tokens: Tokens,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        let is_long = text.split('\n').any(|line| line.len() > LONG_LINE);
        let most = MOST[usize::from(is_long)];
        let mistakes = lexis::mistakes(source, text, &tokens, most);
        let mut parser = Self {
            source,
            text: &text[..tokens.open_comment.unwrap_or(text.len())],
            braces: braces(text, &tokens.list),
            tokens: tokens.list,
            at: 0,
            base: 0,
            deep_base: None,
            place: Place::Top,
            last: None,
            end_is_told: tokens.open_comment.is_some(),
            told: mistakes.iter().map(|m| m.primary.start).collect(),
            doubted: None,
            has_told: false,
            left: most,
            diagnostics,
            outline: None,
        };
        mistakes.into_iter().for_each(|mistake| parser.report(mistake));
        parser
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        self.has_told = true;
        let last = self.left == 0;
        self.diagnostics.push(match last {
            true => diagnostic.note("there may be more mistakes; the rest is not looked at"),
            false => diagnostic,
        });
    }

    /// True if one of these tokens, both included, was called a mistake before parsing.
    pub(super) fn is_told(&self, first: usize, last: usize) -> bool {
        let from = self.tokens.get(first).map_or(u32::MAX, |t| t.start);
        let to = self.tokens.get(last).map_or(u32::MAX, |t| t.start);
        let behind = self.told.partition_point(|start| *start < from);
        self.told.get(behind).is_some_and(|start| *start <= to)
    }

    /// The whole text.
    pub(super) fn file(&mut self) -> File {
        let mut file = File::default();
        while self.kind() == Some(Kind::FileDoc) {
            self.note(|outline, at| outline.begin(at));
            file.docs.push(self.doc_text());
        }
        while self.at < self.tokens.len() && self.left > 0 {
            let before = self.at;
            self.note(|outline, at| outline.begin(at));
            file.items.extend(self.top_item());
            self.pass_stray(before);
        }
        if let (false, Some(doubted)) = (self.has_told, self.doubted.take()) {
            self.report(doubted);
        }
        file
    }

    /// Writes something about the next token down, if somebody asked for an outline.
    pub(super) fn note(&mut self, write: impl FnOnce(&mut Outline, usize)) {
        if let Some(outline) = &mut self.outline {
            write(outline, self.at);
        }
    }

    /// What kind of token comes next; `None` at the end.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|t| t.kind)
    }

    /// The text of a token; empty behind the end.
    pub(super) fn word(&self, token: usize) -> &'t str {
        self.tokens.get(token).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    /// The text of the token `ahead` places from here; empty behind the end.
    pub(super) fn peek(&self, ahead: usize) -> &'t str {
        self.word(self.at + ahead)
    }

    /// The place of a token; behind the end, the end of the last one.
    pub(super) fn place_of(&self, token: usize) -> Span {
        let end = self.tokens.last().map_or(0, |t| t.end as usize);
        let (start, end) =
            self.tokens.get(token).map_or((end, end), |t| (t.start as usize, t.end as usize));
        Span::new(self.source, start, end)
    }

    /// The place of the next token.
    pub(super) fn here(&self) -> Span {
        self.place_of(self.at)
    }

    /// The end of the token in front of the next one.
    pub(super) fn behind(&self) -> Span {
        let end = self.at.checked_sub(1).map_or(0, |last| self.tokens[last].end as usize);
        Span::new(self.source, end, end)
    }

    /// Takes the next token if it reads so.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.peek(0) == text;
        if found {
            self.note(Outline::know);
        }
        self.at += usize::from(found);
        found
    }

    /// The `///` lines and annotations in front of an item.
    pub(super) fn meta(&mut self) -> Meta {
        let start = self.at;
        let mut meta = Meta::default();
        loop {
            if self.kind() == Some(Kind::Doc) {
                meta.docs.push(self.doc_text());
            } else if self.peek(0) == "@" {
                let Some(pair) = self.statement(Rule::annotation) else { return meta };
                meta.annotations.push(self.annotation(pair));
            } else {
                if self.at > start && matches!(self.peek(0), "" | "}") {
                    self.belongs_to_nothing(start);
                }
                return meta;
            }
        }
    }

    /// Takes a line of documentation.
    fn doc_text(&mut self) -> String {
        let line = self.peek(0)[3..].trim_end();
        self.note(Outline::know);
        self.at += 1;
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
        let start = self.at;
        match self.read(rule) {
            Ok(pair) => Some(pair),
            Err(failure) => {
                self.failed(start, &failure);
                let wrong = self.more_branches(start, failure.at);
                self.recover(start, wrong);
                None
            }
        }
    }

    /// Lets pest read what stands in front of a block. If it cannot, the next token is the brace
    /// that opens the block all the same, or else the statement is passed over.
    pub(super) fn head(&mut self, rule: Rule) -> Option<Pair<'t, Rule>> {
        let start = self.at;
        match self.read(rule) {
            Ok(pair) => Some(pair),
            Err(failure) => {
                self.failed(start, &failure);
                match self.brace_ahead(failure.at) {
                    Some(brace) => self.at = brace,
                    None => self.recover(start, failure.at),
                }
                None
            }
        }
    }

    fn read(&mut self, rule: Rule) -> Result<Pair<'t, Rule>, Failure> {
        self.base = self.here().start as usize;
        let pair = self.read_from(rule, self.at)?;
        let (base, end) = (self.base, self.base + pair.as_span().end());
        self.note(|outline, _| outline.statement(&pair, base));
        self.last = Some(self.at);
        while self.tokens.get(self.at).is_some_and(|t| (t.start as usize) < end) {
            self.at += 1;
        }
        Ok(pair)
    }

    /// Reads one rule from a token on.
    pub(super) fn read_from(&self, rule: Rule, first: usize) -> Result<Pair<'t, Rule>, Failure> {
        let base = self.tokens.get(first).map_or(self.text.len(), |t| t.start as usize);
        let error = match FlowParser::parse(rule, &self.text[base..]) {
            Ok(mut pairs) => return Ok(pairs.next().expect("a rule that matches gives itself")),
            Err(error) => error,
        };
        let (InputLocation::Pos(offset) | InputLocation::Span((offset, _))) = error.location;
        let at = self.tokens.partition_point(|t| t.end as usize <= base + offset);
        let expected = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives,
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Err(Failure { at, expected })
    }

    /// Reads entries up to the closing brace. `owner` is whose block it is, for messages.
    pub(super) fn block(&mut self, place: Place, owner: &str, mut entry: impl FnMut(&mut Self)) {
        if !self.open(place, owner) {
            return;
        }
        let open = self.at - 1;
        let outer = (std::mem::replace(&mut self.place, place), self.last.take());
        self.note(|outline, _| outline.open(open));
        while self.left > 0 && !self.close(open, owner) {
            let before = self.at;
            self.note(|outline, at| outline.begin(at));
            entry(self);
            self.pass_stray(before);
        }
        self.note(|outline, at| outline.end(open, at));
        self.place = outer.0;
        self.last = None;
    }

    /// Passes over what begins no statement, so that no loop stands still.
    pub(super) fn pass_stray(&mut self, before: usize) {
        if self.at == before {
            self.stray();
        }
        if self.at == before {
            self.at += 1;
        }
    }
}
