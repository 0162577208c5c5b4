//! Mistakes in what is declared: what was meant, and the change that repairs it.

use crate::diagnostic::Diagnostic;
use crate::parse::blocks::{Failure, Parser};
use crate::parse::grammar::Rule;
use crate::parse::places::Place;
use crate::parse::tokens::Kind;
use crate::spelling::BUILT_IN;

impl Parser<'_, '_> {
    /// Adds help to a mistake in a declaration.
    pub(super) fn hint_in_declaration(
        &self,
        said: Diagnostic,
        start: usize,
        failure: &Failure,
    ) -> Diagnostic {
        let at = failure.at;
        let (before, found, _) = self.around(at);
        let expects = |rule| failure.expected.contains(&rule);
        let declares = self.word(start);
        let is_string = self.tokens.get(at).is_some_and(|token| token.kind == Kind::String);
        let place = self.place_of(at);
        match found {
            ")" | "," | "<" | "}" if expects(Rule::colon) => match is_type(before) {
                true => said.help("what is carried has a name: `name: Type`"),
                false => said.help(format!("give it a type: `{before}: Type`")),
            },
            "{" if self.place == Place::Enum || is_carrying(declares) => {
                said.help(format!("what it carries stands in parentheses: `{before}(name: Type)`"))
            }
            "(" if declares == "struct" => {
                said.help(format!("its fields have names: `struct {before} {{ name: Type }}`"))
            }
            "->" if declares == "guard" => {
                said.help("a guard gives yes or no: no type stands behind it")
            }
            "->" if declares == "action" => said
                .help("an action gives nothing: an `activity` has a result, and a `fn` calculates"),
            ":" if expects(Rule::arrow) && before == ")" => {
                said.help("what it gives stands behind `->`").fix("write ` ->`", place, " ->")
            }
            _ if before == "retry" && expects(Rule::k_max) => {
                said.fix("write `max`", self.point_before(at), "max ")
            }
            _ if is_string && expects(Rule::who) => {
                said.fix(&format!("write `role({found})`"), place, format!("role({found})"))
            }
            _ if is_string && matches!(before, "role" | "user") => {
                said.fix(&format!("write `({found})`"), place, format!("({found})"))
            }
            _ => self.hint_in_statement(said, start, failure),
        }
    }
}

/// True for words that begin the declaration of something that carries values.
fn is_carrying(word: &str) -> bool {
    matches!(word, "event" | "output" | "error")
}

/// True for what can be a type and not the name of a value.
fn is_type(word: &str) -> bool {
    BUILT_IN.contains(&word) || word.starts_with(char::is_uppercase)
}
