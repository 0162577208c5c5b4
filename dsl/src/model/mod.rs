//! The model: what a machine means, with every name resolved. No lookup by name is needed in it;
//! everything is an index, and indexes run in document order.
//!
//! `resolve` makes it, `check` doubts it, `lower` turns it into a chart.

mod declarations;
mod expr;
pub mod failures;
mod fan_out;
mod migrations;
mod parts;
mod policy;
mod scenarios;
mod states;
mod types;

pub use declarations::*;
pub use expr::*;
pub use fan_out::*;
pub use migrations::*;
pub use policy::*;
pub use scenarios::*;
pub use states::*;
pub use types::*;

use crate::span::Span;
use std::ops::Deref;

/// Makes small index types for a `Vec` of the model or of the chart.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as `usize`.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

pub(crate) use id;

id! {
    /// Index into [`Declarations::types`].
    TypeId;
    /// Index into [`Declarations::events`].
    EventId;
    /// Index into [`Declarations::outputs`].
    OutputId;
    /// Index into [`Declarations::functions`].
    FunctionId;
    /// Index into [`Declarations::errors`].
    ErrorId;
    /// Index into [`Declarations::activities`].
    ActivityId;
    /// Index into [`Declarations::policies`].
    PolicyId;
    /// Index into [`Declarations::messages`].
    MessageId;
    /// Index into the fields of a declared [`ContextDecl`].
    FieldId;
    /// Index into [`Model::states`]; 0 is the machine itself.
    StateId;
    /// Index into [`Model::reactions`].
    ReactionId;
}

impl StateId {
    /// The machine itself, around all states.
    pub const ROOT: StateId = StateId(0);
}

/// A name with its place.
pub type Name = crate::ast::Name;

/// One machine, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its name, as `Crossing`.
    pub name: Name,
    /// `///` lines, then `//!` lines of its file if it is the only machine there.
    pub docs: Vec<String>,
    /// `version N`; 1 if not given.
    pub version: u64,
    /// `durable`: its instances are kept by a store.
    pub durable: Option<Span>,
    /// `key field`: what tells its instances apart.
    pub key: Option<(FieldId, Span)>,
    /// What it declares besides states.
    pub declarations: Declarations,
    /// The states, in document order (a state, then the states in it, then the next beside it);
    /// the root is the first and is called like the machine.
    pub states: Vec<State>,
    /// What states react to, in document order.
    pub reactions: Vec<Reaction>,
    /// Conditions that hold after every step.
    pub invariants: Vec<Invariant>,
    /// What is claimed of all runs.
    pub properties: Vec<Property>,
    /// What single runs are expected to do.
    pub scenarios: Vec<Scenario>,
    /// What becomes of instances of old versions, by version.
    pub migrations: Vec<Migration>,
    /// `@allow(CODE, "reason")`.
    pub allows: Vec<Allow>,
    /// `@strict`, or a setting of the compilation: every state says something about every event.
    pub strict: bool,
    /// Every use of a declared name, for "declared and never used".
    pub used: Uses,
}

/// Which declarations something refers to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uses {
    /// Types, used by any declaration or expression.
    pub types: std::collections::BTreeSet<TypeId>,
    /// Events, raised or cancelled (handlers stand in the reactions).
    pub events: std::collections::BTreeSet<EventId>,
    /// Outputs that are emitted.
    pub outputs: std::collections::BTreeSet<OutputId>,
    /// Functions that are called.
    pub functions: std::collections::BTreeSet<FunctionId>,
    /// Errors that are raised or caught.
    pub errors: std::collections::BTreeSet<ErrorId>,
    /// Policies that calls name.
    pub policies: std::collections::BTreeSet<PolicyId>,
    /// Activities that are invoked.
    pub activities: std::collections::BTreeSet<ActivityId>,
    /// Context fields that are read.
    pub fields_read: std::collections::BTreeSet<FieldId>,
    /// Context fields that are set.
    pub fields_set: std::collections::BTreeSet<FieldId>,
}

/// `invariant EXPR` with the state it stands in: it holds whenever that state is active.
#[derive(Clone, Debug, PartialEq)]
pub struct Invariant {
    /// Where it stands.
    pub state: StateId,
    /// The condition.
    pub expr: Expr,
    /// Its text, for messages and the assertion.
    pub text: String,
    /// All of it.
    pub span: Span,
}

/// `@allow(W0302, "reason")`: silences a warning inside the item behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    /// The code.
    pub code: crate::code::Code,
    /// The item that it covers, from its first to its last character.
    pub covers: Span,
    /// The annotation itself.
    pub span: Span,
}

/// Proof that `check` found no error. What takes it cannot fail.
#[derive(Clone, Debug)]
pub struct Valid<T>(T);

impl<T> Valid<T> {
    /// For `check` alone: says that the rules hold without looking.
    pub(crate) fn assume_valid(inner: T) -> Self {
        Self(inner)
    }
}

impl<T> Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
