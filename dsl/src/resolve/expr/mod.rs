//! Expressions: what their names mean, and their types.

mod call;
mod literal;
mod made;
mod old;
mod open;
mod operator;
mod path;

use super::ctx::{Ctx, Scope, Want};
use crate::ast::{self, ExprKind as Written};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ExprKind, FieldRef, Param, Ty};
use crate::span::Span;
pub(super) use open::Says;

impl<'a> Ctx<'a, '_> {
    /// An expression that has to be of a type; an error if it is not.
    pub(super) fn expr(
        &mut self,
        scope: Scope<'_>,
        written: &'a ast::Expr,
        want: Want<'_>,
    ) -> Expr {
        let expr = self.infer(scope, written, Some(want));
        if agrees(want.ty, &expr.ty) {
            return expr;
        }
        self.mismatch(want, &expr);
        unknown(expr.span)
    }

    /// An expression; the type that its place asks for decides what literals are.
    pub(super) fn infer(
        &mut self,
        scope: Scope<'_>,
        written: &'a ast::Expr,
        want: Option<Want<'_>>,
    ) -> Expr {
        let span = written.span;
        let hint = want.map(|want| want.ty);
        let (kind, ty) = match &written.kind {
            Written::Bool(value) => (ExprKind::Bool(*value), Ty::Bool),
            Written::Int(value) => return self.int(i128::from(*value), span, want),
            Written::Float(value) => return self.float(*value, span, want),
            Written::String(text) => {
                let stands_for =
                    hint.filter(|ty| self.is_scripted && matches!(ty, Ty::Rust { .. }));
                (ExprKind::String(text.clone()), stands_for.cloned().unwrap_or(Ty::String))
            }
            Written::Duration(ms) => (ExprKind::Duration(*ms), Ty::Duration),
            Written::Percent(_) => return self.misplaced_percent(span),
            Written::List(items) => return self.list(scope, items, span, want),
            Written::Path(path) => return self.path(scope, path, want),
            Written::Call(path, args) => return self.call(scope, path, args, span, want),
            Written::Field(of, name) => return self.field(scope, of, name, span),
            Written::Unary(op, inner) => return self.unary(scope, *op, inner, span, want),
            Written::Binary(op, left, right) => {
                return self.binary(scope, *op, left, right, span, want);
            }
            Written::Made(made, args) => return self.made(scope, *made, args, span, want),
        };
        Expr { kind, ty, span }
    }

    /// Values for declared parameters, one each; `None` after a wrong count.
    pub(super) fn args(
        &mut self,
        scope: Scope<'_>,
        what: &str,
        declared: Span,
        params: &[Param],
        args: &'a [ast::Expr],
        place: Span,
    ) -> Option<Vec<Expr>> {
        if params.len() != args.len() {
            self.wrong_count(what, Some(declared), params.len(), args.len(), place);
            // What the values name is used all the same.
            self.loose_args(scope, args);
            return None;
        }
        let pairs = params.iter().zip(args);
        Some(pairs.map(|(param, arg)| self.expr(scope, arg, Want::param(param))).collect())
    }

    /// Values whose types only rustc knows.
    pub(super) fn loose_args(&mut self, scope: Scope<'_>, args: &'a [ast::Expr]) -> Vec<Expr> {
        args.iter().map(|arg| self.infer(scope, arg, Some(Want::new(&Ty::Unknown)))).collect()
    }

    fn field(
        &mut self,
        scope: Scope<'_>,
        of: &'a ast::Expr,
        name: &'a ast::Name,
        span: Span,
    ) -> Expr {
        if let (Some(old), Written::Path(path)) = (scope.old, &of.kind)
            && path.text() == "old"
        {
            return self.old_field(old, name, span);
        }
        let of = self.infer(scope, of, None);
        let types = self.types;
        match &of.ty {
            Ty::Unknown => {
                let kind = ExprKind::Field(Box::new(of), FieldRef::Named(name.clone()));
                Expr { kind, ty: Ty::Unknown, span }
            }
            Ty::Struct(id) => match types.members(*id).get(&name.text) {
                Some(index) => {
                    let ty = types.field_type(*id, index);
                    let kind = ExprKind::Field(Box::new(of), FieldRef::Declared(index));
                    Expr { kind, ty, span }
                }
                None => {
                    let message = format!("`{}` has no field `{}`", types.text(&of.ty), name.text);
                    let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
                    let fields = types.patience.with(types.members(*id).places());
                    self.error(super::suggest::suggest(diagnostic, name, fields));
                    unknown(span)
                }
            },
            Ty::Failure => self.failure_field(of, name, span),
            ty => {
                self.error(no_fields(&types.text(ty), ty, name, of.span));
                unknown(span)
            }
        }
    }

    fn mismatch(&mut self, want: Want<'_>, found: &Expr) {
        let (wanted, given) = (self.types.text(want.ty), self.types.text(&found.ty));
        let message = format!("expected `{wanted}`, found `{given}`");
        let mut diagnostic = Diagnostic::new(Code::TypeMismatch, found.span, message)
            .at(format!("this is `{given}`"));
        if let Some(name) = want.because {
            let says = format!("`{}` is declared as `{wanted}`", name.text);
            diagnostic = diagnostic.label(name.span, says);
        }
        self.error(with_way_out(diagnostic, want.ty, found));
    }
}

