//! E0701: a fan-out over a list says how long the list may be.

use super::all;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (_, fan_out) in all(facts) {
        let Some(over) = fan_out.over.as_ref().filter(|over| over.max.is_none()) else { continue };
        let message = "nothing bounds how many branches there are";
        d.push(
            Diagnostic::new(Code::UnboundedFanOut, over.list.span, message)
                .at("as many as the list has values")
                .help("say how many are meant, as `max 100`: a longer list is an error then"),
        );
    }
}
