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
    /// What nobody can write: added where a construct is written out in the core language.
    Made(Made, Vec<Expr>),
}

/// The forms that no text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// `some(x)`, whatever is called `some` in the text.
    Some,
    /// `in(State)`, in the same way.
    In,
    /// Of an `Option` that is known to be set, its value.
    Sure,
    /// `some(x)` of the first if all others, which are names of `Option`s, are set, and `none` if
    /// not. In the first these names stand for the values.
    Known,
    /// The list with one item more.
    Append,
    /// An error with this name and this message, as `on error(e)` binds one.
    Failure,
    /// Texts, one behind the other.
    Text,
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

/// A number of milliseconds as a literal: in one unit if that is short, as `90s`, else in several,
/// as `1h30m`.
pub fn duration(milliseconds: u64) -> String {
    const UNITS: [(&str, u64); 5] =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
    let exact = |&&(_, size): &&(&str, u64)| {
        milliseconds.is_multiple_of(size) && (1..100).contains(&(milliseconds / size))
    };
    if let Some((unit, size)) = UNITS.iter().find(exact) {
        return format!("{}{unit}", milliseconds / size);
    }
    let mut rest = milliseconds;
    let mut text = String::new();
    for (unit, size) in UNITS {
        if rest >= size {
            text += &format!("{}{unit}", rest / size);
            rest %= size;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (milliseconds, text) in [
            (0, "0s"),
            (1, "1ms"),
            (90_000, "90s"),
            (180_000, "3m"),
            (150_000, "2m30s"),
            (129_600_000, "36h"),
            (86_400_000, "1d"),
            (93_784_005, "1d2h3m4s5ms"),
        ] {
            assert_eq!(duration(milliseconds), text);
        }
    }
}
