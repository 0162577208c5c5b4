//! W0503: in a durable machine something ends every wait for an activity or a person: a `timeout` of the
//! human step, a `timeout` or a `deadline` of the policy, or a timer that leads out of the state.
//!
//! `timeout never` says that it is meant so. A policy that tries again what it never ends is W0505.

use super::calls::{self, Call};
use super::entry;
use super::facts::Facts;
use super::words;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Branch, Invoke, Limit, Policy, Reaction, StateId, StateKind, Target, TargetState, TaskTimeout,
    Trigger, Work,
};
use crate::span::Span;

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let Some(durable) = facts.model.durable else { return };
    for (id, invoke) in calls::invokes(facts) {
        let is_open = || timers_out(facts, id).next().is_none();
        match &invoke.task {
            Some(task) if task.timeout == TaskTimeout::Unset && is_open() => {
                d.push(of_person(facts, invoke, durable));
            }
            _ => d.extend(of_chain(facts, id, invoke).map(|endless| report(&endless, durable))),
        }
    }
}

/// The calls that nothing ends, by chains.
pub(super) fn endless<'m>(facts: &Facts<'m>) -> Vec<Vec<Call<'m>>> {
    if facts.model.durable.is_none() {
        return Vec::new();
    }
    let chains = calls::invokes(facts).into_iter();
    chains.filter_map(|(id, invoke)| of_chain(facts, id, invoke)).collect()
}

/// The calls of a chain that nothing ends, if there are any.
fn of_chain<'m>(facts: &Facts<'m>, id: StateId, invoke: &'m Invoke) -> Option<Vec<Call<'m>>> {
    let calls = calls::of(&facts.model.declarations, invoke);
    let has_deadline = |policy: &Policy| calls::millis(policy.deadline).is_some();
    // The deadline of the first call is one for all.
    if calls[0].policy.is_some_and(has_deadline) || timers_out(facts, id).next().is_some() {
        return None;
    }
    let is_of_host = |call: &Call| match call.work {
        Work::Activity(activity) => {
            facts.model.declarations.activities[activity.index()].is_of_host()
        }
        Work::Function(_) => false,
    };
    let endless = calls.into_iter().filter(is_of_host).filter(is_endless);
    let endless: Vec<Call> = endless.collect();
    (!endless.is_empty()).then_some(endless)
}

/// The timers that lead out of a state for sure.
pub(super) fn timers_out<'a, 'm>(
    facts: &'a Facts<'m>,
    id: StateId,
) -> impl Iterator<Item = &'m Reaction> + 'a {
    let around = facts.tree.ancestors(id).flat_map(|state| facts.reactions(state));
    around.filter(move |timer| {
        let leaves = |branch: &Branch| leaves(facts, timer, branch, id);
        let is_timer = matches!(timer.trigger, Trigger::After(_));
        is_timer && timer.is_certain() && timer.branches.iter().all(leaves)
    })
}

/// True if a state is left by a branch of a state around it, or of its own, or the machine ends.
fn leaves(facts: &Facts, reaction: &Reaction, branch: &Branch, id: StateId) -> bool {
    let tree = &facts.tree;
    let is_end = |target: &TargetState| {
        let parent = tree.state(target.state).parent;
        tree.kind(target.state) == StateKind::Final && parent == Some(StateId::ROOT)
    };
    if let Target::States(targets) = &branch.target
        && targets.iter().any(is_end)
    {
        return true;
    }
    let stay = entry::domain(tree, reaction.source, &branch.target);
    let is_left = |stays: &StateId| *stays != id && tree.contains(*stays, id);
    branch.target != Target::Stay && stay.iter().any(is_left)
}

/// True for a call that nothing ends, and nothing is said of it.
fn is_endless(call: &Call) -> bool {
    call.policy.is_none_or(|policy| {
        let is_silent = policy.timeout == Limit::Unset && policy.deadline == Limit::Unset;
        is_silent && policy.retry.is_none()
    })
}

fn of_person(facts: &Facts, invoke: &Invoke, durable: Span) -> Diagnostic {
    let name = &facts.model.declarations.activities[invoke.activity.index()].name.text;
    let message = format!("nothing ends the wait for `{name}` if nobody answers");
    Diagnostic::new(Code::NoTimeout, invoke.head, message)
        .at("waited for without end")
        .label(durable, "instances wait for as long as it takes")
        .help(
            "add a `timeout` to the human step and `on timeout` to the state, or `timeout never` if \
             it may take for ever",
        )
}

fn report(endless: &[Call], durable: Span) -> Diagnostic {
    let mut names: Vec<String> = endless.iter().map(|call| call.name.to_owned()).collect();
    names.dedup();
    let hang = if names.len() == 1 { "it hangs" } else { "they hang" };
    let message = format!("nothing ends {} if {hang}", words::list(&names));
    let mut report = Diagnostic::new(Code::NoTimeout, endless[0].span, message)
        .at("waited for without end")
        .label(durable, "instances wait for as long as it takes");
    if let Some(policy) = endless[0].policy {
        report = report.label(policy.name.span, "sets no `timeout`");
        return report.help(format!(
            "add a `timeout` to `{0}`, or `timeout never` if it may take for ever",
            policy.name.text
        ));
    }
    report.help(
        "call it `with` a policy that sets a `timeout`, or `timeout never` if it may take for ever, \
         or leave the state by `after`",
    )
}
