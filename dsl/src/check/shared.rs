//! Expressions of two handlers of one event, made comparable: what they call the payload differs.

use crate::model::{BindingField, Expr, ExprKind, Reaction, ReactionId};

/// No reaction: the payload itself.
const PAYLOAD: ReactionId = ReactionId(u32::MAX);

/// The expression with the part of the payload in place of the name that the pattern gives it.
pub(super) fn expr(expr: &Expr, of: &Reaction) -> Expr {
    let mut shared = expr.clone();
    share(&mut shared, of);
    shared
}

fn share(expr: &mut Expr, of: &Reaction) {
    if let ExprKind::Binding(reaction, index) = &mut expr.kind
        && let BindingField::Declared(part) | BindingField::Position(part, _) =
            of.bindings[*index as usize].field
    {
        (*reaction, *index) = (PAYLOAD, part);
    }
    expr.parts_mut().into_iter().for_each(|part| share(part, of));
}
