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
            Some(Ty::Float(_)) => return self.no_point(value, span, want),
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

    /// A whole number where one with a point is asked for.
    fn no_point(&mut self, value: i128, span: Span, want: Option<Want<'_>>) -> Expr {
        let wanted = want.map_or(String::new(), |want| self.types.text(want.ty));
        let message = format!("expected `{wanted}`, found a whole number");
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, span, message).at("has no point");
        if let Some(because) = want.and_then(|want| want.because) {
            let says = format!("`{}` is declared as `{wanted}`", because.text);
            diagnostic = diagnostic.label(because.span, says);
        }
        let end = Span { start: span.end, ..span };
        let way_out = format!("write `{value}.0`");
        self.error(diagnostic.help(way_out.clone()).fix(&way_out, end, ".0"));
        unknown(span)
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
        // Where nothing is asked for, that one is asked first which says most.
        let mut asked = None;
        if item.is_none() {
            let says = items.iter().map(|item| self.says(item));
            match says.enumerate().rev().max_by_key(|(_, says)| *says) {
                Some((at, _)) => {
                    let first = self.infer_inner(scope, &items[at], want);
                    item = Some(first.ty.clone());
                    asked = Some((at, first));
                }
                None if want.is_none() => return self.untyped("[]", "a list", span),
                None => {}
            }
        }
        let item = item.unwrap_or(Ty::Unknown);
        let mut list = Vec::with_capacity(items.len());
        for (at, written) in items.iter().enumerate() {
            list.push(match asked.take_if(|(asked, _)| *asked == at) {
                Some((_, first)) => first,
                None => self.expr(scope, written, Want::new(&item)),
            });
        }
        Expr { kind: ExprKind::List(list), ty: Ty::Vec(Box::new(item)), span }
    }
}
