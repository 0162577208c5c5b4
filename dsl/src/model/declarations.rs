//! What a machine declares besides states.

use super::{ActivityId, ErrorId, Name, Param, Ty, TypeDecl, UseDecl};
use crate::span::Span;
use crate::spelling::pascal_case;

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
    /// Errors in declared order; those of imported files first.
    pub errors: Vec<ErrorDecl>,
    /// Activities in declared order.
    pub activities: Vec<Activity>,
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

/// What can go wrong with an activity.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorDecl {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// What it carries.
    pub params: Vec<Param>,
    /// `transient`: trying again may help.
    pub transient: bool,
    /// True if it comes from an imported file.
    pub imported: bool,
}

/// What the host does outside of a step: asynchronous, with a result or an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its result, if it gives one.
    pub result: Option<Ty>,
    /// The errors that it may end with, in the order of `raises`.
    pub raises: Vec<ErrorId>,
}

impl Declarations {
    /// The types that are generated because there are activities, and the activity that each is of.
    pub fn activity_types(&self) -> impl Iterator<Item = (String, Option<&Name>)> {
        let common =
            ["Activities", "Request", "Reply", "Error"].map(|name| (name.to_owned(), None));
        let own = self.activities.iter().map(|activity| {
            let name = &activity.name;
            (format!("{}Error", pascal_case(&name.text)), Some(name))
        });
        common.into_iter().filter(|_| !self.activities.is_empty()).chain(own)
    }

    /// The errors that an activity can end with: those that it raises, then any other.
    pub fn failures(&self, activity: ActivityId) -> impl Iterator<Item = ErrorKind> + '_ {
        let raised = self.activities[activity.index()].raises.iter();
        raised.map(|error| ErrorKind::Declared(*error)).chain([ErrorKind::Unexpected])
    }
}

/// An error as an activity ends with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// One that the machine declares.
    Declared(ErrorId),
    /// Any other: of the host, a panic.
    Unexpected,
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
