//! Fan-out: many calls at once, and when together they are an answer.
//!
//! A branch is an [`Invocation`] like any other while it runs. Those that wait for their turn, and how
//! the others have ended, are in the [`Fan`]: so what is looked through at each step is as long as
//! branches run at once, not as there are.

use crate::activity::{Failure, Invocation};
use crate::chart::{Answer, Chart};
use crate::core::{Core, Internal};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// So many different failures are told in one message.
const TOLD: usize = 4;

/// A fan-out of a chart.
#[derive(Clone, Debug)]
pub struct FanOut {
    /// Its calls.
    pub invokes: Range<u16>,
    /// So many branches run at once.
    pub at_once: u32,
    /// So many there may be.
    pub max: u32,
    /// When it has ended.
    pub join: Join,
    /// What it triggers when it has succeeded.
    pub result: u32,
    /// What it triggers when it has failed before any branch has.
    pub unexpected: u32,
}

/// When a fan-out has ended.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// When it has succeeded.
    pub kind: JoinKind,
    /// More failures than this fail it at once.
    pub tolerate: Option<Share>,
}

/// When a join has succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// When all branches have, but for those that are tolerated.
    All,
    /// When all branches have ended, however.
    AllSettled,
    /// When one branch has.
    Any,
    /// When so many branches have, or all if there are fewer.
    First(u32),
    /// When so many branches have.
    Quorum(Share),
}

/// A number of branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// As it is.
    Count(u32),
    /// Of all, in percent.
    Percent(u8),
}

impl Share {
    fn at_least(self, of: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            // A hundredth of at most a hundred times a number of 32 bits.
            Self::Percent(percent) => (u64::from(of) * u64::from(percent)).div_ceil(100) as u32,
        }
    }

    fn at_most(self, of: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => (u64::from(of) * u64::from(percent) / 100) as u32,
        }
    }
}

impl Join {
    fn tolerated(&self, of: u32) -> u32 {
        match (self.tolerate, self.kind) {
            (Some(tolerate), _) => tolerate.at_most(of),
            (None, JoinKind::All) => 0,
            (None, _) => of,
        }
    }

    fn needed(&self, of: u32) -> u32 {
        match self.kind {
            JoinKind::All => of.saturating_sub(self.tolerated(of)),
            JoinKind::AllSettled => 0,
            JoinKind::Any => 1,
            JoinKind::First(count) => count.min(of),
            JoinKind::Quorum(share) => share.at_least(of),
        }
    }

    /// Whether it has succeeded or failed, if that is decided.
    fn verdict(&self, of: u32, succeeded: u32, failed: u32) -> Option<bool> {
        let needed = self.needed(of);
        let waits_for_all = matches!(self.kind, JoinKind::All | JoinKind::AllSettled);
        if failed > self.tolerated(of) || needed > of.saturating_sub(failed) {
            return Some(false);
        }
        let is_enough = if waits_for_all { succeeded + failed == of } else { succeeded >= needed };
        is_enough.then_some(true)
    }
}

/// A branch before it is asked for.
#[derive(Clone, Debug)]
pub struct Asked<Request> {
    /// Which call of the chart.
    pub invoke: u16,
    /// What is asked.
    pub request: Request,
    /// What is asked if that fails, first in front.
    pub fallbacks: Vec<Request>,
}

/// A fan-out whose join is not decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fan<Request, Reply, Item> {
    /// Which `fan_out` of the chart.
    pub fan_out: u16,
    /// The number of the invocation of its first branch; those of the others follow.
    pub first: u64,
    /// The values of the list, if its vote reads them.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// Branches that wait for their turn, the next one last.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Invocation<Request>>,
    /// How each branch has ended.
    pub ended: Vec<Option<Reply>>,
    /// Why it has failed before any branch has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// How many have succeeded.
    #[serde(skip)]
    pub(crate) succeeded: u32,
    /// How many have failed.
    #[serde(skip)]
    pub(crate) failed: u32,
}

/// That of a chart.
pub(crate) type FanOf<C> = Fan<<C as Chart>::Request, <C as Chart>::Reply, <C as Chart>::Item>;

impl<Request, Reply, Item> Fan<Request, Reply, Item> {
    /// How a branch has ended, if it has.
    pub fn reply(&self, branch: usize) -> Option<&Reply> {
        self.ended.get(branch)?.as_ref()
    }

    /// How many branches run.
    fn running(&self) -> usize {
        let over = self.waiting.len() + (self.succeeded + self.failed) as usize;
        // Of one that was read and told of a branch both that it has ended and that it runs.
        self.ended.len().saturating_sub(over)
    }

