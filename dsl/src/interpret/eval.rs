//! Expressions to values.

use super::arithmetic;
use super::fault::{Fault, FaultKind};
use super::host::Host;
use super::instance::Instance;
use super::value::{Bits, Value};
use crate::ast::BinaryOp;
use crate::chart::Chart;
use crate::model::{
    BranchValue, Builtin, Expr, ExprKind, FieldRef, FunctionId, StateId, Ty, elapsed_of,
};

/// What an expression can see from where it stands.
pub(super) struct Scope<'a> {
    pub(super) chart: &'a Chart,
    pub(super) instance: &'a Instance,
    /// The state that it stands in.
    pub(super) owner: StateId,
    /// The values bound by the pattern of its reaction.
    pub(super) bindings: &'a [Value],
}

impl Scope<'_> {
    /// The value of an expression.
    pub(super) fn eval(&self, expr: &Expr, host: &mut dyn Host) -> Result<Value, Fault> {
        let unknown = || FaultKind::Unknown.at(expr.span);
        Ok(match &expr.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Int(*value),
            ExprKind::Float(value) => match expr.ty {
                Ty::Float(float) => Value::float(float, *value),
                _ => Value::Float(Bits(*value)),
            },
            // In scenarios a string can stand for a value of a Rust type.
            ExprKind::String(value) => match expr.ty {
                Ty::Rust { .. } => Value::Rust(value.clone()),
                _ => Value::String(value.clone()),
            },
            ExprKind::Duration(millis) => Value::Duration(*millis),
            ExprKind::List(items) => match expr.ty {
                Ty::Map(..) if items.is_empty() => Value::Map(Vec::new()),
                _ => Value::List(self.all(items, host)?),
            },
            ExprKind::Context(field) => {
                self.instance.context[field.index()].clone().ok_or_else(unknown)?
            }
            ExprKind::Binding(_, index) => {
                self.bindings.get(*index as usize).cloned().ok_or_else(unknown)?
            }
            ExprKind::Branch(_, value) => {
                let index = match value {
                    BranchValue::Item => 0,
                    BranchValue::Answer => 1,
                };
                self.bindings.get(index).cloned().ok_or_else(unknown)?
            }
            ExprKind::StateData(state, index) => {
                let data = self.instance.data.get(state);
                data.and_then(|data| data.get(*index as usize)).cloned().ok_or_else(unknown)?
            }
            ExprKind::Variant(ty, variant, args) => {
                let fields = self.all(args, host)?;
                match expr.ty {
                    Ty::Struct(_) => Value::Struct(*ty, fields),
                    _ => Value::Variant(*ty, *variant, fields),
                }
            }
            ExprKind::Field(of, FieldRef::Declared(index)) => match self.eval(of, host)? {
                Value::Struct(_, fields) => {
                    fields.get(*index as usize).cloned().ok_or_else(unknown)?
                }
                Value::Failure(name, message) => {
                    Value::String(if *index == 0 { name } else { message })
                }
                _ => return Err(unknown()),
            },
            ExprKind::Call(function, args) => self.call(*function, args, expr, host)?,
            ExprKind::Builtin(Builtin::Known, args) => self.known(args, host)?,
            ExprKind::Builtin(Builtin::Sure, args) => {
                let missing = || FaultKind::Unset.at(expr.span);
                match self.all(args, host)?.pop() {
                    Some(Value::Option(value)) => *value.ok_or_else(missing)?,
                    _ => return Err(unknown()),
                }
            }
            ExprKind::Builtin(Builtin::Change, args) => {
                let [now, before] = &self.all(args, host)?[..] else { return Err(unknown()) };
                arithmetic::change(now, before, &expr.ty).map_err(|kind| kind.at(expr.span))?
            }
            ExprKind::Builtin(Builtin::Elapsed, args) => {
                self.elapsed(elapsed_of(args, self.owner), host)
            }
            ExprKind::Builtin(builtin, args) => {
                let args = self.all(args, host)?;
                self.built_in(*builtin, &args).ok_or_else(unknown)?
            }
            ExprKind::In(state) => Value::Bool(self.instance.is_active(*state)),
            ExprKind::Unary(op, inner) => {
                let inner = self.eval(inner, host)?;
                arithmetic::unary(*op, inner, &expr.ty).map_err(|kind| kind.at(expr.span))?
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, expr, host)?,
            // An instance that is interpreted is of no old version.
            ExprKind::Old(..)
            | ExprKind::ExternalContext(_)
            | ExprKind::External(..)
            | ExprKind::Field(_, FieldRef::Named(_)) => return Err(unknown()),
        })
    }

    /// The values of several expressions, in order.
    pub(super) fn all(&self, exprs: &[Expr], host: &mut dyn Host) -> Result<Vec<Value>, Fault> {
        exprs.iter().map(|expr| self.eval(expr, host)).collect()
    }

    /// True if a condition holds.
    pub(super) fn holds(&self, expr: &Expr, host: &mut dyn Host) -> Result<bool, Fault> {
        match self.eval(expr, host)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(FaultKind::Unknown.at(expr.span)),
        }
    }

    fn call(
        &self,
        function: FunctionId,
        args: &[Expr],
        whole: &Expr,
        host: &mut dyn Host,
    ) -> Result<Value, Fault> {
        let args = self.all(args, host)?;
        let function = &self.chart.declarations.functions[function.index()];
        host.answer(function, &args).map_err(|kind| kind.at(whole.span))
    }

    /// The first as `some(..)` if all others are set: else it is not read.
    fn known(&self, args: &[Expr], host: &mut dyn Host) -> Result<Value, Fault> {
        let Some((value, places)) = args.split_first() else { return Ok(Value::Option(None)) };
        let places = self.all(places, host)?;
        let all_set = places.iter().all(|place| matches!(place, Value::Option(Some(_))));
        let value = if all_set { Some(Box::new(self.eval(value, host)?)) } else { None };
        Ok(Value::Option(value))
    }

    fn binary(
        &self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
        host: &mut dyn Host,
    ) -> Result<Value, Fault> {
        // `&&` and `||` read the right side only if they need it, as in Rust.
        if let BinaryOp::And | BinaryOp::Or = op {
            let decided = op == BinaryOp::Or;
            let known = self.holds(left, host)? == decided;
            return Ok(Value::Bool(if known { decided } else { self.holds(right, host)? }));
        }
        let (left, right) = (self.eval(left, host)?, self.eval(right, host)?);
        arithmetic::binary(op, &left, &right, &whole.ty).map_err(|kind| kind.at(whole.span))
    }

    fn elapsed(&self, state: StateId, host: &mut dyn Host) -> Value {
        let entered = self.instance.entered.get(&state).copied().unwrap_or_default();
        let elapsed = self.instance.now.saturating_sub(entered);
        host.elapsed(elapsed);
        Value::duration(elapsed).unwrap_or(Value::Duration(u64::MAX))
    }

    fn built_in(&self, builtin: Builtin, args: &[Value]) -> Option<Value> {
        Some(match (builtin, args) {
            (Builtin::None, []) => Value::Option(None),
            (Builtin::Some, [value]) => Value::Option(Some(Box::new(value.clone()))),
            (Builtin::Append, [Value::List(items), item]) => {
                Value::List(items.iter().chain([item]).cloned().collect())
            }
            (Builtin::Streak, [Value::Bool(holds), Value::Int(before)]) => {
                let longer = (before + 1).min(u32::MAX.into());
                Value::Int(if *holds { longer } else { 0 })
            }
            (Builtin::Failure, [Value::String(name), Value::String(message)]) => {
                Value::Failure(name.clone(), message.clone())
            }
            (Builtin::Text, parts) => {
                let parts: Option<Vec<&str>> = parts.iter().map(text).collect();
                Value::String(parts?.concat())
            }
            (Builtin::Len, [of]) => Value::Int(length(of)? as i128),
            (Builtin::IsEmpty, [of]) => Value::Bool(length(of)? == 0),
            (Builtin::Contains, [of, part]) => Value::Bool(match (of, part) {
                (Value::List(items), _) => items.iter().any(|item| item.equals(part)),
                (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
                (Value::Map(entries), _) => entries.iter().any(|(key, _)| key.equals(part)),
                (Value::Option(inner), _) => inner.as_ref().is_some_and(|i| i.equals(part)),
                _ => return None,
            }),
            _ => return None,
        })
    }
}

fn length(of: &Value) -> Option<usize> {
    match of {
        Value::String(text) => Some(text.len()),
        Value::List(items) => Some(items.len()),
        Value::Map(entries) => Some(entries.len()),
        Value::Option(inner) => Some(usize::from(inner.is_some())),
        _ => None,
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
