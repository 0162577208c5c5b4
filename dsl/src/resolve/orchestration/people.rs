//! `human`: a person is asked, which is an activity that the state makes.

use crate::ast::{self, Human, HumanItem};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Activity, ActivityKind, Expr, ExprKind, Invoke, Name, Param, StateId, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::suggest::unknown;
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    pub(super) fn human(&mut self, id: StateId, human: &'a Human, span: Span) {
        self.outside.unbuilt("human", span);
        let scope = Scope::of(id);
        self.invokes_once(id, span);
        let (params, args) = self.shown(scope, &human.args);
        let answer = self.types.resolve(&human.answer, &mut self.used.types, self.d);
        self.outside.done.insert(id, vec![answer.clone()]);
        let activity = self.make(
            "human step",
            Activity {
                kind: ActivityKind::Person,
                name: human.name.clone(),
                docs: Vec::new(),
                params,
                result: Some(answer),
                raises: Vec::new(),
                cache: None,
                coalesce: None,
                readonly: false,
            },
        );
        let (policy, fallbacks, head) = (None, Vec::new(), human.name.span);
        self.bodies[id.index()].invoke =
            Some(Invoke { activity, args, policy, fallbacks, head, span });
        self.outside.people.insert(id);
        for item in &human.items {
            match item {
                HumanItem::Assign(who) => self.who(scope, &who.expr),
                HumanItem::Title(title, span) => self.title(id, title, *span),
                HumanItem::Remind(time) => self.constant_duration(time),
                HumanItem::Escalate(time, who) => {
                    self.constant_duration(time);
                    self.who(scope, &who.expr);
                }
                HumanItem::Timeout(time) => {
                    if !is_never(time) {
                        self.expr(scope, time, Want::new(&Ty::Duration));
                    }
                }
            }
        }
    }

    fn who(&mut self, scope: Scope<'_>, who: &'a ast::Expr) {
        self.expr(scope, who, Want::new(&Ty::String));
    }

    /// `{name}` in a title shows a field of the context or data of the state.
    fn title(&mut self, id: StateId, title: &str, span: Span) {
        if self.context_is_external() {
            return;
        }
        let tree = self.tree;
        let parts = title.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        for (part, _) in parts {
            let name = part.split('.').next().unwrap_or(part).trim();
            let mut data = tree.around(id).flat_map(|around| &tree.get(around).data);
            if let Some(field) = self.symbols.fields.get(name) {
                self.used.fields_read.insert(field);
            } else if !data.any(|param| param.name.text == name) {
                let name = ast::Name { text: name.to_owned(), span };
                let fields = self.symbols.fields.places();
                let mut diagnostic = unknown(Code::UnknownName, "context field", &name, fields);
                // The place is the whole title, which the name cannot replace.
                diagnostic.fixes.clear();
                self.error(diagnostic);
            }
        }
    }

    /// What the person is shown: parameters that are called like the values, with their types.
    fn shown(&mut self, scope: Scope<'_>, args: &'a [ast::Expr]) -> (Vec<Param>, Vec<Expr>) {
        let mut params: Vec<Param> = Vec::new();
        let mut values = Vec::new();
        for (at, written) in args.iter().enumerate() {
            let value = self.infer(scope, written, None);
            if has_unknown(&value.ty) && !is_mistake(&value) {
                self.error(
                    Diagnostic::new(
                        Code::TypeMismatch,
                        value.span,
                        "what a person is shown has a type",
                    )
                    .at("only rustc knows of which type this is")
                    .help("declare what it is made of in the machine, as `context { .. }`"),
                );
            }
            let name = name_of(written).filter(|name| !params.iter().any(|p| p.name.text == *name));
            let text = name.map_or_else(|| format!("value_{}", at + 1), str::to_owned);
            let name = Name { text, span: written.span };
            let (ty, docs) = (value.ty.clone(), Vec::new());
            params.push(Param { name, ty, default: None, docs, made: true });
            values.push(value);
        }
        (params, values)
    }
}

/// What a value is called where it stands: `total` of `total` and of `order.total`.
fn name_of(written: &ast::Expr) -> Option<&str> {
    match &written.kind {
        ast::ExprKind::Path(path) => path.segments.last().map(|name| name.text.as_str()),
        ast::ExprKind::Field(_, name) => Some(&name.text),
        _ => None,
    }
}

fn has_unknown(ty: &Ty) -> bool {
    match ty {
        Ty::Unknown => true,
        Ty::Vec(inner) | Ty::Option(inner) => has_unknown(inner),
        Ty::Map(key, value) => has_unknown(key) || has_unknown(value),
        Ty::Rust { args, .. } => args.iter().any(has_unknown),
        _ => false,
    }
}

/// True if something was said of an expression already.
fn is_mistake(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::External(path, None) if path.is_empty())
}

fn is_never(time: &ast::Expr) -> bool {
    matches!(&time.kind, ast::ExprKind::Path(path) if path.text() == "never")
}
