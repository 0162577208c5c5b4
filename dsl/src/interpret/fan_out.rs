//! Fan-out: many calls at once, and when together they are an answer.

use super::activity::{Invocation, Reply};
use super::eval::Scope;
use super::fault::{Fault, FaultKind};
use super::instance::Internal;
use super::microstep::{Cause, Run};
use super::record::{Act, Outcome};
use super::value::Value;
use crate::chart::{Chart, FanOut, FanOutId, InvokeId};
use crate::model::failures;
use crate::model::{ErrorKind, Expr, JoinKind, Joined, StateId, VoteRule};
use std::collections::VecDeque;

const FAILED: &str = " branches failed: ";
const TOO_LONG: &str = " values, and `max` is ";
const TOO_SHORT: &str = " branches have to succeed, and there are ";

/// True if a fan-out that has failed may say this.
pub(crate) fn join_may_say(text: &str) -> bool {
    [FAILED, TOO_LONG, TOO_SHORT].iter().any(|words| text.contains(words))
}

/// So many different failures are told in one message.
const TOLD: usize = 4;

/// A fan-out whose join is not decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fan {
    /// Which.
    pub fan_out: FanOutId,
    /// The number of the invocation of its first branch; those of the others follow.
    pub first: u64,
    /// The values of the list, if the vote reads them.
    pub items: Vec<Value>,
    /// Branches that wait for their turn, the next one first.
    pub waiting: VecDeque<Invocation>,
    /// How each branch has ended.
    pub ended: Vec<Option<Reply>>,
}

/// An error as `on error(e)` sees it: name and message.
pub(super) type Failure = (String, String);

impl Fan {
    /// How many branches have succeeded and failed.
    fn counts(&self) -> (u32, u32) {
        let ended = || self.ended.iter().flatten();
        let succeeded = ended().filter(|reply| matches!(reply, Reply::Done(_))).count();
        (succeeded as u32, (ended().count() - succeeded) as u32)
    }

    fn verdict(&self, of: &FanOut) -> Option<bool> {
        let (succeeded, failed) = self.counts();
        of.fan_out.join.verdict(self.ended.len() as u32, succeeded, failed)
    }

    /// How many branches failed, and how.
    fn failures(&self, chart: &Chart) -> String {
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for (name, message) in self.ended.iter().flatten().filter_map(|reply| reply.failure(chart))
        {
            let text = if name == message { name } else { format!("{name}: {message}") };
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
        let (of, failed) = (self.ended.len(), self.counts().1);
        format!("{failed} of {of}{FAILED}{}", told.join("; "))
    }
}

impl Run<'_> {
    /// Asks for the branches of the fan-out of a state.
    pub(super) fn fan_out(&mut self, state: StateId) -> Result<(), Fault> {
        let Some(fan_out) = self.chart.state(state).fan_out else { return Ok(()) };
        let of = &self.chart.fan_outs[fan_out.index()];
        let mut fan = Fan {
            fan_out,
            first: self.instance.visits + 1,
            items: Vec::new(),
            waiting: VecDeque::new(),
            ended: Vec::new(),
        };
        let too_many = self.branches(of, &mut fan)?;
        fan.ended = vec![None; fan.waiting.len()];
        // An empty one is a visit too.
        self.instance.visits += fan.waiting.len().max(1) as u64;
        let ends = match (too_many, fan.verdict(of)) {
            (Some(failure), _) => Some(Some(failure)),
            (None, Some(true)) => Some(None),
            (None, Some(false)) => Some(Some(impossible(of, fan.ended.len()))),
            (None, None) => None,
        };
        if let Some(failure) = ends {
            fan.waiting.clear();
            self.instance.queue.push_back(Internal::Joined(fan_out, fan.first, failure));
        }
        self.instance.fans.push(fan);
        self.hand_out(fan_out);
        Ok(())
    }

    /// Reads the arguments of all branches; an error if there are more than there may be.
    fn branches(&mut self, of: &FanOut, fan: &mut Fan) -> Result<Option<Failure>, Fault> {
        let Some(over) = &of.fan_out.over else {
            for invoke in of.invokes.clone().map(InvokeId) {
                let invocation = self.branch_of(of, invoke, fan.next(), &[])?;
                fan.waiting.push_back(invocation);
            }
            return Ok(None);
        };
        let Value::List(items) = self.value(&over.list, of.state, &[])? else {
            return Err(FaultKind::Unknown.at(over.list.span));
        };
        let (count, max) = (items.len(), over.max.unwrap_or(u32::MAX));
        if count > max as usize {
            let message = format!("the list has {count}{TOO_LONG}{max}");
            return Ok(Some((failures::TOO_MANY.to_owned(), message)));
        }
        for item in &items {
            let item = std::slice::from_ref(item);
            let invocation = self.branch_of(of, of.invoke(0), fan.next(), item)?;
            fan.waiting.push_back(invocation);
        }
        if of.fan_out.vote.as_ref().is_some_and(|vote| vote.reads_items) {
            fan.items = items;
        }
        Ok(None)
    }

