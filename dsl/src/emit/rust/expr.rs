//! Expressions.

use super::Emitter;
use super::names::ident;
use super::scope::{Field, Moment, Scope};
use crate::ast::{BinaryOp, UnaryOp};
use crate::model::{
    BranchValue, Builtin, ContextDecl, Expr, ExprKind, FAILURE_FIELDS, FieldRef, FunctionId, Name,
    OldValue, ReactionId, StateId, Ty, TypeDeclKind, TypeId, elapsed_of,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

/// An expression in Rust.
enum Code {
    /// Something that is stored: reading it must not move it.
    Place(TokenStream),
    /// A value of its own.
    Value(TokenStream),
}

impl Emitter<'_> {
    /// The expression as a value of its own.
    pub(super) fn owned(&self, expr: &Expr, scope: &Scope) -> TokenStream {
        match self.code(expr, scope) {
            Code::Value(value) => value,
            Code::Place(place) if self.is_copy(&expr.ty) => place,
            Code::Place(place) => quote!(__p::Clone::clone(&#place)),
        }
    }

    /// The expression for reading: compared, or a method called on it.
    pub(super) fn read(&self, expr: &Expr, scope: &Scope) -> TokenStream {
        match self.code(expr, scope) {
            Code::Value(value) => value,
            Code::Place(place) => quote!((#place)),
        }
    }

    /// The expression as an argument of a host function.
    pub(super) fn argument(&self, expr: &Expr, ty: &Ty, scope: &Scope) -> TokenStream {
        if let (ExprKind::String(text), Ty::String) = (&expr.kind, ty) {
            return quote!(#text);
        }
        match self.code(expr, scope) {
            Code::Value(code) | Code::Place(code) if self.is_copy(ty) => code,
            Code::Value(code) | Code::Place(code) => quote!(&#code),
        }
    }

    /// The names bound by the pattern of a reaction are kept apart from those of the glue.
    pub(super) fn binding(&self, name: &Name) -> Ident {
        Ident::new(&format!("{}_", name.text), self.span(name.span))
    }

    fn code(&self, expr: &Expr, scope: &Scope) -> Code {
        match &expr.kind {
            ExprKind::Bool(value) => {
                let word = if *value { "true" } else { "false" };
                let word = Ident::new(word, self.span(expr.span));
                Code::Value(quote!(#word))
            }
            ExprKind::Int(value) => Code::Value(self.integer(*value, &expr.ty, expr)),
            ExprKind::Float(value) => Code::Value(self.float(*value, &expr.ty, expr)),
            ExprKind::String(text) => Code::Value(match expr.ty {
                // In scenarios.
                Ty::Rust { .. } => quote!(__p::parse(#text)),
                _ => quote!(__p::String::from(#text)),
            }),
            ExprKind::Duration(millis) => Code::Value(quote!(__p::Duration::from_millis(#millis))),
            ExprKind::List(_) if matches!(expr.ty, Ty::Map(..)) => {
                Code::Value(quote!(__p::Default::default()))
            }
            ExprKind::List(items) => {
                let items = items.iter().map(|item| self.owned(item, scope));
                Code::Value(quote!(__p::Vec::from([#(#items),*])))
            }
            ExprKind::Context(field) => self.context_field(*field, scope),
            ExprKind::ExternalContext(name) => self.external_field(name, scope),
            ExprKind::Binding(reaction, index) => self.bound(*reaction, *index, scope),
            ExprKind::Branch(_, BranchValue::Item) => Code::Place(quote!(*__item)),
            ExprKind::Branch(_, BranchValue::Answer) => Code::Place(quote!(*__answer)),
            ExprKind::Old(of, name) => {
                let name = self.ident(name);
                Code::Place(match of {
                    OldValue::Context => quote!(old.#name),
                    OldValue::Data => quote!(data.#name),
                })
            }
            ExprKind::StateData(state, index) => self.state_data(*state, *index, scope),
            ExprKind::Variant(id, variant, args) => {
                Code::Value(self.variant_value(*id, *variant, args, scope))
            }
            ExprKind::External(path, args) => Code::Value(self.external(path, args, scope)),
            ExprKind::Field(inner, field) => self.field_of(inner, field, scope),
            ExprKind::Call(function, args) => Code::Value(self.call(*function, args, scope)),
            ExprKind::Builtin(Builtin::Sure, args) => {
                let (of, place) = (self.read(&args[0], scope), self.place(expr.span));
                Code::Place(quote!(*__p::sure(&#of, #place)?))
            }
            ExprKind::Builtin(Builtin::Change, args) => Code::Value(self.change(args, expr, scope)),
            ExprKind::Builtin(builtin, args) => Code::Value(self.builtin(*builtin, args, scope)),
            ExprKind::In(state) => Code::Value(self.is_in(*state, scope)),
            ExprKind::Unary(op, inner) => Code::Value(self.unary(*op, inner, expr, scope)),
            ExprKind::Binary(op, left, right) => {
                Code::Value(self.binary(*op, left, right, expr, scope))
            }
        }
    }

    fn integer(&self, value: i128, ty: &Ty, expr: &Expr) -> TokenStream {
        let text = match ty {
            Ty::Int(int) => format!("{}{}", value.unsigned_abs(), int.text()),
            _ => value.unsigned_abs().to_string(),
        };
        self.number(&text, value < 0, expr)
    }

    fn float(&self, value: f64, ty: &Ty, expr: &Expr) -> TokenStream {
        let text = match ty {
            // Rounded here, once more and not otherwise than where it is interpreted.
            Ty::Float(crate::model::FloatTy::F32) => format!("{:?}f32", (value as f32).abs()),
            Ty::Float(crate::model::FloatTy::F64) => format!("{:?}f64", value.abs()),
            _ => format!("{:?}", value.abs()),
        };
        self.number(&text, value.is_sign_negative(), expr)
    }

    fn number(&self, text: &str, negative: bool, expr: &Expr) -> TokenStream {
        let mut literal: Literal =
            text.parse().expect("digits with a suffix are a literal of Rust");
        literal.set_span(self.span(expr.span));
        if negative { quote!((-#literal)) } else { quote!(#literal) }
    }

    fn context_field(&self, field: crate::model::FieldId, scope: &Scope) -> Code {
        if let Some((_, ahead)) = scope.ahead.iter().rfind(|(f, _)| *f == Field::Declared(field)) {
            return Code::Place(quote!(#ahead));
        }
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return Code::Value(TokenStream::new());
        };
        let declared = &fields[field.index()];
        let name = self.ident(&declared.param.name);
        Code::Place(match declared.late {
            true => quote!(*__p::there(&core.context.#name)),
            false => quote!(core.context.#name),
        })
    }

    fn state_data(&self, state: StateId, index: u32, scope: &Scope) -> Code {
        let wanted = Field::Data(state, index);
        if let Some((_, ahead)) = scope.ahead.iter().rfind(|(field, _)| *field == wanted) {
            return Code::Place(quote!(#ahead));
        }
        let field = self.data_field(state, index as usize);
        Code::Place(quote!(*__p::there(&core.data.#field)))
    }

    fn external_field(&self, name: &Name, scope: &Scope) -> Code {
        let field = Field::External(name.text.clone());
        if let Some((_, ahead)) = scope.ahead.iter().rfind(|(f, _)| *f == field) {
            return Code::Place(quote!(#ahead));
        }
        let span = self.span(name.span);
        let name = ident(&name.text, span);
        Code::Place(quote_spanned!(span=> core.context.#name))
    }

    fn bound(&self, reaction: ReactionId, index: u32, scope: &Scope) -> Code {
        let bindings = &self.chart.transitions[reaction.index()].bindings;
        let name = self.binding(&bindings[index as usize].name);
        if let Moment::Between(plan) = scope.moment
            && self.moves_result(plan)
        {
            return Code::Value(quote!(#name));
        }
        Code::Place(quote!(*#name))
    }

    fn variant_value(&self, id: TypeId, variant: u32, args: &[Expr], scope: &Scope) -> TokenStream {
        let ty = self.type_name(id);
        let (path, fields) = match &self.chart.declarations.types[id.index()].kind {
            TypeDeclKind::Enum(variants) => {
                let variant = &variants[variant as usize];
                let name = self.ident(&variant.name);
                (quote!(#ty::#name), &variant.fields)
            }
            // In scenarios.
            TypeDeclKind::Struct(fields) => (quote!(#ty), fields),
        };
        if fields.is_empty() {
            return path;
        }
        let fields = fields.iter().zip(args).map(|(field, arg)| {
            let (name, value) = (self.ident(&field.name), self.owned(arg, scope));
            quote!(#name: #value)
        });
        quote!(#path { #(#fields),* })
    }

    fn external(&self, path: &[Name], args: &Option<Vec<Expr>>, scope: &Scope) -> TokenStream {
        let path = path.iter().map(|s| super::names::path_ident(&s.text, self.span(s.span)));
        match args {
            None => quote!(#(#path)::*),
            Some(args) => {
                let args = args.iter().map(|arg| self.owned(arg, scope));
                quote!(#(#path)::*(#(#args),*))
            }
        }
    }

    fn field_of(&self, inner: &Expr, field: &FieldRef, scope: &Scope) -> Code {
        let value = self.read(inner, scope);
        let name = match (field, &inner.ty) {
            (FieldRef::Named(name), _) => self.ident(name),
            (FieldRef::Declared(index), Ty::Struct(id)) => {
                match &self.chart.declarations.types[id.index()].kind {
                    TypeDeclKind::Struct(fields) => self.ident(&fields[*index as usize].name),
                    TypeDeclKind::Enum(_) => format_ident!("unknown"),
                }
            }
            (FieldRef::Declared(index), Ty::Failure) => {
                format_ident!("{}", FAILURE_FIELDS[*index as usize])
            }
            (FieldRef::Declared(_), _) => format_ident!("unknown"),
        };
        Code::Place(quote!(#value.#name))
    }

    fn call(&self, function: FunctionId, args: &[Expr], scope: &Scope) -> TokenStream {
        let function = &self.chart.declarations.functions[function.index()];
        let name = self.ident(&function.name);
        let args = function.params.iter().zip(args).map(|(p, a)| self.argument(a, &p.ty, scope));
        quote!(__L::#name(#(#args),*))
    }

    fn builtin(&self, builtin: Builtin, args: &[Expr], scope: &Scope) -> TokenStream {
        let read = |at: usize| {
            let arg = self.read(&args[at], scope);
            quote!(#arg)
        };
        match builtin {
            Builtin::Some => {
                let value = self.owned(&args[0], scope);
                quote!(__p::Option::Some(#value))
            }
            Builtin::None => quote!(__p::Option::None),
            Builtin::Len => {
                let value = read(0);
                quote!((#value.len() as u64))
            }
            Builtin::IsEmpty => {
                let (value, method) = match &args[0].ty {
                    Ty::Option(_) => (read(0), format_ident!("is_none")),
                    _ => (read(0), format_ident!("is_empty")),
                };
                quote!(#value.#method())
            }
            Builtin::Contains => {
                let (value, part) = (read(0), read(1));
                match &args[0].ty {
                    Ty::String => quote!(#value.contains(#part.as_str())),
                    Ty::Map(..) => quote!(#value.contains_key(&#part)),
                    Ty::Option(_) => quote!((#value.as_ref() == __p::Option::Some(&#part))),
                    _ => quote!(#value.contains(&#part)),
                }
            }
            Builtin::Known => {
                let (value, places) = (self.owned(&args[0], scope), (1..args.len()).map(read));
                quote!(if true #(&& #places.is_some())* {
                    __p::Option::Some(#value)
                } else {
                    __p::Option::None
                })
            }
            Builtin::Append | Builtin::Failure => {
                let name = match builtin {
                    Builtin::Append => format_ident!("append"),
                    _ => format_ident!("failure"),
                };
                let args = args.iter().map(|arg| self.owned(arg, scope));
                quote!(__p::#name(#(#args),*))
            }
            Builtin::Text => {
                let parts = (0..args.len()).map(read);
                quote!(__p::text(&[#(&#parts),*]))
            }
            Builtin::Streak => {
                let (holds, before) = (read(0), read(1));
                quote!(__p::streak(#holds, #before))
            }
            // Written before: they are a place, or can fail.
            Builtin::Sure | Builtin::Change => TokenStream::new(),
            Builtin::Elapsed if matches!(scope.moment, Moment::Outside) => quote!(now),
            Builtin::Elapsed => {
                let entered = super::function("entered", elapsed_of(args, scope.owner));
                quote!(core.since(core.data.#entered))
            }
        }
    }

    fn change(&self, args: &[Expr], whole: &Expr, scope: &Scope) -> TokenStream {
        let (now, before) = (self.owned(&args[0], scope), self.owned(&args[1], scope));
        if matches!(whole.ty, Ty::Float(_)) {
            return quote!((#now - #before).abs());
        }
        let place = self.place(whole.span);
        quote!(__p::change(#now, #before, #place)?)
    }

    fn unary(&self, op: UnaryOp, inner: &Expr, whole: &Expr, scope: &Scope) -> TokenStream {
        match (op, &whole.ty) {
            (UnaryOp::Not, _) => {
                let value = self.read(inner, scope);
                quote!((!#value))
            }
            (UnaryOp::Neg, Ty::Float(_)) => {
                let value = self.read(inner, scope);
                quote!((-#value))
            }
            (UnaryOp::Neg, _) => {
                let (value, place) = (self.owned(inner, scope), self.place(whole.span));
                quote!(__p::neg(#value, #place)?)
            }
        }
    }

    fn binary(
        &self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
        scope: &Scope,
    ) -> TokenStream {
        use BinaryOp as B;
        if matches!(op, B::Eq | B::Ne) {
            return self.equality(op, left, right, scope);
        }
        let float = matches!(whole.ty, Ty::Float(_));
        if float || !matches!(op, B::Add | B::Sub | B::Mul | B::Div | B::Rem) {
            let (a, b) = (self.read(left, scope), self.read(right, scope));
            let op = operator(op);
            return quote!((#a #op #b));
        }
        let (a, b) = (self.owned(left, scope), self.owned(right, scope));
        let place = self.place(whole.span);
        match (op, &left.ty, &right.ty) {
            (B::Add, ..) => quote!(__p::add(#a, #b, #place)?),
            (B::Sub, ..) => quote!(__p::sub(#a, #b, #place)?),
            (B::Mul, Ty::Duration, _) => quote!(__p::scale(#a, #b, #place)?),
            (B::Mul, _, Ty::Duration) => quote!(__p::scale(#b, #a, #place)?),
            (B::Mul, ..) => quote!(__p::mul(#a, #b, #place)?),
            (B::Div, Ty::Duration, _) => quote!(__p::share(#a, #b, #place)?),
            (B::Div, ..) => quote!(__p::div(#a, #b, #place)?),
            _ => quote!(__p::rem(#a, #b, #place)?),
        }
    }

    fn equality(&self, op: BinaryOp, left: &Expr, right: &Expr, scope: &Scope) -> TokenStream {
        let op = operator(op);
        let text = |expr: &Expr| match (&expr.kind, &expr.ty) {
            (ExprKind::String(text), Ty::String | Ty::Unknown) => Some(quote!(#text)),
            _ => None,
        };
        match (text(left), text(right)) {
            (Some(a), Some(b)) => quote!((#a #op #b)),
            (Some(a), None) => {
                let b = self.read(right, scope);
                quote!((*#a #op *#b))
            }
            (None, Some(b)) => {
                let a = self.read(left, scope);
                quote!((*#a #op *#b))
            }
            (None, None) => {
                let (a, b) = (self.read(left, scope), self.read(right, scope));
                // An empty list says of no type, and lists of several types can be compared.
                match [left, right].iter().any(|side| matches!(side.kind, ExprKind::List(_))) {
                    true => quote!((__p::same(&#a, &#b) #op true)),
                    false => quote!((#a #op #b)),
                }
            }
        }
    }
}

fn operator(op: BinaryOp) -> TokenStream {
    op.text().parse().expect("operators of the language are operators of Rust")
}

/// True if reading the expression can fail.
pub(super) fn is_fallible(expr: &Expr) -> bool {
    use BinaryOp as B;
    let all = |exprs: &[Expr]| exprs.iter().any(is_fallible);
    let checked = !matches!(expr.ty, Ty::Float(_));
    match &expr.kind {
        ExprKind::List(items) | ExprKind::Variant(_, _, items) => all(items),
        ExprKind::External(_, args) => args.as_ref().is_some_and(|args| all(args)),
        ExprKind::Field(inner, _) => is_fallible(inner),
        ExprKind::Builtin(Builtin::Sure, _) => true,
        ExprKind::Builtin(Builtin::Change, args) => checked || all(args),
        ExprKind::Call(_, args) | ExprKind::Builtin(_, args) => all(args),
        ExprKind::Unary(op, inner) => (*op == UnaryOp::Neg && checked) || is_fallible(inner),
        ExprKind::Binary(op, left, right) => {
            let arithmetic = matches!(op, B::Add | B::Sub | B::Mul | B::Div | B::Rem);
            (arithmetic && checked) || is_fallible(left) || is_fallible(right)
        }
        _ => false,
    }
}
