//! Where to go on after a mistake, and braces that are missing or too many.

use super::blocks::Parser;
use super::grammar::Rule;
use super::places::{Place, home};
use super::tokens::Kind;
use crate::code::Code;
use crate::diagnostic::Diagnostic;

impl Parser<'_, '_> {
    /// Passes over the rest of a statement that begins at `start` and went wrong at `wrong`.
    pub(super) fn recover(&mut self, start: usize, wrong: usize) {
        let (mut braces, mut rounds) = (0_usize, 0_usize);
        for token in start..wrong.min(self.tokens.len()) {
            self.count(token, &mut braces, &mut rounds);
        }
        let indentation = self.braces.line_indentation(start);
        let mut at = wrong.max(start + 1);
        while at < self.tokens.len() {
            let word = self.word(at);
            let ends = match self.braces.indentation(at) {
                _ if word == "}" && braces == 0 => true,
                _ if word == "," && braces + rounds == 0 && self.place.takes_names() => true,
                Some(column) if braces == 0 => {
                    self.begins_line(at) || (column <= indentation && self.may_begin_line(at))
                }
                Some(column) => column <= indentation && self.begins_line(at),
                None => braces + rounds == 0 && self.begins_inside_line(at),
            };
            if ends {
                break;
            }
            self.count(at, &mut braces, &mut rounds);
            at += 1;
        }
        self.at = at.min(self.tokens.len());
        self.last = None;
        if self.place.takes_names() {
            self.eat(",");
        }
    }

    /// Looks for more mistakes in a block of branches, behind the one at `wrong`; gives where the
    /// last one is, or the end of the block.
    pub(super) fn more_branches(&mut self, start: usize, mut wrong: usize) -> usize {
        let (mut braces, mut rounds) = (0, 0);
        for token in start..wrong.min(self.tokens.len()) {
            self.count(token, &mut braces, &mut rounds);
        }
        if braces != 1 || !matches!(self.word(start), "on" | "after" | "every" | "always") {
            return wrong;
        }
        while let Some(branch) = self.next_branch(wrong) {
            match self.read_from(Rule::more_branches, branch) {
                Ok(pair) => {
                    let end = self.tokens[branch].start as usize + pair.as_span().end();
                    return self.tokens.partition_point(|t| (t.start as usize) < end);
                }
                Err(failure) => {
                    self.failed(branch, &failure);
                    wrong = failure.at.max(branch + 1);
                }
            }
        }
        wrong
    }

    /// The next `if` or `else` that begins a line of the same block.
    fn next_branch(&self, from: usize) -> Option<usize> {
        let mut depth = 0;
        for at in from..self.tokens.len() {
            let begins = self.braces.indentation(at).is_some();
            match self.word(at) {
                "if" | "else" if begins && depth == 0 => return Some(at),
                "{" => depth += 1,
                "}" if depth == 0 => return None,
                "}" => depth -= 1,
                _ if begins && self.begins_line(at) => return None,
                _ => {}
            }
        }
        None
    }

    fn count(&self, token: usize, braces: &mut usize, rounds: &mut usize) {
        match self.word(token) {
            "{" => *braces += 1,
            "}" => *braces = braces.saturating_sub(1),
            "(" | "[" => *rounds += 1,
            ")" | "]" => *rounds = rounds.saturating_sub(1),
            _ => {}
        }
    }

    /// True if a token that is the first of its line begins a statement.
    fn begins_line(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let word = self.word(at);
        match (token.kind, self.place) {
            (Kind::Doc, _) => true,
            (Kind::Mark, _) => word == "@",
            (Kind::Word, Place::Top) => Place::Top.begins(word),
            (Kind::Word, place) if place.takes_names() => true,
            (Kind::Word, place) => place.begins(word) || home(word).is_some(),
            _ => false,
        }
    }

    /// True if the first word of a line that is no deeper than the statement before it is likely to
    /// begin the next one, known or not.
    fn may_begin_line(&self, at: usize) -> bool {
        let is_word = self.tokens[at].kind == Kind::Word;
        is_word && !matches!(self.word(at), "if" | "else" | "do" | "abort")
    }

