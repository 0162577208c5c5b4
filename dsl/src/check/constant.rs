//! Guards that always say the same, since they read nothing but fields that are never set.

use super::facts::Facts;
use super::guards::Terms;
use crate::model::{Branch, ContextDecl, Expr, ExprKind, Field};

/// What a guard says whenever it is read; `None` if that may change, or is too much to find out.
pub(super) fn answer(facts: &Facts, branch: &Branch) -> Option<bool> {
    let Some(guard) = &branch.guard else { return Some(true) };
    if guard.any(&mut |part| may_change(facts, part)) {
        return None;
    }
    let guard = with_defaults(facts, guard);
    let mut terms = Terms::new(facts, &[]);
    match (terms.cases(&guard, true)?.is_empty(), terms.cases(&guard, false)?.is_empty()) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

/// The names of the fields that a guard reads.
pub(super) fn fields(facts: &Facts, guard: &Expr) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    guard.any(&mut |part| {
        let name = facts.field_name(&part.kind);
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        false
    });
    names
}

/// True for an expression whose value, apart from what stands inside, is not known for good.
fn may_change(facts: &Facts, part: &Expr) -> bool {
    match &part.kind {
        ExprKind::Context(_) => default(facts, part).is_none(),
        ExprKind::ExternalContext(_)
        | ExprKind::Binding(..)
        | ExprKind::Branch(..)
        | ExprKind::StateData(..)
        | ExprKind::External(..)
        | ExprKind::Call(..)
        | ExprKind::Builtin(..)
        | ExprKind::In(_) => true,
        _ => false,
    }
}

/// The default of a field that nothing sets.
pub(super) fn default<'m>(facts: &Facts<'m>, part: &Expr) -> Option<&'m Expr> {
    let (ExprKind::Context(id), ContextDecl::Declared(fields)) =
        (&part.kind, &facts.model.declarations.context)
    else {
        return None;
    };
    let field: &Field = &fields[id.index()];
    field.param.default.as_ref().filter(|_| !facts.model.used.fields_set.contains(id))
}

/// The expression with those defaults in place of the fields.
fn with_defaults(facts: &Facts, expr: &Expr) -> Expr {
    if let Some(default) = default(facts, expr) {
        return default.clone();
    }
    let inner = |expr: &Expr| Box::new(with_defaults(facts, expr));
    let kind = match &expr.kind {
        ExprKind::Unary(op, of) => ExprKind::Unary(*op, inner(of)),
        ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, inner(left), inner(right)),
        ExprKind::Field(of, field) => ExprKind::Field(inner(of), field.clone()),
        other => other.clone(),
    };
    Expr { kind, ..expr.clone() }
}
