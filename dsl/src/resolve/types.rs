//! The types of a package: what `enum`, `struct` and `use` declare, and what a written type means.

use super::names::{Names, declared_twice};
use super::package::Package;
use super::suggest::{Patience, suggest};
use crate::ast::{self, Item, Name};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    FloatTy, GENERATED, IntTy, Param, Ty, TypeDecl, TypeDeclKind, TypeId, UseDecl, Variant,
};
use crate::span::Span;
use crate::spelling::BUILT_IN;
use std::collections::BTreeSet;

/// What a name of a type stands for.
#[derive(Clone, Copy, Debug)]
enum Named {
    Declared(TypeId),
    /// A Rust type, by `use`: index into [`Types::uses`].
    Rust(u32),
}

/// The type of an error as it is caught, where no type of that name is declared.
const FAILURE: &str = "Failure";

/// The same as a Rust type, as annotated modules name it.
const RUST_FAILURE: [&str; 2] = ["statewright", FAILURE];

/// All types of a package, in one namespace: imported files first, then in the order written.
#[derive(Debug, Default)]
pub(super) struct Types<'a> {
    /// `enum` and `struct`.
    pub(super) decls: Vec<TypeDecl>,
    /// `use`, each path once.
    pub(super) uses: Vec<UseDecl>,
    /// Types that other types use.
    pub(super) used: BTreeSet<TypeId>,
    names: Names<'a, Named>,
    /// The fields of a struct, the variants of an enum: by type.
    members: Vec<Names<'a, u32>>,
    /// For suggestions, of types and of everything else.
    pub(super) patience: Patience,
}

/// True if two types are declared alike, but for what is said of them.
fn is_same(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Enum(a), Item::Enum(b)) => {
            let mut pairs = a.variants.iter().zip(&b.variants);
            a.variants.len() == b.variants.len()
                && pairs
                    .all(|(a, b)| a.name.text == b.name.text && same_fields(&a.params, &b.params))
        }
        (Item::Struct(a), Item::Struct(b)) => same_fields(&a.fields, &b.fields),
        _ => false,
    }
}

fn same_fields(a: &[ast::Param], b: &[ast::Param]) -> bool {
    let same =
        |(a, b): (&ast::Param, &ast::Param)| a.name.text == b.name.text && same_type(&a.ty, &b.ty);
    a.len() == b.len() && a.iter().zip(b).all(same)
}

fn same_type(a: &ast::Type, b: &ast::Type) -> bool {
    a.path.text() == b.path.text()
        && a.args.len() == b.args.len()
        && a.args.iter().zip(&b.args).all(|(a, b)| same_type(a, b))
}

/// Words that people of other languages write for a type.
const FOREIGN: [(&str, &str); 13] = [
    ("int", "i64"),
    ("integer", "i64"),
    ("uint", "u64"),
    ("usize", "u64"),
    ("isize", "i64"),
    ("float", "f64"),
    ("double", "f64"),
    ("number", "f64"),
    ("str", "String"),
    ("char", "String"),
    ("boolean", "bool"),
    ("Dictionary", "Map"),
    ("BTreeMap", "Map"),
];

impl<'a> Types<'a> {
    /// Declares all types of the package, then works out their fields.
    pub(super) fn collect(package: &'a Package, d: &mut Diagnostics) -> Self {
        let mut types = Self::default();
        let mut heads = Vec::new();
        for file in package.imported_first() {
            for item in &package.files[file].tree.items {
                types.declare(item, file != 0, &mut heads, d);
            }
        }
        for (id, item) in heads.into_iter().enumerate() {
            types.fill(id, item, d);
        }
        types
    }

    fn declare(
        &mut self,
        item: &'a Item,
        imported: bool,
        heads: &mut Vec<&'a Item>,
        d: &mut Diagnostics,
    ) {
        let (meta, name, kind) = match item {
            Item::Use(use_) => return use_.imports.iter().for_each(|name| self.bring_in(name, d)),
            Item::Enum(decl) => (&decl.meta, &decl.name, TypeDeclKind::Enum(Vec::new())),
            Item::Struct(decl) => (&decl.meta, &decl.name, TypeDeclKind::Struct(Vec::new())),
            Item::Import(_) | Item::Machine(_) | Item::Scenario(_) => return,
        };
        if let Some((Named::Declared(known), place)) = self.names.find(&name.text)
            && place.source != name.span.source
            && is_same(heads[known.index()], item)
        {
            self.decls[known.index()].imported &= imported;
            return;
        }
        check_type_name(name, d);
        let id = TypeId(self.decls.len() as u32);
        self.names.declare("type", name, Named::Declared(id), d);
        let docs = meta.docs.clone();
        self.decls.push(TypeDecl { name: name.clone(), docs, kind, imported });
        heads.push(item);
    }

