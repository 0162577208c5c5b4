//! What a machine declares besides states: context, events, outputs, host functions, and what
//! talks to the outside.

use super::annotations;
use super::names::{Brought, Names, said_twice};
use super::orchestration::{millis, no_time};
use super::suggest::unknown;
use super::types::{Types, no_default};
use crate::ast::{self, MachineItem, Path, Signature};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Activity, ActivityId, ActivityKind, Cache, ContextDecl, Declarations, ErrorDecl, ErrorId,
    EventDecl, EventId, Field, FieldId, Function, FunctionId, FunctionKind, OutputId, Param,
    PolicyId, RustPath, Ty, TypeId,
};
use crate::span::Span;
use std::collections::BTreeSet;

/// What the name of a function stands for; all kinds share one namespace.
#[derive(Clone, Copy, Debug)]
pub(super) enum Callable {
    /// A guard, fn or action.
    Host(FunctionId),
    /// An activity.
    Activity(ActivityId),
}

/// The declared names of a machine, by kind.
#[derive(Debug, Default)]
pub(super) struct Symbols<'a> {
    pub(super) events: Names<'a, EventId>,
    pub(super) outputs: Names<'a, OutputId>,
    pub(super) functions: Names<'a, Callable>,
    pub(super) fields: Names<'a, FieldId>,
    pub(super) errors: Names<'a, ErrorId>,
    pub(super) policies: Names<'a, PolicyId>,
    pub(super) brought_errors: Brought<'a>,
    pub(super) brought_policies: Brought<'a>,
}

/// Collects declarations; the phase before states.
pub(super) struct Collector<'a, 'x> {
    types: &'x Types<'a>,
    d: &'x mut Diagnostics,
    /// Types that the declarations use.
    pub(super) used: BTreeSet<TypeId>,
    pub(super) symbols: Symbols<'a>,
    pub(super) declarations: Declarations,
    /// Where the context, the events and the outputs are said to be the user's own types.
    context: Option<Span>,
    /// How many policies there were so far.
    policies: u32,
}

impl<'a, 'x> Collector<'a, 'x> {
    pub(super) fn new(types: &'x Types<'a>, d: &'x mut Diagnostics) -> Self {
        let declarations = Declarations {
            uses: types.uses.clone(),
            types: types.decls.clone(),
            ..Declarations::default()
        };
        let used = types.used.clone();
        Self {
            types,
            d,
            used,
            symbols: Symbols::default(),
            declarations,
            context: None,
            policies: 0,
        }
    }

    /// Errors and policies of machines in imported files.
    pub(super) fn import(&mut self, machine: &'a ast::Machine) {
        for item in &machine.items {
            match item {
                MachineItem::Error { transient, signature } => {
                    self.error(signature, *transient, true)
                }
                MachineItem::Policy(policy) => self.policy(policy, true),
                _ => {}
            }
        }
    }

    /// Everything that a machine declares.
    pub(super) fn machine(&mut self, machine: &'a ast::Machine) {
        for item in &machine.items {
            self.item(item);
        }
        self.raises(machine);
        self.no_mixture();
    }

    fn item(&mut self, item: &'a MachineItem) {
        match item {
            MachineItem::Context(context) => self.own_context(context),
            MachineItem::ExternalContext(path) => {
                if self.is_first_context(path.span) {
                    self.declarations.context = ContextDecl::External(rust_path(path));
                }
            }
            MachineItem::Event(signature) => self.event(signature),
            MachineItem::ExternalEvents(path) => {
                let known = self.declarations.external_events.replace(rust_path(path));
                self.once("events", known.map(|k| k.span), path.span);
            }
            MachineItem::Output(signature) => self.output(signature),
            MachineItem::ExternalOutputs(path) => {
                let known = self.declarations.external_outputs.replace(rust_path(path));
                self.once("outputs", known.map(|k| k.span), path.span);
            }
            MachineItem::Error { transient, signature } => self.error(signature, *transient, false),
            MachineItem::Guard(s) => self.function(FunctionKind::Guard, s),
            MachineItem::Fn(s) => self.function(FunctionKind::Fn, s),
            MachineItem::Action(s) => self.function(FunctionKind::Action, s),
            MachineItem::Activity { signature, cache, coalesce, .. } => {
                self.activity(signature, cache.as_ref(), coalesce.as_ref());
            }
            MachineItem::Policy(policy) => self.policy(policy, false),
            MachineItem::Key(_)
            | MachineItem::State(_)
            | MachineItem::Property(_)
            | MachineItem::Scenario(_)
            | MachineItem::Migrate(_) => {}
        }
    }

