//! Fan-outs: branches, and when they are an answer together.

use super::activities::{End, Said};
use super::values::{Value, number};
use super::{Asks, Failure, Internal, Oracle, Running};
use statewright_dsl::model::{FanOut, Join, JoinKind, Joined, Share, StateId, VoteRule};
use std::collections::VecDeque;

/// A fan-out whose join is not decided.
#[derive(Clone, Debug)]
pub(super) struct Fan {
    pub(super) state: StateId,
    /// The number of its first branch.
    pub(super) first: u64,
    /// The values of the list.
    items: Vec<Value>,
    pub(super) waiting: VecDeque<Running>,
    pub(super) ended: Vec<Option<End>>,
}

/// What comes of a join.
enum Verdict {
    Open,
    Succeeds,
    Fails,
}

impl Fan {
    fn successes(&self) -> usize {
        self.ended.iter().flatten().filter(|end| matches!(end, End::Done(_))).count()
    }

    fn failures(&self) -> usize {
        self.ended.iter().flatten().count() - self.successes()
    }

    /// The table of the language.
    fn verdict(&self, join: &Join) -> Verdict {
        let (all, good, bad) = (self.ended.len(), self.successes(), self.failures());
        let tolerated = join.tolerate.map(|share| at_most(share, all));
        if tolerated.is_some_and(|most| bad > most) {
            return Verdict::Fails;
        }
        let have_ended = good + bad == all;
        let (succeeds, fails) = match join.kind {
            JoinKind::All if tolerated.is_some() => (have_ended, false),
            JoinKind::All => (good == all, bad > 0),
            JoinKind::AllSettled => (have_ended, false),
            JoinKind::Any => (good > 0, bad == all),
            JoinKind::First(wanted) => {
                let wanted = all.min(wanted as usize);
                (good >= wanted, all - bad < wanted)
            }
            JoinKind::Quorum(share) => {
                let wanted = at_least(share, all);
                (good >= wanted, all - bad < wanted)
            }
        };
        match (succeeds, fails) {
            (true, _) => Verdict::Succeeds,
            (false, true) => Verdict::Fails,
            (false, false) => Verdict::Open,
        }
    }

    /// How many have failed, and how: alike ones together.
    fn told(&self) -> String {
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for end in self.ended.iter().flatten() {
            let End::Error(Said { name, message, .. }) = end else { continue };
            let text = match message == name {
                true => message.clone(),
                false => format!("{name}: {message}"),
            };
            match kinds.iter_mut().find(|(known, _)| *known == text) {
                Some((_, times)) => *times += 1,
                None => kinds.push((text, 1)),
            }
        }
        let texts = kinds.iter().map(|(text, times)| match times {
            1 => text.clone(),
            _ => format!("{text} ({times} times)"),
        });
        let texts: Vec<String> = texts.collect();
        let (bad, all) = (self.failures(), self.ended.len());
        format!("{bad} of {all} branches failed: {}", texts.join("; "))
    }
}

fn at_least(share: Share, of: usize) -> usize {
    match share {
        Share::Count(count) => count as usize,
        Share::Percent(percent) => (of * usize::from(percent)).div_ceil(100),
    }
}

fn at_most(share: Share, of: usize) -> usize {
    match share {
        Share::Count(count) => count as usize,
        Share::Percent(percent) => of * usize::from(percent) / 100,
    }
}

impl<'m> Oracle<'m> {
    /// Entry: reads the list, and the arguments of all branches.
    pub(super) fn ask_branches(&mut self, id: StateId, of: &'m FanOut) -> Result<(), Failure> {
        let first = self.now.visits + 1;
        let items = match &of.over {
            Some(over) => match self.value(&over.list, id, &[])? {
                Value::List(items) => items,
                other => unreachable!("{other:?} is no list"),
            },
            None => Vec::new(),
        };
        let most =
            of.over.as_ref().and_then(|over| over.max).map_or(usize::MAX, |max| max as usize);
        let mut failure = None;
        let mut waiting = VecDeque::new();
        if items.len() > most {
            let message = format!("the list has {} values, and `max` is {most}", items.len());
            failure = Some(("TooManyBranches".to_owned(), message));
        } else {
            let branches = if of.over.is_some() { items.len() } else { of.calls.len() };
            for at in 0..branches {
                let call = of.calls.get(at).filter(|_| of.over.is_none()).unwrap_or(&of.calls[0]);
                let item: Vec<Value> = items.get(at).cloned().into_iter().collect();
                let args = self.all_args(id, call, &item)?;
                let (number, asks) = (first + at as u64, Asks::Branch(at));
                let undoes = None;
                waiting.push_back(Running { number, state: id, asks, failed: 0, args, undoes });
            }
        }
        let ended = vec![None; waiting.len()];
        // One that is empty has a number too.
        self.now.visits += ended.len().max(1) as u64;
        let mut fan = Fan { state: id, first, items, waiting, ended };
        let is_decided = match fan.verdict(&of.join) {
            _ if failure.is_some() => true,
            Verdict::Open => false,
            Verdict::Succeeds => true,
            Verdict::Fails => {
                let (needed, all) = (needed(&of.join, fan.ended.len()), fan.ended.len());
                let message = format!("{needed} branches have to succeed, and there are {all}");
                failure = Some(("TooFewBranches".to_owned(), message));
                true
            }
        };
        if is_decided {
            fan.waiting.clear();
            self.now.queue.push_back(Internal::Joined(id, first, failure));
        }
        self.now.fans.push(fan);
        self.hand_out(id, of);
        Ok(())
    }