    fn branch_of(
        &mut self,
        of: &FanOut,
        invoke: InvokeId,
        id: u64,
        item: &[Value],
    ) -> Result<Invocation, Fault> {
        let call = &self.chart.invokes[invoke.index()].call;
        let args = self.branch_values(&call.args, of.state, item)?;
        let fallbacks = call.fallbacks.iter();
        let rest = fallbacks.map(|f| self.branch_values(&f.args, of.state, item));
        let rest = rest.collect::<Result<Vec<_>, Fault>>()?;
        Ok(Invocation { id, invoke, call: 0, args, rest })
    }

    fn branch_values(
        &mut self,
        exprs: &[Expr],
        owner: StateId,
        branch: &[Value],
    ) -> Result<Vec<Value>, Fault> {
        let scope = Scope { chart: self.chart, instance: &self.instance, owner, bindings: branch };
        scope.all(exprs, self.host)
    }

    /// Asks for as many branches as may run at once.
    fn hand_out(&mut self, fan_out: FanOutId) {
        let of = &self.chart.fan_outs[fan_out.index()];
        let chart = self.chart;
        let is_own =
            |running: &&Invocation| chart.invokes[running.invoke.index()].fan_out == Some(fan_out);
        let Some(fan) = self.instance.fans.iter_mut().find(|fan| fan.fan_out == fan_out) else {
            return;
        };
        while self.instance.invocations.iter().filter(is_own).count()
            < of.fan_out.at_once() as usize
        {
            let Some(next) = fan.waiting.pop_front() else { return };
            self.acts.push(Act::Invoke(next.id, next.invoke, next.args.clone()));
            self.instance.invocations.push(next);
        }
    }

    /// The end of a branch: kept with the others, or the end of all.
    pub(super) fn branch_ended(
        &mut self,
        (id, fan_out): (u64, FanOutId),
        reply: &Reply,
        trigger: Option<ErrorKind>,
    ) -> Result<Option<Outcome>, Fault> {
        let of = &self.chart.fan_outs[fan_out.index()];
        let fans = &mut self.instance.fans;
        let Some(at) = fans.iter().position(|fan| fan.fan_out == fan_out) else { return Ok(None) };
        let branch = (id - fans[at].first) as usize;
        fans[at].ended[branch] = Some(reply.clone());
        match fans[at].verdict(of) {
            None => {
                self.hand_out(fan_out);
                Ok(Some(Outcome::Pending))
            }
            Some(true) => {
                let fan = self.close(at);
                self.succeed(of, &fan).map(Some)
            }
            Some(false) => {
                let fan = self.close(at);
                let failed = reply.failure(self.chart).map(|(name, _)| name).unwrap_or_default();
                let failure = (failed, fan.failures(self.chart));
                let kind = trigger.unwrap_or(ErrorKind::Unexpected);
                self.fail(of, kind, Some(reply), failure).map(Some)
            }
        }
    }

    /// The end of a fan-out that was decided when it began.
    pub(super) fn joined(
        &mut self,
        fan_out: FanOutId,
        first: u64,
        failure: Option<Failure>,
    ) -> Result<(), Fault> {
        // Its state may have been left since.
        let is_it = |fan: &Fan| fan.fan_out == fan_out && fan.first == first;
        let Some(at) = self.instance.fans.iter().position(is_it) else { return Ok(()) };
        let (fan, of) = (self.close(at), &self.chart.fan_outs[fan_out.index()]);
        match failure {
            None => self.succeed(of, &fan)?,
            Some(failure) => self.fail(of, ErrorKind::Unexpected, None, failure)?,
        };
        Ok(())
    }

    /// Nobody waits any more for a fan-out.
    pub(super) fn revoke_fan(&mut self, state: StateId) {
        let own = self.chart.state(state).fan_out;
        let at = self.instance.fans.iter().position(|fan| Some(fan.fan_out) == own);
        if let Some(at) = at {
            self.close(at);
        }
    }

    /// Takes it off the list, and revokes the branches that run.
    fn close(&mut self, at: usize) -> Fan {
        let fan = self.instance.fans.remove(at);
        let chart = self.chart;
        let of = |running: &Invocation| chart.invokes[running.invoke.index()].fan_out;
        let running = &mut self.instance.invocations;
        let (own, others) = running.drain(..).partition(|running| of(running) == Some(fan.fan_out));
        *running = others;
        let own: Vec<Invocation> = own;
        self.acts.extend(own.into_iter().map(|own| Act::Revoke(own.id, own.invoke)));
        fan
    }

