//! Values with what is constant in them told apart.

use super::numbers;
use super::terms::Term;
use crate::ast::BinaryOp;
use crate::model::{Builtin, Expr, ExprKind, FloatTy, Ty};

/// The term of a value.
pub(super) fn measured(value: &Expr) -> Term<'_> {
    match &value.kind {
        ExprKind::Builtin(Builtin::Len, args) if args.len() == 1 => Term::Length(&args[0]),
        _ => Term::Value(value),
    }
}

/// `base + value`, or the value alone. An overflow is an error of the step, so the sum is exact
/// wherever a branch is taken.
pub(super) struct Linear<'m> {
    pub(super) base: Option<&'m Expr>,
    pub(super) value: i128,
}

/// A value with the constants that are added to it told apart.
pub(super) fn linear(expr: &Expr) -> Linear<'_> {
    if let Some(value) = constant(expr) {
        return Linear { base: None, value };
    }
    let whole = Linear { base: Some(expr), value: 0 };
    let ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), left, right) = &expr.kind else {
        return whole;
    };
    if !matches!(expr.ty, Ty::Int(_) | Ty::Duration) {
        return whole;
    }
    match (linear(left), linear(right), op) {
        (Linear { base, value: a }, Linear { base: None, value: b }, BinaryOp::Sub) => {
            Linear { base, value: a - b }
        }
        (Linear { base, value: a }, Linear { base: None, value: b }, _)
        | (Linear { base: None, value: a }, Linear { base, value: b }, BinaryOp::Add) => {
            Linear { base, value: a + b }
        }
        _ => whole,
    }
}

/// The value of a constant, as a whole number that is ordered as its type is.
fn constant(expr: &Expr) -> Option<i128> {
    match &expr.kind {
        ExprKind::Bool(value) => Some((*value).into()),
        ExprKind::Int(value) => Some(*value),
        ExprKind::Duration(value) => Some((*value).into()),
        // A literal of a narrower type is rounded before it is compared.
        ExprKind::Float(value) if expr.ty == Ty::Float(FloatTy::F32) => {
            Some(numbers::float(f64::from(*value as f32)))
        }
        ExprKind::Float(value) => Some(numbers::float(*value)),
        ExprKind::Variant(_, variant, fields) if fields.is_empty() => Some((*variant).into()),
        _ => None,
    }
}

/// True for a value that is written out, so that what is written differently is different.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Duration(_) | ExprKind::String(_) => true,
        ExprKind::List(list)
        | ExprKind::Variant(_, _, list)
        | ExprKind::Builtin(Builtin::Some | Builtin::None, list) => list.iter().all(is_constant),
        _ => false,
    }
}
