//! W0704: branches that lose leave nothing behind.
//!
//! With `any` and `first` those that have not won are cancelled, and may have done what they do all the
//! same. It is doubted where an activity surely has an effect: one that gives nothing, or that a saga
//! takes back. `@readonly` in front of it says that there is none.

use super::all;
use crate::check::calls;
use crate::check::facts::Facts;
use crate::check::saga::outside_effect;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{JoinKind, Work};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    let effects = outside_effect::Effects::new(facts);
    for (_, fan_out) in all(facts) {
        let is_race = match fan_out.join.kind {
            JoinKind::Any => fan_out.most().is_none_or(|most| most > 1),
            JoinKind::First(count) => fan_out.most().is_none_or(|most| most > count),
            _ => false,
        };
        if !is_race {
            continue;
        }
        let calls = fan_out.calls.iter();
        let calls = calls.flat_map(|call| calls::of(&facts.model.declarations, call));
        let mut calls = calls.filter(|call| match call.work {
            Work::Activity(activity) => effects.has(facts, activity),
            Work::Function(_) => false,
        });
        let Some(call) = calls.next() else { continue };
        let message = format!("what `{}` does stays done in branches that lose", call.name);
        d.push(
            Diagnostic::new(Code::Traces, call.span, message)
                .at("may be done, and is not waited for")
                .label(fan_out.join.span, "ends without the others")
                .help(
                    "join `all`, call it behind the fan-out for the one that has won, or mark the \
                     activity `@readonly` if it leaves nothing behind",
                ),
        );
    }
}