    fn succeed(&mut self, of: &FanOut, fan: &Fan) -> Result<Outcome, Fault> {
        let values = self.results(of, fan)?;
        self.react(Cause::Joined(of.result, &values))
    }

    fn fail(
        &mut self,
        of: &FanOut,
        kind: ErrorKind,
        reply: Option<&Reply>,
        failure: Failure,
    ) -> Result<Outcome, Fault> {
        let invoke = &self.chart.invokes[of.invoke(0).index()];
        let trigger = invoke.error(kind);
        let trigger = trigger.ok_or_else(|| FaultKind::Unknown.at(of.fan_out.span))?;
        let outcome = self.react(Cause::Failed(trigger, reply, &failure))?;
        if outcome == Outcome::Unhandled {
            let text = format!("{}: {}", failure.0, failure.1);
            return Err(FaultKind::Uncaught(text).at(of.fan_out.span));
        }
        Ok(outcome)
    }

    /// What `on done` can name, in order.
    fn results(&mut self, of: &FanOut, fan: &Fan) -> Result<Vec<Value>, Fault> {
        let result = |reply: &Option<Reply>| match reply {
            Some(Reply::Done(value)) => value.clone(),
            _ => None,
        };
        let optional = |value: Option<Value>| Value::Option(value.map(Box::new));
        let join = &of.fan_out.join;
        let is_certain = join.is_certain();
        let mut values = Vec::new();
        for wanted in &of.fan_out.results {
            values.push(match wanted.what {
                Joined::Branch(branch) => {
                    let value = result(&fan.ended[branch as usize]);
                    match (is_certain, value) {
                        (false, value) => optional(value),
                        (true, Some(value)) => value,
                        (true, None) => return Err(FaultKind::Unknown.at(wanted.name.span)),
                    }
                }
                Joined::Answers if join.kind == JoinKind::AllSettled => {
                    Value::List(fan.ended.iter().map(|reply| optional(result(reply))).collect())
                }
                Joined::Answers => Value::List(fan.ended.iter().filter_map(result).collect()),
                Joined::Failures => {
                    let failure = |reply: &Option<Reply>| {
                        let (name, message) = reply.as_ref()?.failure(self.chart)?;
                        Some(Value::Failure(name, message))
                    };
                    Value::List(fan.ended.iter().map(|reply| optional(failure(reply))).collect())
                }
                Joined::Outcome => optional(self.outcome(of, fan)?),
            });
        }
        Ok(values)
    }

    /// Counts the votes of the branches that have succeeded.
    fn outcome(&mut self, of: &FanOut, fan: &Fan) -> Result<Option<Value>, Fault> {
        let Some(vote) = &of.fan_out.vote else { return Ok(None) };
        let (mut tally, mut all): (Vec<(Value, u64)>, u64) = (Vec::new(), 0);
        for (branch, reply) in fan.ended.iter().enumerate() {
            let Some(Reply::Done(answer)) = reply else { continue };
            let unknown = || Value::Rust("_".into());
            let item = fan.items.get(branch).cloned().unwrap_or_else(unknown);
            let seen = [item, answer.clone().unwrap_or_else(unknown)];
            let choice = self.value(&vote.expr, of.state, &seen)?;
            let weight = match &vote.rule {
                VoteRule::Weighted(weight) => match self.value(weight, of.state, &seen)? {
                    Value::Int(weight) => u64::try_from(weight).unwrap_or(0),
                    _ => return Err(FaultKind::Unknown.at(weight.span)),
                },
                _ => 1,
            };
            let overflow = || FaultKind::Overflow.at(vote.span);
            all = all.checked_add(weight).ok_or_else(overflow)?;
            match tally.iter_mut().find(|(known, _)| known.equals(&choice)) {
                Some((_, votes)) => *votes += weight,
                None => tally.push((choice, weight)),
            }
        }
        let most = tally.iter().map(|(_, votes)| *votes).max().unwrap_or(0);
        let mut first = tally.iter().filter(|(_, votes)| *votes == most);
        let (winner, second) = (first.next(), first.next());
        let is_enough = match vote.rule {
            VoteRule::Majority | VoteRule::Weighted(_) => most > all / 2,
            VoteRule::Plurality => true,
            VoteRule::Unanimous => most == all,
            VoteRule::Quorum(count) => most >= u64::from(count),
        };
        let won = winner.filter(|_| second.is_none() && is_enough);
        Ok(won.map(|(choice, _)| choice.clone()))
    }
}

impl Fan {
    /// The number of the next branch that is read.
    fn next(&self) -> u64 {
        self.first + self.waiting.len() as u64
    }
}

/// A join that so many branches cannot make.
fn impossible(of: &FanOut, count: usize) -> Failure {
    let needed = of.fan_out.join.needed(count as u32);
    let message = format!("{needed}{TOO_SHORT}{count}");
    (failures::TOO_FEW.to_owned(), message)
}
