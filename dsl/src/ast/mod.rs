//! The syntax tree: what was written, in the order in which it was written, nothing resolved.
//!
//! Both doors make it. Spans are not part of equality, so trees from different doors compare.
//! `parse` builds it, `resolve` and `format` read it; nothing else does.

mod expr;
mod orchestration;
mod part;
mod scenario;
mod state;

pub use expr::*;
pub use orchestration::*;
pub use part::*;
pub use scenario::*;
pub use state::*;

use crate::span::Span;

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The word, without `r#`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Names joined by `::`, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names in order.
    pub segments: Vec<Name>,
    /// All of it.
    pub span: Span,
}

impl Path {
    /// The text with `::` between the names.
    pub fn text(&self) -> String {
        self.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("::")
    }
}

/// `@id("paid")` and its like, with arguments as expressions (a code, as in `@allow(W0503, ..)`, is
/// a path of one name).
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// The word behind `@`.
    pub name: Name,
    /// What stands in the parentheses.
    pub args: Vec<Expr>,
    /// From `@` to the end.
    pub span: Span,
}

/// What stands in front of an item: `///` lines and annotations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// The `///` lines without the slashes and one leading space.
    pub docs: Vec<String>,
    /// The annotations in order.
    pub annotations: Vec<Annotation>,
}

impl Meta {
    /// True with `@readonly`: it leaves nothing behind.
    pub fn is_readonly(&self) -> bool {
        self.annotations.iter().any(|annotation| annotation.name.text == "readonly")
    }

    /// True with `@outcome(failure)`.
    pub fn is_failure(&self) -> bool {
        self.annotations.iter().any(|a| a.name.text == "outcome" && a.word() == Some("failure"))
    }
}

impl Annotation {
    /// The word that stands in the parentheses, if nothing else does.
    pub fn word(&self) -> Option<&str> {
        match self.args.as_slice() {
            [Expr { kind: ExprKind::Path(path), .. }] => match path.segments.as_slice() {
                [name] => Some(&name.text),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A `.flow` file, or the text of a macro.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The `//!` lines without the marks and one leading space.
    pub docs: Vec<String>,
    /// What the file declares, in order.
    pub items: Vec<Item>,
}

/// Something that stands at the top of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `use rust::path;`
    Use(Use),
    /// `import "other.flow"`
    Import(Import),
    /// `enum Lamp { Red, Green }`
    Enum(EnumDecl),
    /// `struct Review { score: f64 }`
    Struct(StructDecl),
    /// `machine Door { .. }`
    Machine(Machine),
    /// `scenario "title" { .. }`
    Scenario(Scenario),
}

impl Item {
    /// Where it stands; of a machine its head.
    pub fn span(&self) -> Span {
        match self {
            Self::Use(item) => item.span,
            Self::Import(item) => item.span,
            Self::Enum(item) => item.span,
            Self::Struct(item) => item.span,
            Self::Machine(item) => item.span,
            Self::Scenario(item) => item.span,
        }
    }
}

/// One `use` of Rust types, flattened: `use a::{B, c::D as E}` gives two.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The names it brings in.
    pub imports: Vec<UseName>,
    /// All of it.
    pub span: Span,
}

/// One name that a `use` brings in.
#[derive(Clone, Debug, PartialEq)]
pub struct UseName {
    /// The full Rust path.
    pub path: Path,
    /// `as Name`.
    pub alias: Option<Name>,
}

/// `import "other.flow"`
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The path as written, relative to the importing file.
    pub path: String,
    /// The string.
    pub span: Span,
}

/// `enum Lamp { Red, Flashing(period: Duration) }`
#[derive(Clone, Debug, PartialEq)]
pub struct EnumDecl {
    /// Docs and annotations.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// Its variants, at least one.
    pub variants: Vec<VariantDecl>,
    /// All of it.
    pub span: Span,
}

/// A variant of a declared enum.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantDecl {
    /// Docs and annotations.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// Its fields; empty for a plain variant.
    pub params: Vec<Param>,
}

/// `struct Review { score: f64, notes: String }`
#[derive(Clone, Debug, PartialEq)]
pub struct StructDecl {
    /// Docs and annotations.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// Its fields.
    pub fields: Vec<Param>,
    /// All of it.
    pub span: Span,
}

/// `name: Type`, with `= default` where the place allows one.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Docs and annotations; only fields of structs can have them.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// `= default`.
    pub default: Option<Expr>,
    /// Nobody has written it: a construct needs it.
    pub made: bool,
}

