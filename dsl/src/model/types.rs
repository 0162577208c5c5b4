//! Types of values, and the types that a file declares.

use super::{Expr, Name, TypeId};
use crate::span::Span;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `bool`
    Bool,
    /// `i8` .. `u64`
    Int(IntTy),
    /// `f32`, `f64`
    Float(FloatTy),
    /// `String`
    String,
    /// `Duration`: `std::time::Duration` in Rust, whole milliseconds in the language.
    Duration,
    /// `Vec<T>`
    Vec(Box<Ty>),
    /// `Option<T>`
    Option(Box<Ty>),
    /// `Map<K, V>`: `BTreeMap` in Rust.
    Map(Box<Ty>, Box<Ty>),
    /// An `enum` of the file.
    Enum(TypeId),
    /// A `struct` of the file.
    Struct(TypeId),
    /// A Rust type brought in by `use`: stored and passed, never looked into.
    Rust {
        /// The path as the generated code writes it, as `Money` or `crate::model::Money`.
        path: Vec<String>,
        /// Its type arguments.
        args: Vec<Ty>,
    },
    /// A caught error of any kind: it has a `name` and a `message`.
    Failure,
    /// Not known to the compiler: of an external context or event (rustc checks it), or the type
    /// of an expression that had an error. Agrees with everything, so one mistake is one message.
    Unknown,
}

impl Ty {
    /// It as it is written, given the types that its file declares.
    pub fn text(&self, declared: &[TypeDecl]) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Int(int) => int.text().to_owned(),
            Self::Float(FloatTy::F32) => "f32".to_owned(),
            Self::Float(FloatTy::F64) => "f64".to_owned(),
            Self::String => "String".to_owned(),
            Self::Duration => "Duration".to_owned(),
            Self::Vec(item) => format!("Vec<{}>", item.text(declared)),
            Self::Option(item) => format!("Option<{}>", item.text(declared)),
            Self::Map(key, value) => {
                format!("Map<{}, {}>", key.text(declared), value.text(declared))
            }
            Self::Enum(id) | Self::Struct(id) => declared[id.index()].name.text.clone(),
            Self::Rust { path, args } if args.is_empty() => path.join("::"),
            Self::Rust { path, args } => {
                let args: Vec<String> = args.iter().map(|arg| arg.text(declared)).collect();
                format!("{}<{}>", path.join("::"), args.join(", "))
            }
            Self::Failure => "error".to_owned(),
            Self::Unknown => "_".to_owned(),
        }
    }
}

/// Integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum IntTy {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl IntTy {
    /// How Rust and the language write it.
    pub fn text(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        }
    }

    /// The smallest and the largest value.
    pub fn range(self) -> (i128, i128) {
        match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::I64 => (i64::MIN.into(), i64::MAX.into()),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
        }
    }
}

/// Floating point types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FloatTy {
    F32,
    F64,
}

/// The types that the module of every machine has already: no declared type can be called so.
pub const GENERATED: [&str; 11] = [
    "State", "Event", "Output", "Context", "Start", "Machine", "Logic", "Actions", "Snapshot",
    "In", "Chart",
];

/// The fields of [`Ty::Failure`], all of them strings.
pub const FAILURE_FIELDS: [&str; 2] = ["name", "message"];

/// A name with a type, as in payloads, state data and parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// `= default`, for state data: used where the state is entered without values.
    pub default: Option<Expr>,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Nobody has written it: a construct needs it.
    pub made: bool,
}

impl Param {
    /// True for data of a state that no name reaches, and that is nothing to those who look at a
    /// state.
    pub fn is_hidden(&self) -> bool {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        self.made && !self.name.text.chars().all(is_name)
    }
}

/// An `enum` or `struct` of the file or of one that it imports.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDecl {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: TypeDeclKind,
    /// True if it comes from an imported file.
    pub imported: bool,
}

/// The two kinds of declared types.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeDeclKind {
    /// Variants, in order.
    Enum(Vec<Variant>),
    /// Fields, in order.
    Struct(Vec<Param>),
}

/// A variant of a declared enum; a struct variant in Rust if it has fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its fields.
    pub fields: Vec<Param>,
}

/// A name that `use` brings in.
#[derive(Clone, Debug, PartialEq)]
pub struct UseDecl {
    /// The full path.
    pub path: Vec<String>,
    /// `as Name`.
    pub alias: Option<String>,
    /// The path's place.
    pub span: Span,
}