    fn once(&mut self, what: &str, known: Option<Span>, span: Span) {
        let Some(first) = known else { return };
        let message = format!("`{what}` is given twice");
        self.d.push(
            Diagnostic::new(Code::Duplicate, span, message)
                .at("given again here")
                .label(first, "first given here"),
        );
    }

    fn is_first_context(&mut self, span: Span) -> bool {
        let known = self.context;
        self.once("context", known, span);
        self.context = known.or(Some(span));
        known.is_none()
    }

    /// The fields of a second context, which is an error, are known too, so that they are no further
    /// ones where they are read.
    fn own_context(&mut self, context: &'a ast::Context) {
        self.is_first_context(context.span);
        for field in &context.fields {
            let identity = annotations::identity(&field.param.meta);
            let declared = Field {
                late: field.late.is_some(),
                id: identity.id,
                was: identity.was,
                param: self.field(field),
            };
            if let ContextDecl::Declared(fields) = &mut self.declarations.context {
                let id = FieldId(fields.len() as u32);
                self.symbols.fields.declare("field", &field.param.name, id, self.d);
                fields.push(declared);
            }
        }
    }

    fn field(&mut self, field: &'a ast::ContextField) -> Param {
        if let (Some(late), Some(default)) = (field.late, &field.param.default) {
            self.d.push(
                Diagnostic::new(Code::TypeMismatch, late, "a `late` field cannot have a default")
                    .at("says that a transition sets it")
                    .label(default.span, "and this sets it at the start")
                    .help("remove one of the two")
                    .fix("remove `late`", late, ""),
            );
        }
        let ty = self.types.resolve(&field.param.ty, &mut self.used, self.d);
        if let (Some(late), Ty::Option(_)) = (field.late, &ty) {
            self.d.push(
                Diagnostic::new(Code::TypeMismatch, late, "a `late` field cannot be an `Option`")
                    .at("that it is unset and that it is `none` are stored alike")
                    .help("an `Option` is `none` until a transition sets it: `= none`")
                    .fix("remove `late`", late, ""),
            );
        }
        Param {
            name: field.param.name.clone(),
            ty,
            default: None,
            docs: field.param.meta.docs.clone(),
            made: false,
        }
    }

    fn params(&mut self, signature: &'a Signature) -> Vec<Param> {
        signature.params.iter().for_each(|param| no_default(param, self.d));
        self.types.params("parameter", &signature.params, &mut self.used, self.d)
    }

    fn payload(&mut self, signature: &'a Signature) -> EventDecl {
        let identity = annotations::identity(&signature.meta);
        EventDecl {
            name: signature.name.clone(),
            docs: signature.meta.docs.clone(),
            params: self.params(signature),
            id: identity.id,
            was: identity.was,
        }
    }

    fn event(&mut self, signature: &'a Signature) {
        let id = EventId(self.declarations.events.len() as u32);
        self.symbols.events.declare("event", &signature.name, id, self.d);
        let event = self.payload(signature);
        self.declarations.events.push(event);
    }

    fn output(&mut self, signature: &'a Signature) {
        let id = OutputId(self.declarations.outputs.len() as u32);
        self.symbols.outputs.declare("output", &signature.name, id, self.d);
        let output = self.payload(signature);
        self.declarations.outputs.push(output);
    }

    /// One that the machine declares itself counts, whatever imports bring. Of these, two that are the
    /// same are one.
    fn error(&mut self, signature: &'a Signature, transient: bool, imported: bool) {
        let error = ErrorDecl {
            name: signature.name.clone(),
            docs: signature.meta.docs.clone(),
            params: self.params(signature),
            transient,
            imported,
        };
        let (errors, name) = (&mut self.declarations.errors, &signature.name);
        let Symbols { errors: names, brought_errors: brought, .. } = &mut self.symbols;
        if let Some(id) = names.get(&name.text)
            && brought.has(name)
        {
            let known = &mut errors[id.index()];
            if !imported {
                *known = error;
                brought.own(name);
                names.replace(name, id, self.d);
            } else if known.transient != transient || !same_params(&known.params, &error.params) {
                brought.add_other(name);
            }
            return;
        }
        if imported {
            brought.add(name);
        }
        let id = ErrorId(errors.len() as u32);
        errors.push(error);
        names.declare("error", name, id, self.d);
    }

    /// What it says is read when all errors are known. One that the machine declares itself counts,
    /// whatever imports bring.
    fn policy(&mut self, policy: &'a ast::Policy, imported: bool) {
        let id = PolicyId(self.policies);
        self.policies += 1;
        let name = &policy.name;
        let Symbols { policies: names, brought_policies: brought, .. } = &mut self.symbols;
        match imported {
            true if brought.has(name) => brought.add_other(name),
            false if brought.own(name) => names.replace(name, id, self.d),
            _ => {
                names.declare("policy", name, id, self.d);
                if imported {
                    brought.add(name);
                }
            }
        }
    }

