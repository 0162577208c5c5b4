//! The calls of chains, and how long their policies let them take.

use super::ends;
use super::facts::Facts;
use crate::model::{
    Backoff, Declarations, Expr, Invoke, Limit, Policy, PolicyId, Retry, StateId, Work,
};
use crate::span::Span;
use std::collections::BTreeSet;

/// So many attempts are looked at; what fits behind them is not doubted.
const MOST: usize = 1000;

/// One call of a chain.
#[derive(Clone, Copy)]
pub(super) struct Call<'m> {
    pub(super) work: Work,
    pub(super) name: &'m str,
    pub(super) args: &'m [Expr],
    pub(super) policy: Option<&'m Policy>,
    pub(super) span: Span,
}

/// The calls of a chain, in the order in which they are tried.
pub(super) fn of<'m>(declarations: &'m Declarations, invoke: &'m Invoke) -> Vec<Call<'m>> {
    let call = |work, args, policy: Option<PolicyId>, span| Call {
        work,
        name: match work {
            Work::Activity(activity) => &declarations.activities[activity.index()].name.text,
            Work::Function(function) => &declarations.functions[function.index()].name.text,
        },
        args,
        policy: policy.map(|policy| &declarations.policies[policy.index()]),
        span,
    };
    let first = call(invoke.work(0), &invoke.args, invoke.policy, invoke.head);
    let rest = invoke.fallbacks.iter().map(|f| call(f.work, &f.args, f.policy, f.span));
    [first].into_iter().chain(rest).collect()
}

/// What active states invoke.
pub(super) fn invokes<'m>(facts: &Facts<'m>) -> Vec<(StateId, &'m Invoke)> {
    let active = facts.tree.ids().filter(|id| facts.is_active(*id));
    active.flat_map(|id| ends::calls(&facts.tree, id).map(move |call| (id, call))).collect()
}

/// The policies that calls of active states name, in declared order.
pub(super) fn policies<'m>(facts: &Facts<'m>) -> Vec<&'m Policy> {
    let mut named = BTreeSet::new();
    for (_, invoke) in invokes(facts) {
        named.extend(invoke.policy);
        named.extend(invoke.fallbacks.iter().filter_map(|fallback| fallback.policy));
    }
    let policies = &facts.model.declarations.policies;
    named.into_iter().map(|id| &policies[id.index()]).collect()
}

/// The milliseconds of a limit that is given.
pub(super) fn millis(limit: Limit) -> Option<u64> {
    match limit {
        Limit::After(millis) => Some(millis),
        Limit::Unset | Limit::Never => None,
    }
}

/// When the attempts of a call begin if each of them hangs and every pause is as long as can be: in
/// milliseconds since the first. `None` if they may hang for ever.
pub(super) fn begins(policy: &Policy) -> Option<Vec<u64>> {
    let timeout = millis(policy.timeout)?;
    let mut begins = vec![0];
    let Some(retry) = &policy.retry else { return Some(begins) };
    let mut at = 0_u64;
    for attempt in 1..=(retry.max as usize).min(MOST) {
        at = at.saturating_add(timeout).saturating_add(pause(retry, attempt));
        begins.push(at);
    }
    Some(begins)
}

/// The longest pause behind an attempt.
fn pause(retry: &Retry, attempt: usize) -> u64 {
    match retry.backoff {
        Backoff::None => 0,
        Backoff::Fixed(pause) => pause,
        Backoff::Linear { from, to } => from.saturating_mul(attempt as u64).min(to),
        Backoff::Exponential { from, to, factor } => {
            let grown = from as f64 * factor.powi(attempt as i32 - 1);
            // What is too large for the number becomes the largest one.
            (grown as u64).min(to)
        }
    }
}