    /// Where a type of this name is declared or brought in.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        self.names.find(name).map(|(_, span)| span)
    }

    /// `use a::B as C`. Two files may bring in the same path.
    fn bring_in(&mut self, import: &'a ast::UseName, d: &mut Diagnostics) {
        let Some(last) = import.path.segments.last() else { return };
        let name = import.alias.as_ref().unwrap_or(last);
        let path: Vec<String> = import.path.segments.iter().map(|s| s.text.clone()).collect();
        let alias = import.alias.as_ref().map(|alias| alias.text.clone());
        if GENERATED.contains(&name.text.as_str()) {
            let (text, path) = (&name.text, path.join("::"));
            let message = format!("`{text}` is a type that is generated for every machine");
            d.push(
                Diagnostic::new(Code::NotAnIdentifier, name.span, message)
                    .at("cannot be brought in under this name")
                    .help(format!("give it another name: `use {path} as My{text}`")),
            );
        }
        let decl = UseDecl { path, alias, span: import.path.span };
        if name.text != "*" {
            match self.names.find(&name.text) {
                Some((Named::Rust(known), _)) if self.uses[known as usize] == decl => return,
                Some((_, first)) => d.push(declared_twice("type", name, first)),
                None => self.names.insert(name, Named::Rust(self.uses.len() as u32)),
            }
        }
        self.uses.push(decl);
    }

    fn fill(&mut self, id: usize, item: &'a Item, d: &mut Diagnostics) {
        let mut members = Names::default();
        let kind = match item {
            Item::Enum(decl) => {
                let mut variants = Vec::with_capacity(decl.variants.len());
                for (index, variant) in decl.variants.iter().enumerate() {
                    members.declare("variant", &variant.name, index as u32, d);
                    let fields = self.fields("field", &variant.params, d);
                    let docs = variant.meta.docs.clone();
                    variants.push(Variant { name: variant.name.clone(), docs, fields });
                }
                TypeDeclKind::Enum(variants)
            }
            Item::Struct(decl) => {
                for (index, field) in decl.fields.iter().enumerate() {
                    members.insert(&field.name, index as u32);
                }
                TypeDeclKind::Struct(self.fields("field", &decl.fields, d))
            }
            _ => return,
        };
        self.decls[id].kind = kind;
        self.members.push(members);
    }

    fn fields(&mut self, what: &str, params: &'a [ast::Param], d: &mut Diagnostics) -> Vec<Param> {
        let mut used = std::mem::take(&mut self.used);
        let fields = self.params(what, params, &mut used, d);
        self.used = used;
        for param in params {
            no_default(param, d);
        }
        fields
    }

    /// Names and types of a list of parameters; their defaults are left out.
    pub(super) fn params(
        &self,
        what: &str,
        params: &'a [ast::Param],
        used: &mut BTreeSet<TypeId>,
        d: &mut Diagnostics,
    ) -> Vec<Param> {
        let mut names = Names::default();
        let mut resolved = Vec::with_capacity(params.len());
        for param in params {
            names.declare(what, &param.name, (), d);
            resolved.push(Param {
                name: param.name.clone(),
                ty: self.resolve(&param.ty, used, d),
                default: None,
                docs: param.meta.docs.clone(),
                made: param.made,
            });
        }
        resolved
    }

    /// What a written type means; [`Ty::Unknown`] after an error.
    pub(super) fn resolve(
        &self,
        written: &ast::Type,
        used: &mut BTreeSet<TypeId>,
        d: &mut Diagnostics,
    ) -> Ty {
        let args: Vec<Ty> = written.args.iter().map(|arg| self.resolve(arg, used, d)).collect();
        let [name] = written.path.segments.as_slice() else {
            let path: Vec<String> = written.path.segments.iter().map(|s| s.text.clone()).collect();
            let is_failure = args.is_empty() && path == RUST_FAILURE;
            return if is_failure { Ty::Failure } else { Ty::Rust { path, args } };
        };
        if name.text == ast::Type::FAILURE {
            return Ty::Failure;
        }
        // A declared type that is called like one of the language has an error already.
        let declared = args.is_empty() && self.declared(&name.text).is_some();
        if let Some(wanted) = arity(&name.text).filter(|_| !declared) {
            if args.len() != wanted {
                d.push(wrong_type_arguments(written, wanted));
                return Ty::Unknown;
            }
            return built_in(&name.text, args, written, d);
        }
        match self.names.get(&name.text) {
            Some(Named::Rust(_)) if args.is_empty() && self.is_failure(&name.text) => Ty::Failure,
            Some(Named::Rust(_)) => Ty::Rust { path: vec![name.text.clone()], args },
            Some(Named::Declared(id)) => {
                used.insert(id);
                if !args.is_empty() {
                    d.push(wrong_type_arguments(written, 0));
                }
                match self.decls[id.index()].kind {
                    TypeDeclKind::Enum(_) => Ty::Enum(id),
                    TypeDeclKind::Struct(_) => Ty::Struct(id),
                }
            }
            None if name.text == FAILURE && args.is_empty() => Ty::Failure,
            None => {
                d.push(self.unknown(name));
                Ty::Unknown
            }
        }
    }

    /// True for a name under which the type of errors is used as the Rust type that it is.
    fn is_failure(&self, name: &str) -> bool {
        let named = self.names.get(name);
        matches!(named, Some(Named::Rust(at)) if self.uses[at as usize].path == RUST_FAILURE)
    }

    fn unknown(&self, name: &Name) -> Diagnostic {
        let message = format!("unknown type `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
        if let Some((_, known)) = FOREIGN.iter().find(|(foreign, _)| *foreign == name.text) {
            return diagnostic.at(format!("the language calls it `{known}`")).fix(
                &format!("write `{known}`"),
                name.span,
                *known,
            );
        }
        if matches!(name.text.as_str(), "i128" | "u128") {
            return diagnostic.at("integers have up to 64 bits").help(
                "they are `i8`, `i16`, `i32`, `i64`, `u8`, `u16`, `u32` and `u64`; a larger number is a \
                 Rust type of yours, by `use`",
            );
        }
        let built_in = BUILT_IN.iter().map(|name| (*name, Span::default()));
        suggest(diagnostic, name, self.patience.with(self.names.places().chain(built_in)))
            .help("declare it with `enum` or `struct`, or bring in a Rust type with `use`")
    }

    /// The declared type of this name.
    pub(super) fn declared(&self, name: &str) -> Option<TypeId> {
        match self.names.get(name) {
            Some(Named::Declared(id)) => Some(id),
            _ => None,
        }
    }

    /// True for the name of a Rust type that a `use` brings in.
    pub(super) fn is_rust(&self, name: &str) -> bool {
        matches!(self.names.get(name), Some(Named::Rust(_)))
    }

    /// All names of types with their places.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'a str, Span)> + '_ {
        self.names.places()
    }

    /// The variants of an enum or the fields of a struct, by name.
    pub(super) fn members(&self, id: TypeId) -> &Names<'a, u32> {
        &self.members[id.index()]
    }

    /// The type of a field of a declared struct.
    pub(super) fn field_type(&self, id: TypeId, field: u32) -> Ty {
        match &self.decls[id.index()].kind {
            TypeDeclKind::Struct(fields) => {
                fields.get(field as usize).map_or(Ty::Unknown, |field| field.ty.clone())
            }
            TypeDeclKind::Enum(_) => Ty::Unknown,
        }
    }

    /// A variant of a declared enum.
    pub(super) fn variant(&self, id: TypeId, index: u32) -> Option<&Variant> {
        match &self.decls[id.index()].kind {
            TypeDeclKind::Enum(variants) => variants.get(index as usize),
            TypeDeclKind::Struct(_) => None,
        }
    }

    /// A type as it is written.
    pub(super) fn text(&self, ty: &Ty) -> String {
        ty.text(&self.decls)
    }

    /// What a final state gives, in words.
    pub(super) fn given(&self, data: &[Param]) -> String {
        let data =
            data.iter().map(|param| format!("{}: {}", param.name.text, self.text(&param.ty)));
        let data: Vec<String> = data.collect();
        if data.is_empty() { "nothing".to_owned() } else { data.join(", ") }
    }
}

