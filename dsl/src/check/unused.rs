//! W0107: what is declared is used: types, context fields, events, outputs, guards, fns, actions,
//! errors, activities, policies.
//!
//! A field counts as used if it is set or read: the host sees the context. Imported types, and what
//! belongs to the user's own Rust types, are not looked at. A name that starts with `_` says that
//! it is not used.

use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    ActivityId, ContextDecl, Declarations, ErrorId, EventId, FieldId, FunctionId, FunctionKind,
    Model, Name, OutputId, PolicyId, Trigger, TypeDeclKind, TypeId,
};
use std::collections::BTreeSet;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let (declarations, used) = (&facts.model.declarations, &facts.model.used);
    for (index, ty) in declarations.types.iter().enumerate() {
        let what = match ty.kind {
            TypeDeclKind::Enum(_) => "enum",
            TypeDeclKind::Struct(_) => "struct",
        };
        if !ty.imported {
            require(used.types.contains(&TypeId(index as u32)), what, &ty.name, d);
        }
    }
    fields(facts.model, d);
    events(facts.model, d);
    if declarations.external_outputs.is_none() {
        for (index, output) in declarations.outputs.iter().enumerate() {
            let emitted = used.outputs.contains(&OutputId(index as u32));
            require(emitted, "output", &output.name, d);
        }
    }
    functions(declarations, &used.functions, d);
    for (index, error) in declarations.errors.iter().enumerate() {
        let raised = used.errors.contains(&ErrorId(index as u32));
        require(raised || error.imported, "error", &error.name, d);
    }
    for (index, activity) in declarations.activities.iter().enumerate() {
        let called = used.activities.contains(&ActivityId(index as u32));
        require(called, "activity", &activity.name, d);
    }
    for (index, policy) in declarations.policies.iter().enumerate() {
        let named = used.policies.contains(&PolicyId(index as u32));
        require(named || policy.imported.is_some(), "policy", &policy.name, d);
    }
}

fn fields(model: &Model, d: &mut Diagnostics) {
    let ContextDecl::Declared(fields) = &model.declarations.context else { return };
    for (index, field) in fields.iter().enumerate() {
        let id = FieldId(index as u32);
        let used = model.used.fields_read.contains(&id) || model.used.fields_set.contains(&id);
        require(used, "field", &field.param.name, d);
    }
}

fn events(model: &Model, d: &mut Diagnostics) {
    if model.declarations.external_events.is_some() {
        return;
    }
    let mut used: BTreeSet<EventId> = model.used.events.clone();
    for reaction in &model.reactions {
        if let Trigger::Event(event) = reaction.trigger {
            used.insert(event);
        }
    }
    for state in &model.states {
        used.extend(state.defer.iter().chain(&state.ignore).map(|(event, _)| *event));
    }
    for (index, event) in model.declarations.events.iter().enumerate() {
        require(used.contains(&EventId(index as u32)), "event", &event.name, d);
    }
}

fn functions(declarations: &Declarations, called: &BTreeSet<FunctionId>, d: &mut Diagnostics) {
    for (index, function) in declarations.functions.iter().enumerate() {
        let what = match function.kind {
            FunctionKind::Guard => "guard",
            FunctionKind::Fn => "fn",
            FunctionKind::Action => "action",
        };
        require(called.contains(&FunctionId(index as u32)), what, &function.name, d);
    }
}

fn require(used: bool, what: &str, name: &Name, d: &mut Diagnostics) {
    if used || name.text.starts_with('_') {
        return;
    }
    d.push(
        Diagnostic::new(Code::Unused, name.span, format!("{what} `{}` is never used", name.text))
            .help("use it, or remove it"),
    );
}
