//! What a machine declares besides states.

use super::{Name, Param, Ty, TypeDecl, UseDecl};
use crate::span::Span;

/// Types, context, events, outputs and host functions of one machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// Rust types brought in by `use`.
    pub uses: Vec<UseDecl>,
    /// Declared types; those of imported files first.
    pub types: Vec<TypeDecl>,
    /// The context.
    pub context: ContextDecl,
    /// External events in declared order. With [`Declarations::external_events`] they are those
    /// that the machine names, in the order of first use, with unknown payload.
    pub events: Vec<EventDecl>,
    /// `events path::Type`: the user's own Rust enum.
    pub external_events: Option<RustPath>,
    /// Outputs in declared order; like the events if external.
    pub outputs: Vec<EventDecl>,
    /// `outputs path::Type`.
    pub external_outputs: Option<RustPath>,
    /// Guards, fns and actions in declared order.
    pub functions: Vec<Function>,
}

/// A Rust path with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RustPath {
    /// Its names.
    pub segments: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// The data that all states share.
#[derive(Clone, Debug, PartialEq)]
pub enum ContextDecl {
    /// `context { .. }`; no fields if the machine declares none.
    Declared(Vec<Field>),
    /// `context path::Type`: fields are unknown to the compiler; rustc checks them.
    External(RustPath),
}

impl Default for ContextDecl {
    fn default() -> Self {
        Self::Declared(Vec::new())
    }
}

/// A field of the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// `late`: no value at the start, proved to be set before it is read.
    pub late: bool,
    /// Name, type, default. Without default and not `late`, the value is given at the start.
    pub param: Param,
}

/// An event or an output.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDecl {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its payload; empty if external.
    pub params: Vec<Param>,
    /// `@id("..")`: the name it keeps across versions.
    pub id: Option<String>,
    /// `@was("..")`: names it had.
    pub was: Vec<String>,
}

/// A function that the host provides.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Which of the three.
    pub kind: FunctionKind,
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its result: `bool` for guards; `None` for actions.
    pub result: Option<Ty>,
}

/// The kinds of host functions of the core language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Pure, gives `bool`.
    Guard,
    /// Pure, gives a value.
    Fn,
    /// Has an effect, gives nothing.
    Action,
}
