//! What a statement does when it fires: guards, effects, targets.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use crate::ast::{
    Branch, Effect, EffectKind, Outcome, Pattern, Reaction, Target, TargetKind, TargetState,
    Trigger, TriggerKind,
};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    pub(super) fn trigger(&mut self, pair: Pair<'t, Rule>) -> Trigger {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let is_error = parts.next_if(Rule::k_error).is_some();
        let name = parts.next_if(Rule::ident).map(|p| self.name(p));
        let kind = match name {
            Some(name) if !is_error => TriggerKind::Name(name),
            error => TriggerKind::Error(error),
        };
        let pattern = parts.peek().map(|_| {
            let pair = parts.next();
            let (span, by_position) = (self.span(&pair), pair.as_rule() == Rule::positional);
            let names = self.names(Parts::of(pair));
            if by_position {
                Pattern::Positional(names, span)
            } else {
                Pattern::Fields(names, span)
            }
        });
        Trigger { kind, pattern, span }
    }

    pub(super) fn reaction(&mut self, pair: Pair<'t, Rule>) -> Reaction {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let mut only = self.branch_of(&mut parts);
        match parts.next_if(Rule::branches) {
            Some(block) => {
                let branches = Parts::of(block).all(Rule::branch).map(|p| self.branch(p)).collect();
                let effects = std::mem::take(&mut only.effects);
                Reaction { effects, choice: true, branches, span }
            }
            None => {
                only.span = span;
                Reaction { effects: Vec::new(), choice: false, branches: vec![only], span }
            }
        }
    }

    fn branch(&mut self, pair: Pair<'t, Rule>) -> Branch {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        parts.next_if(Rule::k_else);
        Branch { span, ..self.branch_of(&mut parts) }
    }

    /// `[if EXPR] [do EFFECTS] [-> TARGET | abort]`
    fn branch_of(&mut self, parts: &mut Parts<'t>) -> Branch {
        let guard = parts.next_if(Rule::cond).map(|p| self.expr(Parts::of(p).find(Rule::expr)));
        let effects = parts.next_if(Rule::effects).map(|p| self.effects(p)).unwrap_or_default();
        let outcome = if let Some(abort) = parts.next_if(Rule::k_abort) {
            Outcome::Abort(self.span(&abort))
        } else if parts.next_if(Rule::arrow).is_some() {
            Outcome::Go(self.target(parts.next()))
        } else {
            Outcome::Stay
        };
        Branch { guard, effects, outcome, span: Default::default() }
    }

    pub(super) fn effects(&mut self, pair: Pair<'t, Rule>) -> Vec<Effect> {
        Parts::of(pair).all(Rule::effect).map(|p| self.effect(p)).collect()
    }

    fn effect(&mut self, pair: Pair<'t, Rule>) -> Effect {
        let span = self.span(&pair);
        let inner = Parts::of(pair).next();
        let rule = inner.as_rule();
        let mut parts = Parts::of(inner);
        let name = self.name(parts.find(Rule::ident));
        let kind = match rule {
            Rule::set => EffectKind::Set(name, self.expr(parts.find(Rule::expr))),
            Rule::cancel => EffectKind::Cancel(name),
            Rule::raise => {
                let args = self.next_args(&mut parts).unwrap_or_default();
                let after = parts.seek(Rule::k_after).map(|word| {
                    self.refuse_new_line(&word);
                    self.expr(parts.next())
                });
                EffectKind::Raise { event: name, args, after }
            }
            Rule::send => {
                let key = self.expr(parts.find(Rule::expr));
                let event = self.name(parts.find(Rule::ident));
                let args = self.next_args(&mut parts).unwrap_or_default();
                EffectKind::Send { machine: name, key, event, args }
            }
            Rule::emit => {
                let args = self.next_args(&mut parts).unwrap_or_default();
                EffectKind::Emit { output: name, args }
            }
            _ => {
                let args = self.next_args(&mut parts).unwrap_or_default();
                EffectKind::Action { action: name, args }
            }
        };
        Effect { kind, span }
    }

    /// `raise E` and a timer in the next line look like `raise E after D`. Lines mean nothing, so
    /// one of the two would be read as the other: neither is.
    fn refuse_new_line(&mut self, after: &Pair<'t, Rule>) {
        let span = self.span(after);
        let token = self.tokens.partition_point(|t| t.start < span.start);
        if self.braces.indentation(token).is_none() {
            return;
        }
        let message = "`after` behind `raise` delays the event, also on a new line";
        let help = "keep it on the line of `raise`; or if it is a timer of the state, \
                    put the timer in front of this statement";
        self.report(Diagnostic::new(Code::Syntax, span, message).help(help));
    }

    pub(super) fn target(&mut self, pair: Pair<'t, Rule>) -> Target {
        let span = self.span(&pair);
        let inner = Parts::of(pair).next();
        let rule = inner.as_rule();
        let mut parts = Parts::of(inner);
        let kind = match rule {
            Rule::history => {
                let deep = parts.next().as_rule() == Rule::k_deep_history;
                TargetKind::History { state: self.path(parts.find(Rule::path)), deep }
            }
            Rule::initial_of => TargetKind::Initial(self.path(parts.find(Rule::path))),
            Rule::reenter => TargetKind::Reenter(self.target_state(parts.find(Rule::target_state))),
            _ => TargetKind::States(
                parts.all(Rule::target_state).map(|p| self.target_state(p)).collect(),
            ),
        };
        Target { kind, span }
    }

    pub(super) fn target_state(&mut self, pair: Pair<'t, Rule>) -> TargetState {
        let mut parts = Parts::of(pair);
        let path = self.path(parts.find(Rule::path));
        TargetState { path, args: self.next_args(&mut parts) }
    }
}
