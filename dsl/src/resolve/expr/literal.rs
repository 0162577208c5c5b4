//! Literals: they have the type that their place asks for.

use super::unknown;
use crate::ast;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ExprKind, FloatTy, IntTy, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// A float literal; `f64` where nothing asks for another type. Where only rustc knows what is
    /// asked for, it decides.
    pub(super) fn float(&mut self, value: f64, span: Span, want: Option<Want<'_>>) -> Expr {
        let ty = match want.map(|want| want.ty) {
            Some(ty @ (Ty::Float(_) | Ty::Unknown)) => ty.clone(),
            _ => Ty::Float(FloatTy::F64),
        };
        if ty == Ty::Float(FloatTy::F32) && (value as f32).is_infinite() {
            return self.does_not_fit(&format!("{value:?}"), "f32", "up to 3.4e38", span, want);
        }
        Expr { kind: ExprKind::Float(value), ty, span }
    }

    fn does_not_fit(
        &mut self,
        value: &str,
        ty: &str,
        holds: &str,
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        let message = format!("`{value}` does not fit into `{ty}`");
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, span, message)
            .at("out of range")
            .note(format!("`{ty}` holds {holds}"));
        if let Some(because) = want.and_then(|want| want.because) {
            let says = format!("`{}` is declared as `{ty}`", because.text);
            diagnostic = diagnostic.label(because.span, says);
        }
        self.error(diagnostic);
        unknown(span)
    }

    /// An integer literal, its sign folded in; `i64` where nothing asks for another type.
    pub(super) fn int(&mut self, value: i128, span: Span, want: Option<Want<'_>>) -> Expr {
        let ty = match want.map(|want| want.ty) {
            Some(Ty::Int(int)) => *int,
            // Only rustc knows what is asked for, and decides.
            Some(Ty::Unknown) => return Expr { kind: ExprKind::Int(value), ty: Ty::Unknown, span },
            _ if value > i128::from(i64::MAX) => IntTy::U64,
            _ => IntTy::I64,
        };
        let (least, most) = ty.range();
        if value < least || value > most {
            let holds = format!("{least} to {most}");
            return self.does_not_fit(&value.to_string(), ty.text(), &holds, span, want);
        }
        Expr { kind: ExprKind::Int(value), ty: Ty::Int(ty), span }
    }

    pub(super) fn misplaced_percent(&mut self, span: Span) -> Expr {
        self.error(
            Diagnostic::new(Code::TypeMismatch, span, "a percentage is not a value")
                .at("means nothing here")
                .help("write a number, as `0.5`"),
        );
        unknown(span)
    }

    /// `[a, b]`: all of one type.
    pub(super) fn list(
        &mut self,
        scope: Scope<'_>,
        items: &'a [ast::Expr],
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        // A map has no literal; in scenarios an empty list can stand for an empty one.
        if let Some(map @ Ty::Map(..)) = want.map(|want| want.ty)
            && items.is_empty()
            && self.is_scripted
        {
            return Expr { kind: ExprKind::List(Vec::new()), ty: map.clone(), span };
        }
        let mut item = match want.map(|want| want.ty) {
            Some(Ty::Vec(item)) => Some((**item).clone()),
            Some(Ty::Unknown) => Some(Ty::Unknown),
            _ => None,
        };
        let mut list = Vec::with_capacity(items.len());
        for written in items {
            let expr = match &item {
                Some(item) => self.expr(scope, written, Want::new(item)),
                None => self.infer(scope, written, None),
            };
            item.get_or_insert_with(|| expr.ty.clone());
            list.push(expr);
        }
        let item = item.unwrap_or(Ty::Unknown);
        Expr { kind: ExprKind::List(list), ty: Ty::Vec(Box::new(item)), span }
    }
}
