//! The statements of a state that are not blocks.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use crate::ast::{InitialTransition, Meta, Modifier, State, StateItemKind};
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    /// A statement of a state that has no block of statements.
    pub(super) fn state_statement(
        &mut self,
        pair: Pair<'t, Rule>,
        meta: &mut Meta,
    ) -> StateItemKind {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        if rule == Rule::step {
            return StateItemKind::Step(self.step(pair, std::mem::take(meta)));
        }
        let mut parts = Parts::of(pair);
        match rule {
            Rule::initial_transition => {
                parts.next();
                let effects =
                    parts.next_if(Rule::effects).map(|p| self.effects(p)).unwrap_or_default();
                let target = self.target(parts.find(Rule::target));
                StateItemKind::Initial(InitialTransition { effects, target, span })
            }
            Rule::handler => {
                let trigger = self.trigger(parts.find(Rule::trigger));
                StateItemKind::On(trigger, self.reaction(parts.find(Rule::reaction)))
            }
            Rule::after => {
                let delay = self.expr(parts.find(Rule::expr));
                StateItemKind::After(delay, self.reaction(parts.find(Rule::reaction)))
            }
            Rule::every => {
                let period = self.expr(parts.find(Rule::expr));
                StateItemKind::Every(period, self.reaction(parts.find(Rule::reaction)))
            }
            Rule::always => StateItemKind::Always(self.reaction(parts.find(Rule::reaction))),
            Rule::entry => StateItemKind::Entry(self.effects(parts.find(Rule::effects))),
            Rule::exit => StateItemKind::Exit(self.effects(parts.find(Rule::effects))),
            Rule::defer => StateItemKind::Defer(self.names(parts)),
            Rule::ignore => StateItemKind::Ignore(self.names(parts)),
            Rule::until => {
                let expr = self.expr(parts.find(Rule::expr));
                StateItemKind::Until(expr, parts.seek(Rule::int).map(|p| self.number(&p)))
            }
            Rule::invoke => StateItemKind::Invoke(self.chain(parts)),
            _ => StateItemKind::Invariant(self.expr(parts.find(Rule::expr))),
        }
    }

    /// `initial parallel state Operating(..) max 3`, without what stands in the braces.
    pub(super) fn state_head(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> State {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let mut modifiers = Vec::new();
        while let Some(modifier) = parts.peek().and_then(modifier) {
            modifiers.push((modifier, self.span(&parts.next())));
        }
        let region = parts.next().as_rule() == Rule::k_region;
        let name = self.name(parts.find(Rule::ident));
        let params = parts.next_if(Rule::params).map(|p| self.params(p)).unwrap_or_default();
        let max = parts.next_if(Rule::k_max).map(|_| self.expr(parts.next()));
        let deadline = parts.next_if(Rule::k_deadline).map(|_| self.expr(parts.next()));
        State {
            meta,
            modifiers,
            region,
            name,
            params,
            max,
            deadline,
            items: None,
            part: None,
            span,
        }
    }
}

fn modifier(rule: Rule) -> Option<Modifier> {
    Some(match rule {
        Rule::k_initial => Modifier::Initial,
        Rule::k_final => Modifier::Final,
        Rule::k_parallel => Modifier::Parallel,
        Rule::k_saga => Modifier::Saga,
        Rule::k_loop => Modifier::Loop,
        _ => return None,
    })
}
