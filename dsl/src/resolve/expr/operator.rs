//! Operators.

use super::{agrees, unknown};
use crate::ast::{self, BinaryOp, ExprKind as Written, UnaryOp};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ExprKind, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    pub(super) fn unary(
        &mut self,
        scope: Scope<'_>,
        op: UnaryOp,
        inner: &'a ast::Expr,
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        if op == UnaryOp::Not {
            let inner = self.expr(scope, inner, Want::new(&Ty::Bool));
            return Expr { kind: ExprKind::Unary(op, Box::new(inner)), ty: Ty::Bool, span };
        }
        if let Written::Int(value) = inner.kind {
            return self.int(-i128::from(value), span, want);
        }
        let inner = self.infer(scope, inner, want);
        let ty = inner.ty.clone();
        match &ty {
            Ty::Unknown | Ty::Float(_) => {}
            Ty::Int(int) if int.range().0 < 0 => {}
            _ => {
                let text = self.types.text(&ty);
                let diagnostic =
                    Diagnostic::new(Code::TypeMismatch, span, format!("`{text}` has no negative"))
                        .label(inner.span, format!("this is `{text}`"));
                self.error(match ty {
                    Ty::Int(_) => diagnostic.help("take a type with a sign, as `i64`"),
                    _ => diagnostic,
                });
                return unknown(span);
            }
        }
        Expr { kind: ExprKind::Unary(op, Box::new(inner)), ty, span }
    }

    pub(super) fn binary(
        &mut self,
        scope: Scope<'_>,
        op: BinaryOp,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            let left = self.expr(scope, left, Want::new(&Ty::Bool));
            let right = self.expr(scope, right, Want::new(&Ty::Bool));
            return joined(op, left, right, Ty::Bool, span);
        }
        let arithmetic = is_arithmetic(op);
        let hint =
            want.filter(|want| arithmetic && (is_number(want.ty) || *want.ty == Ty::Unknown));
        let (left, right) = self.operands(scope, left, right, hint);
        let Some(ty) = result(op, &left.ty, &right.ty) else {
            self.bad_operands(op, &left, &right, span);
            return unknown(span);
        };
        joined(op, left, right, ty, span)
    }

    /// Both sides; literals take their type from the side that says more of it.
    fn operands(
        &mut self,
        scope: Scope<'_>,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        hint: Option<Want<'_>>,
    ) -> (Expr, Expr) {
        if self.says(left) < self.says(right) {
            let right = self.infer(scope, right, hint);
            let ty = right.ty.clone();
            let left = self.infer(scope, left, Some(Want::new(&ty)));
            (left, right)
        } else {
            let left = self.infer(scope, left, hint);
            let ty = left.ty.clone();
            let right = self.infer(scope, right, Some(Want::new(&ty)));
            (left, right)
        }
    }

    fn bad_operands(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) {
        let (a, b) = (self.types.text(&left.ty), self.types.text(&right.ty));
        let message = format!("`{}` does not work on `{a}` and `{b}`", op.text());
        let diagnostic = Diagnostic::new(Code::TypeMismatch, span, message)
            .label(left.span, format!("this is `{a}`"))
            .label(right.span, format!("this is `{b}`"));
        self.error(with_way_out(diagnostic, op, left, right));
    }
}

fn with_way_out(diagnostic: Diagnostic, op: BinaryOp, left: &Expr, right: &Expr) -> Diagnostic {
    let rust = |ty: &Ty| matches!(ty, Ty::Rust { .. });
    match (&left.ty, &right.ty) {
        (Ty::Int(_), Ty::Int(_)) => {
            diagnostic.help("integers of different types do not mix; declare both with one type")
        }
        (Ty::Duration, Ty::Int(_)) | (Ty::Int(_), Ty::Duration) => match op {
            BinaryOp::Mul => diagnostic.help("write the duration first, as `30s * 2`"),
            _ => diagnostic.help("a time has a unit, as `30s` or `1h30m`"),
        },
        (Ty::Option(inner), other) | (other, Ty::Option(inner)) if agrees(inner, other) => {
            diagnostic.help("compare with `some(..)`")
        }
        (Ty::String, Ty::String) if is_arithmetic(op) => diagnostic.help("join texts in a `fn`"),
        _ if matches!(op, BinaryOp::Eq | BinaryOp::Ne) => diagnostic,
        (a, b) if rust(a) || rust(b) => {
            diagnostic.help("Rust types know only `==` and `!=`: ask in a `guard` or `fn`")
        }
        (Ty::Enum(_), Ty::Enum(_)) => diagnostic.help("enums know only `==` and `!=`"),
        _ => diagnostic,
    }
}

fn joined(op: BinaryOp, left: Expr, right: Expr, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), ty, span }
}

pub(super) fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::{Add, Div, Mul, Rem, Sub};
    matches!(op, Mul | Div | Rem | Add | Sub)
}

fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Int(_) | Ty::Float(_))
}

/// The type of an operation; `None` if its sides do not go together.
fn result(op: BinaryOp, left: &Ty, right: &Ty) -> Option<Ty> {
    use BinaryOp::{Add, Div, Eq, Mul, Ne, Sub};
    if matches!(op, Eq | Ne) {
        return agrees(left, right).then_some(Ty::Bool);
    }
    if !is_arithmetic(op) {
        return ordered(left, right).then_some(Ty::Bool);
    }
    match (left, right) {
        (Ty::Unknown, _) | (_, Ty::Unknown) => Some(Ty::Unknown),
        (Ty::Duration, Ty::Duration) => matches!(op, Add | Sub).then_some(Ty::Duration),
        (Ty::Duration, Ty::Int(_)) => matches!(op, Mul | Div).then_some(Ty::Duration),
        (a, b) if a == b && is_number(a) => Some(a.clone()),
        _ => None,
    }
}

/// True if `<` and its like mean something.
fn ordered(left: &Ty, right: &Ty) -> bool {
    match (left, right) {
        (Ty::Unknown, other) | (other, Ty::Unknown) => {
            matches!(other, Ty::Unknown | Ty::Int(_) | Ty::Float(_) | Ty::String | Ty::Duration)
        }
        (a, b) => a == b && (is_number(a) || matches!(a, Ty::String | Ty::Duration)),
    }
}
