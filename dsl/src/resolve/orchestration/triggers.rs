//! `on error`, `on timeout` and the like.

use crate::ast::{Modifier, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{StateId, Ty};
use crate::resolve::ctx::Ctx;
use crate::resolve::expr::FAILURE;
use crate::resolve::reactions::Payload;
use crate::span::Span;

/// The type of a caught error.
fn failure() -> Ty {
    Ty::Rust { path: vec![FAILURE.to_owned()], args: Vec::new() }
}

impl Ctx<'_, '_> {
    /// `on error`, `on error(e)`, `on error Declined(why)`
    pub(in crate::resolve) fn error_trigger(&mut self, name: Option<&Name>, span: Span) -> Payload {
        self.outside.unbuilt("on error", span);
        let Some(name) = name else {
            return Payload::parts("`on error`", &[("error", failure())]);
        };
        let symbols = self.symbols;
        match self.error_of(name) {
            Some((index, declared)) => {
                let params = &symbols.error_payloads[index as usize];
                Payload::of(format!("the error `{}`", name.text), Some(declared), params)
            }
            None => Payload::Unknown,
        }
    }

    /// Triggers that belong to people, loops and sagas; `None` for any other name.
    pub(in crate::resolve) fn outside_trigger(
        &mut self,
        id: StateId,
        name: &Name,
    ) -> Option<Payload> {
        let special = self.tree.special.get(&id);
        let (word, fits, place, parts): (_, _, _, Vec<(&str, Ty)>) = match name.text.as_str() {
            "timeout" => {
                ("on timeout", self.outside.people.contains(&id), "a state with `human`", vec![])
            }
            "converged" => {
                ("on converged", special == Some(&Modifier::Loop), "a `loop state`", vec![])
            }
            "exhausted" => {
                ("on exhausted", special == Some(&Modifier::Loop), "a `loop state`", vec![])
            }
            "compensated" => (
                "on compensated",
                special == Some(&Modifier::Saga),
                "a `saga state`",
                vec![("cause", failure())],
            ),
            "compensation_error" => (
                "on compensation_error",
                special == Some(&Modifier::Saga),
                "a `saga state`",
                vec![("cause", failure())],
            ),
            _ => return None,
        };
        if fits {
            self.outside.unbuilt(word, name.span);
        } else {
            self.error(
                Diagnostic::new(Code::Nesting, name.span, format!("`{word}` belongs to {place}"))
                    .at("never happens here"),
            );
        }
        Some(Payload::parts(&format!("`{word}`"), &parts))
    }
}