    /// Counts anew, for one that was read.
    pub(crate) fn count(&mut self, is_error: impl Fn(&Reply) -> bool) {
        let ended = self.ended.iter().flatten();
        (self.succeeded, self.failed) = ended.fold((0, 0), |(succeeded, failed), reply| {
            if is_error(reply) { (succeeded, failed + 1) } else { (succeeded + 1, failed) }
        });
    }

    /// True for one that a machine can have that has made so many calls.
    pub(crate) fn fits<C: Chart>(&self, visits: u64) -> bool {
        // An empty one is a visit too.
        let more = self.ended.len().max(1) as u64 - 1;
        usize::from(self.fan_out) < C::FAN_OUTS.len()
            && self.first.checked_add(more).is_some_and(|last| last <= visits)
    }

    fn verdict(&self, of: &FanOut, is_error: Option<bool>) -> Option<bool> {
        let more = |wanted| u32::from(is_error == Some(wanted));
        let (succeeded, failed) = (self.succeeded + more(false), self.failed + more(true));
        of.join.verdict(self.ended.len() as u32, succeeded, failed)
    }
}

impl<C: Chart> Core<C> {
    /// Asks for the branches of a fan-out over a list of so many values; for none of them if these
    /// are too many.
    pub fn fan_out(
        &mut self,
        fan_out: u16,
        values: usize,
        asked: Vec<Asked<C::Request>>,
        items: Vec<C::Item>,
    ) {
        let of = &C::FAN_OUTS[usize::from(fan_out)];
        let (first, count) = (self.visits + 1, asked.len());
        // An empty one is a visit too.
        self.visits += count.max(1) as u64;
        let mut fan = Fan {
            fan_out,
            first,
            items,
            waiting: Vec::new(),
            ended: std::iter::repeat_with(|| None).take(count).collect(),
            failure: None,
            succeeded: 0,
            failed: 0,
        };
        let is_decided = match fan.verdict(of, None) {
            _ if values > of.max as usize => {
                let message = format!("the list has {values} values, and `max` is {}", of.max);
                fan.failure = Some(Failure::new(Failure::TOO_MANY, message));
                true
            }
            Some(false) => {
                let needed = of.join.needed(count as u32);
                let message = format!("{needed} branches have to succeed, and there are {count}");
                fan.failure = Some(Failure::new(Failure::TOO_FEW, message));
                true
            }
            Some(true) => true,
            None => false,
        };
        if is_decided {
            fan.ended.clear();
            self.queue.push_back(Internal::Joined { fan_out, first });
        } else {
            let numbered = asked.into_iter().zip(first..);
            fan.waiting = numbered.map(|(asked, id)| invocation(asked, id)).collect();
            fan.waiting.reverse();
        }
        self.fans.push(fan);
        self.hand_out(self.fans.len() - 1);
    }

    /// Fan-outs that are decided end with the next step. They are over within the same one, but for those
    /// of an instance that was carried over: it may have been carried into one that is decided when it
    /// begins, or the join may be another now, for which enough branches have ended.
    #[cfg(feature = "engine")]
    pub(crate) fn end_decided(&mut self) {
        let is_decided = |fan: &&FanOf<C>| {
            let of = &C::FAN_OUTS[usize::from(fan.fan_out)];
            fan.ended.is_empty() || fan.verdict(of, None).is_some()
        };
        let decided = self.fans.iter().filter(is_decided);
        let decided = decided.map(|fan| (fan.fan_out, fan.first));
        let ends = decided.map(|(fan_out, first)| Internal::Joined { fan_out, first });
        self.queue.extend(ends);
    }

    /// Asks for as many branches as may run at once.
    fn hand_out(&mut self, at: usize) {
        let fan = &mut self.fans[at];
        let most = C::FAN_OUTS[usize::from(fan.fan_out)].at_once as usize;
        while fan.running() < most
            && let Some(next) = fan.waiting.pop()
        {
            self.invocations.push(next);
        }
    }

    /// The fan-out that an invocation is a branch of, among those that go on, and which branch.
    pub(crate) fn branch(&self, at: usize) -> Option<(usize, usize)> {
        let asked = self.invocations.get(at)?;
        let own = |fan: &FanOf<C>| {
            let branch = asked.id.checked_sub(fan.first)?;
            usize::try_from(branch).ok().filter(|branch| *branch < fan.ended.len())
        };
        self.fans.iter().enumerate().find_map(|(at, fan)| Some((at, own(fan)?)))
    }

