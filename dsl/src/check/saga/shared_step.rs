//! E0608: what a step of a saga does, and what takes it back, is done for this saga alone.
//!
//! `cache` and `coalesce` let one call stand for several. A saga that is given what another one has had
//! done has nothing of its own, and takes back what the other one needs. Calls that `by` tells apart are
//! shared all the same by a saga that begins anew. `@readonly` says that there is nothing to be shared.

use super::{Act, acts};
use crate::ast::Role;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for act in &acts(facts) {
        let called = act.called(facts);
        let how = match (&called.cache, &called.coalesce) {
            (None, None) => continue,
            (Some(_), None) => "`cache`",
            (None, Some(_)) => "`coalesce`",
            (Some(_), Some(_)) => "`cache` and `coalesce`",
        };
        if !act.readonly && !called.readonly {
            d.push(report(act, &called.name.text, how).label(called.name.span, "is shared"));
        }
    }
}

fn report(act: &Act, called: &str, how: &str) -> Diagnostic {
    let step = &act.step.text;
    let (at, help) = match act.role {
        Role::Undo => (
            "may be left undone because another saga has done the same",
            format!("remove {how} from `{called}`"),
        ),
        _ => (
            "two sagas may share one call, and both take it back",
            format!(
                "remove {how} from `{called}`, or write `@readonly` in front of it if it leaves nothing behind"
            ),
        ),
    };
    let message = match act.role {
        Role::Undo => format!("`{called}`, which takes `{step}` back, may not be called"),
        _ => format!("`{called}` may not be called for the step `{step}`"),
    };
    Diagnostic::new(Code::SharedStep, act.invoke.head, message).at(at).help(help)
}
