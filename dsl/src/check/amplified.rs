//! W0510: attempts of a policy and rounds of loops do not multiply to more than anybody means.
//!
//! Each is small where it stands. A retry budget, a circuit breaker or a rate limit keep the product
//! small, so calls under these are not doubted; nor are rounds whose number is not written down.

use super::calls::{self, Call};
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Expr, ExprKind, Policy, State, StateId};

/// So many attempts at one thing are not doubted.
const MOST: u64 = 100;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (id, invoke) in calls::invokes(facts) {
        let loops = loops(facts, id);
        let rounds = loops.iter().fold(1_u64, |all, (_, max)| all.saturating_mul(rounds(max)));
        for call in calls::of(&facts.model.declarations, invoke) {
            let Some((policy, attempts)) = call.policy.and_then(attempts) else { continue };
            let all = attempts.saturating_mul(rounds);
            if !loops.is_empty() && all > MOST {
                d.push(report(&call, policy, (attempts, all), &loops));
            }
        }
    }
}

/// The loops around a state that say how many rounds they have, innermost first.
fn loops<'m>(facts: &Facts<'m>, id: StateId) -> Vec<(&'m State, &'m Expr)> {
    let around = facts.tree.ancestors(id).map(|id| facts.tree.state(id));
    around.filter_map(|state| Some((state, state.rounds.as_ref()?.max.as_ref()?))).collect()
}

fn rounds(max: &Expr) -> u64 {
    match max.kind {
        ExprKind::Int(max) => u64::try_from(max).unwrap_or(1),
        _ => 1,
    }
}

/// How many attempts a policy makes, if there is more than one and nothing else bounds them.
fn attempts(policy: &Policy) -> Option<(&Policy, u64)> {
    let is_bounded =
        policy.budget.is_some() || policy.breaker.is_some() || policy.rate_limit.is_some();
    let retry = policy.retry.as_ref().filter(|retry| retry.max > 0 && !is_bounded)?;
    Some((policy, u64::from(retry.max) + 1))
}

fn report(
    call: &Call,
    policy: &Policy,
    (attempts, all): (u64, u64),
    loops: &[(&State, &Expr)],
) -> Diagnostic {
    let message = format!("`{}` may be tried {all} times", call.name);
    let retry = policy.retry.as_ref().map_or(policy.span, |retry| retry.span);
    let mut report = Diagnostic::new(Code::Amplified, call.span, message)
        .at("the attempts multiply")
        .label(retry, format!("{attempts} attempts for each call"));
    for (state, max) in loops.iter().filter(|(_, max)| rounds(max) > 1) {
        let rounds = rounds(max);
        report =
            report.label(max.span, format!("in each of {rounds} rounds of `{}`", state.name.text));
    }
    report.help("try less often in one of the places, or bound all together by a `retry budget`")
}
