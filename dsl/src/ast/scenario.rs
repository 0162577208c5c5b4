//! What a machine shall do: properties of all its runs, and scenarios of single ones.

use super::{Expr, Meta, Name};
use crate::span::Span;

/// A title in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The text in the quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `property "title": CLAIM`
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Docs and annotations.
    pub meta: Meta,
    /// What it is called.
    pub title: Title,
    /// What is claimed.
    pub claim: Claim,
    /// All of it.
    pub span: Span,
}

/// What is claimed of all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What.
    pub kind: ClaimKind<Expr>,
    /// All of it.
    pub span: Span,
}

/// The four claims. A moment is the time between two macrosteps.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimKind<E> {
    /// `always EXPR`: at every moment of every run.
    Always(E),
    /// `never EXPR`: at no moment of any run.
    Never(E),
    /// `eventually EXPR`: no run can avoid it for ever, given that timers fire.
    Eventually(E),
    /// `EXPR leads to EXPR`: from every moment of the first, no run can avoid the second for ever.
    LeadsTo(E, E),
}

/// `scenario "title" [for Machine] { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Docs and annotations.
    pub meta: Meta,
    /// What it is called.
    pub title: Title,
    /// Whose it is; not needed where there is only one machine.
    pub machine: Option<Name>,
    /// In order.
    pub steps: Vec<ScenarioStep>,
    /// All of it.
    pub span: Span,
}

/// A line of a scenario or a script.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioStep {
    /// What is done or expected.
    pub kind: ScenarioStepKind,
    /// All of it.
    pub span: Span,
}

/// What a scenario does, and what it expects.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioStepKind {
    /// `given total = 5, is_large(..) = true`
    Given(Vec<Given>),
    /// `send Submit(..)`
    Send(Name, Vec<Expr>),
    /// `after 3d`
    After(Expr),
    /// `expect Approved and total == 5`
    Expect(Vec<Expectation>),
}

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// `total = 5`: what a field of the context has at the start.
    Field(Name, Expr),
    /// `is_large(5) = true`: what a guard or fn gives, or how an activity ends, for these arguments;
    /// without arguments, for all that no other line names.
    Answer(Name, Option<Vec<Expr>>, Answer),
}

/// What is given, or how it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A value; the word `done` for an activity without a result.
    Value(Expr),
    /// `error Declined("no funds")`
    Error(Name, Vec<Expr>, Span),
    /// `error "cut off"`: one that is not declared.
    Unexpected(String, Span),
}

/// One thing that is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// All of it.
    pub span: Span,
}

/// What can be expected.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectationKind {
    /// What became of the last event.
    Said(Said),
    /// `emit Answered(..)`: it has been emitted since the last event or passing of time.
    Emit(Name, Vec<Expr>),
    /// `send Machine(key).Event(..)`: it has been sent since then.
    Send {
        /// The machine.
        machine: Name,
        /// Which instance.
        key: Expr,
        /// The event.
        event: Name,
        /// Its payload.
        args: Vec<Expr>,
    },
    /// A condition; the name of a state alone is `in(State)`.
    Holds(Expr),
}

/// What becomes of an event, and the end of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A transition was taken.
    Handled,
    /// It is kept.
    Deferred,
    /// A state drops it.
    Ignored,
    /// Nothing handles it.
    Unhandled,
    /// The machine is in its final state.
    Finished,
}

impl Said {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Deferred => "deferred",
            Self::Ignored => "ignored",
            Self::Unhandled => "unhandled",
            Self::Finished => "finished",
        }
    }
}
