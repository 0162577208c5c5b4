//! `on error`, `on timeout` and the like.

use super::heads::Named;
use crate::ast::{Modifier, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{StateId, Trigger, Ty};
use crate::resolve::ctx::Ctx;
use crate::resolve::reactions::Payload;

impl Ctx<'_, '_> {
    /// `on error`, `on error(e)`, `on error Declined(why)`
    pub(in crate::resolve) fn error_trigger(
        &mut self,
        name: Option<&Name>,
    ) -> (Option<Trigger>, Payload) {
        let Some(name) = name else {
            let payload = Payload::parts("`on error`", &[("error", Ty::Failure)]);
            return (Some(Trigger::Error(None)), payload);
        };
        let declarations = self.declarations;
        match self.error_of(name, Named::Caught) {
            Some((id, declared)) => {
                let params = &declarations.errors[id.index()].params;
                let what = format!("the error `{}`", name.text);
                (Some(Trigger::Error(Some(id))), Payload::of(what, Some(declared), params))
            }
            None => (None, Payload::Unknown),
        }
    }

    /// Triggers that belong to people, loops and sagas; `None` for any other name. No trigger for
    /// what never happens here.
    pub(in crate::resolve) fn outside_trigger(
        &mut self,
        id: StateId,
        name: &Name,
    ) -> Option<(Option<Trigger>, Payload)> {
        if name.text == "timeout" {
            return Some((self.timeout_trigger(id, name), Payload::parts("`on timeout`", &[])));
        }
        let special = self.tree.special.get(&id);
        let (word, fits, place, parts): (_, _, _, Vec<(&str, Ty)>) = match name.text.as_str() {
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
                vec![("cause", Ty::Failure)],
            ),
            "compensation_error" => (
                "on compensation_error",
                special == Some(&Modifier::Saga),
                "a `saga state`",
                vec![("cause", Ty::Failure)],
            ),
            _ => return None,
        };
        if !fits {
            self.error(
                Diagnostic::new(Code::Nesting, name.span, format!("`{word}` belongs to {place}"))
                    .at("never happens here"),
            );
        }
        Some((None, Payload::parts(&format!("`{word}`"), &parts)))
    }
}
