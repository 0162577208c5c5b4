//! E0801: a durable machine says by which field of its context its instances are found.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let model = facts.model;
    let (Some(span), None) = (model.durable, model.key) else { return };
    let message = format!("`{}` is durable and has no `key`", model.name.text);
    d.push(
        Diagnostic::new(Code::NoKey, span, message)
            .at("its instances are kept, and cannot be found again")
            .help("say which field of the context tells them apart: `key order_id`"),
    );
}
