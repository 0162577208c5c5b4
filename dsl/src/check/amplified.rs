//! W0510: attempts of a policy, rounds of loops and machines that are started do not multiply to more than
//! anybody means.
//!
//! Each is small where it stands. A retry budget, a circuit breaker or a rate limit keep the product
//! small, so calls under these are not doubted; nor are rounds whose number is not written down. The
//! branches of a fan-out ask for different things, so they do not make a product doubtful; in one that is,
//! they count.

use super::calls;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Activity, ActivityId, ActivityKind, Expr, ExprKind, Policy, StateId, Work};
use crate::span::Span;

/// So many attempts at one thing are not doubted.
const MOST: u64 = 100;

/// Machines that are started by machines that are started .. are looked into so deep.
const DEEPEST: usize = 3;

/// One of the numbers that multiply, and where it stands.
struct Factor {
    count: u64,
    place: Span,
    what: String,
}

/// Why something is tried more than once.
#[derive(Default)]
struct Product {
    factors: Vec<Factor>,
    /// What is tried, if another machine tries it.
    tried: Option<String>,
}

impl Product {
    fn all(&self) -> u64 {
        self.factors.iter().fold(1, |all, factor| all.saturating_mul(factor.count))
    }
}

/// The rule, over all machines of a file and those that it imports.
pub(super) fn check(own: &[Facts], imported: &[Facts], d: &mut Diagnostics) {
    let all: Vec<&Facts> = own.iter().chain(imported).collect();
    let all = all.as_slice();
    for facts in own {
        for (id, invoke) in calls::invokes(facts) {
            let is_in_loop = !rounds_of(facts, id).is_empty();
            for call in calls::of(&facts.model.declarations, invoke) {
                let Some(mut product) = attempts(all, facts, call.work, call.policy, 0) else {
                    continue;
                };
                // A child that multiplies by itself is doubted where it does.
                if !is_in_loop || product.all() > MOST && product.tried.is_some() {
                    continue;
                }
                product.factors.extend(rounds_of(facts, id));
                if product.all() > MOST {
                    product.factors.extend(branches(facts, id));
                    d.push(report(call.name, call.span, &product));
                }
            }
        }
    }
}

/// How often one call is tried, if that is more than once and nothing else bounds it.
fn attempts(
    all: &[&Facts],
    facts: &Facts,
    work: Work,
    policy: Option<&Policy>,
    depth: usize,
) -> Option<Product> {
    let Work::Activity(activity) = work else { return None };
    if let Some(child) = machine(all, facts, activity) {
        return most(all, child, depth + 1);
    }
    let policy = policy?;
    let is_bounded =
        policy.budget.is_some() || policy.breaker.is_some() || policy.rate_limit.is_some();
    let retry = policy.retry.as_ref().filter(|retry| retry.max > 0 && !is_bounded)?;
    let count = u64::from(retry.max) + 1;
    let what = format!("{count} attempts for each call");
    let factors = vec![Factor { count, place: retry.span, what }];
    Some(Product { factors, tried: None })
}

/// The machine that an activity is.
fn machine<'f, 'm>(
    all: &[&'f Facts<'m>],
    facts: &Facts<'m>,
    activity: ActivityId,
) -> Option<&'f Facts<'m>> {
    let Activity { name, kind, .. } = &facts.model.declarations.activities[activity.index()];
    let is_machine = matches!(kind, ActivityKind::Machine(_));
    all.iter().copied().find(|other| is_machine && other.model.name.text == name.text)
}

/// What a machine tries most often while it runs once.
fn most(all: &[&Facts], facts: &Facts, depth: usize) -> Option<Product> {
    if depth > DEEPEST {
        return None;
    }
    let mut most: Option<Product> = None;
    for (id, invoke) in calls::invokes(facts) {
        for call in calls::of(&facts.model.declarations, invoke) {
            let Some(mut product) = attempts(all, facts, call.work, call.policy, depth) else {
                continue;
            };
            product.factors.extend(rounds_of(facts, id));
            product.tried.get_or_insert_with(|| call.name.to_owned());
            if most.as_ref().is_none_or(|most| product.all() > most.all()) {
                most = Some(product);
            }
        }
    }
    most
}

/// The loops around a state that say how many rounds they have, innermost first.
fn rounds_of(facts: &Facts, id: StateId) -> Vec<Factor> {
    let around = facts.tree.ancestors(id).map(|id| facts.tree.state(id));
    let factor = |(name, max): (&str, &Expr)| {
        let ExprKind::Int(count) = max.kind else { return None };
        let count = u64::try_from(count).ok().filter(|count| *count > 1)?;
        let what = format!("in each of {count} rounds of `{name}`");
        Some(Factor { count, place: max.span, what })
    };
    let max = around
        .filter_map(|state| Some((state.name.text.as_str(), state.rounds.as_ref()?.max.as_ref()?)));
    max.filter_map(factor).collect()
}

/// The branches of a fan-out over a list.
fn branches(facts: &Facts, id: StateId) -> Option<Factor> {
    let fan_out = facts.tree.state(id).fan_out.as_ref()?;
    let over = fan_out.over.as_ref()?;
    let count = u64::from(over.max?);
    let what = format!("for each of up to {count} values");
    Some(Factor { count, place: over.list.span, what }).filter(|factor| factor.count > 1)
}

fn report(name: &str, place: Span, product: &Product) -> Diagnostic {
    let all = product.all();
    let message = match &product.tried {
        Some(tried) => format!("`{tried}` of `{name}` may be tried {all} times"),
        None => format!("`{name}` may be tried {all} times"),
    };
    let mut report = Diagnostic::new(Code::Amplified, place, message).at("the attempts multiply");
    for factor in &product.factors {
        report = report.label(factor.place, factor.what.clone());
    }
    report.help("try less often in one of the places, or bound all together by a `retry budget`")
}
