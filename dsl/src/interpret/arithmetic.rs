//! Operators on values, with the results of the generated code: integers and durations are
//! checked, floats follow IEEE 754.

use super::fault::FaultKind;
use super::value::{Bits, SingleBits, Value};
use crate::ast::{BinaryOp, UnaryOp};
use crate::model::Ty;
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Rem, Sub};

/// `!x`, `-x`
pub(super) fn unary(op: UnaryOp, value: Value, ty: &Ty) -> Result<Value, FaultKind> {
    match (op, value) {
        (UnaryOp::Not, Value::Bool(value)) => Ok(Value::Bool(!value)),
        (UnaryOp::Neg, Value::Int(value)) => in_range(value.checked_neg(), ty),
        (UnaryOp::Neg, Value::Float(value)) => Ok(Value::Float(Bits(-value.0))),
        (UnaryOp::Neg, Value::Single(value)) => Ok(Value::Single(SingleBits(-value.0))),
        _ => Err(FaultKind::Unknown),
    }
}

/// `a + b` and so on, but not `&&` and `||`, which may leave `b` alone.
pub(super) fn binary(
    op: BinaryOp,
    left: &Value,
    right: &Value,
    ty: &Ty,
) -> Result<Value, FaultKind> {
    use BinaryOp as B;
    let ordered = |wanted: &[Ordering]| {
        let order = order(left, right)?;
        Ok(Value::Bool(order.is_some_and(|order| wanted.contains(&order))))
    };
    match op {
        B::Eq => Ok(Value::Bool(left.equals(right))),
        B::Ne => Ok(Value::Bool(!left.equals(right))),
        B::Lt => ordered(&[Ordering::Less]),
        B::Le => ordered(&[Ordering::Less, Ordering::Equal]),
        B::Gt => ordered(&[Ordering::Greater]),
        B::Ge => ordered(&[Ordering::Greater, Ordering::Equal]),
        B::And | B::Or => Err(FaultKind::Unknown),
        B::Add | B::Sub | B::Mul | B::Div | B::Rem => match (left, right) {
            (Value::Int(a), Value::Int(b)) => integer(op, *a, *b, ty),
            (Value::Float(a), Value::Float(b)) => Ok(Value::Float(Bits(float(op, a.0, b.0)))),
            (Value::Single(a), Value::Single(b)) => {
                Ok(Value::Single(SingleBits(float(op, a.0, b.0))))
            }
            (Value::Duration(a), Value::Duration(b)) => duration(match op {
                B::Add => a.checked_add(*b),
                B::Sub => a.checked_sub(*b),
                _ => return Err(FaultKind::Unknown),
            }),
            (Value::Duration(a), Value::Int(b)) => scaled(op, *a, *b),
            (Value::Int(a), Value::Duration(b)) if op == B::Mul => scaled(op, *b, *a),
            _ => Err(FaultKind::Unknown),
        },
    }
}

/// How far two numbers are apart.
pub(super) fn change(now: &Value, before: &Value, ty: &Ty) -> Result<Value, FaultKind> {
    match (now, before) {
        (Value::Int(a), Value::Int(b)) => integer(BinaryOp::Sub, *a.max(b), *a.min(b), ty),
        (Value::Float(a), Value::Float(b)) => Ok(Value::Float(Bits((a.0 - b.0).abs()))),
        (Value::Single(a), Value::Single(b)) => Ok(Value::Single(SingleBits((a.0 - b.0).abs()))),
        _ => Err(FaultKind::Unknown),
    }
}

fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, FaultKind> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Ok(Some(a.cmp(b))),
        (Value::Float(a), Value::Float(b)) => Ok(a.0.partial_cmp(&b.0)),
        (Value::Single(a), Value::Single(b)) => Ok(a.0.partial_cmp(&b.0)),
        (Value::Duration(a), Value::Duration(b)) => Ok(Some(a.cmp(b))),
        (Value::String(a), Value::String(b)) => Ok(Some(a.cmp(b))),
        _ => Err(FaultKind::Unknown),
    }
}

fn integer(op: BinaryOp, a: i128, b: i128, ty: &Ty) -> Result<Value, FaultKind> {
    if matches!(op, BinaryOp::Div | BinaryOp::Rem) && b == 0 {
        return Err(FaultKind::DivisionByZero);
    }
    // All integer types have at most 64 bits, so nothing but a product can leave 128.
    in_range(
        match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul => a.checked_mul(b),
            BinaryOp::Div => a.checked_div(b),
            _ => {
                // As `checked_rem` of the type: the smallest value by -1 overflows.
                in_range(a.checked_div(b), ty)?;
                a.checked_rem(b)
            }
        },
        ty,
    )
}

fn in_range(value: Option<i128>, ty: &Ty) -> Result<Value, FaultKind> {
    let Ty::Int(int) = ty else { return Err(FaultKind::Unknown) };
    let (low, high) = int.range();
    value.filter(|value| (low..=high).contains(value)).map(Value::Int).ok_or(FaultKind::Overflow)
}

/// In the type itself, so that it is rounded as that is.
fn float<F>(op: BinaryOp, a: F, b: F) -> F
where
    F: Add<Output = F> + Sub<Output = F> + Mul<Output = F> + Div<Output = F> + Rem<Output = F>,
{
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        _ => a % b,
    }
}

fn duration(millis: Option<u64>) -> Result<Value, FaultKind> {
    millis.map(Value::Duration).ok_or(FaultKind::Overflow)
}

fn scaled(op: BinaryOp, millis: u64, by: i128) -> Result<Value, FaultKind> {
    let by = u64::try_from(by).map_err(|_| FaultKind::Overflow)?;
    match (op, by) {
        (BinaryOp::Mul, _) => duration(millis.checked_mul(by)),
        (BinaryOp::Div, 0) => Err(FaultKind::DivisionByZero),
        (BinaryOp::Div, _) => duration(millis.checked_div(by)),
        _ => Err(FaultKind::Unknown),
    }
}
