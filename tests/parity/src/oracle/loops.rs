//! Loops: what comes between two rounds.

use super::choosing::Chosen;
use super::reading::Loop;
use super::sagas::Turn;
use super::values::{number, truth};
use super::{Failure, Oracle};
use statewright_dsl::model::{Expr, ExprKind, ReactionId, StateId};

impl<'m> Oracle<'m> {
    /// What a loop remembers belongs to one visit.
    pub(super) fn begins_anew(&mut self, id: StateId) {
        if let Some(of) = self.reading.loops.get(&id) {
            self.now.streaks.insert(id, vec![0; of.until.len()]);
        }
    }

    fn round(&self, id: StateId) -> i64 {
        self.now.data[&id].last().map_or(1, number)
    }

    /// The end of a round: `until`, else `max`, else the next one.
    pub(super) fn round_ends(&mut self, id: StateId, of: &'m Loop) -> Result<(), Failure> {
        // Whether a condition has held for some rounds is known when all of them have ended.
        for (at, until) in of.until.iter().enumerate().filter(|(_, until)| until.times > 1) {
            let holds = self.condition(id, until.asks_for_change, &until.condition)?;
            let streak = &mut self.now.streaks.entry(id).or_default()[at];
            *streak = if holds { *streak + 1 } else { 0 };
        }
        let mut converges = false;
        for (at, until) in of.until.iter().enumerate() {
            converges = match until.times {
                1 => self.condition(id, until.asks_for_change, &until.condition)?,
                times => self.now.streaks[&id][at] >= times,
            };
            if converges {
                break;
            }
        }
        if converges && let Some(chosen) = self.way_out(of.converged)? {
            return self.take(vec![chosen]);
        }
        let max = of.max.as_ref().map(|max| self.value(max, id, &[])).transpose()?;
        if max.is_some_and(|max| self.round(id) >= number(&max))
            && let Some(chosen) = self.way_out(of.exhausted)?
        {
            return self.take(vec![chosen]);
        }
        let mut values = Vec::new();
        for until in &of.until {
            self.changing(&until.condition, &mut values);
        }
        let mut before = Vec::new();
        for expr in values {
            let ExprKind::Binary(_, of, _) = &expr.kind else { continue };
            before.push((expr.span.order(), number(&self.value(of, id, &[])?)));
        }
        self.take(vec![Chosen::made(id, Turn::Round(before))])
    }

    /// Of a change nothing is known before the second round.
    fn condition(&self, id: StateId, of_change: bool, expr: &Expr) -> Result<bool, Failure> {
        Ok((!of_change || self.round(id) > 1) && truth(&self.value(expr, id, &[])?))
    }

    /// The branch of a way out whose guard holds. What stands before the choice comes with it.
    fn way_out(&self, way: Option<ReactionId>) -> Result<Option<Chosen<'m>>, Failure> {
        let Some(way) = way else { return Ok(None) };
        let reaction = &self.model().reactions[way.index()];
        let branch = self.branch(reaction, &[])?;
        let late = true;
        Ok(branch.map(|branch| Chosen { late, ..Chosen::of(reaction, Vec::new(), Some(branch)) }))
    }

    /// The time of all rounds is over.
    pub(super) fn out_of_time(&mut self, way: ReactionId) -> Result<(), Failure> {
        match self.way_out(Some(way))? {
            Some(chosen) => self.take(vec![chosen]),
            None => Ok(()),
        }
    }

    /// Every `change(x)` in an expression.
    fn changing(&self, expr: &'m Expr, found: &mut Vec<&'m Expr>) {
        if self.reading.changes.contains(&expr.span.order()) {
            found.push(expr);
            return;
        }
        match &expr.kind {
            ExprKind::Unary(_, of) => self.changing(of, found),
            ExprKind::Binary(_, a, b) => {
                self.changing(a, found);
                self.changing(b, found);
            }
            ExprKind::Call(_, all) => all.iter().for_each(|part| self.changing(part, found)),
            _ => {}
        }
    }
}