/// How many type arguments a built-in type takes.
fn arity(name: &str) -> Option<usize> {
    match name {
        "Vec" | "Option" => Some(1),
        "Map" => Some(2),
        _ => BUILT_IN.contains(&name).then_some(0),
    }
}

fn built_in(name: &str, args: Vec<Ty>, written: &ast::Type, d: &mut Diagnostics) -> Ty {
    let mut args = args.into_iter();
    let mut next = || Box::new(args.next().unwrap_or(Ty::Unknown));
    match name {
        "bool" => Ty::Bool,
        "i8" => Ty::Int(IntTy::I8),
        "i16" => Ty::Int(IntTy::I16),
        "i32" => Ty::Int(IntTy::I32),
        "i64" => Ty::Int(IntTy::I64),
        "u8" => Ty::Int(IntTy::U8),
        "u16" => Ty::Int(IntTy::U16),
        "u32" => Ty::Int(IntTy::U32),
        "u64" => Ty::Int(IntTy::U64),
        "f32" => Ty::Float(FloatTy::F32),
        "f64" => Ty::Float(FloatTy::F64),
        "String" => Ty::String,
        "Duration" => Ty::Duration,
        "Vec" => Ty::Vec(next()),
        "Option" => {
            let inner = next();
            if let Ty::Option(_) = *inner {
                d.push(nested_option(written));
                return Ty::Unknown;
            }
            Ty::Option(inner)
        }
        _ => {
            let (key, value) = (next(), next());
            if !can_be_key(&key) {
                d.push(no_key(&written.args[0]));
                return Ty::Unknown;
            }
            Ty::Map(key, value)
        }
    }
}

