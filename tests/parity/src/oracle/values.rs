//! Expressions and their values.

use super::{Failure, Oracle};
use crate::{guess, ok, twist};
use serde_json::{Value as Json, json};
use statewright_dsl::ast::{BinaryOp, UnaryOp};
use statewright_dsl::model::{
    BranchValue, Builtin, Expr, ExprKind, FieldRef, Function, StateId, Ty,
};

/// A value of the random machines; durations in milliseconds.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Value {
    Bool(bool),
    Number(i64),
    Single(f32),
    Text(String),
    /// A caught error: its name and its message.
    Parts(Vec<Value>),
    List(Vec<Value>),
    /// No value where there may be one; one that is there stands for itself.
    None,
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
            ExprKind::Float(value) => Value::Single(*value as f32),
            ExprKind::String(text) => Value::Text(text.clone()),
            ExprKind::Duration(millis) => Value::Number(*millis as i64),
            ExprKind::Context(field) => self.now.context[field.index()].clone(),
            ExprKind::List(all) => Value::List(all.iter().map(value).collect::<Result<_, _>>()?),
            ExprKind::Branch(_, BranchValue::Item) => bound[0].clone(),
            ExprKind::Branch(_, BranchValue::Answer) => bound[1].clone(),
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
            ExprKind::Call(function, args) => self
                .given(&self.model().declarations.functions[function.index()], &value(&args[0])?),
            ExprKind::Unary(UnaryOp::Not, inner) => Value::Bool(!truth(&value(inner)?)),
            ExprKind::Binary(BinaryOp::And, a, b) => {
                Value::Bool(truth(&value(a)?) && truth(&value(b)?))
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                Value::Bool(truth(&value(a)?) || truth(&value(b)?))
            }
            ExprKind::Binary(_, of, _) if self.reading.changes.contains(&expr.span.order()) => {
                let before = self.now.before.get(&expr.span.order()).copied().unwrap_or_default();
                Value::Number((number(&value(of)?) - before).abs())
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

/// A value as JSON has it.
pub(super) fn plain(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Number(value) => json!(value),
        Value::Single(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::Parts(values) | Value::List(values) => values.iter().map(plain).collect(),
        Value::None => Json::Null,
    }
}

pub(super) fn calculate(op: BinaryOp, a: Value, b: Value, ty: &Ty) -> Result<Value, Failure> {
    match op {
        BinaryOp::Eq => return Ok(Value::Bool(a == b)),
        BinaryOp::Ne => return Ok(Value::Bool(a != b)),
        BinaryOp::Lt => return Ok(Value::Bool(a < b)),
        BinaryOp::Gt => return Ok(Value::Bool(a > b)),
        BinaryOp::Ge => return Ok(Value::Bool(a >= b)),
        _ => {}
    }
    if let (Value::Single(x), Value::Single(y)) = (&a, &b) {
        return Ok(Value::Single(match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => x * y,
            BinaryOp::Div => x / y,
            other => unreachable!("the random machines have no {other:?} of floats"),
        }));
    }
    let (x, y) = (number(&a), number(&b));
    let result = match op {
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
