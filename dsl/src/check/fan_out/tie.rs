//! W0705: something happens when a vote has no outcome.
//!
//! The outcome is `none` if nobody has won: two have as many votes, or the most are too few. It is
//! doubted where no branch of `on done` is taken then, whatever else its guards ask: the machine would
//! stay in the state, and nothing would be heard of the fan-out again.

use super::all;
use crate::ast::{BinaryOp, UnaryOp};
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, Builtin, Expr, ExprKind, FanOut, Joined, Reaction, Trigger};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (id, fan_out) in all(facts) {
        let Some(vote) = &fan_out.vote else { continue };
        for reaction in facts.reactions(id).filter(|r| r.trigger == Trigger::Result) {
            let Some(outcome) = unheard(fan_out, reaction) else { continue };
            let name = &reaction.bindings[outcome as usize].name.text;
            let message = format!("nothing happens if `{name}` is `none`");
            d.push(
                Diagnostic::new(Code::Tie, reaction.head, message)
                    .at("no branch is taken then, and the machine stays here")
                    .label(vote.span, "has no outcome if nobody wins")
                    .help("add a branch for a tie: `else -> ..`"),
            );
        }
    }
}

/// True if a handler takes no branch if there is no outcome, which is told.
pub(in crate::check) fn is_unheard(fan_out: &FanOut, reaction: &Reaction) -> bool {
    fan_out.vote.is_some() && unheard(fan_out, reaction).is_some()
}

/// Which name of a handler is the outcome, if it takes no branch where that is `none`.
fn unheard(fan_out: &FanOut, reaction: &Reaction) -> Option<u32> {
    let outcome = outcome(fan_out, reaction)?;
    let is_closed = |branch: &Branch| {
        branch.guard.as_ref().is_some_and(|guard| truth(guard, outcome) == Some(false))
    };
    reaction.branches.iter().all(is_closed).then_some(outcome)
}

/// Which name of a handler is the outcome.
fn outcome(fan_out: &FanOut, reaction: &Reaction) -> Option<u32> {
    let at = fan_out.results.iter().position(|result| result.what == Joined::Outcome)? as u32;
    (at < reaction.bindings.len() as u32).then_some(at)
}

/// Whether a condition holds if the outcome is `none`; `None` if that depends on more.
fn truth(expr: &Expr, outcome: u32) -> Option<bool> {
    let is_outcome =
        |expr: &Expr| matches!(expr.kind, ExprKind::Binding(_, index) if index == outcome);
    match &expr.kind {
        ExprKind::Bool(value) => Some(*value),
        ExprKind::Unary(UnaryOp::Not, inner) => truth(inner, outcome).map(|truth| !truth),
        ExprKind::Binary(BinaryOp::And, left, right) => {
            match (truth(left, outcome), truth(right, outcome)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        ExprKind::Binary(BinaryOp::Or, left, right) => {
            match (truth(left, outcome), truth(right, outcome)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }
        }
        ExprKind::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), left, right) => {
            let other = match (is_outcome(left), is_outcome(right)) {
                (true, _) => right,
                (_, true) => left,
                _ => return None,
            };
            let is_none = match other.kind {
                ExprKind::Builtin(Builtin::None, _) => true,
                ExprKind::Builtin(Builtin::Some, _) => false,
                _ => return None,
            };
            Some(is_none == (*op == BinaryOp::Eq))
        }
        ExprKind::Builtin(Builtin::IsEmpty, args) => {
            args.first().filter(|arg| is_outcome(arg)).map(|_| true)
        }
        ExprKind::Builtin(Builtin::Contains, args) => {
            args.first().filter(|arg| is_outcome(arg)).map(|_| false)
        }
        _ => None,
    }
}
