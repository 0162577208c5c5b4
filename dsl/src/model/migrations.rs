//! What becomes of instances of old versions.

use super::{Expr, Param, StateId};
use crate::span::Span;

/// `migrate from 1 { .. }`. Names of old versions stand as text: no source of them is at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// The version whose instances it takes.
    pub from: u64,
    /// What it reads of the old context.
    pub old: Vec<Param>,
    /// Where old states lead, in order.
    pub moves: Vec<Move>,
    /// Fields of the context with their values, in order: of the present one, or of what a later
    /// migration reads.
    pub sets: Vec<(String, Expr)>,
    /// All of it.
    pub span: Span,
}

/// `state Old(data: T) -> New(data)`
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The path of the old state, joined by dots.
    pub old: String,
    /// What is read of its data.
    pub data: Vec<Param>,
    /// Where it leads.
    pub new: Vec<MoveTarget>,
    /// All of it.
    pub span: Span,
}

/// A state to which a migration leads: a present one, or one that a later migration leads on.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveTarget {
    /// Its path, joined by dots.
    pub path: String,
    /// It, if it is a present one.
    pub state: Option<StateId>,
    /// Names and values of its data; empty for defaults.
    pub data: Vec<(String, Expr)>,
}
