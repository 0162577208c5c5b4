//! Properties and scenarios with names resolved and types checked.

use super::{
    ActivityId, ErrorId, EventId, Expr, FieldId, FunctionId, MessageId, OutputId, StateId,
};
use crate::ast::{ClaimKind, Said};
use crate::span::Span;

/// `property "title": CLAIM`. Its conditions stand in the root: they see the context, and `in(..)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// What it is called.
    pub title: String,
    /// What is claimed.
    pub claim: ClaimKind<Expr>,
    /// The claim as text.
    pub text: String,
    /// The claim.
    pub span: Span,
}

/// `scenario "title" { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is called; once in a machine.
    pub title: String,
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

/// What a scenario does, and what it expects. All values are constants, but those that are
/// expected, which stand in the root.
#[derive(Clone, Debug, PartialEq)]
pub enum ScenarioStepKind {
    /// `given total = 5, is_large(..) = true`
    Given(Vec<Given>),
    /// `send Submit(..)`
    Send(EventId, Vec<Expr>),
    /// `after 3d`
    After(Expr),
    /// `expect Approved and total == 5`
    Expect(Vec<Expectation>),
}

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A field of the context at the start.
    Field(FieldId, Expr),
    /// What a guard or fn gives: for these arguments, or for all others.
    Answer(FunctionId, Option<Vec<Expr>>, Expr),
    /// How an activity ends: with these arguments, or with all others.
    End(Answering, Option<Vec<Expr>>, Ending, Span),
}

/// Whose end is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answering {
    /// The activity.
    pub activity: ActivityId,
    /// The state of a saga that asks for it, if its step is named: only that is meant then.
    pub step: Option<StateId>,
}

/// How an activity ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// With its result, if it has one.
    Done(Option<Expr>),
    /// With one of the errors that it raises, and what that carries.
    Error(ErrorId, Vec<Expr>),
    /// With any other error, by what it says.
    Unexpected(String),
    /// With one that nobody declares and that has a name, as `Timeout`, and what it says.
    Failed(String, String),
}

/// One thing that is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// Its text.
    pub text: String,
    /// All of it.
    pub span: Span,
}

/// What can be expected.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectationKind {
    /// What became of the last event.
    Said(Said),
    /// It has been emitted since the last event or passing of time.
    Emit(OutputId, Vec<Expr>),
    /// It has been sent since then: the key, then the payload.
    Send(MessageId, Vec<Expr>),
    /// A condition.
    Holds(Expr),
}
