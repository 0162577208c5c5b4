//! Branches of a fan-out that are alike: the same call of the same activity, whose result decides nothing.
//! Which of them has ended makes no difference, only how many have, and how. So they are put in order,
//! and thirty of them have hundreds of configurations and not a thousand million.

use super::data::{self, Slot};
use super::fan_out;
use crate::chart::{Chart, InvokeId};
use crate::interpret::{Instance, Invocation, Reply};
use crate::model::{Joined, Work};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// For each fan-out and each of its calls the first call that is alike.
#[derive(Debug, Default)]
pub(super) struct Alike {
    first: Vec<Vec<u32>>,
    /// Of these calls it counts only whether they have failed, when they have not decided the join.
    counted: Vec<Vec<bool>>,
}

/// How far a branch is: what can be told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Ended(u64),
    Running(usize),
    /// Its place among those that wait.
    Waiting(usize),
}

impl Alike {
    /// Finds them, of charts whose lists have been made small.
    pub(super) fn of(chart: &Chart, relevant: &BTreeSet<Slot>) -> Self {
        let (mut all, mut counted) = (Vec::new(), Vec::new());
        let names = relevant.contains(&Slot::Name);
        for of in &chart.fan_outs {
            let calls = of.invokes.clone().map(|at| &chart.invokes[at as usize].call);
            let tells = |what| matches!(what, Joined::Failures);
            let tells_names = names && of.fan_out.results.iter().any(|result| tells(result.what));
            let is_told = tells_names || of.fan_out.over.is_some();
            let key = |call| match is_told || decides(call, relevant) {
                true => None,
                false => Some(format!("{:?}", works(call))),
            };
            let keys: Vec<Option<String>> = calls.map(key).collect();
            let first = |at: usize| match &keys[at] {
                Some(_) => keys.iter().position(|other| *other == keys[at]).unwrap_or(at),
                None => at,
            };
            all.push((0..keys.len()).map(|at| first(at) as u32).collect());
            counted.push(keys.iter().map(Option::is_some).collect());
        }
        Self { first: all, counted }
    }

    /// True if the end of another branch that runs stands for the end of this one.
    pub(super) fn is_covered(&self, chart: &Chart, instance: &Instance, at: usize) -> bool {
        let running = &instance.invocations[at];
        let Some(class) = self.class(chart, running) else { return false };
        let mut others = instance.invocations[..at].iter();
        others.any(|other| other.call == running.call && self.class(chart, other) == Some(class))
    }

    /// The fan-out and the class of a branch, if there are others like it.
    fn class(&self, chart: &Chart, running: &Invocation) -> Option<(u32, u32)> {
        let fan_out = chart.invokes[running.invoke.index()].fan_out?;
        let calls = &chart.fan_outs[fan_out.index()].invokes;
        let first = &self.first[fan_out.index()];
        let own = *first.get((running.invoke.0 - calls.start) as usize)?;
        (first.iter().filter(|other| **other == own).count() > 1).then_some((fan_out.0, own))
    }

    /// Puts branches that are alike in order, of fan-outs that are numbered from [`fan_out::first`].
    pub(super) fn order(&self, chart: &Chart, instance: &mut Instance) {
        let Instance { fans, invocations, .. } = instance;
        for fan in fans {
            let first = &self.first[fan.fan_out.index()];
            if fan.ended.len() != first.len() {
                // Over a list, or with too many branches.
                continue;
            }
            let numbers = fan_out::first(chart, fan.fan_out.0);
            let counted = &self.counted[fan.fan_out.index()];
            for (reply, _) in fan.ended.iter_mut().zip(counted).filter(|(_, counted)| **counted) {
                if let Some(Reply::Error(..) | Reply::Failed(..)) = reply {
                    *reply = Some(Reply::Unexpected(String::new()));
                }
            }
            let mut status: Vec<Option<Status>> = vec![None; first.len()];
            let at = |id: u64| id.checked_sub(numbers).and_then(|at| usize::try_from(at).ok());
            for (branch, reply) in fan.ended.iter().enumerate() {
                let of = |reply| {
                    let mut hasher = DefaultHasher::new();
                    Hash::hash(reply, &mut hasher);
                    Status::Ended(hasher.finish())
                };
                status[branch] = reply.as_ref().map(of);
            }
            for running in invocations.iter() {
                if let Some(place) = at(running.id).and_then(|at| status.get_mut(at)) {
                    *place = Some(Status::Running(running.call));
                }
            }
            for (place, waiting) in fan.waiting.iter().enumerate() {
                if let Some(of) = at(waiting.id).and_then(|at| status.get_mut(at)) {
                    *of = Some(Status::Waiting(place));
                }
            }
            let to = places(first, &status);
            let mut ended = vec![None; fan.ended.len()];
            for (from, reply) in std::mem::take(&mut fan.ended).into_iter().enumerate() {
                ended[to[from]] = reply;
            }
            fan.ended = ended;
            let calls = chart.fan_outs[fan.fan_out.index()].invokes.start;
            let own = invocations.iter_mut().chain(&mut fan.waiting);
            for asked in own {
                if let Some(to) = at(asked.id).and_then(|at| to.get(at)) {
                    asked.id = numbers + *to as u64;
                    asked.invoke = InvokeId(calls + *to as u32);
                }
            }
        }
        invocations.sort_by_key(|running| (running.invoke, running.id));
    }
}

/// Where each branch goes: within its class by how far it is.
fn places(first: &[u32], status: &[Option<Status>]) -> Vec<usize> {
    let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, class) in first.iter().enumerate() {
        classes.entry(*class).or_default().push(at);
    }
    let mut to = vec![0; first.len()];
    for members in classes.values() {
        let mut by_status = members.clone();
        by_status.sort_by_key(|at| status[*at]);
        for (place, from) in members.iter().zip(by_status) {
            to[from] = *place;
        }
    }
    to
}

/// What makes each call of a chain, and behind which errors.
fn works(call: &crate::model::Invoke) -> Vec<(Work, Vec<u32>)> {
    let first = (Work::Activity(call.activity), Vec::new());
    let rest = call.fallbacks.iter();
    let rest = rest.map(|of| (of.work, of.on.iter().map(|error| error.0).collect()));
    std::iter::once(first).chain(rest).collect()
}

/// True if it counts what a branch gives or says, and not only how it ends.
fn decides(call: &crate::model::Invoke, relevant: &BTreeSet<Slot>) -> bool {
    let is_calculated = call.fallbacks.iter().any(|of| matches!(of.work, Work::Function(_)));
    let results = data::results(call);
    is_calculated
        || relevant.contains(&Slot::Message)
        || results.iter().any(|slot| relevant.contains(slot))
}
