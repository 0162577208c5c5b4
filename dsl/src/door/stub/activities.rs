//! What a machine with activities has more: errors, requests, replies, and the trait of its host.

use super::types::{Types, fields, ident, reference, traits, ty, variant};
use crate::ast::{Human, Machine, MachineItem, Name, Param, Signature, StateItem, StateItemKind};
use crate::model::failures::UNEXPECTED;
use crate::spelling::pascal_case;
use std::collections::BTreeSet;
use std::fmt::Write;

/// True if the host of a machine is shared with what runs beside it.
pub(super) fn shares_host(machine: &Machine) -> bool {
    machine.durable.is_some() || !activities(machine).is_empty()
}

/// Writes it; `has_errors` says that `Error` is the author's own.
pub(super) fn write(
    machine: &Machine,
    types: &Types<'_>,
    has_errors: bool,
    krate: &str,
    out: &mut String,
) {
    let (activities, people) = (activities(machine), people(machine));
    if activities.is_empty() && people.is_empty() {
        return;
    }
    let errors = errors(machine);
    if !has_errors {
        enumeration("Error", &errors, krate, types, out);
    }
    let (mut requests, mut replies, mut functions) = (String::new(), String::new(), String::new());
    for (activity, raises) in activities {
        let Some(name) = ident(&activity.name.text) else { continue };
        let pascal = pascal_case(&activity.name.text);
        let raised: Vec<&Signature> = errors
            .iter()
            .copied()
            .filter(|error| raises.iter().any(|name| name.text == error.name.text))
            .collect();
        let error = format!("{pascal}Error");
        enumeration(&error, &raised, krate, types, out);
        let _ = write!(
            out,
            "impl<E: ::std::error::Error> ::core::convert::From<E> for {error} {{
                 fn from(_: E) -> Self {{ loop {{}} }}
             }}"
        );
        let result = activity.result.as_ref().map_or("()".to_owned(), |result| ty(result, types));
        variant(&pascal, &fields(&activity.params, "", types), &mut requests);
        let _ = write!(replies, "{pascal}(::core::result::Result<{result}, Error>),");
        let _ = write!(functions, "fn {name}(&self, _: &{krate}::Cx,");
        for Param { name, ty, .. } in &activity.params {
            if let Some(name) = ident(&name.text) {
                let _ = write!(functions, "{name}: {},", reference(ty, types));
            }
        }
        let _ = write!(
            functions,
            ") -> impl ::core::future::Future<Output = ::core::result::Result<{result}, {error}>>
                + ::core::marker::Send;"
        );
    }
    for person in people {
        // The types of what is shown are those of expressions, which are not known here.
        let (pascal, answer) = (pascal_case(&person.name.text), ty(&person.answer, types));
        let _ = write!(requests, "{pascal},");
        let _ = write!(replies, "{pascal}(::core::result::Result<{answer}, Error>),");
    }
    for (name, variants) in [("Request", requests), ("Reply", replies)] {
        let _ = write!(out, "pub enum {name} {{ {variants} }}");
        traits(name, out);
    }
    if !functions.is_empty() {
        let _ = write!(out, "pub trait Activities {{ {functions} }}");
    }
    out.push_str(&MACHINE.replace("KRATE", krate));
}

const MACHINE: &str = "
    impl<H> Machine<H> {
        pub fn next_request(&mut self)
            -> ::core::option::Option<&KRATE::Invocation<Request>> { loop {} }
        pub fn revoked(&mut self) -> ::std::vec::IntoIter<::core::primitive::u64> { loop {} }
        pub fn running(&self) -> &[KRATE::Invocation<Request>] { loop {} }
        pub fn resume(&mut self, _: ::core::primitive::u64, _: Reply)
            -> ::core::result::Result<KRATE::Dispatch, KRATE::StepError> { loop {} }
        pub fn tasks(&self)
            -> ::std::vec::IntoIter<(&KRATE::Invocation<Request>, &KRATE::Asked)> { loop {} }
        pub fn answer<T: 'static>(&mut self, _: ::core::primitive::u64, _: T)
            -> ::core::result::Result<KRATE::Dispatch, KRATE::AnswerError> { loop {} }
    }";

/// The activities and what they raise; of several with one name the first.
fn activities(machine: &Machine) -> Vec<(&Signature, &[Name])> {
    let mut known = BTreeSet::new();
    let found = machine.items.iter().filter_map(|item| match item {
        MachineItem::Activity { signature, raises, .. } => Some((signature, &raises[..])),
        _ => None,
    });
    found.filter(|(signature, _)| known.insert(pascal_case(&signature.name.text))).collect()
}

/// The human steps; of several with one name the first.
fn people(machine: &Machine) -> Vec<&Human> {
    let mut known: BTreeSet<String> =
        activities(machine).iter().map(|(of, _)| pascal_case(&of.name.text)).collect();
    let mut found = Vec::new();
    let of_machine = machine.items.iter().filter_map(|item| match item {
        MachineItem::State(item) => Some(item),
        _ => None,
    });
    let mut items: Vec<&StateItem> = of_machine.collect();
    items.reverse();
    while let Some(item) = items.pop() {
        match &item.kind {
            StateItemKind::Human(human) => found.push(human),
            StateItemKind::State(state) => {
                items.extend(state.items.iter().flatten().rev());
            }
            _ => {}
        }
    }
    found.retain(|human| known.insert(pascal_case(&human.name.text)));
    found
}

/// The declared errors; of several with one name the first.
fn errors(machine: &Machine) -> Vec<&Signature> {
    let mut known = BTreeSet::new();
    let found = machine.items.iter().filter_map(|item| match item {
        MachineItem::Error { signature, .. } => Some(signature),
        _ => None,
    });
    found.filter(|error| known.insert(error.name.text.clone())).collect()
}

/// An enum of errors, with the one that nobody declares.
fn enumeration(
    name: &str,
    errors: &[&Signature],
    krate: &str,
    types: &Types<'_>,
    out: &mut String,
) {
    let _ = write!(out, "pub enum {name} {{");
    for error in errors.iter().filter(|error| error.name.text != UNEXPECTED) {
        variant(&error.name.text, &fields(&error.params, "", types), out);
    }
    let _ = write!(out, "Unexpected({krate}::Failure) }}");
    traits(name, out);
}