    /// True if the end of a branch is the end of its fan-out.
    pub(crate) fn decides(&self, fan: usize, is_error: bool) -> bool {
        let fan = &self.fans[fan];
        fan.verdict(&C::FAN_OUTS[usize::from(fan.fan_out)], Some(is_error)).is_some()
    }

    /// Notes how a branch has ended, and asks for the next one.
    pub(crate) fn branch_ended(
        &mut self,
        at: usize,
        (fan, branch): (usize, usize),
        reply: C::Reply,
    ) {
        self.invocations.remove(at);
        let own = &mut self.fans[fan];
        match C::is_error(&reply) {
            true => own.failed += 1,
            false => own.succeeded += 1,
        }
        own.ended[branch] = Some(reply);
        if own.verdict(&C::FAN_OUTS[usize::from(own.fan_out)], None).is_none() {
            self.hand_out(fan);
        }
    }

    /// Whether a fan-out has succeeded.
    pub(crate) fn has_succeeded(&self, fan: usize) -> bool {
        let fan = &self.fans[fan];
        fan.verdict(&C::FAN_OUTS[usize::from(fan.fan_out)], None) == Some(true)
    }

    /// The first failure of a branch, and what it triggers, if the fan-out has failed with what has ended
    /// so far.
    pub(crate) fn failed(&self, fan: usize) -> Option<(u32, C::Reply)> {
        let fan = &self.fans[fan];
        let of = &C::FAN_OUTS[usize::from(fan.fan_out)];
        if fan.verdict(of, None) != Some(false) {
            return None;
        }
        let reply = fan.ended.iter().flatten().find(|reply| C::is_error(reply))?;
        // A reply says which activity it is of, and not which call of a chain that was.
        let calls = of.invokes.clone().flat_map(|at| (0..=u16::MAX).map(move |call| (at, call)));
        let trigger =
            calls.into_iter().find_map(|(at, call)| match C::answer(at, call, reply) {
                Some(Answer::Branch(trigger)) => Some(trigger),
                _ => None,
            })?;
        Some((trigger, reply.clone()))
    }

    /// Nobody waits any more for a fan-out of the chart.
    pub fn revoke_fan(&mut self, fan_out: u16) {
        if let Some(at) = self.fans.iter().position(|fan| fan.fan_out == fan_out) {
            self.close(at);
        }
    }

    /// Takes a fan-out off the list, and revokes the branches that run.
    pub(crate) fn close(&mut self, at: usize) -> FanOf<C> {
        let fan = self.fans.remove(at);
        let own = fan.first..fan.first + fan.ended.len() as u64;
        let revoked = self.invocations.extract(|asked| own.contains(&asked.id)).into_iter();
        self.revoked.extend(revoked.filter(|revoked| revoked.told).map(|revoked| revoked.id));
        fan
    }
}

fn invocation<R>(asked: Asked<R>, id: u64) -> Invocation<R> {
    let Asked { invoke, request, mut fallbacks } = asked;
    fallbacks.reverse();
    let (call, asked, undoes, told) = (0, None, None, false);
    Invocation { id, invoke, request, call, fallbacks, asked, undoes, told }
}

/// How many branches failed, and how, in the words of the error that decided it.
pub(crate) fn failure<C: Chart>(fan: &FanOf<C>, decided: &C::Reply) -> Failure {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for failure in fan.ended.iter().flatten().filter_map(C::failure) {
        let text = failure.to_string();
        match kinds.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => kinds.push((text, 1)),
        }
    }
    let told = kinds.iter().take(TOLD).map(|(text, count)| match count {
        1 => text.clone(),
        _ => format!("{text} ({count} times)"),
    });
    let mut told: Vec<String> = told.collect();
    if kinds.len() > TOLD {
        told.push(format!("and {} other errors", kinds.len() - TOLD));
    }
    let (of, failed) = (fan.ended.len(), fan.failed);
    let message = format!("{failed} of {of} branches failed: {}", told.join("; "));
    let name = C::failure(decided).map(|failure| failure.name).unwrap_or_default();
    Failure { name, message }
}

/// How votes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteRule {
    /// What has more than half of all votes, or of all weight.
    Majority,
    /// What most votes are for.
    Plurality,
    /// What all votes are for.
    Unanimous,
    /// What most votes, and at least so many, are for.
    Quorum(u64),
}

/// Votes while they are counted.
#[derive(Debug)]
pub struct Votes<T> {
    tally: Vec<(T, u64)>,
    all: u64,
}

impl<T> Default for Votes<T> {
    fn default() -> Self {
        Self { tally: Vec::new(), all: 0 }
    }
}

