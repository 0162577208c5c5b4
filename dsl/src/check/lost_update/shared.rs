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
    match &mut expr.kind {
        ExprKind::Binding(reaction, index) => {
            if let BindingField::Declared(part) | BindingField::Position(part, _) =
                of.bindings[*index as usize].field
            {
                (*reaction, *index) = (PAYLOAD, part);
            }
        }
        ExprKind::List(list)
        | ExprKind::Variant(_, _, list)
        | ExprKind::External(_, Some(list))
        | ExprKind::Call(_, list)
        | ExprKind::Builtin(_, list) => list.iter_mut().for_each(|part| share(part, of)),
        ExprKind::Field(inner, _) | ExprKind::Unary(_, inner) => share(inner, of),
        ExprKind::Binary(_, left, right) => {
            share(left, of);
            share(right, of);
        }
        _ => {}
    }
}
