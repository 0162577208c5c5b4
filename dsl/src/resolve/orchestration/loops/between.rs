//! What happens between two rounds of a loop, as reactions of the core.

use super::until::{Until, binary};
use super::{COUNT, Rounds, Way};
use crate::ast::{self, BinaryOp, Modifier};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    self, Branch, Builtin, Effect, EffectKind, Expr, ExprKind, Reaction, ReactionId, StateId,
    Target, Trigger,
};
use crate::resolve::ctx::Ctx;
use crate::span::Span;

impl Ctx<'_, '_> {
    /// The choice on completion, and the timer.
    pub(super) fn add_reactions(&mut self, id: StateId, written: &ast::State, rounds: Rounds) {
        let span = written.span;
        let mut branches = Vec::new();
        let conditions = rounds.until.iter().map(|until| holds(id, until));
        let converges = conditions.reduce(|a, b| binary(BinaryOp::Or, a, b));
        if let (Some(way), Some(converges)) = (&rounds.converged, converges) {
            branches.extend(self.ways(way, Some(&converges)));
        }
        if let (Some(way), Some(max)) = (&rounds.exhausted, &rounds.max) {
            let is_last = binary(BinaryOp::Ge, self.round_of(id, max.span), max.clone());
            branches.extend(self.ways(way, Some(&is_last)));
        }
        let word = written.modifiers.iter().find(|(word, _)| *word == Modifier::Loop);
        branches.push(self.next_round(id, &rounds, word.map_or(span, |(_, span)| *span)));
        let counts = |until: &Until| until.count.map(|(at, _)| at);
        let is_first = |(at, until): &(usize, &Until)| {
            !rounds.until[..*at].iter().any(|other| counts(other) == counts(until))
        };
        let counting = rounds.until.iter().enumerate().filter(is_first);
        let effects = counting.filter_map(|(_, until)| counted(id, until)).collect();
        let between =
            self.add(id, Trigger::Done, (effects, branches, true), (span, written.name.span));
        if let (Some(way), Some(deadline)) = (&rounds.exhausted, &rounds.deadline) {
            let (branches, choice) = (self.ways(way, None), way.choice);
            let trigger = Trigger::After(deadline.clone());
            self.add(id, trigger, (Vec::new(), branches, choice), (way.span, deadline.span));
        }
        let Rounds { max, deadline, until, data, .. } = rounds;
        let until = until.iter().map(|until| until.span).collect();
        let body = &mut self.bodies[id.index()];
        body.more_data = data;
        body.rounds = Some(model::Rounds { max, deadline, until, between });
    }

    fn add(
        &mut self,
        source: StateId,
        trigger: Trigger,
        (effects, branches, choice): (Vec<Effect>, Vec<Branch>, bool),
        (span, head): (Span, Span),
    ) -> ReactionId {
        let id = ReactionId(self.reactions.len() as u32);
        self.bodies[source.index()].reactions.push(id);
        self.reactions.push(Reaction {
            source,
            trigger,
            pattern: false,
            bindings: Vec::new(),
            effects,
            choice,
            branches,
            span,
            head,
        });
        id
    }

    /// The branches of a way out, each taken only if the condition holds too. What stands before a
    /// choice comes with the branch: it is one of several in the choice between rounds.
    fn ways(&mut self, way: &Way, condition: Option<&Expr>) -> Vec<Branch> {
        if let Some((effect, guard)) = read_behind(way) {
            let message = "between rounds guards are read before anything is done";
            self.error(
                Diagnostic::new(Code::IllFormedLoop, guard, message)
                    .at("does not see what is set before the choice")
                    .label(effect, "set here")
                    .help("set it when the round ends, as on `entry` of its final state"),
            );
        }
        let guarded = |branch: &Branch| {
            let guards = condition.into_iter().chain(&branch.guard).cloned();
            let guard = guards.reduce(|a, b| binary(BinaryOp::And, a, b));
            // Whether it can be taken is a question about the way, not about the bound.
            let guard = guard.map(|guard| Expr { span: branch.span, ..guard });
            let effects = way.effects.iter().chain(&branch.effects).cloned().collect();
            Branch { guard, effects, ..branch.clone() }
        };
        way.branches.iter().map(guarded).collect()
    }

    /// Remembers what `change(..)` looks at, counts, and begins anew.
    fn next_round(&self, id: StateId, rounds: &Rounds, span: Span) -> Branch {
        let remember = rounds.changes.iter().map(|(of, at)| Effect {
            kind: EffectKind::SetData(id, *at, of.clone()),
            span: of.span,
        });
        let round = self.round_of(id, span);
        let one = Expr { kind: ExprKind::Int(1), ty: COUNT, span };
        let sum = ExprKind::Binary(BinaryOp::Add, Box::new(round.clone()), Box::new(one));
        let next = Expr { kind: sum, ty: COUNT, span };
        let count = match round.kind {
            ExprKind::StateData(id, at) => Some(EffectKind::SetData(id, at, next)),
            _ => None,
        };
        let count = count.map(|kind| Effect { kind, span });
        let effects = remember.chain(count).collect();
        Branch { guard: None, effects, target: Target::Initial(id, span), span }
    }
}

/// An `until` as a condition.
fn holds(id: StateId, until: &Until) -> Expr {
    let Some((at, times)) = until.count else { return until.condition.clone() };
    let number = |kind| Expr { kind, ty: COUNT, span: until.span };
    let times = number(ExprKind::Int(times.into()));
    binary(BinaryOp::Ge, number(ExprKind::StateData(id, at)), times)
}

/// Counts for how many rounds a condition holds, before it is asked.
fn counted(id: StateId, until: &Until) -> Option<Effect> {
    let (at, _) = until.count?;
    let span = until.span;
    let before = Expr { kind: ExprKind::StateData(id, at), ty: COUNT, span };
    let args = vec![until.condition.clone(), before];
    let streak = Expr { kind: ExprKind::Builtin(Builtin::Streak, args), ty: COUNT, span };
    Some(Effect { kind: EffectKind::SetData(id, at, streak), span })
}

/// What is set before a choice and read by a guard in it.
fn read_behind(way: &Way) -> Option<(Span, Span)> {
    let guards: Vec<&Expr> = way.branches.iter().filter_map(|b| b.guard.as_ref()).collect();
    way.effects.iter().find_map(|effect| {
        let set = match &effect.kind {
            EffectKind::Set(field, _) => ExprKind::Context(*field),
            EffectKind::SetData(state, at, _) => ExprKind::StateData(*state, *at),
            EffectKind::SetExternal(name, _) => ExprKind::ExternalContext(name.clone()),
            _ => return None,
        };
        let guard = guards.iter().find(|guard| guard.any(&mut |part| part.kind == set))?;
        Some((effect.span, guard.span))
    })
}