impl<T: PartialEq> Votes<T> {
    /// Adds a vote. `None` if the weights become too large.
    pub fn add(&mut self, choice: T, weight: u64) -> Option<()> {
        self.all = self.all.checked_add(weight)?;
        match self.tally.iter_mut().find(|(known, _)| *known == choice) {
            // No part is larger than the whole.
            Some((_, votes)) => *votes += weight,
            None => self.tally.push((choice, weight)),
        }
        Some(())
    }

    /// What they are for; nothing if two have the most, or the most are not enough.
    pub fn outcome(mut self, rule: VoteRule) -> Option<T> {
        let most = self.tally.iter().map(|(_, votes)| *votes).max()?;
        let at = self.tally.iter().position(|(_, votes)| *votes == most)?;
        let is_tie = self.tally.iter().skip(at + 1).any(|(_, votes)| *votes == most);
        let is_enough = match rule {
            VoteRule::Majority => most > self.all / 2,
            VoteRule::Plurality => true,
            VoteRule::Unanimous => most == self.all,
            VoteRule::Quorum(count) => most >= count,
        };
        (is_enough && !is_tie).then(|| self.tally.swap_remove(at).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(votes: &[(&str, u64)], rule: VoteRule) -> Option<String> {
        let mut counted = Votes::default();
        for (choice, weight) in votes {
            counted.add((*choice).to_owned(), *weight).expect("small weights");
        }
        counted.outcome(rule)
    }

    #[test]
    fn a_tie_and_too_few_votes_have_no_outcome() {
        use VoteRule::{Majority, Plurality, Quorum, Unanimous};
        let two_of_three = [("a", 1), ("b", 1), ("a", 1)];
        assert_eq!(outcome(&two_of_three, Majority).as_deref(), Some("a"));
        assert_eq!(outcome(&two_of_three, Unanimous), None);
        assert_eq!(outcome(&two_of_three, Quorum(2)).as_deref(), Some("a"));
        assert_eq!(outcome(&two_of_three, Quorum(3)), None);
        let half = [("a", 1), ("b", 1), ("a", 1), ("c", 1)];
        assert_eq!(outcome(&half, Majority), None);
        assert_eq!(outcome(&half, Plurality).as_deref(), Some("a"));
        assert_eq!(outcome(&[("a", 1), ("b", 1)], Plurality), None);
        assert_eq!(outcome(&[("a", 3), ("b", 2)], Majority).as_deref(), Some("a"));
        assert_eq!(outcome(&[("a", 0)], Majority), None);
        assert_eq!(outcome(&[], Unanimous), None);
    }

    #[test]
    fn weights_beyond_64_bits_are_no_votes() {
        let mut votes = Votes::default();
        assert_eq!(votes.add(1, u64::MAX), Some(()));
        assert_eq!(votes.add(2, 1), None);
    }

    #[test]
    fn joins_are_decided_as_soon_as_they_can_be() {
        let join = |kind, tolerate| Join { kind, tolerate };
        let count = |count| Some(Share::Count(count));
        let all = join(JoinKind::All, None);
        assert_eq!(all.verdict(0, 0, 0), Some(true));
        assert_eq!(all.verdict(3, 2, 0), None);
        assert_eq!(all.verdict(3, 0, 1), Some(false));
        let most = join(JoinKind::All, Some(Share::Percent(50)));
        assert_eq!(most.verdict(5, 2, 2), None);
        assert_eq!(most.verdict(5, 3, 2), Some(true));
        assert_eq!(most.verdict(5, 0, 3), Some(false));
        let quorum = join(JoinKind::Quorum(Share::Percent(60)), count(1));
        assert_eq!(quorum.verdict(9, 5, 1), None);
        assert_eq!(quorum.verdict(9, 6, 1), Some(true));
        assert_eq!(quorum.verdict(9, 5, 2), Some(false));
        let quorum = join(JoinKind::Quorum(Share::Count(2)), None);
        assert_eq!(quorum.verdict(1, 0, 0), Some(false));
        assert_eq!(quorum.verdict(3, 0, 2), Some(false));
        let any = join(JoinKind::Any, None);
        assert_eq!(any.verdict(0, 0, 0), Some(false));
        assert_eq!(any.verdict(2, 0, 1), None);
        assert_eq!(any.verdict(2, 0, 2), Some(false));
        let first = join(JoinKind::First(3), None);
        assert_eq!(first.verdict(2, 1, 0), None);
        assert_eq!(first.verdict(2, 2, 0), Some(true));
        let settled = join(JoinKind::AllSettled, None);
        assert_eq!(settled.verdict(2, 0, 1), None);
        assert_eq!(settled.verdict(2, 0, 2), Some(true));
    }
}
