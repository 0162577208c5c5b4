//! `until EXPR for N`, and `change(..)` in it.

use super::{COUNT, ROUND, data};
use crate::ast::{self, BinaryOp};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Builtin, Expr, ExprKind, Param, StateId, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::expr::unknown;
use crate::resolve::orchestration::people::is_mistake;
use crate::resolve::print;
use crate::span::Span;

/// `until condition for N`
#[derive(Debug)]
pub(super) struct Until {
    pub(super) condition: Expr,
    /// The data that count for how many rounds it holds, and how many it takes.
    pub(super) count: Option<(u32, u64)>,
    pub(super) span: Span,
}

impl<'a> Ctx<'a, '_> {
    pub(in crate::resolve::orchestration) fn until(
        &mut self,
        id: StateId,
        written: &'a ast::Expr,
        times: Option<ast::Count>,
        span: Span,
    ) {
        if !self.outside.loops.contains_key(&id) {
            self.error(
                Diagnostic::new(Code::Nesting, span, "`until` belongs to a `loop state`")
                    .at("not in a loop"),
            );
        }
        let outer = self.outside.in_until.replace(id);
        let mut condition = self.expr(Scope::of(id), written, Want::new(&Ty::Bool));
        self.outside.in_until = outer;
        if let Some(none) = times.filter(|times| times.value == 0) {
            let message = "a condition holds for one round at least";
            self.ill_formed(none.span, message, "`for 0` says nothing");
        }
        if asks_for_change(&condition) {
            condition = self.behind_first(id, condition);
        }
        let count = times.map(|times| times.value).filter(|times| *times > 1);
        let count = count.map(|times| (self.count_of(id, written), times));
        if let Some(rounds) = self.outside.loops.get_mut(&id) {
            rounds.until.push(Until { condition, count, span });
        }
    }

    /// `change(x)`: how far `x` is from what it was at the end of the round before.
    pub(in crate::resolve) fn changed(
        &mut self,
        id: StateId,
        of: Expr,
        written: &ast::Expr,
        span: Span,
    ) -> Expr {
        if let Some(mistake) = unchanging(&of) {
            self.error(mistake);
            return unknown(span);
        }
        let zero = match &of.ty {
            Ty::Int(_) => ExprKind::Int(0),
            Ty::Float(_) => ExprKind::Float(0.0),
            _ => {
                if !is_mistake(&of) {
                    let message = "what a loop compares has a type";
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, of.span, message)
                            .at("only rustc knows of which type this is")
                            .help("keep it in a `context { .. }` of the machine"),
                    );
                }
                return unknown(span);
            }
        };
        let ty = of.ty.clone();
        let known = self.outside.loops.get(&id);
        let known = known.and_then(|loops| loops.changes.iter().find(|(other, _)| *other == of));
        let at = match known {
            Some((_, at)) => *at,
            None => {
                let before = Expr { kind: zero, ty: ty.clone(), span: of.span };
                let name = format!("change({})", print::expr(written));
                let at = self.more_data(id, data(&name, before));
                if let Some(rounds) = self.outside.loops.get_mut(&id) {
                    rounds.changes.push((of.clone(), at));
                }
                at
            }
        };
        let before = Expr { kind: ExprKind::StateData(id, at), ty: ty.clone(), span };
        Expr { kind: ExprKind::Builtin(Builtin::Change, vec![of, before]), ty, span }
    }

    /// The data that count for how long a condition holds. Two that ask the same share them.
    fn count_of(&mut self, id: StateId, condition: &ast::Expr) -> u32 {
        let name = format!("({})", print::expr(condition));
        let known = self.outside.loops.get(&id).and_then(|rounds| {
            let at = rounds.data.iter().position(|param| param.name.text == name)?;
            Some((self.tree.get(id).data.len() + at) as u32)
        });
        known.unwrap_or_else(|| {
            let zero = Expr { kind: ExprKind::Int(0), ty: COUNT, span: condition.span };
            self.more_data(id, data(&name, zero))
        })
    }

    /// The place of data behind all that the state has.
    fn more_data(&mut self, id: StateId, param: Param) -> u32 {
        let before = self.tree.get(id).data.len();
        let Some(rounds) = self.outside.loops.get_mut(&id) else { return 0 };
        rounds.data.push(param);
        (before + rounds.data.len() - 1) as u32
    }

    /// The number of the round.
    pub(super) fn round_of(&self, id: StateId, span: Span) -> Expr {
        let mut data = self.tree.get(id).data.iter();
        let at = data.position(|param| param.made && param.name.text == ROUND).unwrap_or(0);
        Expr { kind: ExprKind::StateData(id, at as u32), ty: COUNT, span }
    }

    /// In the first round nothing is known of a change, and the condition does not hold.
    fn behind_first(&self, id: StateId, condition: Expr) -> Expr {
        let span = condition.span;
        let one = Expr { kind: ExprKind::Int(1), ty: COUNT, span };
        let later = binary(BinaryOp::Gt, self.round_of(id, span), one);
        binary(BinaryOp::And, later, condition)
    }
}

/// A condition.
pub(super) fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    let span = right.span;
    Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), ty: Ty::Bool, span }
}

fn asks_for_change(expr: &Expr) -> bool {
    expr.any(&mut |part| matches!(part.kind, ExprKind::Builtin(Builtin::Change, _)))
}

/// What `change(..)` cannot ask for.
fn unchanging(of: &Expr) -> Option<Diagnostic> {
    let new = |message: &str| Diagnostic::new(Code::IllFormedLoop, of.span, message);
    if asks_for_change(of) {
        return Some(
            new("a change of a change is not known")
                .at("was not kept at the end of the round before")
                .help("keep it in a field of the context, and ask for the change of that"),
        );
    }
    let is_constant = !is_mistake(of) && !of.any(&mut |part| !part.is_written_down());
    is_constant.then(|| {
        new("this never changes")
            .at("the same in every round")
            .help("ask for the change of a field, as `change(score)`")
    })
}