/// `Vec<Item>`, `Money`, `String`. `T?` is `Option<T>` and is stored as that.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// The name, with `::` for a Rust path.
    pub path: Path,
    /// What stands between `<` and `>`.
    pub args: Vec<Type>,
    /// All of it.
    pub span: Span,
}

impl Type {
    /// The name of the type of caught errors, which no text can name.
    pub const FAILURE: &'static str = "{error}";

    /// The type as it is written.
    pub fn text(&self) -> String {
        let args: Vec<String> = self.args.iter().map(Type::text).collect();
        match args.is_empty() {
            true => self.path.text(),
            false => format!("{}<{}>", self.path.text(), args.join(", ")),
        }
    }
}

/// `[durable] machine Name [version N] { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// Docs and annotations.
    pub meta: Meta,
    /// `durable`.
    pub durable: Option<Span>,
    /// Its name.
    pub name: Name,
    /// `version N`.
    pub version: Option<u64>,
    /// What it declares, in order.
    pub items: Vec<MachineItem>,
    /// The head, for messages.
    pub span: Span,
}

/// Something that stands directly in a machine. States and behaviour are the same as in a state.
// The large variant is the usual one, so boxing it would only cost.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum MachineItem {
    /// `key order_id`
    Key(Name),
    /// `context { .. }`
    Context(Context),
    /// `context path::Type`: the context is the user's own Rust type.
    ExternalContext(Path),
    /// `event Submit(items: Vec<Item>)`
    Event(Signature),
    /// `events path::Type`: the events are the user's own Rust enum.
    ExternalEvents(Path),
    /// `output Answered(answer: Answer)`
    Output(Signature),
    /// `outputs path::Type`: the outputs are the user's own Rust enum.
    ExternalOutputs(Path),
    /// `[transient] error Declined(reason: String)`
    Error {
        /// `transient`.
        transient: bool,
        /// Name and payload.
        signature: Signature,
    },
    /// `guard is_large(total: Money)`
    Guard(Signature),
    /// `fn total_of(items: Vec<Item>) -> Money`
    Fn(Signature),
    /// `action show(lamp: Lamp)`
    Action(Signature),
    /// `activity charge(..) -> Receipt raises Declined`
    Activity {
        /// Name, parameters and result.
        signature: Signature,
        /// The errors behind `raises`.
        raises: Vec<Name>,
        /// `cache for 5m by (id)`.
        cache: Option<Cache>,
        /// `coalesce by (id)`.
        coalesce: Option<Coalesce>,
    },
    /// `policy gateway { .. }`
    Policy(Policy),
    /// `property "title": always EXPR`
    Property(Property),
    /// `scenario "title" { .. }`
    Scenario(Scenario),
    /// `migrate from 1 { .. }`
    Migrate(Migrate),
    /// What may also stand in a state: `state`, `on`, `initial do ..`, `invariant` ...
    State(StateItem),
}

/// `migrate from 1 { .. }`: what becomes of instances of an old version.
#[derive(Clone, Debug, PartialEq)]
pub struct Migrate {
    /// The version.
    pub from: u64,
    /// What it says, in order.
    pub items: Vec<MigrateItem>,
    /// The version, for messages.
    pub place: Span,
    /// All of it.
    pub span: Span,
}

/// A statement of a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrateItem {
    /// What it says.
    pub kind: MigrateItemKind,
    /// All of it.
    pub span: Span,
}

/// The statements of migrations.
#[derive(Clone, Debug, PartialEq)]
pub enum MigrateItemKind {
    /// `old(cents: u64)`: what is read of the old context.
    Old(Vec<Param>),
    /// `state Old(data: T) -> New(data)`
    State {
        /// The old state.
        old: Path,
        /// What is read of its data.
        data: Vec<Param>,
        /// Where it leads.
        new: Vec<TargetState>,
    },
    /// `set field = EXPR`
    Set(Name, Expr),
}

/// The head of a declaration: a name, parameters, and a result for those that have one.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Docs and annotations.
    pub meta: Meta,
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Behind `->`.
    pub result: Option<Type>,
    /// All of it.
    pub span: Span,
}

/// `context { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// Docs and annotations.
    pub meta: Meta,
    /// The fields in order.
    pub fields: Vec<ContextField>,
    /// All of it.
    pub span: Span,
}

/// `[late] name: Type [= default]`
#[derive(Clone, Debug, PartialEq)]
pub struct ContextField {
    /// `late`: set by a transition, proved set before it is read.
    pub late: Option<Span>,
    /// Docs, name, type, default.
    pub param: Param,
}
