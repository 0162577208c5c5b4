//! Expressions as written.

use super::{Name, Path};
use crate::span::Span;

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `true`, `false`
    Bool(bool),
    /// `42`, `1_000`; a value above `u64::MAX` is a syntax error.
    Int(u64),
    /// `0.9`
    Float(f64),
    /// `"text"`, escapes replaced
    String(String),
    /// `1h30m`, in milliseconds; `never` is the path `never`.
    Duration(u64),
    /// `50%`
    Percent(u64),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `total`, `Lamp::Red`, `none`
    Path(Path),
    /// `total_of(items)`, `Verdict::Score(3)`, `in(A::B)`
    Call(Path, Vec<Expr>),
    /// `answer.text`
    Field(Box<Expr>, Name),
    /// `!x`, `-x`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, by precedence; all operators are left associative, comparisons do not chain.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
}

/// Operators in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Neg,
}

/// Operators between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    And,
    Or,
}

impl BinaryOp {
    /// How it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Add => "+",
            Self::Sub => "-",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::And => "&&",
            Self::Or => "||",
        }
    }
}
