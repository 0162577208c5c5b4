//! "expected this or that, found something else": what pest expected, in words.

use super::blocks::{Failure, Parser};
use super::grammar::Rule;
use super::tokens::Kind;
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// What could have stood somewhere, and how much it helps to say so.
enum Phrase {
    /// Said.
    Due(String),
    /// Said if little else is: what could go on instead of ending.
    Possible(&'static str),
    /// Said if nothing else is.
    Faint(&'static str),
}

impl Parser<'_, '_> {
    /// Reports that the statement at `start` could not be read.
    pub(super) fn failed(&mut self, start: usize, failure: &Failure) {
        let at_end = failure.at >= self.tokens.len();
        let told_end = at_end && std::mem::replace(&mut self.end_is_told, true);
        // What is strange may stand a little behind what does not fit, as in `&'a`.
        if told_end || self.is_told(start, failure.at + 2) {
            return;
        }
        let diagnostic = self.unexpected(start, failure, None);
        self.report(diagnostic);
    }

    /// The message for a token that does not fit. `instead` is one more thing that could stand
    /// there.
    pub(super) fn unexpected(
        &self,
        start: usize,
        failure: &Failure,
        instead: Option<String>,
    ) -> Diagnostic {
        let mut phrases = self.phrases(start, failure);
        phrases.extend(instead);
        let message = match phrases.as_slice() {
            [] => format!("unexpected {}", self.found(failure.at)),
            phrases => format!("expected {}, found {}", any_of(phrases), self.found(failure.at)),
        };
        let diagnostic = Diagnostic::new(Code::Syntax, self.place_of(failure.at), message);
        let diagnostic = self.label_open(diagnostic, start, failure);
        self.hint(diagnostic, start, failure)
    }

    /// What a token is called.
    pub(super) fn found(&self, at: usize) -> String {
        let word = self.word(at);
        match self.tokens.get(at).map(|t| t.kind) {
            None => "the end of the file".to_string(),
            Some(Kind::Doc | Kind::FileDoc) => "a doc comment".to_string(),
            Some(Kind::String) if word.len() > 32 => "a string".to_string(),
            Some(_) if word.chars().count() > 40 => {
                format!("`{}...`", word.chars().take(40).collect::<String>())
            }
            Some(_) => format!("`{word}`"),
        }
    }

    /// What pest expected, without repetitions, and without what hardly helps.
    fn phrases(&self, start: usize, failure: &Failure) -> Vec<String> {
        let name = self.name_at(start, failure.at);
        let (mut due, mut possible, mut faint) = (Vec::new(), Vec::new(), Vec::new());
        for rule in failure.expected.iter().copied() {
            if is_implied(rule, &failure.expected) {
                continue;
            }
            for phrase in self.phrase(rule, name) {
                match phrase {
                    Phrase::Due(text) => due.push(text),
                    Phrase::Possible(text) => possible.push(text.to_string()),
                    Phrase::Faint(text) => faint.push(text.to_string()),
                }
            }
        }
        if due.len() < 2 {
            due.extend(possible);
        }
        if due.is_empty() {
            due = faint;
        }
        let next = self.place.entry();
        due.sort_by_key(|phrase| match ORDER.iter().position(|other| other == phrase) {
            Some(at) => at + 1,
            None => {
                if phrase == next {
                    usize::MAX
                } else {
                    0
                }
            }
        });
        let mut seen: Vec<String> = Vec::new();
        for phrase in due {
            if !seen.contains(&phrase) {
                seen.push(phrase);
            }
        }
        seen
    }

    fn phrase(&self, rule: Rule, name: &str) -> Vec<Phrase> {
        let due = |text: &str| vec![Phrase::Due(text.to_string())];
        match rule {
            Rule::ident | Rule::path => due(name),
            Rule::target | Rule::target_state | Rule::states => due("the name of a state"),
            Rule::expr | Rule::call | Rule::list | Rule::group | Rule::boolean => {
                due("an expression")
            }
            Rule::never => due("`never`"),
            Rule::duration => due("a duration such as `30s`"),
            Rule::int => due("a whole number"),
            Rule::float => due("a number"),
            Rule::percent => due("a percentage"),
            Rule::string => due("a string"),
            Rule::ty => due("a type"),
            Rule::param | Rule::field if self.place.takes_names() => due("a field `name: Type`"),
            Rule::param | Rule::field => due("a parameter `name: Type`"),
            Rule::trigger => due("the name of an event, `done` or `error`"),
            Rule::reaction => ["`if`", "`do`", "`->`", "`abort`", "`{`"]
                .map(|text| Phrase::Due(text.to_string()))
                .into(),
            Rule::branch => ["`if`", "`else`"].map(|text| Phrase::Due(text.to_string())).into(),
            Rule::cond => due("`if`"),
            Rule::effects => due("`do`"),
            Rule::effect | Rule::set | Rule::raise | Rule::emit | Rule::act => due("an effect"),
            Rule::cancel | Rule::send => due("an effect"),
            Rule::job => due("a call such as `name(..)`"),
            Rule::who => due("`role(..)` or `user(..)`"),
            Rule::join_kind => due("`all`, `all_settled`, `any`, `first N` or `quorum N`"),
            Rule::vote_rule => {
                due("`majority`, `plurality`, `unanimous`, `quorum N` or `weighted by`")
            }
            Rule::backoff => due("`none`, `fixed`, `linear` or `exponential`"),
            Rule::stop => due(self.place.entry()),
            Rule::claim => due("`always`, `never`, `eventually` or an expression"),
            Rule::known => due("a field `name = value` or an answer `name(..) = value`"),
            Rule::said | Rule::expectation => {
                due("a state, an expression, `emit`, `send` or `handled`")
            }
            Rule::occurrence => due("the name of an event"),
            Rule::args | Rule::params | Rule::positional => vec![Phrase::Possible("`(`")],
            Rule::lparen => vec![Phrase::Possible("`(`")],
            Rule::fields | Rule::lbrace => vec![Phrase::Possible("`{`")],
            Rule::vote => vec![Phrase::Possible("`vote`")],
            Rule::failures => vec![Phrase::Possible("`failures`")],
            Rule::infix => vec![Phrase::Possible("an operator")],
            Rule::prefix | Rule::semi | Rule::EOI => vec![],
            _ => word_or_mark(rule),
        }
    }

    /// What kind of name is due at a token.
    fn name_at(&self, start: usize, at: usize) -> &'static str {
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        match (before, self.word(start)) {
            ("on" | ",", "retry") => "`transient` or the name of an error",
            ("on", "invoke" | "call") => "the name of an error",
            (":", "step" | "pivot" | "call") => "the name of an activity",
            (":" | "<", _) | ("->", "fn" | "activity" | "human") => "a type",
            _ => name_behind(before),
        }
    }

    /// Points to the bracket that is still open where its end was expected.
    fn label_open(&self, diagnostic: Diagnostic, start: usize, failure: &Failure) -> Diagnostic {
        let closers = [Rule::rparen, Rule::rbracket, Rule::rbrace];
        if !closers.iter().any(|closer| failure.expected.contains(closer)) {
            return diagnostic;
        }
        let mut depth = 0;
        for at in (start..failure.at).rev() {
            match self.word(at) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" if depth == 0 => {
                    let label = format!("this `{}` is still open", self.word(at));
                    return diagnostic.label(self.place_of(at), label);
                }
                "(" | "[" | "{" => depth -= 1,
                _ => {}
            }
        }
        diagnostic
    }
}

