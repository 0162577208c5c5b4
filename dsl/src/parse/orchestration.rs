//! Policies, activity calls, sagas, people, fan-out.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use crate::ast::{
    Backoff, Breaker, BreakerTrip, Cache, Call, Coalesce, Count, Expr, Human, HumanItem, Join,
    JoinKind, Meta, Name, NamedCall, PolicyItem, Retry, Step, Vote, VoteRule, Who,
};
use pest::iterators::Pair;

/// What a fan-out runs over, `max` and `concurrency`.
type Over = (Option<(Name, Expr)>, Option<Count>, Option<Count>);

impl<'t> Parser<'t, '_> {
    pub(super) fn policy_item(&mut self, pair: Pair<'t, Rule>) -> PolicyItem {
        let rule = pair.as_rule();
        if rule == Rule::retry {
            return PolicyItem::Retry(self.retry(pair));
        }
        let mut parts = Parts::of(pair);
        parts.next();
        match rule {
            Rule::policy_timeout => PolicyItem::Timeout(self.literal_expr(parts.next())),
            Rule::policy_deadline => PolicyItem::Deadline(self.literal_expr(parts.next())),
            Rule::retry_budget => {
                PolicyItem::RetryBudget(self.literal_expr(parts.find(Rule::percent)))
            }
            Rule::breaker => PolicyItem::Breaker(self.breaker(parts)),
            Rule::bulkhead => {
                let max = self.number(&parts.next());
                let queue = parts.seek(Rule::int).map(|p| self.number(&p));
                PolicyItem::Bulkhead { max, queue }
            }
            _ => {
                let max = self.number(&parts.next());
                PolicyItem::RateLimit { max, per: self.literal_expr(parts.find(Rule::duration)) }
            }
        }
    }

    fn retry(&mut self, pair: Pair<'t, Rule>) -> Retry {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let max = self.number(&parts.find(Rule::int));
        let backoff = parts.next_if(Rule::k_backoff).map(|_| parts.next());
        let backoff_span = backoff.as_ref().map(|pair| self.span(pair));
        let backoff = backoff.map(|pair| self.backoff(pair));
        let jitter = parts.next_if(Rule::k_jitter).map(|_| self.name(parts.next()));
        Retry { max, backoff, backoff_span, jitter, on: self.names(parts), span }
    }

    fn backoff(&mut self, pair: Pair<'t, Rule>) -> Backoff {
        let mut parts = Parts::of(pair);
        let curve = parts.next().as_rule();
        match curve {
            Rule::k_none => Backoff::None,
            Rule::k_fixed => Backoff::Fixed(self.literal_expr(parts.next())),
            _ => {
                let from = self.literal_expr(parts.next());
                let to = self.literal_expr(parts.find(Rule::duration));
                let factor = parts.next_if(Rule::k_factor).map(|_| self.factor(&parts.next()));
                Backoff::Growing { exponential: curve == Rule::k_exponential, from, to, factor }
            }
        }
    }

    fn factor(&mut self, pair: &Pair<'t, Rule>) -> Count<f64> {
        Count { value: self.float(pair), span: self.span(pair) }
    }

    fn breaker(&mut self, mut parts: Parts<'t>) -> Breaker {
        let trip = if parts.next().as_rule() == Rule::k_failures {
            BreakerTrip::Failures(self.number(&parts.next()))
        } else {
            let percent = self.number_of_percent(parts.next());
            BreakerTrip::Rate { percent, of: self.number(&parts.find(Rule::int)) }
        };
        let within = self.literal_expr(parts.find(Rule::duration));
        let open = self.literal_expr(parts.find(Rule::duration));
        let probes = parts.seek(Rule::int).map(|p| self.number(&p));
        Breaker { trip, within, open, probes }
    }

    /// `cache for 5m by (id)`
    pub(super) fn cache(&mut self, pair: Pair<'t, Rule>) -> Cache {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let time = self.literal_expr(parts.find(Rule::duration));
        Cache { time, by: self.by(parts), span }
    }

    /// `coalesce by (id)`
    pub(super) fn coalesce(&mut self, pair: Pair<'t, Rule>) -> Coalesce {
        let span = self.span(&pair);
        Coalesce { by: self.by(Parts::of(pair)), span }
    }

    fn by(&self, mut parts: Parts<'t>) -> Vec<Name> {
        parts.seek(Rule::by).map(|by| self.names(Parts::of(by))).unwrap_or_default()
    }

    /// `f(x) with p fallback g(x)`: all calls that are left.
    pub(super) fn chain(&mut self, parts: Parts<'t>) -> Vec<Call> {
        let mut calls = Vec::new();
        for pair in parts.rest() {
            match pair.as_rule() {
                Rule::job => calls.push(self.call(pair)),
                Rule::fallback => {
                    let mut parts = Parts::of(pair);
                    let mut on = Vec::new();
                    while let Some(pair) = parts.before(Rule::job) {
                        if pair.as_rule() == Rule::ident {
                            on.push(self.name(pair));
                        }
                    }
                    calls.push(Call { on, ..self.call(parts.next()) });
                }
                _ => {}
            }
        }
        calls
    }

    fn call(&mut self, pair: Pair<'t, Rule>) -> Call {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let machine = parts.next_if(Rule::k_machine).is_some();
        let name = self.name(parts.find(Rule::ident));
        let args = self.next_args(&mut parts).unwrap_or_default();
        let policy = parts.seek(Rule::ident).map(|p| self.name(p));
        Call { machine, name, args, policy, on: Vec::new(), span }
    }

    /// `human approve(..) -> Decision`, without what stands in the braces.
    pub(super) fn human_head(&mut self, pair: Pair<'t, Rule>) -> Human {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        let args = self.next_args(&mut parts).unwrap_or_default();
        Human { name, args, answer: self.ty(parts.find(Rule::ty)), items: Vec::new() }
    }

    pub(super) fn human_item(&mut self, pair: Pair<'t, Rule>) -> HumanItem {
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair);
        match rule {
            Rule::human_assign => HumanItem::Assign(self.who(parts.find(Rule::who))),
            Rule::human_title => {
                let string = parts.find(Rule::string);
                HumanItem::Title(self.title_parts(&string), self.span(&string))
            }
            Rule::human_remind => HumanItem::Remind(self.literal_expr(parts.find(Rule::duration))),
            Rule::human_escalate => {
                let after = self.literal_expr(parts.find(Rule::duration));
                HumanItem::Escalate(after, self.who(parts.find(Rule::who)))
            }
            _ => {
                parts.next();
                HumanItem::Timeout(self.literal_expr(parts.next()))
            }
        }
    }

    fn who(&mut self, pair: Pair<'t, Rule>) -> Who {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let role = parts.next().as_rule() == Rule::k_role;
        Who { role, expr: self.expr(parts.find(Rule::expr)), span }
    }

    /// `r in list max N concurrency N`
    pub(super) fn over(&mut self, pair: Pair<'t, Rule>) -> Over {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        let list = self.expr(parts.find(Rule::expr));
        let max = parts.next_if(Rule::k_max).map(|_| self.number(&parts.next()));
        let concurrency = parts.next_if(Rule::k_concurrency).map(|_| self.number(&parts.next()));
        (Some((name, list)), max, concurrency)
    }

    pub(super) fn named_call(&mut self, pair: Pair<'t, Rule>) -> NamedCall {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        NamedCall { name, chain: self.chain(parts) }
    }

    pub(super) fn join_rule(&mut self, pair: Pair<'t, Rule>) -> Join {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let kind = self.join_kind(parts.find(Rule::join_kind));
        let tolerate = parts.next_if(Rule::k_tolerate).map(|_| self.literal_expr(parts.next()));
        let into = parts.next_if(Rule::k_into).map(|_| self.name(parts.next()));
        let failures = parts.next_if(Rule::failures);
        let failures = failures.map(|p| self.name(Parts::of(p).find(Rule::ident)));
        let vote = parts.next_if(Rule::vote).map(|p| self.vote(p));
        Join { kind, tolerate, into, failures, vote, span }
    }

    fn join_kind(&mut self, pair: Pair<'t, Rule>) -> JoinKind {
        let mut parts = Parts::of(pair);
        let word = parts.next();
        match word.as_rule() {
            Rule::k_all => JoinKind::All,
            Rule::k_all_settled => JoinKind::AllSettled,
            Rule::k_any => JoinKind::Any,
            Rule::k_first => {
                let one = Count { value: 1, span: self.span(&word) };
                JoinKind::First(parts.seek(Rule::int).map_or(one, |count| self.number(&count)))
            }
            _ => JoinKind::Quorum(self.literal_expr(parts.next())),
        }
    }

    fn vote(&mut self, pair: Pair<'t, Rule>) -> Vote {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let expr = self.expr(parts.find(Rule::expr));
        let rule = self.vote_rule(parts.find(Rule::vote_rule));
        Vote { expr, rule, into: self.name(parts.find(Rule::ident)), span }
    }

    fn vote_rule(&mut self, pair: Pair<'t, Rule>) -> VoteRule {
        let mut parts = Parts::of(pair);
        match parts.next().as_rule() {
            Rule::k_majority => VoteRule::Majority,
            Rule::k_plurality => VoteRule::Plurality,
            Rule::k_unanimous => VoteRule::Unanimous,
            Rule::k_quorum => VoteRule::Quorum(self.number(&parts.next())),
            _ => VoteRule::Weighted(self.expr(parts.find(Rule::expr))),
        }
    }

    pub(super) fn step(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> Step {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let pivot = parts.next_if(Rule::k_pivot).map(|p| self.span(&p));
        let name = self.name(parts.find(Rule::ident));
        let call = self.call(parts.find(Rule::job));
        let compensate = parts.seek(Rule::job).map(|p| self.call(p));
        Step { meta, pivot, name, call, compensate, span }
    }
}
