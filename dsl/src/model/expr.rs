//! Typed expressions.

use super::{EventId, FieldId, FunctionId, Name, ReactionId, StateId, Ty, TypeId};
use crate::ast::{BinaryOp, UnaryOp};
use crate::span::Span;

/// An expression with its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type. Literals have the type that their place asks for.
    pub ty: Ty,
    /// Where it stands.
    pub span: Span,
}

/// The forms of typed expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `true`
    Bool(bool),
    /// An integer literal, in the range of its type; a leading `-` is folded in.
    Int(i128),
    /// A floating point literal.
    Float(f64),
    /// A string literal.
    String(String),
    /// A duration in milliseconds.
    Duration(u64),
    /// `[a, b]`
    List(Vec<Expr>),
    /// A field of the declared context.
    Context(FieldId),
    /// A field of an external context.
    ExternalContext(Name),
    /// A value bound by the pattern of the reaction it stands in: index into
    /// [`Reaction::bindings`](super::Reaction::bindings).
    Binding(ReactionId, u32),
    /// In a branch of the fan-out of a state: its value of the list, or its result.
    Branch(StateId, super::BranchValue),
    /// In a migration: a field of the old context, or a name for data of the old state.
    Old(OldValue, Name),
    /// Data of a state that is active here: index into [`State::data`](super::State::data).
    StateData(StateId, u32),
    /// A variant of a declared enum with values for its fields in declared order.
    Variant(TypeId, u32, Vec<Expr>),
    /// A path or call that only rustc understands, as `Key::Enter` in a machine with external
    /// events: the path, and arguments if it is called.
    External(Vec<Name>, Option<Vec<Expr>>),
    /// A field of a declared struct, by index; of an unknown type by name.
    Field(Box<Expr>, FieldRef),
    /// A declared guard or fn.
    Call(FunctionId, Vec<Expr>),
    /// A built-in function.
    Builtin(Builtin, Vec<Expr>),
    /// `in(State)`
    In(StateId),
    /// `!x`, `-x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`. Integer and duration arithmetic is checked: overflow is an error of the step.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
}

/// Where a migration reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldValue {
    /// `old.field`
    Context,
    /// The data of the old state.
    Data,
}

/// Which field of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldRef {
    /// Index into the fields of the declared struct.
    Declared(u32),
    /// Of a value whose type only rustc knows.
    Named(Name),
}

/// The built-in functions of the core language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `some(x)`
    Some,
    /// `none`, without arguments
    None,
    /// `len(x)` of a `String` (in bytes), `Vec` or `Map`: `u64`
    Len,
    /// `is_empty(x)`
    IsEmpty,
    /// `contains(x, y)`: of a `Vec` (element), `String` (part), `Map` (key) or `Option` (value)
    Contains,
    /// `elapsed()`: time since the state that the expression stands in was entered, or since a state
    /// around it was, named by `in(..)` as the only argument: what stands in a saga is looked at in the
    /// states of its steps.
    Elapsed,
    /// The value of an `Option` that is known to be set; an error of the step if it is not. This
    /// and the following nobody can write.
    Sure,
    /// `some(x)` of the first if all others, which are `Option`s, are set; `none` if not.
    Known,
    /// The list with one item more.
    Append,
    /// An error with a name and a message.
    Failure,
    /// Texts, one behind the other.
    Text,
    /// `change(x)`: how far the first is from the second, which it was one round before.
    Change,
    /// For how many rounds a condition holds now: one more than the second if the first holds, none
    /// if not.
    Streak,
}

/// The state whose time an `elapsed()` with these arguments tells that stands in another.
pub fn elapsed_of(args: &[Expr], owner: StateId) -> StateId {
    match args {
        [Expr { kind: ExprKind::In(state), .. }] => *state,
        _ => owner,
    }
}

/// An effect, with names resolved and types checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it does.
    pub kind: EffectKind,
    /// All of it.
    pub span: Span,
}

impl Effect {
    /// Its expressions, in the order of reading.
    pub fn exprs(&self) -> Vec<&Expr> {
        match &self.kind {
            EffectKind::Set(_, value)
            | EffectKind::SetData(_, _, value)
            | EffectKind::SetExternal(_, value) => vec![value],
            EffectKind::Raise(_, args)
            | EffectKind::Emit(_, args)
            | EffectKind::Send(_, args)
            | EffectKind::Action(_, args) => args.iter().collect(),
            EffectKind::RaiseAfter(_, args, delay) => args.iter().chain([delay]).collect(),
            EffectKind::Escalate(_, to) => vec![&to.name],
            EffectKind::Cancel(_) | EffectKind::Remind(_) => Vec::new(),
        }
    }
}

/// The forms of effects of the core language.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// `set field = EXPR` of the declared context.
    Set(FieldId, Expr),
    /// `set name = EXPR` of the data of a state that is active here: index into
    /// [`State::data`](super::State::data).
    SetData(StateId, u32, Expr),
    /// `set field = EXPR` of an external context.
    SetExternal(Name, Expr),
    /// `raise Event(..)`: into the internal queue.
    Raise(EventId, Vec<Expr>),
    /// `raise Event(..) after D`
    RaiseAfter(EventId, Vec<Expr>, Expr),
    /// `cancel Event`: drops what `raise .. after` has pending.
    Cancel(EventId),
    /// `emit Output(..)`
    Emit(super::OutputId, Vec<Expr>),
    /// `send Machine(key).Event(..)`: the key, then the payload.
    Send(super::MessageId, Vec<Expr>),
    /// `action(..)`
    Action(FunctionId, Vec<Expr>),
    /// `remind every D` of the human step of a state.
    Remind(StateId),
    /// `escalate after D to ..` of the human step of a state.
    Escalate(StateId, Box<super::Assignee>),
}