/// The parts of a reaction stand in messages in the order in which they stand in a statement.
const ORDER: [&str; 6] = ["`if`", "`else`", "`do`", "`->`", "`abort`", "`{`"];

/// True if another expectation says it better.
fn is_implied(rule: Rule, all: &[Rule]) -> bool {
    let with = |other| all.contains(&other);
    match rule {
        Rule::int | Rule::float | Rule::string | Rule::duration | Rule::ident => {
            with(Rule::expr) || with(Rule::boolean)
        }
        Rule::lparen | Rule::lbracket => with(Rule::boolean) || with(Rule::infix),
        Rule::args => with(Rule::infix),
        Rule::k_initial | Rule::k_final | Rule::k_parallel | Rule::k_saga | Rule::k_loop => {
            with(Rule::k_state)
        }
        Rule::k_history | Rule::k_deep_history | Rule::k_reenter => true,
        _ => false,
    }
}

/// Keywords are called `k_..` in the grammar, marks by their names.
fn word_or_mark(rule: Rule) -> Vec<Phrase> {
    let name = format!("{rule:?}");
    if let Some(word) = name.strip_prefix("k_") {
        return vec![Phrase::Due(format!("`{word}`"))];
    }
    let (mark, faint) = match rule {
        Rule::arrow => ("`->`", false),
        Rule::amp => ("`&`", true),
        Rule::colon => ("`:`", false),
        Rule::comma => ("`,`", false),
        Rule::dots => ("`..`", false),
        Rule::equals => ("`=`", false),
        Rule::more => ("`>`", false),
        Rule::at => ("`@`", false),

        Rule::rparen => ("`)`", false),
        Rule::branches => ("`{`", false),
        Rule::rbrace => ("`}`", false),
        Rule::rbracket => ("`]`", false),
        Rule::per_cent => ("`%`", false),
        Rule::dot => ("`.`", true),
        Rule::colons => ("`::`", true),
        Rule::less => ("`<`", true),
        Rule::question => ("`?`", true),
        Rule::join => ("`join`", false),
        _ => return vec![],
    };
    vec![if faint { Phrase::Faint(mark) } else { Phrase::Due(mark.to_string()) }]
}

/// What kind of name follows a word.
fn name_behind(word: &str) -> &'static str {
    match word {
        "state" | "->" | "reenter" | "&" => "the name of a state",
        "region" => "the name of a region",
        "machine" => "the name of a machine",
        "event" | "raise" | "cancel" | "defer" | "ignore" | "on" | "send" => "the name of an event",
        "output" | "emit" => "the name of an output",
        "error" | "raises" => "the name of an error",
        "guard" => "the name of a guard",
        "fn" => "the name of a function",
        "action" => "the name of an action",
        "activity" | "invoke" | "fallback" | "compensate" => "the name of an activity",
        "policy" | "with" => "the name of a policy",
        "enum" => "the name of an enum",
        "struct" => "the name of a struct",
        "set" | "key" => "the name of a field",
        "given" => "the name of a field, guard or fn",
        _ => "a name",
    }
}

/// `a`, `a or b`, `a, b or c`
pub(super) fn any_of(phrases: &[String]) -> String {
    match phrases {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
