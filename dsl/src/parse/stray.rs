//! What begins no statement: where it belongs, or what was meant.

use super::blocks::{Failure, Parser};
use super::grammar::Rule;
use super::mistakes::{INSTEAD_OF_MATCH, NO_FALLBACK};
use super::places::{Place, home};
use super::tokens::Kind;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::spelling::nearest;

impl Parser<'_, '_> {
    /// Reports the next token, which begins no statement here, and passes over what belongs to it.
    pub(super) fn stray(&mut self) {
        let at = self.at;
        match (self.kind(), self.peek(0)) {
            (Some(Kind::FileDoc), _) => self.stray_file_doc(),
            (_, "}") => self.extra_brace(),
            _ if self.is_told(at, at) => self.recover(at, at + 1),
            (_, ";") => self.stray_separator(),
            (_, ",") if self.last.is_none() => self.stray_separator(),
            (Some(Kind::Word), word) if home(word).is_some() && !self.goes_on() => self.misplaced(),
            (Some(Kind::Word), _) => self.stray_word(),
            _ => self.stray_mark(),
        }
    }

    /// True if the token stands on the line of the statement in front of it.
    fn goes_on(&self) -> bool {
        self.last.is_some()
            && self.braces.indentation(self.at).is_none()
            && !self.begins_inside_line(self.at)
    }

    fn stray_file_doc(&mut self) {
        let help = "write `///` for what begins behind it, `//` for a plain comment";
        let message = "`//!` stands at the top of a file";
        self.report(Diagnostic::new(Code::Syntax, self.here(), message).help(help));
        self.at += 1;
    }

    fn stray_separator(&mut self) {
        let here = self.here();
        let message = format!("unexpected `{}`", self.peek(0));
        let help = "nothing stands between statements: each begins with a word of its own";
        let diagnostic = Diagnostic::new(Code::Syntax, here, message).help(help);
        self.report(diagnostic.fix(&format!("remove the `{}`", self.peek(0)), here, ""));
        self.at += 1;
    }

