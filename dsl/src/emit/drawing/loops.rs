//! What happens between two rounds of a loop: its final states lead to one choice inside it.

use super::{BoxId, Draft, Label, ShapeKind, sagas};
use crate::ast::BinaryOp;
use crate::model::{Branch, Expr, ExprKind, Rounds, StateId, StateKind, Target};

impl Draft<'_> {
    /// The choice between two rounds.
    pub(super) fn between(&mut self, id: StateId, rounds: &Rounds) {
        let reaction = &self.model.reactions[rounds.between.index()];
        let inside = self.of_state[id.index()];
        let ends = self.state(id).children.iter();
        let ends = ends.filter(|child| self.state(**child).kind == StateKind::Final);
        let ends: Vec<BoxId> = ends.filter_map(|end| self.of_state[end.index()]).collect();
        let from = match reaction.branches.len() {
            1 => ends,
            _ => {
                let name = format!("{}_choice", self.id(id));
                let diamond = self.shape(&name, ShapeKind::Choice, String::new(), inside);
                for end in ends {
                    self.arrow(end, diamond, Label::default());
                }
                vec![diamond]
            }
        };
        for branch in &reaction.branches {
            let label = self.way(rounds, branch);
            for from in &from {
                match self.begins(id, branch) {
                    Some(first) => self.arrow(*from, first, label.clone()),
                    None => self.leave(*from, inside, branch, label.clone()),
                }
            }
        }
    }

    /// The state with which the next round begins, if nothing is done before it: an arrow to the dot
    /// in front of it would stand on its head.
    fn begins(&self, id: StateId, branch: &Branch) -> Option<BoxId> {
        let Target::Initial(..) = branch.target else { return None };
        let initial = self.state(id).initial.as_ref()?;
        match initial.targets.as_slice() {
            [first] if initial.effects.is_empty() => self.of_state[first.state.index()],
            _ => None,
        }
    }

    /// When a branch is taken. Nobody has written how rounds are counted, so that is not told.
    fn way(&self, rounds: &Rounds, branch: &Branch) -> Label {
        if let Target::Initial(..) = branch.target {
            return Label::trigger("next round");
        }
        let effects = sagas::effects(self.text, self.model, &branch.effects);
        let (word, guard) =
            match branch.guard.as_ref().map(|guard| (guard, behind_max(guard, rounds))) {
                Some((_, Some(rest))) => ("exhausted", rest),
                Some((guard, None)) => ("converged", Some(guard)),
                None => ("converged", None),
            };
        Label::trigger(word).guard(guard.map(|guard| self.text.expr(guard))).effects(effects)
    }
}

/// What a guard asks besides whether there were `max` rounds, if it asks that.
fn behind_max<'e>(guard: &'e Expr, rounds: &Rounds) -> Option<Option<&'e Expr>> {
    let asks_max = |expr: &Expr| match (&expr.kind, &rounds.max) {
        (ExprKind::Binary(BinaryOp::Ge, _, right), Some(max)) => {
            right.span.order() == max.span.order()
        }
        _ => false,
    };
    match &guard.kind {
        ExprKind::Binary(BinaryOp::And, first, rest) if asks_max(first) => Some(Some(&**rest)),
        _ => asks_max(guard).then_some(None),
    }
}