    /// So many branches run at once as may.
    fn hand_out(&mut self, id: StateId, of: &FanOut) {
        let most = of.concurrency.unwrap_or(16) as usize;
        let Some(fan) = self.now.fans.iter_mut().find(|fan| fan.state == id) else { return };
        while self.now.running.iter().filter(|running| running.state == id).count() < most
            && let Some(next) = fan.waiting.pop_front()
        {
            self.asked.push((next.number, 0));
            self.now.running.push(next);
        }
    }

    /// A fan-out that was decided when it began.
    pub(super) fn joined(
        &mut self,
        id: StateId,
        first: u64,
        failure: Option<(String, String)>,
    ) -> Result<(), Failure> {
        let is_it = |fan: &Fan| fan.state == id && fan.first == first;
        let Some(at) = self.now.fans.iter().position(is_it) else { return Ok(()) };
        let fan = self.now.fans.remove(at);
        match failure {
            Some(failure) => self.fails(id, None, &[], failure)?,
            None => self.succeeds(id, &fan)?,
        };
        Ok(())
    }

    /// The end of a branch.
    pub(super) fn branch_ends(
        &mut self,
        id: StateId,
        branch: usize,
        end: End,
    ) -> Result<Failure, Failure> {
        let of = self.state(id).fan_out.as_ref().expect("it has branches");
        let at = self.now.fans.iter().position(|fan| fan.state == id).expect("it is open");
        self.now.fans[at].ended[branch] = Some(end.clone());
        let verdict = self.now.fans[at].verdict(&of.join);
        if let Verdict::Open = verdict {
            self.hand_out(id, of);
            return Ok("Pending");
        }
        let fan = self.now.fans.remove(at);
        // Those that run are revoked, those that wait never begin.
        self.take_back(id);
        match (verdict, end) {
            (Verdict::Fails, End::Error(error)) => {
                let any = (error.name.to_owned(), fan.told());
                self.fails(id, error.named, &error.payload, any)
            }
            _ => self.succeeds(id, &fan),
        }
    }

    fn succeeds(&mut self, id: StateId, fan: &Fan) -> Result<Failure, Failure> {
        let of = self.state(id).fan_out.as_ref().expect("it has branches");
        let result = |end: &Option<End>| match end {
            Some(End::Done(Some(value))) => value.clone(),
            _ => Value::None,
        };
        let mut values = Vec::new();
        for wanted in &of.results {
            values.push(match wanted.what {
                Joined::Branch(at) => result(&fan.ended[at as usize]),
                Joined::Answers if of.join.kind == JoinKind::AllSettled => {
                    Value::List(fan.ended.iter().map(result).collect())
                }
                Joined::Answers => {
                    let good = fan.ended.iter().filter(|end| matches!(end, Some(End::Done(_))));
                    Value::List(good.map(result).collect())
                }
                Joined::Failures => {
                    let failure = |end: &Option<End>| match end {
                        Some(End::Error(Said { name, message, .. })) => {
                            let name = Value::Text((*name).to_owned());
                            Value::Parts(vec![name, Value::Text(message.clone())])
                        }
                        _ => Value::None,
                    };
                    Value::List(fan.ended.iter().map(failure).collect())
                }
                Joined::Outcome => self.outcome(id, of, fan)?,
            });
        }
        self.gives(id, &values)
    }

    /// What most of the votes are for, if that is enough.
    fn outcome(&self, id: StateId, of: &FanOut, fan: &Fan) -> Result<Value, Failure> {
        let Some(vote) = &of.vote else { return Ok(Value::None) };
        let mut votes: Vec<(Value, i64)> = Vec::new();
        for (at, end) in fan.ended.iter().enumerate() {
            let Some(End::Done(answer)) = end else { continue };
            let seen = [
                fan.items.get(at).cloned().unwrap_or(Value::None),
                answer.clone().unwrap_or(Value::None),
            ];
            let choice = self.value(&vote.expr, id, &seen)?;
            let weight = match &vote.rule {
                VoteRule::Weighted(weight) => number(&self.value(weight, id, &seen)?),
                _ => 1,
            };
            votes.push((choice, weight));
        }
        let all: i64 = votes.iter().map(|(_, weight)| weight).sum();
        let of_choice = |choice: &Value| -> i64 {
            votes.iter().filter(|(other, _)| other == choice).map(|(_, weight)| weight).sum()
        };
        let beats_all = |choice: &Value| {
            let mut others = votes.iter().map(|(other, _)| other).filter(|other| *other != choice);
            others.all(|other| of_choice(other) < of_choice(choice))
        };
        let is_enough = |choice: &Value| match vote.rule {
            VoteRule::Majority | VoteRule::Weighted(_) => 2 * of_choice(choice) > all,
            VoteRule::Plurality => true,
            VoteRule::Unanimous => of_choice(choice) == all,
            VoteRule::Quorum(count) => of_choice(choice) >= i64::from(count),
        };
        let mut choices = votes.iter().map(|(choice, _)| choice);
        let won = choices.find(|choice| beats_all(choice) && is_enough(choice));
        Ok(won.cloned().unwrap_or(Value::None))
    }
}

/// How many branches have to succeed, of so many.
fn needed(join: &Join, all: usize) -> usize {
    match join.kind {
        JoinKind::All => all - join.tolerate.map_or(0, |share| at_most(share, all)).min(all),
        JoinKind::AllSettled => 0,
        JoinKind::Any => 1,
        JoinKind::First(count) => all.min(count as usize),
        JoinKind::Quorum(share) => at_least(share, all),
    }
}
