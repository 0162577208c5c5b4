//! Mistakes that people make often: what was meant, and the change that repairs it.

mod declared;
mod effects;

use super::blocks::{Failure, Parser};
use super::grammar::Rule;
use super::numbers::UNITS;
use super::tokens::Kind;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::spelling::nearest;

impl Parser<'_, '_> {
    /// Adds help and a fix to a syntax error if what was meant is clear.
    pub(super) fn hint(&self, said: Diagnostic, start: usize, failure: &Failure) -> Diagnostic {
        let at = failure.at;
        let (before, found, _) = self.around(at);
        let expects = |rule| failure.expected.contains(&rule);
        let operand = expects(Rule::expr) || expects(Rule::boolean);
        let span = said.primary;
        let write = |said: Diagnostic, text: &str| said.fix(&format!("write `{text}`"), span, text);
        match found {
            "=" if matches!(before, "==" | "!=") => {
                let both = self.place_of(at - 1).to(span);
                said.fix(&format!("write `{before}`"), both, before)
            }
            ">" if before == "<" && operand => {
                let both = self.place_of(at - 1).to(span);
                said.fix("write `!=`", both, "!=")
            }
            "?" if expects(Rule::infix) => {
                said.help("to choose, write a block: `{ if .. do ..  else do .. }`")
            }
            "as" if expects(Rule::infix) => said.help("there are no casts; convert in a `fn`"),
            "[" if expects(Rule::infix) => {
                said.help("values are not indexed; look them up in a `fn`")
            }
            ":" if expects(Rule::infix) && expects(Rule::colons) => {
                said.help("names are joined by `::`")
            }
            "if" if operand => {
                said.help("`if` is no expression; to choose, write a block: `{ if ..  else .. }`")
            }
            "&" | "*" if operand => said.help("there are no references: name the value"),
            "." if self.tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number) => {
                write(said.help("a number begins with a digit"), "0.")
            }
            "=" if expects(Rule::infix) => {
                write(said.help("values are compared with `==`; `=` belongs to `set`"), "==")
            }
            "and" | "&" if expects(Rule::infix) => write(said, "&&"),
            "or" | "|" if expects(Rule::infix) => write(said, "||"),
            "{" if expects(Rule::k_do) && expects(Rule::infix) => {
                said.help("put the condition into the block: `{ if .. -> A  else -> B }`")
            }
            ")" if operand && before == "(" => self.one_key(said, at),
            "," if expects(Rule::rparen) => self.one_key(said, at),
            "(" if self.word(at.wrapping_sub(2)) == "." => {
                said.help(format!("values have no methods; there are calls such as `{before}(x)`"))
            }
            "match" if operand || expects(Rule::reaction) || expects(Rule::branch) => {
                said.help(INSTEAD_OF_MATCH)
            }
            _ if before == "match" && expects(Rule::infix) => said.help(INSTEAD_OF_MATCH),
            "fallback" if is_step(self.word(start)) => said.help(NO_FALLBACK),
            _ => self.hint_in_effect(said, start, failure),
        }
    }

    fn hint_in_statement(&self, said: Diagnostic, start: usize, failure: &Failure) -> Diagnostic {
        let at = failure.at;
        let (before, found, next) = self.around(at);
        let expects = |rule| failure.expected.contains(&rule);
        let arrow = expects(Rule::arrow) || expects(Rule::reaction);
        let span = said.primary;
        let write = |said: Diagnostic, text: &str| said.fix(&format!("write `{text}`"), span, text);
        match found {
            "=>" if arrow => write(said.help("a target stands behind `->`"), "->"),
            "goto" | "transition" | "go" | "then" if arrow => {
                write(said.help("a target stands behind `->`"), "->")
            }
            "==" if expects(Rule::equals) => write(said.help("`set` takes one `=`"), "="),
            "when" | "where" if arrow => write(said.help("a condition stands behind `if`"), "if"),
            "unless" if arrow => said.help("a condition stands behind `if`: `if !(..)`"),
            "in" if arrow => said.help("`in(State)` is an expression and stands behind `if`"),
            ";" => said
                .help("nothing ends a statement: the next one begins with a word of its own")
                .fix("remove the `;`", span, ""),
            "," | "|" | "or" if self.word(start) == "on" && arrow => {
                said.help("a handler is for one event; write a handler for each")
            }
            "*" if self.word(start) == "on" => {
                said.help("no handler is for every event: put it on a state around the others")
            }
            "*" if self.word(start) == "use" => {
                said.help("name what is brought in: a glob would hide which types there are")
            }
            "." if expects(Rule::lparen) && self.word(at.wrapping_sub(2)) == "send" => {
                said.help(format!("say to which instance, by its key: `send {before}(key).{next}`"))
            }
            "," if expects(Rule::amp) => {
                write(said.help("several targets, one a region, are joined by `&`"), "&")
            }
            "if" if before == "else" => self.else_if(said, at),
            "if" | "else" | "do" if expects(Rule::ident) => {
                said.help(format!("`{found}` is a word of the language and cannot be a name"))
            }
            "self" | "mut" if expects(Rule::rparen) || expects(Rule::param) => {
                said.help("parameters are `name: Type`; host code has no `self` here")
            }
            "&" if is_type(before) => {
                said.help("types are owned: `String`, `Vec<T>`; host code is given references")
            }
            "[" | "(" if is_type(before) => {
                said.help("lists are `Vec<T>`; for tuples declare a `struct`")
            }
            ":" if expects(Rule::equals) => write(said, "="),
            "=" if expects(Rule::colon) => write(said, ":"),
            _ => self.hint_by_words(said, failure),
        }
    }

    fn hint_by_words(&self, said: Diagnostic, failure: &Failure) -> Diagnostic {
        let at = failure.at;
        let (before, found, next) = self.around(at);
        let span = said.primary;
        if self.tokens.get(at).is_none_or(|t| t.kind != Kind::Word) {
            return match self.tokens.get(at).map(|t| t.kind) {
                Some(Kind::Doc | Kind::FileDoc) => {
                    said.help("`///` documents what begins behind it; inside a statement use `//`")
                }
                _ => said,
            };
        }
        let after_number = at > 0 && self.tokens[at - 1].kind == Kind::Number;
        if after_number && UNITS.contains(&found) {
            let gap = self.place_of(at - 1).to(span);
            let text = format!("{before}{found}");
            return said.help("a duration is one word").fix(
                &format!("write `{text}`"),
                gap,
                text.clone(),
            );
        }
        if before == "not" {
            let not = self.place_of(at - 1);
            return said.fix("write `!`", Span { end: span.start, ..not }, "!");
        }
        let does = |rule| failure.expected.contains(&rule);
        let effects = does(Rule::k_do) || does(Rule::effects) || does(Rule::reaction);
        let is_effect = matches!(found, "set" | "raise" | "emit" | "send" | "cancel");
        if effects && (next == "(" || is_effect) {
            let point = Span { end: span.start, ..span };
            return said.help("effects stand behind `do`").fix("write `do`", point, "do ");
        }
        let words: Vec<String> = failure.expected.iter().map(|rule| format!("{rule:?}")).collect();
        let words = words.iter().filter_map(|word| word.strip_prefix("k_"));
        let reaction: &[&str] = if does(Rule::reaction) { &["if", "do", "abort"] } else { &[] };
        match nearest(found, words.chain(reaction.iter().copied())) {
            Some(meant) => said.at(format!("did you mean `{meant}`?")).fix(
                &format!("write `{meant}`"),
                span,
                meant,
            ),
            None => said,
        }
    }

    /// A token and its neighbours.
    fn around(&self, at: usize) -> (&str, &str, &str) {
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        (before, self.word(at), self.word(at + 1))
    }

    /// In the parentheses behind the machine of a `send` stands one value.
    fn one_key(&self, said: Diagnostic, at: usize) -> Diagnostic {
        match self.sent_to(at) {
            Some(machine) => said.help(format!(
                "behind the machine stands the key of the instance, one value, and what is sent \
                 behind the event: `send {machine}(key).Event(..)`"
            )),
            None => said,
        }
    }

    /// The machine in whose `send Machine(` a token stands, if it stands in one.
    fn sent_to(&self, at: usize) -> Option<&str> {
        let mut open = 0;
        let paren = (0..at).rev().find(|token| {
            match self.word(*token) {
                ")" => open += 1,
                "(" => open -= 1,
                _ => {}
            }
            open < 0
        })?;
        let is_sent = self.word(paren.checked_sub(2)?) == "send";
        is_sent.then(|| self.word(paren - 1))
    }

    fn else_if(&self, said: Diagnostic, at: usize) -> Diagnostic {
        let both = self.place_of(at - 1).to(said.primary);
        let said = Diagnostic { message: "`else if` is not part of the language".into(), ..said };
        said.help("branches are tried from top to bottom: the next one begins with `if` alone").fix(
            "write `if`",
            both,
            "if",
        )
    }
}

/// True for words that begin a step of a saga, or several.
fn is_step(word: &str) -> bool {
    matches!(word, "step" | "pivot" | "concurrent")
}

/// Who takes a step back asks for what was called.
pub(super) const NO_FALLBACK: &str = "a fallback stands behind a call of `invoke` or `fan_out`. A step of a saga is one call, since \
     what takes it back has to know what was done: let its activity do the other thing itself";

/// Nothing is matched by pattern.
pub(super) const INSTEAD_OF_MATCH: &str = "to choose, write a block of conditions: `on EVENT { if n == 1 -> A  if n == 2 -> B  else -> C }`";

/// True if a type follows this mark.
fn is_type(before: &str) -> bool {
    matches!(before, ":" | "<" | "->")
}
