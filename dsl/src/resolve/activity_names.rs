//! E0106 for names that the generated Rust has twice because of activities and messages.

use super::names::Names;
use super::types::Types;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::failures::UNEXPECTED;
use crate::model::{Declarations, ErrorId, Name};
use crate::span::Span;
use crate::spelling::pascal_case;

/// Looks at activities, errors, and at the types that have the names of generated ones.
pub(super) fn check(
    declarations: &Declarations,
    types: &Types<'_>,
    errors: &Names<'_, ErrorId>,
    d: &mut Diagnostics,
) {
    twice(declarations, d);
    let own = errors.find(UNEXPECTED).filter(|(id, _)| !declarations.errors[id.index()].imported);
    if let Some((_, span)) = own {
        let message = format!("`{UNEXPECTED}` is the error that no machine declares");
        d.push(
            Diagnostic::new(Code::NotAnIdentifier, span, message)
                .at("every activity can end with it already")
                .help("give it another name; `on error(e)` catches all that is not declared"),
        );
    }
    for (name, activity) in declarations.activity_types() {
        let Some(span) = types.place(&name) else { continue };
        let message = format!("`{name}` is a type that is generated for machines with activities");
        let mut diagnostic = Diagnostic::new(Code::NotAnIdentifier, span, message)
            .at("cannot be the name of another type")
            .help(format!("give it another name, as `My{name}`; `use` can say `as My{name}`"));
        if let Some(activity) = activity {
            diagnostic = diagnostic.label(activity.span, "it says how this one can fail");
        }
        d.push(diagnostic);
    }
}

/// Looks at the types that have the names of those for messages.
pub(super) fn check_messages(declarations: &Declarations, types: &Types<'_>, d: &mut Diagnostics) {
    for (name, machine) in declarations.message_types() {
        let Some(span) = types.place(&name) else { continue };
        let message = format!("`{name}` is a type that is generated for machines that send");
        d.push(
            Diagnostic::new(Code::NotAnIdentifier, span, message)
                .at("cannot be the name of another type")
                .label(machine.span, "this machine is sent to")
                .help(format!("give it another name, as `My{name}`; `use` can say `as My{name}`")),
        );
    }
}

/// Two activities that Rust spells the same.
fn twice(declarations: &Declarations, d: &mut Diagnostics) {
    let mut known: Vec<(String, &Name)> = Vec::new();
    for Name { text, span } in declarations.activities.iter().map(|activity| &activity.name) {
        let spelt = pascal_case(text);
        let first = known.iter().find(|(other, name)| *other == spelt && name.text != *text);
        if let Some((_, first)) = first {
            d.push(same(&spelt, text, *span, first));
        }
        known.push((spelt, &declarations.activities[known.len()].name));
    }
}

fn same(spelt: &str, text: &str, span: Span, first: &Name) -> Diagnostic {
    let message = format!("`{text}` and `{}` are both `{spelt}` in Rust", first.text);
    Diagnostic::new(Code::NotAnIdentifier, span, message)
        .at(format!("becomes `Request::{spelt}`"))
        .label(first.span, "and so does this")
        .help("give one of them another name")
}