    /// True if a token inside a line begins a statement as far as its neighbours tell. The text of
    /// a macro is one line.
    pub(super) fn begins_inside_line(&self, at: usize) -> bool {
        let (word, next) = (self.word(at), self.word(at + 1));
        if self.tokens[at].kind != Kind::Word || !self.place.begins(word) {
            return false;
        }
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let wants_more = matches!(
            before,
            "->" | "=>"
                | "."
                | "::"
                | ","
                | "("
                | "["
                | "="
                | ":"
                | "&"
                | "+"
                | "-"
                | "*"
                | "/"
                | "on"
                | "do"
                | "if"
                | "remind"
                | "escalate"
                | "invoke"
                | "fallback"
                | "raise"
        );
        let next_is_name = next.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let fits = match word {
            "after" | "every" => next.starts_with(|c: char| c.is_alphanumeric()),
            "entry" | "exit" => next == "do",
            "always" => matches!(next, "if" | "do" | "->" | "{"),
            "initial" => next_is_name || matches!(next, "do" | "->"),
            "context" | "fan_out" | "concurrent" => next == "{" || next_is_name,
            "invariant" | "until" => next_is_name || matches!(next, "!" | "("),
            "import" => next.starts_with('"'),
            _ => next_is_name,
        };
        fits && !wants_more
    }

    /// The brace that opens the block of a head that went wrong at `wrong`, if one follows before
    /// the next statement.
    pub(super) fn brace_ahead(&self, wrong: usize) -> Option<usize> {
        for at in wrong..self.tokens.len() {
            match self.word(at) {
                "{" => return Some(at),
                "}" => return None,
                _ if self.braces.indentation(at).is_some() && self.begins_line(at) => return None,
                _ => {}
            }
        }
        None
    }

    /// Takes the brace that opens a block; says so if it is missing. False: there is no block.
    pub(super) fn open(&mut self, place: Place, owner: &str) -> bool {
        if self.eat("{") {
            return true;
        }
        let start = self.at;
        self.missing_open(owner);
        if let Some(brace) = self.brace_ahead(start) {
            self.at = brace;
            return self.eat("{");
        }
        // One closing brace too many says that the block is there and only its opening is not.
        let begins = place.begins(self.peek(0)) || place.takes_names();
        if begins && self.at > 0 && self.braces.extra.take().is_some() {
            return true;
        }
        if !self.begins_somewhere() {
            self.recover(start, start);
        }
        false
    }

    fn begins_somewhere(&self) -> bool {
        self.at < self.tokens.len() && (self.peek(0) == "}" || self.place.begins(self.peek(0)))
    }

    /// True if the block that `open` opened ends here, which takes the closing brace.
    pub(super) fn close(&mut self, open: usize, owner: &str) -> bool {
        if self.braces.extra == Some(self.at) {
            self.extra_brace();
        }
        if self.eat("}") {
            self.note(|outline, at| outline.close(open, at - 1));
            return true;
        }
        let at_end = self.at >= self.tokens.len();
        let crooked = self.braces.unclosed.is_some_and(|(token, outer)| {
            token == open && self.braces.indentation(self.at).is_some_and(|column| column <= outer)
        });
        if crooked {
            self.braces.unclosed = None;
        }
        if at_end || crooked {
            self.missing_close(open, owner, at_end);
        }
        at_end || crooked
    }

    fn missing_close(&mut self, open: usize, owner: &str, at_end: bool) {
        if at_end && std::mem::replace(&mut self.end_is_told, true) {
            return;
        }
        let message = format!("expected `}}` to close {owner}, found {}", self.found(self.at));
        let diagnostic = Diagnostic::new(Code::Syntax, self.here(), message);
        let label = format!("{owner} is opened here");
        let diagnostic = diagnostic.label(self.place_of(open), label);
        let end = self.behind();
        self.report(diagnostic.fix("close it", end, "\n}"));
    }

    /// Passes over a `}` that nothing opened.
    pub(super) fn extra_brace(&mut self) {
        self.braces.extra = None;
        let message = "this `}` closes nothing, or closes a block too early";
        let diagnostic = Diagnostic::new(Code::Syntax, self.here(), message);
        let here = self.here();
        self.report(diagnostic.fix("remove it", here, ""));
        self.at += 1;
    }
}
