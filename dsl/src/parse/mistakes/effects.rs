//! Mistakes in effects: what was meant, and the change that repairs it.

use crate::diagnostic::Diagnostic;
use crate::parse::blocks::{Failure, Parser};
use crate::parse::grammar::Rule;
use crate::parse::tokens::Kind;
use crate::span::Span;

const NO_STEPS: &str = "there is no `++` and no `--`: write it out, as `n + 1`";

impl Parser<'_, '_> {
    /// Adds help to a mistake in an effect.
    pub(super) fn hint_in_effect(
        &self,
        said: Diagnostic,
        start: usize,
        failure: &Failure,
    ) -> Diagnostic {
        let at = failure.at;
        let (before, found, next) = self.around(at);
        let expects = |rule| failure.expected.contains(&rule);
        let behind = at.checked_sub(2).map_or("", |at| self.word(at));
        // `do name` and `do tell(x), name`, with something behind that makes no call of it.
        let is_begun = |before: &str| matches!(before, "do" | ",");
        let no_set = is_begun(behind) && expects(Rule::lparen) && !expects(Rule::infix);
        let is_set = no_set || expects(Rule::equals);
        let last = self.last_part(start, at);
        let goes_on = last == "do" && expects(Rule::comma) && !expects(Rule::rparen);
        let begins_effect = matches!(found, "set" | "raise" | "emit" | "send" | "cancel");
        let is_call = next == "(" && self.is_name(at);
        match found {
            "=" if no_set => {
                let point = self.point_before(at - 1);
                said.help("a field gets its value by `set`").fix("write `set`", point, "set ")
            }
            "+" | "-" if is_set && next == found => {
                let set = if no_set { "set " } else { "" };
                let text = format!("{set}{before} = {before} {found} 1");
                let all = self.place_of(at - 1).to(self.place_of(at + 1));
                let said = said.help(NO_STEPS);
                said.fix(&format!("write `{text}`"), all, text.clone())
            }
            "+" | "-" if is_begun(before) && next == found && self.is_name(at + 2) => {
                let name = self.word(at + 2);
                said.help(format!("write it out: `set {name} = {name} {found} 1`"))
            }
            "+" if self.is_doubled(at) && expects(Rule::boolean) => said.help(NO_STEPS),
            "+" | "-" | "*" | "/" | "%" if is_set && next == "=" => {
                said.help(format!("write it out: `set {before} = {before} {found} ..`"))
            }
            "do" if last == "->" => {
                said.help("effects stand in front of the target: `do .. -> STATE`")
            }
            "do" if goes_on => {
                let said = said.help("one `do` has all effects, joined by `,`");
                let gap = Span { start: self.place_of(at - 1).end, ..self.place_of(at) };
                said.fix("write `,`", gap, ",")
            }
            _ if goes_on && (begins_effect || is_call) => {
                let end = self.place_of(at - 1).end;
                let point = Span { start: end, end, ..self.place_of(at) };
                said.help("effects are joined by `,`").fix("write `,`", point, ",")
            }
            _ => self.hint_in_declaration(said, start, failure),
        }
    }

    /// The word or mark that begins the part of a reaction in front of a token.
    fn last_part(&self, start: usize, at: usize) -> &str {
        let parts = (start..at).rev().map(|at| self.word(at));
        let mut parts = parts.filter(|word| matches!(*word, "->" | "do" | "if" | "else" | "abort"));
        parts.next().unwrap_or_default()
    }

    /// True for the second of two equal marks with nothing between them.
    fn is_doubled(&self, at: usize) -> bool {
        let two = at.checked_sub(1).and_then(|before| self.tokens.get(before..=at));
        two.is_some_and(|two| two[0].end == two[1].start) && self.word(at - 1) == self.word(at)
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word)
    }

    /// Where something is to be written in front of a token.
    pub(super) fn point_before(&self, at: usize) -> Span {
        let place = self.place_of(at);
        Span { end: place.start, ..place }
    }
}