/// Advice for the mismatches that have an easy way out.
fn with_way_out(diagnostic: Diagnostic, want: &Ty, found: &Expr) -> Diagnostic {
    let end = Span { start: found.span.end, ..found.span };
    match (want, &found.ty) {
        (Ty::Option(inner), ty) if agrees(inner, ty) => diagnostic.help("wrap it: `some(..)`"),
        (ty, Ty::Option(inner)) if agrees(ty, inner) => {
            diagnostic.help("it may be `none`: compare it, or take the value in a `fn`")
        }
        (Ty::String, Ty::Failure) => diagnostic
            .help("what it says is `.message`, and what it is called `.name`")
            .fix("write `.message` behind it", end, ".message"),
        (Ty::Duration, Ty::Int(_)) => diagnostic.help("a time has a unit, as `30s` or `1h30m`"),
        (Ty::Int(_), Ty::Int(_)) => {
            diagnostic.help("integers of different types do not mix; declare both with one type")
        }
        _ => diagnostic,
    }
}

fn no_fields(text: &str, ty: &Ty, name: &ast::Name, place: Span) -> Diagnostic {
    let message = format!("`{text}` has no field `{}`", name.text);
    let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message)
        .at("unknown field")
        .label(place, format!("this is `{text}`"));
    match ty {
        Ty::Rust { .. } => diagnostic
            .help("Rust types are stored and passed, never looked into: take it in a `fn`"),
        Ty::Option(_) => diagnostic.help("it may be `none`: take the value in a `fn`"),
        _ => diagnostic,
    }
}

/// What stands for an expression that had an error.
pub(super) fn unknown(span: Span) -> Expr {
    Expr { kind: ExprKind::External(Vec::new(), None), ty: Ty::Unknown, span }
}

/// True if a value of type `found` can stand where `wanted` is asked for.
pub(super) fn agrees(wanted: &Ty, found: &Ty) -> bool {
    match (wanted, found) {
        (Ty::Unknown, _) | (_, Ty::Unknown) => true,
        (Ty::Vec(a), Ty::Vec(b)) | (Ty::Option(a), Ty::Option(b)) => agrees(a, b),
        (Ty::Map(a, b), Ty::Map(c, d)) => agrees(a, c) && agrees(b, d),
        (Ty::Rust { path: a, args: b }, Ty::Rust { path: c, args: d }) => {
            a == c && b.len() == d.len() && b.iter().zip(d).all(|(a, b)| agrees(a, b))
        }
        _ => wanted == found,
    }
}