/// Keys of a map need an order, which declared types and floats have not.
fn can_be_key(ty: &Ty) -> bool {
    matches!(ty, Ty::Bool | Ty::Int(_) | Ty::String | Ty::Duration | Ty::Rust { .. } | Ty::Unknown)
}

fn no_key(key: &ast::Type) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, key.span, "this type cannot be the key of a `Map`")
        .at("has no order")
        .help("keys are `bool`, integers, `String`, `Duration`, or Rust types with an order")
}

/// In JSON, and so in a store, `some(none)` is written as `none` is.
fn nested_option(written: &ast::Type) -> Diagnostic {
    let message = "an `Option` of an `Option` cannot be kept";
    Diagnostic::new(Code::TypeMismatch, written.span, message)
        .at("`some(none)` and `none` are stored alike")
        .help("name the cases: `enum Answer { Unasked, Nothing, Given(value: T) }`")
}

fn wrong_type_arguments(written: &ast::Type, wanted: usize) -> Diagnostic {
    let takes = match wanted {
        0 => "no type arguments".to_owned(),
        1 => "one type argument".to_owned(),
        more => format!("{more} type arguments"),
    };
    let message = format!("`{}` takes {takes}", written.path.text());
    Diagnostic::new(Code::TypeMismatch, written.span, message)
        .at(format!("has {}", written.args.len()))
}

fn check_type_name(name: &Name, d: &mut Diagnostics) {
    let text = name.text.as_str();
    let taken = if BUILT_IN.contains(&text) {
        "a type of the language"
    } else if GENERATED.contains(&text) {
        "a type that is generated for every machine"
    } else {
        return;
    };
    let message = format!("`{text}` is {taken}");
    d.push(
        Diagnostic::new(Code::NotAnIdentifier, name.span, message)
            .at("cannot be declared")
            .help(format!("give it another name, as `My{text}`")),
    );
}

/// Defaults make sense for the context and for data of states only.
pub(super) fn no_default(param: &ast::Param, d: &mut Diagnostics) {
    if let Some(default) = &param.default {
        d.push(
            Diagnostic::new(Code::TypeMismatch, default.span, "a default has no meaning here")
                .at("never used")
                .help("only fields of the context and data of states have defaults"),
        );
    }
}
