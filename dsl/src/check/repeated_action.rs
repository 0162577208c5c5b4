//! W0506: a durable machine calls no action. An action is called when the step that decided it is
//! committed, and after a crash perhaps again; what is done twice without harm has an `@allow`.

use super::exprs;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Effect, EffectKind, FunctionId, FunctionKind};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let model = facts.model;
    let Some(durable) = model.durable else { return };
    for (index, function) in model.declarations.functions.iter().enumerate() {
        let calls = |effect: &Effect| {
            let called = FunctionId(index as u32);
            matches!(effect.kind, EffectKind::Action(action, _) if action == called)
        };
        let first = exprs::effects(model).find(|effect| calls(effect));
        let Some(first) = first.filter(|_| function.kind == FunctionKind::Action) else { continue };
        let name = &function.name;
        let message = format!("after a crash `{}` may run twice", name.text);
        d.push(
            Diagnostic::new(Code::RepeatedAction, name.span, message)
                .at("called again if it is not known that it was called")
                .label(first.span, "called here")
                .label(durable, "instances go on after a crash")
                .help(
                    "make it an `activity`, which knows by its key that it is called again, or say \
                     `@allow(W0506, \"why twice does no harm\")` in front of it",
                ),
        );
    }
}
