//! Calls: variants with payload, built-in functions, guards and fns.

use super::unknown;
use crate::ast::{self, Name, Path, Role};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Builtin, Expr, ExprKind, FunctionKind, IntTy, StateId, Ty, TypeDeclKind, TypeId,
};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::declarations::Callable;
use crate::resolve::suggest::unknown as unknown_name;
use crate::span::Span;

const BUILTINS: [&str; 7] = ["some", "len", "is_empty", "contains", "in", "elapsed", "change"];

impl<'a> Ctx<'a, '_> {
    pub(super) fn call(
        &mut self,
        scope: Scope<'_>,
        path: &'a Path,
        args: &'a [ast::Expr],
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        match path.segments.as_slice() {
            [name] => match self.symbols.functions.find(&name.text) {
                Some((callable, declared)) => {
                    self.host(scope, name, (callable, declared), args, span)
                }
                None => match self.types.declared(&name.text).filter(|_| self.is_scripted) {
                    Some(id) => self.whole(id, name, args, span),
                    None => self.builtin(scope, name, args, span, want),
                },
            },
            [of, name] => match self.types.declared(&of.text) {
                Some(id) => self.variant_with(scope, id, name, args, span),
                None => self.foreign_call(scope, path, args, span),
            },
            _ => self.foreign_call(scope, path, args, span),
        }
    }

    fn host(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        (callable, declared): (Callable, Span),
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let declarations = self.declarations;
        let function = match callable {
            Callable::Host(id) => Some((id, &declarations.functions[id.index()])),
            Callable::Activity(_) => None,
        };
        let Some((id, function)) = function.filter(|(_, f)| f.kind != FunctionKind::Action) else {
            self.loose_args(scope, args);
            let what = self.kind_of(callable);
            let message = format!("`{}` is {what} and has no value here", name.text);
            let help = match callable {
                Callable::Host(_) => format!("do it as an effect: `do {}(..)`", name.text),
                Callable::Activity(_) => format!("start it in a state: `invoke {}(..)`", name.text),
            };
            if let Callable::Host(id) = callable {
                self.used.functions.insert(id);
            }
            self.error(
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .label(declared, "declared here")
                    .help(help),
            );
            return unknown(span);
        };
        self.used.functions.insert(id);
        if scope.state.is_none() && scope.old.is_none() {
            let message = "a default is a constant";
            self.error(
                Diagnostic::new(Code::TypeMismatch, span, message)
                    .at(format!("cannot call `{}`", name.text)),
            );
            return unknown(span);
        }
        let ty = function.result.clone().unwrap_or(Ty::Unknown);
        let what = format!("`{}`", name.text);
        match self.args(scope, &what, declared, &function.params, args, span) {
            Some(args) => Expr { kind: ExprKind::Call(id, args), ty, span },
            None => Expr { ty, ..unknown(span) },
        }
    }

    /// A value of a struct, with its fields in order: only in scenarios, since a machine does not make
    /// any.
    fn whole(&mut self, id: TypeId, name: &'a Name, args: &'a [ast::Expr], span: Span) -> Expr {
        let types = self.types;
        let TypeDeclKind::Struct(fields) = &types.decls[id.index()].kind else {
            if let Some(diagnostic) = self.no_constructor(name) {
                self.error(diagnostic);
            }
            return unknown(span);
        };
        let what = format!("the struct `{}`", name.text);
        let declared = types.decls[id.index()].name.span;
        match self.args(Scope::CONSTANT, &what, declared, fields, args, span) {
            Some(args) => Expr { kind: ExprKind::Variant(id, 0, args), ty: Ty::Struct(id), span },
            None => unknown(span),
        }
    }

    fn variant_with(
        &mut self,
        scope: Scope<'_>,
        id: TypeId,
        name: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let Some(index) = self.variant(id, name) else { return unknown(span) };
        let types = self.types;
        let Some(variant) = types.variant(id, index) else { return unknown(span) };
        let what = format!("the variant `{}`", name.text);
        match self.args(scope, &what, variant.name.span, &variant.fields, args, span) {
            Some(args) => Expr { kind: ExprKind::Variant(id, index, args), ty: Ty::Enum(id), span },
            None => Expr { ty: Ty::Enum(id), ..unknown(span) },
        }
    }

    fn foreign_call(
        &mut self,
        scope: Scope<'_>,
        path: &'a Path,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let args = self.loose_args(scope, args);
        if self.has_external() {
            let kind = ExprKind::External(path.segments.clone(), Some(args));
            return Expr { kind, ty: Ty::Unknown, span };
        }
        self.foreign_error(path);
        unknown(span)
    }

    fn builtin(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        let wanted = match name.text.as_str() {
            "some" | "len" | "is_empty" | "in" | "change" => 1,
            "contains" => 2,
            "elapsed" => 0,
            _ => return self.unknown_call(scope, name, args, span),
        };
        if args.len() != wanted {
            self.wrong_count(&format!("`{}`", name.text), None, wanted, args.len(), span);
            return unknown(span);
        }
        match (name.text.as_str(), args) {
            ("some", [inner]) => self.some(scope, inner, span, want),
            ("in", [state]) => self.in_state(scope, state, span),
            ("change", [of]) => self.change(scope, name, of, span),
            ("elapsed", _) => self.elapsed(scope, span),
            ("contains", [whole, part]) => self.contains(scope, whole, part, span),
            ("len", [of]) => {
                let ty = Ty::Int(IntTy::U64);
                self.measure(scope, Builtin::Len, of, ty, span)
            }
            (_, [of, ..]) => self.measure(scope, Builtin::IsEmpty, of, Ty::Bool, span),
            _ => unknown(span),
        }
    }

    fn unknown_call(
        &mut self,
        scope: Scope<'_>,
        name: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Expr {
        let args = self.loose_args(scope, args);
        if self.has_external() && name.text.starts_with(char::is_uppercase) {
            let kind = ExprKind::External(vec![name.clone()], Some(args));
            return Expr { kind, ty: Ty::Unknown, span };
        }
        if let Some(diagnostic) = self.no_constructor(name) {
            self.error(diagnostic);
            return unknown(span);
        }
        let builtins = BUILTINS.iter().map(|name| (*name, Span::default()));
        let places = self.types.patience.with(self.symbols.functions.places().chain(builtins));
        let mut diagnostic = unknown_name(Code::UnknownName, "guard or fn", name, places);
        if diagnostic.fixes.is_empty() {
            diagnostic = diagnostic
                .help(format!("declare it: `guard {0}(..)` or `fn {0}(..) -> Type`", name.text));
        }
        self.error(diagnostic);
        unknown(span)
    }

    /// E0401 for a type that is called like a function.
    fn no_constructor(&self, name: &Name) -> Option<Diagnostic> {
        let types = self.types;
        let text = &name.text;
        let report = |message| Diagnostic::new(Code::TypeMismatch, name.span, message);
        let Some(id) = types.declared(text) else {
            let (who, help) = match self.is_scripted {
                true => ("what is in it is not known", "write the value as a text".to_owned()),
                false => (
                    "a machine makes no values of it",
                    format!("let a `fn` make it: `fn make(..) -> {text}`"),
                ),
            };
            let message = format!("`{text}` is a Rust type, and {who}");
            return types.is_rust(text).then(|| report(message).help(help));
        };
        let decl = &types.decls[id.index()];
        let diagnostic = match decl.kind {
            TypeDeclKind::Struct(_) => {
                report(format!("`{text}` is a struct, and a machine makes no values of structs"))
                    .help(self.maker(id))
            }
            TypeDeclKind::Enum(_) => {
                report(format!("`{text}` is an enum")).help(format!("name a variant: `{text}::..`"))
            }
        };
        Some(diagnostic.label(decl.name.span, "declared here"))
    }

    /// How the host makes what a machine cannot make.
    pub(super) fn maker(&self, id: TypeId) -> String {
        let decl = &self.types.decls[id.index()];
        let fields = match &decl.kind {
            TypeDeclKind::Struct(fields) => fields.as_slice(),
            TypeDeclKind::Enum(_) => &[],
        };
        let field = |field: &crate::model::Param| {
            format!("{}: {}", field.name.text, self.types.text(&field.ty))
        };
        let fields: Vec<String> = fields.iter().map(field).collect();
        format!("let a `fn` make it: `fn make({}) -> {}`", fields.join(", "), decl.name.text)
    }

    /// `some(x)`
    pub(super) fn some(
        &mut self,
        scope: Scope<'_>,
        inner: &'a ast::Expr,
        span: Span,
        want: Option<Want<'_>>,
    ) -> Expr {
        let inner = match want.map(|want| (want.ty, want.because)) {
            Some((Ty::Option(ty), because)) => self.infer(scope, inner, Some(Want { ty, because })),
            Some((ty @ Ty::Unknown, _)) => self.infer(scope, inner, Some(Want::new(ty))),
            _ => self.infer_inner(scope, inner, want),
        };
        let ty = Ty::Option(Box::new(inner.ty.clone()));
        Expr { kind: ExprKind::Builtin(Builtin::Some, vec![inner]), ty, span }
    }

    /// `in(State)`
    pub(super) fn in_state(&mut self, scope: Scope<'_>, state: &'a ast::Expr, span: Span) -> Expr {
        let ast::ExprKind::Path(path) = &state.kind else {
            self.error(
                Diagnostic::new(Code::TypeMismatch, state.span, "`in` asks for a state")
                    .at("not the name of a state"),
            );
            return unknown(span);
        };
        let Some(from) = scope.state else { return self.not_constant(scope, "in", span) };
        match self.state(from, path) {
            Some(state) => Expr { kind: ExprKind::In(state), ty: Ty::Bool, span },
            None => unknown(span),
        }
    }

    fn elapsed(&mut self, scope: Scope<'_>, span: Span) -> Expr {
        let Some(state) = scope.state else { return self.not_constant(scope, "elapsed", span) };
        let args = match self.saga_around(state) {
            Some(saga) => vec![Expr { kind: ExprKind::In(saga), ty: Ty::Bool, span }],
            None => Vec::new(),
        };
        Expr { kind: ExprKind::Builtin(Builtin::Elapsed, args), ty: Ty::Duration, span }
    }

    /// The saga in which a statement was written that stands in one of its states.
    fn saga_around(&self, state: StateId) -> Option<StateId> {
        let is_written = |id: &StateId| {
            self.tree.get(*id).part.as_ref().is_none_or(|part| part.role == Role::Saga)
        };
        let mut around = std::iter::successors(Some(state), |id| self.tree.get(*id).parent);
        around.find(is_written).filter(|saga| *saga != state)
    }

    fn not_constant(&mut self, scope: Scope<'_>, name: &str, span: Span) -> Expr {
        let message = match scope.old {
            Some(_) => "a migration reads what was kept, and nothing else",
            None => "a default is a constant",
        };
        self.error(
            Diagnostic::new(Code::TypeMismatch, span, message).at(format!("cannot use `{name}`")),
        );
        unknown(span)
    }

    /// `change(field)`: by how much a value differs from that of the round before.
    fn change(
        &mut self,
        scope: Scope<'_>,
        name: &Name,
        written: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let Some(repeated) = self.outside.in_until else {
            self.error(
                Diagnostic::new(Code::UnknownName, name.span, "`change` belongs to `until`")
                    .help("it compares two rounds of a `loop` state"),
            );
            return unknown(span);
        };
        let of = self.infer(scope, written, None);
        if !matches!(of.ty, Ty::Int(_) | Ty::Float(_) | Ty::Unknown) {
            let text = self.types.text(&of.ty);
            let message = format!("`change` works on numbers, not on `{text}`");
            self.error(Diagnostic::new(Code::TypeMismatch, of.span, message));
            return unknown(span);
        }
        self.changed(repeated, of, written, span)
    }

    /// `len(x)` and `is_empty(x)`.
    fn measure(
        &mut self,
        scope: Scope<'_>,
        builtin: Builtin,
        of: &'a ast::Expr,
        ty: Ty,
        span: Span,
    ) -> Expr {
        let of = self.infer(scope, of, None);
        match &of.ty {
            Ty::String | Ty::Vec(_) | Ty::Map(..) | Ty::Unknown => {}
            other => {
                let text = self.types.text(other);
                let message = format!("`{text}` has no length");
                let diagnostic = Diagnostic::new(Code::TypeMismatch, of.span, message)
                    .at(format!("this is `{text}`"));
                self.error(match other {
                    Ty::Option(_) => diagnostic.help("compare it with `none`"),
                    _ => diagnostic.help("only `String`, `Vec` and `Map` have one"),
                });
                return Expr { ty, ..unknown(span) };
            }
        }
        Expr { kind: ExprKind::Builtin(builtin, vec![of]), ty, span }
    }

    fn contains(
        &mut self,
        scope: Scope<'_>,
        whole: &'a ast::Expr,
        part: &'a ast::Expr,
        span: Span,
    ) -> Expr {
        let around = match &whole.kind {
            _ if self.says(whole) >= self.says(part) => None,
            ast::ExprKind::List(_) => Some(Ty::Vec as fn(Box<Ty>) -> Ty),
            // `none` and `some(..)`.
            ast::ExprKind::Path(_) | ast::ExprKind::Call(..) => Some(Ty::Option as _),
            _ => None,
        };
        if let Some(around) = around {
            let part = self.infer(scope, part, None);
            let ty = around(Box::new(part.ty.clone()));
            let whole = self.expr(scope, whole, Want::new(&ty));
            let kind = ExprKind::Builtin(Builtin::Contains, vec![whole, part]);
            return Expr { kind, ty: Ty::Bool, span };
        }
        let whole = self.infer(scope, whole, None);
        let wanted = match &whole.ty {
            Ty::Vec(item) | Ty::Option(item) => (**item).clone(),
            Ty::Map(key, _) => (**key).clone(),
            Ty::String => Ty::String,
            Ty::Unknown => Ty::Unknown,
            other => {
                let text = self.types.text(other);
                let message = format!("`{text}` does not contain anything");
                self.error(
                    Diagnostic::new(Code::TypeMismatch, whole.span, message)
                        .at(format!("this is `{text}`"))
                        .help("only `String`, `Vec`, `Map` and `Option` do"),
                );
                self.infer(scope, part, None);
                return Expr { ty: Ty::Bool, ..unknown(span) };
            }
        };
        let part = self.expr(scope, part, Want::new(&wanted));
        let kind = ExprKind::Builtin(Builtin::Contains, vec![whole, part]);
        Expr { kind, ty: Ty::Bool, span }
    }
}
