//! What is known while the bodies of states are resolved.

use super::bodies::Body;
use super::declarations::Symbols;
use super::names::Names;
use super::orchestration::Outside;
use super::states::StateTree;
use super::types::Types;
use crate::ast::Name;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Allow, Binding, BranchValue, ContextDecl, Declarations, EventDecl, EventId, ExprKind, FieldId,
    Invariant, OutputId, Param, Reaction, ReactionId, StateId, Ty, Uses,
};
use crate::span::Span;
use std::collections::BTreeSet;

/// Names, types and states of one machine, and what is found out on the way through its bodies.
pub(super) struct Ctx<'a, 'x> {
    pub(super) d: &'x mut Diagnostics,
    pub(super) types: &'x Types<'a>,
    pub(super) declarations: &'x Declarations,
    pub(super) symbols: &'x Symbols<'a>,
    pub(super) tree: &'x StateTree<'a>,
    pub(super) used: Uses,
    /// Events of an external enum, in the order of first use.
    pub(super) implicit_events: Implicit<'a>,
    /// Outputs of an external enum, in the order of first use.
    pub(super) implicit_outputs: Implicit<'a>,
    /// Sagas, people, activities: names only.
    pub(super) outside: Outside<'a, 'x>,
    /// `key ..`
    pub(super) key: Option<(FieldId, Span)>,
    /// The fields of the context that have to be given at the start.
    pub(super) required: BTreeSet<FieldId>,
    /// Strings stand for values of Rust types: in scenarios.
    pub(super) is_scripted: bool,
    /// What each state does.
    pub(super) bodies: Vec<Body>,
    /// In document order.
    pub(super) reactions: Vec<Reaction>,
    /// In document order.
    pub(super) invariants: Vec<Invariant>,
    /// What `@allow` stands for, in document order.
    pub(super) allows: Vec<Allow>,
}

/// Names that are declared by their first use.
#[derive(Debug, Default)]
pub(super) struct Implicit<'a> {
    names: Names<'a, u32>,
    pub(super) list: Vec<EventDecl>,
}

impl<'a> Implicit<'a> {
    fn id(&mut self, name: &'a Name) -> u32 {
        if let Some(id) = self.names.get(&name.text) {
            return id;
        }
        let id = self.list.len() as u32;
        self.names.insert(name, id);
        self.list.push(EventDecl {
            name: name.clone(),
            docs: Vec::new(),
            params: Vec::new(),
            id: None,
            was: Vec::new(),
        });
        id
    }
}

/// Where an expression stands: what it may name.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    /// The state; `None` for a constant, which names no data at all.
    pub(super) state: Option<StateId>,
    /// What the pattern of the reaction binds.
    pub(super) bindings: &'s [Binding],
    /// The reaction of the bindings.
    pub(super) reaction: ReactionId,
    /// In a migration: what it reads of the old version, and nothing else.
    pub(super) old: Option<Old<'s>>,
    /// `Option`s that are set here, so that their names stand for their values.
    pub(super) known: &'s [ExprKind],
    /// In a branch of the fan-out of the state: what only it sees.
    pub(super) branch: &'s [(&'s Name, BranchValue, Ty)],
}

/// What a migration reads.
#[derive(Clone, Copy)]
pub(super) struct Old<'s> {
    /// Of the old context.
    pub(super) context: &'s [Param],
    /// Of the data of an old state.
    pub(super) data: &'s [Param],
}

impl Scope<'static> {
    /// The place of a default.
    pub(super) const CONSTANT: Self = Self {
        state: None,
        bindings: &[],
        reaction: ReactionId(0),
        old: None,
        known: &[],
        branch: &[],
    };

    /// A place in a state but not in a reaction with a pattern.
    pub(super) fn of(state: StateId) -> Self {
        Self { state: Some(state), ..Self::CONSTANT }
    }
}

/// The type that a place asks for, and who says so.
#[derive(Clone, Copy)]
pub(super) struct Want<'w> {
    pub(super) ty: &'w Ty,
    /// The declaration that asks.
    pub(super) because: Option<&'w Name>,
}

impl<'w> Want<'w> {
    pub(super) fn new(ty: &'w Ty) -> Self {
        Self { ty, because: None }
    }

    pub(super) fn param(param: &'w crate::model::Param) -> Self {
        Self { ty: &param.ty, because: Some(&param.name) }
    }
}

impl<'a, 'x> Ctx<'a, 'x> {
    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.d.push(diagnostic);
    }

    /// True if the fields of the context are known to rustc alone.
    pub(super) fn context_is_external(&self) -> bool {
        matches!(self.declarations.context, ContextDecl::External(_))
    }

    /// True if any part of the machine is the user's own Rust type.
    pub(super) fn has_external(&self) -> bool {
        self.context_is_external()
            || self.declarations.external_events.is_some()
            || self.declarations.external_outputs.is_some()
    }

    /// The event of this name, which an external enum has by being named.
    pub(super) fn event(&mut self, name: &'a Name) -> Option<EventId> {
        self.event_or(name, &[])
    }

    /// Like [`Ctx::event`], at a place where also some words of the language can stand.
    pub(super) fn event_or(&mut self, name: &'a Name, words: &[&'static str]) -> Option<EventId> {
        if self.declarations.external_events.is_some() {
            return Some(EventId(self.implicit_events.id(name)));
        }
        if let Some(id) = self.symbols.events.get(&name.text) {
            return Some(id);
        }
        let words = words.iter().map(|word| (*word, Span::default()));
        let places = self.types.patience.with(self.symbols.events.places().chain(words));
        let mut unknown = super::suggest::unknown(Code::UnknownEvent, "event", name, places);
        if let Some((_, span)) = self.symbols.errors.find(&name.text) {
            unknown = unknown
                .label(span, "an error has this name")
                .help(format!("errors are handled by `on error {}`", name.text));
        } else if let Some((_, span)) = self.symbols.outputs.find(&name.text) {
            unknown = unknown
                .label(span, "an output has this name")
                .help(format!("outputs are sent by `emit {}`", name.text));
        } else if unknown.fixes.is_empty() {
            unknown = unknown.help(format!("declare it: `event {}`", name.text));
        }
        self.error(unknown);
        None
    }

    /// The output of this name, which an external enum has by being named.
    pub(super) fn output(&mut self, name: &'a Name) -> Option<OutputId> {
        if self.declarations.external_outputs.is_some() {
            return Some(OutputId(self.implicit_outputs.id(name)));
        }
        if let Some(id) = self.symbols.outputs.get(&name.text) {
            return Some(id);
        }
        let places = self.types.patience.with(self.symbols.outputs.places());
        let mut unknown = super::suggest::unknown(Code::UnknownEvent, "output", name, places);
        if let Some((_, span)) = self.symbols.events.find(&name.text) {
            unknown = unknown
                .label(span, "an event has this name")
                .help(format!("events are sent by `raise {}`", name.text));
        } else if unknown.fixes.is_empty() {
            unknown = unknown.help(format!("declare it: `output {}`", name.text));
        }
        self.error(unknown);
        None
    }

    /// "expected N values, found M", with the declaration that says so.
    pub(super) fn wrong_count(
        &mut self,
        what: &str,
        declared: Option<Span>,
        wanted: usize,
        found: usize,
        place: Span,
    ) {
        let values = if wanted == 1 { "value" } else { "values" };
        let message = format!("{what} takes {wanted} {values}, not {found}");
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, place, message);
        if let Some(span) = declared {
            diagnostic = diagnostic.label(span, "declared here");
        }
        self.error(diagnostic);
    }
}
