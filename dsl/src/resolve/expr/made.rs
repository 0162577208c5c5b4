//! Expressions that nobody has written: what constructs are written out with.

use super::unknown;
use crate::ast::{self, Made};
use crate::model::{Builtin, Expr, ExprKind, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    pub(super) fn made(
        &mut self,
        scope: Scope<'_>,
        made: Made,
        args: &'a [ast::Expr],
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        match (made, args) {
            (Made::Some, [of]) => self.some(scope, of, span, want),
            (Made::In, [state]) => self.in_state(scope, state, span),
            // `none` in it stands for what has been told.
            (Made::Sure, [of]) => sure(self.infer(scope, of, Some(Want::new(&Ty::Unknown)))),
            (Made::Known, [value, places @ ..]) => self.known(scope, value, places, span, want),
            (Made::Append, [list, item]) => {
                let list = self.infer(scope, list, want);
                let item = match &list.ty {
                    Ty::Vec(of) => self.expr(scope, item, Want::new(of)),
                    _ => self.infer(scope, item, None),
                };
                let ty = list.ty.clone();
                Expr { kind: ExprKind::Builtin(Builtin::Append, vec![list, item]), ty, span }
            }
            (Made::Failure | Made::Text, parts) => {
                let text = Want::new(&Ty::String);
                let parts = parts.iter().map(|part| self.expr(scope, part, text)).collect();
                let (form, ty) = match made {
                    Made::Text => (Builtin::Text, Ty::String),
                    _ => (Builtin::Failure, Ty::Failure),
                };
                Expr { kind: ExprKind::Builtin(form, parts), ty, span }
            }
            _ => unknown(span),
        }
    }

    fn known(
        &mut self,
        scope: Scope<'_>,
        value: &'a ast::Expr,
        places: &'a [ast::Expr],
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        let places: Vec<Expr> = places.iter().map(|place| self.infer(scope, place, None)).collect();
        let mut known = scope.known.to_vec();
        known.extend(places.iter().map(|place| place.kind.clone()));
        let inside = Scope { known: &known, ..scope };
        let value = match want.map(|want| want.ty) {
            Some(Ty::Option(inner)) => self.expr(inside, value, Want::new(inner)),
            _ => self.infer(inside, value, None),
        };
        let ty = Ty::Option(Box::new(value.ty.clone()));
        let args = std::iter::once(value).chain(places).collect();
        Expr { kind: ExprKind::Builtin(Builtin::Known, args), ty, span }
    }
}

/// A name, or the value that it is known to have.
pub(super) fn known(scope: Scope<'_>, named: Expr) -> Expr {
    if scope.known.contains(&named.kind) { sure(named) } else { named }
}

fn sure(of: Expr) -> Expr {
    let (span, ty) = match &of.ty {
        Ty::Option(inner) => (of.span, (**inner).clone()),
        _ => (of.span, Ty::Unknown),
    };
    Expr { kind: ExprKind::Builtin(Builtin::Sure, vec![of]), ty, span }
}