    /// Goes behind the brace that closes the one at `open`.
    fn skip_block(&mut self, open: usize) {
        let mut depth = 0;
        self.at = open;
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// A statement that belongs elsewhere.
    fn misplaced(&mut self) {
        let (start, word) = (self.at, self.peek(0));
        let home = home(word).unwrap_or_default();
        let message = format!("`{word}` stands {home}, not {}", self.place.called());
        let diagnostic = Diagnostic::new(Code::Syntax, self.here(), message);
        // With a brace missing above, blocks are not what they seem.
        if self.braces.is_unbalanced {
            self.doubted.get_or_insert(diagnostic);
        } else {
            self.report(diagnostic);
        }
        match self.brace_ahead(start + 1).filter(|brace| self.is_one_line(start, *brace)) {
            Some(brace) => self.skip_block(brace),
            None => self.recover(start, start + 1),
        }
        self.last = None;
    }

    fn is_one_line(&self, first: usize, last: usize) -> bool {
        (first + 1..=last).all(|at| self.braces.indentation(at).is_none())
    }

    fn stray_word(&mut self) {
        let (start, word) = (self.at, self.peek(0));
        let begins_line = self.braces.indentation(start).is_some() || self.last.is_none();
        let meant = nearest(word, self.place.words());
        let diagnostic = match (instead(word), meant) {
            (Some(help), _) if begins_line || word == "version" => self.unknown(word).help(help),
            (_, Some(meant)) if begins_line || !self.word(start + 1).is_empty() => self
                .unknown(word)
                .at(format!("did you mean `{meant}`?"))
                .fix(&format!("write `{meant}`"), self.here(), meant),
            _ if begins_line && self.word(start + 1) == "(" => {
                let help = "effects stand behind `do`: `on Event do name(..)`, `entry do name(..)`";
                self.unknown(word).help(help)
            }
            _ if begins_line => {
                let help = format!("{} begins with one of {}", self.place.entry(), self.list());
                self.unknown(word).help(help)
            }
            _ => return self.stray_mark(),
        };
        self.report(diagnostic);
        match self.brace_ahead(start).filter(|brace| self.is_one_line(start, *brace)) {
            Some(brace) if begins_line && self.place == Place::Top => self.skip_block(brace),
            _ => self.recover(start, start + 1),
        }
    }

    fn unknown(&self, word: &str) -> Diagnostic {
        let message = match self.place {
            place if place.takes_names() => {
                format!("expected {}, found `{word}`", place.entry())
            }
            _ => format!("unknown statement `{word}`"),
        };
        Diagnostic::new(Code::Syntax, self.here(), message)
    }

    /// The words that begin a statement here.
    fn list(&self) -> String {
        let words: Vec<String> = self.place.words().map(|word| format!("`{word}`")).collect();
        words.join(", ")
    }

    fn stray_mark(&mut self) {
        let start = self.last.unwrap_or(self.at);
        let failure =
            self.continuation().unwrap_or(Failure { at: self.at, expected: vec![Rule::stop] });
        let wrong = failure.at.max(self.at + 1);
        self.failed(start, &failure);
        self.recover(start, wrong);
    }

    /// Why the statement in front of the next token cannot go on with it. An optional part that
    /// went wrong half way gives a place further on.
    fn continuation(&self) -> Option<Failure> {
        let rule = match self.place {
            Place::Scenario | Place::Script => Rule::strict_step,
            _ => Rule::strict,
        };
        let failure = self.read_from(rule, self.last?).err();
        failure.filter(|failure| failure.at >= self.at)
    }

    /// Reports that no block opens here.
    pub(super) fn missing_open(&mut self, owner: &str) {
        let start = self.last.unwrap_or(self.at);
        let failure = self.continuation();
        let mut failure = failure.unwrap_or(Failure { at: self.at, expected: Vec::new() });
        let at_end = failure.at >= self.tokens.len();
        let told_end = at_end && std::mem::replace(&mut self.end_is_told, true);
        if told_end || self.is_told(start, failure.at) {
            return;
        }
        failure.expected.retain(|rule| *rule != Rule::stop);
        let instead = (failure.at == self.at).then(|| format!("`{{` to open {owner}"));
        let diagnostic = self.unexpected(start, &failure, instead);
        self.report(diagnostic);
    }

    /// Documentation or annotations from `start` on with nothing behind them.
    pub(super) fn belongs_to_nothing(&mut self, start: usize) {
        let span = self.place_of(start);
        let (message, help) = match self.tokens[start].kind {
            Kind::Doc => ("this documents nothing", "write `//` for a plain comment"),
            _ => ("this annotates nothing", "an annotation stands in front of what it is for"),
        };
        self.report(Diagnostic::new(Code::Syntax, span, message).help(help));
    }
}

/// What to write instead of words that other tools and languages use.
fn instead(word: &str) -> Option<&'static str> {
    Some(match word {
        "goto" | "go" | "transition" | "transitions" | "next" | "when" | "upon" => {
            "a transition is `on EVENT -> STATE`"
        }
        "enter" | "onentry" | "on_entry" | "onEntry" | "on_enter" => "write `entry do ..`",
        "leave" | "onexit" | "on_exit" | "onExit" | "on_leave" => "write `exit do ..`",
        "timer" | "timeout" | "delay" | "wait" => "a timer is `after 30s -> STATE`",
        "version" => "the version stands in front of the brace: `durable machine Name version 2 {`",
        "let" | "var" | "const" | "val" | "data" | "variables" => {
            "what a machine remembers stands in `context { name: Type = value }`"
        }
        "match" => INSTEAD_OF_MATCH,
        "fallback" => NO_FALLBACK,
        "for" | "while" | "async" | "await" => {
            "this word is reserved; what needs a program goes into a `fn` or an `activity`"
        }
        "states" => "each state is a `state Name { .. }` of its own",
        "start" => "the state in which a machine starts is an `initial state`",
        "end" | "terminal" => "a state in which a machine ends is a `final state`",
        "set" | "raise" | "emit" | "send" | "cancel" | "do" => {
            "effects stand in a handler, joined by `,`: `on EVENT do .., ..`, `entry do ..`"
        }
        "if" | "else" => "conditions stand in a handler: `on EVENT if .. -> STATE`, `always if ..`",
        _ => return None,
    })
}
