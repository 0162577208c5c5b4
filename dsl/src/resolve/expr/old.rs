//! What a migration reads of the old version.

use super::unknown;
use crate::ast::Name;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ExprKind, OldValue, Param};
use crate::resolve::ctx::{Ctx, Old};
use crate::resolve::suggest::unknown as unknown_name;
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// `old.field`
    pub(super) fn old_field(&mut self, old: Old<'_>, name: &'a Name, span: Span) -> Expr {
        if let Some(param) = find(old.context, name) {
            let kind = ExprKind::Old(OldValue::Context, name.clone());
            return Expr { kind, ty: param.ty.clone(), span };
        }
        let known = old.context.iter().map(|param| (param.name.text.as_str(), param.name.span));
        let mut diagnostic = unknown_name(Code::UnknownName, "old field", name, known);
        if diagnostic.fixes.is_empty() {
            let name = &name.text;
            diagnostic = diagnostic
                .help(format!("say of which type it was: `old({name}: Type)` in this migration"));
        }
        self.error(diagnostic);
        unknown(span)
    }

    /// A name for data of the old state.
    pub(super) fn old_data(&mut self, old: Old<'_>, name: &'a Name) -> Expr {
        if let Some(param) = find(old.data, name) {
            let kind = ExprKind::Old(OldValue::Data, name.clone());
            return Expr { kind, ty: param.ty.clone(), span: name.span };
        }
        let message = format!("`{}` cannot be read in a migration", name.text);
        let mut diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        if name.text == "old" {
            diagnostic = diagnostic.at("a field of it can: `old.field`");
        } else if find(old.context, name).is_some() {
            let old = format!("old.{}", name.text);
            diagnostic = diagnostic.fix(&format!("write `{old}`"), name.span, old.clone());
        } else {
            let name = &name.text;
            diagnostic = diagnostic.at("there is no new instance yet to read it of").help(format!(
                "what it was is `old.{name}`, with `old({name}: Type)` in this migration"
            ));
        }
        self.error(diagnostic);
        unknown(name.span)
    }
}

fn find<'p>(params: &'p [Param], name: &Name) -> Option<&'p Param> {
    params.iter().find(|param| param.name.text == name.text)
}
