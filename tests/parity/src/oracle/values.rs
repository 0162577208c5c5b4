//! Expressions and their values.

use super::{Failure, Oracle};
use crate::{guess, ok, twist};
use statewright_dsl::ast::{BinaryOp, UnaryOp};
use statewright_dsl::model::{Builtin, Expr, ExprKind, FieldRef, Function, StateId, Ty};

/// A value of the random machines; durations in milliseconds.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Value {
    Bool(bool),
    Number(i64),
    Text(String),
    /// A caught error: its name and its message.
    Parts(Vec<Value>),
}

impl Oracle<'_> {
    pub(super) fn value(
        &self,
        expr: &Expr,
        owner: StateId,
        bound: &[Value],
    ) -> Result<Value, Failure> {
        let value = |expr: &Expr| self.value(expr, owner, bound);
        Ok(match &expr.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Number(*value as i64),
            ExprKind::String(text) => Value::Text(text.clone()),
            ExprKind::Duration(millis) => Value::Number(*millis as i64),
            ExprKind::Context(field) => self.now.context[field.index()].clone(),
            ExprKind::Binding(_, index) => bound[*index as usize].clone(),
            ExprKind::StateData(state, index) => self.now.data[state][*index as usize].clone(),
            ExprKind::Field(of, FieldRef::Declared(index)) => match value(of)? {
                Value::Parts(parts) => parts[*index as usize].clone(),
                other => unreachable!("{other:?} has no fields"),
            },
            ExprKind::In(state) => Value::Bool(self.is_active(*state)),
            ExprKind::Builtin(Builtin::Elapsed, _) => {
                Value::Number(self.now.now - self.now.entered[&owner])
            }
            ExprKind::Builtin(Builtin::Change, args) => {
                Value::Number((number(&value(&args[0])?) - number(&value(&args[1])?)).abs())
            }
            ExprKind::Builtin(Builtin::Streak, args) => {
                let (holds, before) = (truth(&value(&args[0])?), number(&value(&args[1])?));
                Value::Number(if holds { before + 1 } else { 0 })
            }
            ExprKind::Call(function, args) => {
                self.given(&self.model.declarations.functions[function.index()], &value(&args[0])?)
            }
            ExprKind::Unary(UnaryOp::Not, inner) => Value::Bool(!truth(&value(inner)?)),
            ExprKind::Binary(BinaryOp::And, a, b) => {
                Value::Bool(truth(&value(a)?) && truth(&value(b)?))
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                Value::Bool(truth(&value(a)?) || truth(&value(b)?))
            }
            ExprKind::Binary(op, a, b) => calculate(*op, value(a)?, value(b)?, &expr.ty)?,
            other => unreachable!("the random machines have no {other:?}"),
        })
    }

    /// What a function of the host gives.
    pub(super) fn given(&self, function: &Function, arg: &Value) -> Value {
        let n = number(arg) as u32;
        match function.name.text.as_str() {
            "ok" => Value::Bool(ok(n)),
            "guess" => Value::Number(guess(n).into()),
            _ => Value::Number(twist(n).into()),
        }
    }

    pub(super) fn holds(
        &self,
        guard: Option<&Expr>,
        owner: StateId,
        bound: &[Value],
    ) -> Result<bool, Failure> {
        guard.map_or(Ok(true), |guard| Ok(truth(&self.value(guard, owner, bound)?)))
    }
}

pub(super) fn truth(value: &Value) -> bool {
    *value == Value::Bool(true)
}

pub(super) fn number(value: &Value) -> i64 {
    match value {
        Value::Number(number) => *number,
        _ => 0,
    }
}

pub(super) fn calculate(op: BinaryOp, a: Value, b: Value, ty: &Ty) -> Result<Value, Failure> {
    let (x, y) = (number(&a), number(&b));
    let result = match op {
        BinaryOp::Eq => return Ok(Value::Bool(a == b)),
        BinaryOp::Ne => return Ok(Value::Bool(a != b)),
        BinaryOp::Lt => return Ok(Value::Bool(a < b)),
        BinaryOp::Gt => return Ok(Value::Bool(a > b)),
        BinaryOp::Ge => return Ok(Value::Bool(a >= b)),
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Rem if y == 0 => return Err("DivisionByZero"),
        BinaryOp::Rem => x % y,
        other => unreachable!("the random machines have no {other:?}"),
    };
    let fits = match ty {
        Ty::Int(int) => int.range().0 <= result.into() && i128::from(result) <= int.range().1,
        _ => result >= 0,
    };
    if fits { Ok(Value::Number(result)) } else { Err("Overflow") }
}
