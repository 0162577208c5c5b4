//! What expressions are made of.

use super::{Expr, ExprKind};

impl Expr {
    /// The expressions directly inside, in order.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::List(list)
            | ExprKind::Variant(_, _, list)
            | ExprKind::External(_, Some(list))
            | ExprKind::Call(_, list)
            | ExprKind::Builtin(_, list) => list.iter().collect(),
            ExprKind::Field(inner, _) | ExprKind::Unary(_, inner) => vec![inner],
            ExprKind::Binary(_, left, right) => vec![left, right],
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Duration(_)
            | ExprKind::Context(_)
            | ExprKind::ExternalContext(_)
            | ExprKind::Binding(..)
            | ExprKind::Branch(..)
            | ExprKind::StateData(..)
            | ExprKind::Old(..)
            | ExprKind::External(_, None)
            | ExprKind::In(_) => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::List(list)
            | ExprKind::Variant(_, _, list)
            | ExprKind::External(_, Some(list))
            | ExprKind::Call(_, list)
            | ExprKind::Builtin(_, list) => list.iter_mut().collect(),
            ExprKind::Field(inner, _) | ExprKind::Unary(_, inner) => vec![inner],
            ExprKind::Binary(_, left, right) => vec![left, right],
            _ => Vec::new(),
        }
    }

    /// True if it or an expression inside it is what is asked for.
    pub fn any(&self, is: &mut dyn FnMut(&Expr) -> bool) -> bool {
        is(self) || self.parts().into_iter().any(|part| part.any(is))
    }

    /// True for an expression that, apart from what stands inside, is written down and always the same.
    pub fn is_written_down(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::String(_)
                | ExprKind::Duration(_)
                | ExprKind::List(_)
                | ExprKind::Variant(..)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
        )
    }
}
