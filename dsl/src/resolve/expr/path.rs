//! Names in expressions: the innermost of binding, state data and context wins.

use super::made::known;
use super::unknown;
use crate::ast::{Name, Path};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    BranchValue, Builtin, ContextDecl, Expr, ExprKind, FAILURE_FIELDS, FieldRef, Ty, TypeDeclKind,
    TypeId,
};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::declarations::Callable;
use crate::resolve::suggest::{suggest, unknown as unknown_name};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    pub(super) fn path(
        &mut self,
        scope: Scope<'_>,
        path: &'a Path,
        want: Option<Want<'_>>,
    ) -> Expr {
        match path.segments.as_slice() {
            [name] => self.name(scope, name, want),
            [of, name] => match self.types.declared(&of.text) {
                Some(id) => self.plain_variant(id, name, path.span),
                None => self.foreign(path),
            },
            _ => self.foreign(path),
        }
    }

    fn name(&mut self, scope: Scope<'_>, name: &'a Name, want: Option<Want<'_>>) -> Expr {
        let span = name.span;
        if let Some(old) = scope.old
            && name.text != "none"
        {
            return self.old_data(old, name);
        }
        if let Some((kind, ty)) = self.value(scope, &name.text) {
            return known(scope, Expr { kind, ty, span });
        }
        match name.text.as_str() {
            "none" => {
                let inner = match want.map(|want| want.ty) {
                    Some(Ty::Option(inner)) => (**inner).clone(),
                    Some(_) => Ty::Unknown,
                    None => return self.untyped("none", "an `Option`", span),
                };
                let ty = Ty::Option(Box::new(inner));
                return Expr { kind: ExprKind::Builtin(Builtin::None, Vec::new()), ty, span };
            }
            "never" => {
                self.error(
                    Diagnostic::new(Code::TypeMismatch, span, "`never` is not a duration here")
                        .help("it stands only behind the `timeout` of a `human` step"),
                );
                return unknown(span);
            }
            _ => {}
        }
        if scope.state.is_none() && self.is_data(&name.text) {
            self.error(
                Diagnostic::new(Code::TypeMismatch, span, "a default is a constant")
                    .at(format!("cannot read `{}`", name.text))
                    .help("set it on `entry`, or give it at the start"),
            );
            return unknown(span);
        }
        let first_is_lower = name.text.starts_with(|c: char| !c.is_uppercase());
        if scope.state.is_some() && self.context_is_external() && first_is_lower {
            return Expr { kind: ExprKind::ExternalContext(name.clone()), ty: Ty::Unknown, span };
        }
        if self.has_external() && !first_is_lower && self.types.declared(&name.text).is_none() {
            let kind = ExprKind::External(vec![name.clone()], None);
            return Expr { kind, ty: Ty::Unknown, span };
        }
        self.no_such_value(scope, name);
        unknown(span)
    }

    /// What a name stands for, looked for from the inside out.
    fn value(&mut self, scope: Scope<'_>, name: &str) -> Option<(ExprKind, Ty)> {
        let state = scope.state?;
        let bound = scope.bindings.iter().enumerate().find(|(_, b)| b.name.text == name);
        if let Some((index, binding)) = bound {
            let kind = ExprKind::Binding(scope.reaction, index as u32);
            return Some((kind, binding.ty.clone()));
        }
        if let Some((_, value, ty)) = scope.branch.iter().find(|(b, ..)| b.text == name) {
            self.outside.items_read |= *value == BranchValue::Item;
            return Some((ExprKind::Branch(state, *value), ty.clone()));
        }
        let tree = self.tree;
        for around in tree.around(state) {
            if let Some(ty) = self.outside.local(around, name) {
                return Some((ExprKind::External(Vec::new(), None), ty));
            }
            let data = &tree.get(around).data;
            if let Some(index) = data.iter().position(|param| param.name.text == name) {
                let kind = ExprKind::StateData(around, index as u32);
                return Some((kind, data[index].ty.clone()));
            }
        }
        let id = self.symbols.fields.get(name)?;
        self.used.fields_read.insert(id);
        let declarations = self.declarations;
        let ContextDecl::Declared(fields) = &declarations.context else { return None };
        Some((ExprKind::Context(id), fields[id.index()].param.ty.clone()))
    }

    /// True if the name is data of the context or of any state.
    fn is_data(&self, name: &str) -> bool {
        self.symbols.fields.get(name).is_some()
            || self.tree.states.iter().any(|s| s.data.iter().any(|p| p.name.text == name))
    }

    fn no_such_value(&mut self, scope: Scope<'_>, name: &Name) {
        if let Some((callable, span)) = self.symbols.functions.find(&name.text) {
            let what = self.kind_of(callable);
            let message = format!("`{}` is {what}, not a value", name.text);
            self.error(
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .at("not called")
                    .label(span, "declared here")
                    .help(format!("call it: `{}(..)`", name.text)),
            );
            return;
        }
        let tree = self.tree;
        let mut near: Vec<(&str, Span)> = Vec::new();
        if let Some(state) = scope.state {
            near.extend(scope.bindings.iter().map(|b| (b.name.text.as_str(), b.name.span)));
            near.extend(scope.branch.iter().map(|(name, ..)| (name.text.as_str(), name.span)));
            for around in tree.around(state) {
                near.extend(self.outside.local_names(around));
                near.extend(
                    tree.get(around).data.iter().map(|p| (p.name.text.as_str(), p.name.span)),
                );
            }
            near.extend(self.symbols.fields.places());
        }
        let diagnostic = unknown_name(
            Code::UnknownName,
            "name",
            name,
            self.types.patience.with(near.into_iter()),
        );
        let diagnostic = match self.tree.by_name.contains_key(name.text.as_str()) {
            true => diagnostic.help(format!("ask for a state with `in({})`", name.text)),
            false => self.maybe_variant(diagnostic, name),
        };
        self.error(diagnostic);
    }

    /// A variant without its enum is a common slip.
    fn maybe_variant(&self, diagnostic: Diagnostic, name: &Name) -> Diagnostic {
        let ids = (0..self.types.decls.len() as u32).map(TypeId);
        let mut owners = ids.filter(|id| {
            let decl = &self.types.decls[id.index()];
            matches!(decl.kind, TypeDeclKind::Enum(_))
                && self.types.members(*id).get(&name.text).is_some()
        });
        match owners.next() {
            Some(owner) => {
                let text = format!("{}::{}", self.types.decls[owner.index()].name.text, name.text);
                diagnostic.help(format!("a variant is named with its enum: `{text}`")).fix(
                    &format!("write `{text}`"),
                    name.span,
                    text,
                )
            }
            None => diagnostic,
        }
    }

    pub(in crate::resolve) fn kind_of(&self, callable: Callable) -> &'static str {
        use crate::model::FunctionKind::{Action, Fn, Guard};
        match callable {
            Callable::Activity(_) => "an activity",
            Callable::Host(id) => match self.declarations.functions[id.index()].kind {
                Guard => "a guard",
                Fn => "a fn",
                Action => "an action",
            },
        }
    }

    fn plain_variant(&mut self, id: TypeId, name: &'a Name, span: Span) -> Expr {
        let Some(index) = self.variant(id, name) else { return unknown(span) };
        let fields = self.types.variant(id, index).map_or(0, |variant| variant.fields.len());
        if fields != 0 {
            let what = format!("the variant `{}`", name.text);
            let declared = self.types.members(id).find(&name.text).map(|(_, span)| span);
            self.wrong_count(&what, declared, fields, 0, span);
            return unknown(span);
        }
        Expr { kind: ExprKind::Variant(id, index, Vec::new()), ty: Ty::Enum(id), span }
    }

    /// The index of a variant; an error if there is none.
    pub(super) fn variant(&mut self, id: TypeId, name: &Name) -> Option<u32> {
        self.used.types.insert(id);
        let types = self.types;
        let decl = &types.decls[id.index()];
        let text = &decl.name.text;
        if matches!(decl.kind, TypeDeclKind::Struct(_)) {
            let message = format!("`{text}` is a struct and has no variants");
            self.error(
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .label(decl.name.span, "declared here")
                    .help(self.maker(id)),
            );
            return None;
        }
        let index = types.members(id).get(&name.text);
        if index.is_none() {
            let message = format!("`{text}` has no variant `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
            let mut diagnostic =
                suggest(diagnostic, name, types.patience.with(types.members(id).places()));
            if diagnostic.fixes.is_empty() {
                diagnostic = diagnostic.label(decl.name.span, format!("`{text}` is declared here"));
            }
            self.error(diagnostic);
        }
        index
    }

    /// A path that is no name of the file: rustc may know it, if it is asked at all.
    fn foreign(&mut self, path: &'a Path) -> Expr {
        let span = path.span;
        if self.has_external() {
            let kind = ExprKind::External(path.segments.clone(), None);
            return Expr { kind, ty: Ty::Unknown, span };
        }
        self.foreign_error(path);
        unknown(span)
    }

    pub(super) fn foreign_error(&mut self, path: &Path) {
        let Some(first) = path.segments.first() else { return };
        let diagnostic = if self.types.is_rust(&first.text) {
            let message =
                format!("`{}` is a Rust type, and what is in it is not known", first.text);
            Diagnostic::new(Code::UnknownName, path.span, message)
                .help("take the value from a `fn`")
        } else if self.tree.by_name.contains_key(first.text.as_str()) {
            let message = format!("`{}` is a state, not a value", path.text());
            Diagnostic::new(Code::UnknownName, path.span, message)
                .help(format!("ask for a state with `in({})`", path.text()))
        } else {
            let places = self.types.patience.with(self.types.places());
            unknown_name(Code::UnknownName, "enum", first, places)
        };
        self.error(diagnostic);
    }

    /// A field of a caught error.
    pub(super) fn failure_field(&mut self, of: Expr, name: &Name, span: Span) -> Expr {
        let index = FAILURE_FIELDS.iter().position(|field| *field == name.text);
        if index.is_none() {
            let message = format!("a caught error has no field `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
            let known = FAILURE_FIELDS.iter().map(|field| (*field, Span::default()));
            let help = "it has a `name` and a `message`";
            self.error(suggest(diagnostic, name, known).help(help));
        }
        let field = FieldRef::Declared(index.unwrap_or(0) as u32);
        Expr { kind: ExprKind::Field(Box::new(of), field), ty: Ty::String, span }
    }
}
