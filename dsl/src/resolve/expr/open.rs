//! What an expression says of its own type: where two have to agree, the one that says more is
//! looked at first, and decides what the literals of the other are.

use crate::ast::{self, ExprKind as Written, Made, UnaryOp};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::span::Span;

/// How much an expression says of its own type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) enum Says {
    /// `none`, `[]`: not what is in it.
    Nothing,
    /// Whole numbers: any integer would do. In scenarios texts, which may be of a Rust type.
    Little,
    /// Numbers with a point: `f32` or `f64`.
    Float,
    /// All of it.
    Type,
}

impl<'a> Ctx<'a, '_> {
    /// What an expression says of its own type, as it is written.
    pub(in crate::resolve) fn says(&self, written: &ast::Expr) -> Says {
        match &written.kind {
            Written::Int(_) => Says::Little,
            Written::Float(_) => Says::Float,
            Written::String(_) if self.is_scripted => Says::Little,
            Written::List(items) => {
                items.iter().map(|item| self.says(item)).max().unwrap_or(Says::Nothing)
            }
            Written::Path(path) if is_word(path, "none") => Says::Nothing,
            Written::Call(path, args) if is_word(path, "some") => {
                match (args.as_slice(), self.symbols.functions.get("some")) {
                    ([inner], None) => self.says(inner),
                    _ => Says::Type,
                }
            }
            Written::Made(Made::Some, args) => args.first().map_or(Says::Type, |a| self.says(a)),
            Written::Unary(UnaryOp::Neg, inner) => self.says(inner),
            Written::Binary(op, left, right) if super::operator::is_arithmetic(*op) => {
                self.says(left).max(self.says(right))
            }
            _ => Says::Type,
        }
    }

    /// What is in a list or an `Option` of which its place says nothing, or which does not fit there: that
    /// will be told, and nothing else.
    pub(super) fn infer_inner(
        &mut self,
        scope: Scope<'_>,
        inner: &'a ast::Expr,
        want: Option<Want<'_>>,
    ) -> Expr {
        let is_told = want.is_some() && self.says(inner) == Says::Nothing;
        self.infer(scope, inner, is_told.then_some(Want::new(&Ty::Unknown)))
    }

    /// What stands for `none` or `[]` where nothing says what would be in it: Rust would ask too.
    pub(super) fn untyped(&mut self, word: &str, of: &str, span: Span) -> Expr {
        self.error(
            Diagnostic::new(
                Code::TypeMismatch,
                span,
                format!("nothing says of which type this `{word}` is"),
            )
            .at(format!("could be {of} of anything"))
            .help("it takes the type of what it is compared with or given to, as of a field"),
        );
        super::unknown(span)
    }
}

fn is_word(path: &ast::Path, word: &str) -> bool {
    matches!(path.segments.as_slice(), [name] if name.text == word)
}