    fn function(&mut self, kind: FunctionKind, signature: &'a Signature) {
        let what = match kind {
            FunctionKind::Guard => "guard",
            FunctionKind::Fn => "fn",
            FunctionKind::Action => "action",
        };
        let id = FunctionId(self.declarations.functions.len() as u32);
        self.symbols.functions.declare(what, &signature.name, Callable::Host(id), self.d);
        let result = match kind {
            FunctionKind::Guard => Some(Ty::Bool),
            FunctionKind::Fn => self.result(signature),
            FunctionKind::Action => None,
        };
        let params = self.params(signature);
        self.declarations.functions.push(Function {
            kind,
            name: signature.name.clone(),
            docs: signature.meta.docs.clone(),
            params,
            result,
        });
    }

    fn result(&mut self, signature: &'a Signature) -> Option<Ty> {
        let result = signature.result.as_ref()?;
        Some(self.types.resolve(result, &mut self.used, self.d))
    }

    fn activity(
        &mut self,
        signature: &'a Signature,
        cache: Option<&'a ast::Cache>,
        coalesce: Option<&'a ast::Coalesce>,
    ) {
        let id = ActivityId(self.declarations.activities.len() as u32);
        let callable = Callable::Activity(id);
        self.symbols.functions.declare("activity", &signature.name, callable, self.d);
        let cache = cache.map(|cache| {
            self.d.extend(no_time(&cache.time));
            Cache { millis: millis(&cache.time), by: self.parameters(signature, &cache.by) }
        });
        let activity = Activity {
            kind: ActivityKind::Host,
            name: signature.name.clone(),
            docs: signature.meta.docs.clone(),
            params: self.params(signature),
            result: self.result(signature),
            // Errors may be declared behind the activities that raise them.
            raises: Vec::new(),
            ends: Vec::new(),
            cache,
            coalesce: coalesce.map(|coalesce| self.parameters(signature, &coalesce.by)),
            readonly: signature.meta.is_readonly(),
        };
        self.declarations.activities.push(activity);
    }

    /// Parameters by name; all of them if none is named.
    fn parameters(&mut self, signature: &'a Signature, names: &'a [ast::Name]) -> Vec<usize> {
        if names.is_empty() {
            return (0..signature.params.len()).collect();
        }
        let mut found = Vec::new();
        for name in names {
            let params = &signature.params;
            match params.iter().position(|param| param.name.text == name.text) {
                Some(at) if found.contains(&at) => {
                    let first = names.iter().find(|other| other.text == name.text);
                    let first = first.map_or(name.span, |first| first.span);
                    self.d.push(said_twice(&format!("`{}`", name.text), name.span, first));
                }
                Some(at) => found.push(at),
                None => {
                    let places = params.iter().map(|p| (p.name.text.as_str(), p.name.span));
                    self.d.push(unknown(Code::UnknownName, "parameter", name, places));
                }
            }
        }
        found
    }

    /// What activities raise, when all errors are known.
    fn raises(&mut self, machine: &'a ast::Machine) {
        let activities = machine.items.iter().filter_map(|item| match item {
            MachineItem::Activity { raises, .. } => Some(raises),
            _ => None,
        });
        for (index, raises) in activities.enumerate() {
            for name in raises {
                let Some((error, _)) = self.symbols.errors.find(&name.text) else { continue };
                let known = &mut self.declarations.activities[index].raises;
                if !known.contains(&error) {
                    known.push(error);
                }
            }
        }
    }

    /// Declared events beside the user's own would be two enums for one thing.
    fn no_mixture(&mut self) {
        let declarations = &self.declarations;
        let pairs = [
            ("event", &declarations.external_events, declarations.events.first()),
            ("output", &declarations.external_outputs, declarations.outputs.first()),
        ];
        for (what, external, declared) in pairs {
            let (Some(external), Some(declared)) = (external, declared) else { continue };
            let message = format!("{what} `{}` is declared twice", declared.name.text);
            self.d.push(
                Diagnostic::new(Code::Duplicate, declared.name.span, message)
                    .at("declared in the machine")
                    .label(external.span, format!("all {what}s are those of this Rust type"))
                    .help(format!("remove `{what}` or `{what}s`")),
            );
        }
    }
}

/// True for the same names and types in one order.
pub(super) fn same_params(a: &[Param], b: &[Param]) -> bool {
    let same = |(a, b): (&Param, &Param)| a.name.text == b.name.text && a.ty == b.ty;
    a.len() == b.len() && a.iter().zip(b).all(same)
}

fn rust_path(path: &Path) -> RustPath {
    RustPath { segments: path.segments.clone(), span: path.span }
}
