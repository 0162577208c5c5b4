//! A run on the machine as it was declared. What was found was found without what makes no difference, and
//! with two branches for a list: here the lists are as long as they are, and the run is shown only as a
//! possible one if it goes the same way.

use super::choices::Question;
use super::data::Slot;
use super::fan_out::LONGEST;
use super::slice;
use super::space::{self, Move, World};
use super::trace::{Trace, TraceStep, Tracer};
use crate::chart::{Chart, FanOutId};
use crate::interpret::{
    Act, Cause, Fault, FaultKind, Host, Instance, Interpreter, Invocation, Outcome, Pending, Reply,
    Step, Value,
};
use crate::model::{Function, StateId, Ty};
use std::collections::BTreeMap;
use std::time::Duration;

/// A move with what was asked in it.
pub(super) struct Made {
    pub(super) by: Move,
    /// The activity that ends, and how.
    pub(super) ends: Option<(Invocation, Reply)>,
    /// The branches of the fan-out over a list, if it is one of these.
    pub(super) branches: Option<Branches>,
    pub(super) asked: Vec<Question>,
    /// The configuration behind it, as it is kept.
    pub(super) after: Instance,
}

/// What has come of the branches of a fan-out over a list when one of them ends, or takes its fallback.
pub(super) struct Branches {
    fan_out: FanOutId,
    /// How those have ended that are not this one: each with the ends of all its calls.
    ended: Vec<Vec<Reply>>,
    own: Vec<Reply>,
    /// The join is decided.
    decides: bool,
}

/// The ends of all calls of branches so far, by fan-out and number.
#[derive(Default)]
pub(super) struct Ends(BTreeMap<(FanOutId, u64), Vec<Reply>>);

impl Ends {
    /// Notes the end of a branch, and forgets those of fan-outs that begin anew.
    pub(super) fn note(
        &mut self,
        chart: &Chart,
        before: &Instance,
        ends: Option<&(Invocation, Reply)>,
        step: Option<&Step>,
    ) -> Option<Branches> {
        let branches = ends.and_then(|(running, reply)| {
            let fan_out = chart.invokes[running.invoke.index()].fan_out?;
            chart.fan_outs[fan_out.index()].fan_out.over.as_ref()?;
            let own = self.0.entry((fan_out, running.id)).or_default();
            own.push(reply.clone());
            let own = own.clone();
            let runs = |id: u64| before.invocations.iter().any(|running| running.id == id);
            let others = self.0.iter().filter(|((of, id), _)| *of == fan_out && !runs(*id));
            let ended = others.map(|(_, replies)| replies.clone()).collect();
            let decides = step.is_none_or(|step| step.outcome != Outcome::Pending);
            Some(Branches { fan_out, ended, own, decides })
        });
        let entered = step.into_iter().flat_map(|step| &step.acts).filter_map(|act| match act {
            Act::Enter(state) => chart.state(*state).fan_out,
            _ => None,
        });
        entered.for_each(|anew| self.0.retain(|(of, _), _| *of != anew));
        branches
    }
}

/// Answers what the whole machine asks: as it was found, and anything for its outputs and the like.
struct Answering<'a> {
    world: &'a World,
    chart: &'a Chart,
    asked: &'a [Question],
    known: BTreeMap<String, Value>,
    more: Vec<String>,
    /// What the clock has said.
    told: Vec<Duration>,
}

impl Host for Answering<'_> {
    fn answer(&mut self, function: &Function, args: &[Value]) -> Result<Value, FaultKind> {
        let (name, declarations) = (&function.name.text, &self.chart.declarations);
        let same = self.asked.iter().find(|q| q.function == *name && q.args == args);
        let question = same.or_else(|| self.asked.iter().find(|q| q.function == *name));
        if let Some(question) = question {
            let answers = &self.world.answers.of[name];
            return Ok(answers[usize::from(question.answer)].clone());
        }
        if let Some(value) = self.known.get(name) {
            return Ok(value.clone());
        }
        let ty = function.result.clone().unwrap_or(Ty::Bool);
        let plain = Value::plain(&ty, declarations);
        let plain = plain.ok_or_else(|| FaultKind::Unanswered(name.clone()))?;
        self.more.push(format!("{name}(..) = {}", plain.text(declarations)));
        self.known.insert(name.clone(), plain.clone());
        Ok(plain)
    }

    fn elapsed(&mut self, elapsed: Duration) {
        self.told.push(elapsed);
    }
}

/// What a step came to, and how it is told.
type Played = (Result<(Instance, Step), Fault>, Said);

/// The ends of activities in a step, for a script and for people.
#[derive(Default)]
struct Said {
    events: Vec<String>,
    labels: Vec<String>,
    is_ambiguous: bool,
}

/// No more rounds are made to see whether a run can go round.
const MOST_ROUNDS: usize = 16;

/// No more steps are tried for one join.
const MOST_TRIED: usize = 4096;

impl Tracer<'_> {
    /// Plays a run, adds what is asked and given besides, and says what it assumes if it goes another way.
    pub(super) fn replay(&self, trace: &mut Trace, moves: &[Made]) {
        let mut host = Answering {
            world: self.world,
            chart: self.chart,
            asked: &[],
            known: BTreeMap::new(),
            more: Vec::new(),
            told: Vec::new(),
        };
        let mut instance = Instance::new(self.chart, Duration::ZERO);
        let mut silent = Vec::new();
        for (at, made) in moves.iter().enumerate() {
            if trace.repeats == Some(at) {
                host.told.clear();
            }
            let step = &mut trace.steps[at];
            instance.now += Duration::from_millis(step.wait);
            if made.branches.as_ref().is_some_and(|branches| !branches.decides) {
                silent.push(at);
                continue;
            }
            if let Some(call) = given_twice(&step.answers) {
                let why =
                    format!("needs `{call}` to be two things, of values that are tried as one");
                trace.assumes = Some(why);
                return;
            }
            host.asked = &made.asked;
            let Some((played, said)) = self.played(&instance, made, step, &mut host) else {
                trace.assumes = Some(self.assumed(trace, made));
                return;
            };
            step.answers.append(&mut host.more);
            said.tell(step);
            match played {
                Ok((next, _)) => instance = next,
                Err(_) => break,
            }
        }
        if let Some(from) = trace.repeats
            && !host.told.is_empty()
            && !self.goes_round(&trace.steps[from..], &moves[from..], instance, &mut host)
        {
            trace.assumes = Some("needs `elapsed()` to say the same for ever".to_owned());
        }
        silent.iter().rev().for_each(|at| trace.leave_out(*at));
    }

    /// True if a round in which the clock is read can be made again and again: it says in one what it has
    /// said in the one before.
    fn goes_round<'m>(
        &self,
        steps: &[TraceStep],
        moves: &'m [Made],
        mut instance: Instance,
        host: &mut Answering<'m>,
    ) -> bool {
        for _ in 0..MOST_ROUNDS {
            let before = std::mem::take(&mut host.told);
            for (made, step) in moves.iter().zip(steps) {
                let earliest = instance.timers.iter().map(|timer| timer.deadline).min();
                if let (Move::Due(_), Some(due)) = (made.by, earliest) {
                    instance.now = instance.now.max(due);
                }
                host.asked = &made.asked;
                let Some((Ok((next, _)), _)) = self.played(&instance, made, step, host) else {
                    return false;
                };
                instance = next;
            }
            if host.told == before {
                return true;
            }
        }
        false
    }

    /// One move on the machine as it was declared; `None` if it leads somewhere else.
    fn played(
        &self,
        instance: &Instance,
        made: &Made,
        step: &TraceStep,
        host: &mut Answering,
    ) -> Option<Played> {
        let interpreter = Interpreter::without_invariants(self.chart);
        let mut said = Said::default();
        let result = match made.by {
            Move::Start(at) => {
                let given = &self.world.starts[at as usize];
                interpreter.start(given, Duration::ZERO, host)
            }
            Move::Event(at) => {
                let cause = Cause::Event(self.world.inputs[at as usize].clone());
                interpreter.step(instance, &cause, host)
            }
            Move::Reply(..) => {
                let (asked, reply) = made.ends.as_ref()?;
                if let Some(branches) = &made.branches {
                    return self.joined(instance, made, branches, step, host);
                }
                let own = instance.invocations.iter().find(|own| own.invoke == asked.invoke)?;
                self.tell(&mut said, &instance.invocations, own, reply);
                interpreter.step(instance, &Cause::Reply(own.id, reply.clone()), host)
            }
            Move::Due(_) | Move::Overdue(_) => {
                let at = instance.due(instance.now)?;
                let mut result = interpreter.step(instance, &Cause::Due(at), host);
                if let Ok((next, done)) = &mut result {
                    let late = Duration::from_millis(step.late);
                    let of_asked = |timer: &&mut Pending| space::asks(self.chart, timer, done);
                    next.timers
                        .iter_mut()
                        .filter(of_asked)
                        .for_each(|timer| timer.deadline += late);
                }
                result
            }
        };
        self.agrees(&result, step).then_some((result, said))
    }

    fn agrees(&self, result: &Result<(Instance, Step), Fault>, step: &TraceStep) -> bool {
        match result {
            Ok((next, _)) => next.paths(self.chart) == step.configuration,
            Err(_) => step.configuration.is_empty(),
        }
    }

    fn tell(&self, said: &mut Said, running: &[Invocation], own: &Invocation, reply: &Reply) {
        let of = |running: &Invocation| running.activity(self.chart);
        let same = |other: &&Invocation| of(other) == of(own) && other.args == own.args;
        said.is_ambiguous |= running.iter().find(same).is_some_and(|other| other.id != own.id);
        said.events.push(format!("given {}", self.ending(running, own, reply)));
        said.labels.push(format!("given {}", self.any_ending(own, reply)));
    }

    /// As many branches end, in the ways in which two have ended, as decide the join of the list as it was
    /// found; `None` if none do.
    fn joined(
        &self,
        instance: &Instance,
        made: &Made,
        branches: &Branches,
        step: &TraceStep,
        host: &mut Answering,
    ) -> Option<Played> {
        let fan = instance.fans.iter().find(|fan| fan.fan_out == branches.fan_out)?;
        let (known, mut tried, mut near) = (host.known.clone(), 0, None);
        for order in orders(branches, fan.ended.len()) {
            host.known.clone_from(&known);
            host.more.clear();
            tried += order.len();
            if tried > MOST_TRIED {
                break;
            }
            let played = self.in_order(instance, branches.fan_out, &order, host);
            let Some(played) = played.filter(|(result, _)| self.agrees(result, step)) else {
                continue;
            };
            let is_same = match &played.0 {
                Ok((next, _)) => self.world.has_same_data(next, &made.after),
                Err(_) => true,
            };
            let host = (host.known.clone(), host.more.clone());
            if is_same {
                return Some(played);
            }
            near.get_or_insert((played, host));
        }
        let (played, (known, more)) = near?;
        (host.known, host.more) = (known, more);
        Some(played)
    }

    /// Ends branches one behind the other, the oldest first; `None` unless the last one decides the join.
    fn in_order(
        &self,
        instance: &Instance,
        fan_out: FanOutId,
        order: &[&[Reply]],
        host: &mut Answering,
    ) -> Option<Played> {
        let interpreter = Interpreter::without_invariants(self.chart);
        let mut said = Said::default();
        let mut instance = instance.clone();
        let is_own = |running: &&Invocation| {
            self.chart.invokes[running.invoke.index()].fan_out == Some(fan_out)
        };
        for (at, branch) in order.iter().enumerate() {
            let id = instance.invocations.iter().filter(is_own).map(|own| own.id).min()?;
            for (call, reply) in branch.iter().enumerate() {
                let running = &instance.invocations;
                let own = running.iter().find(|running| running.id == id)?;
                self.tell(&mut said, running, own, reply);
                let result = interpreter.step(&instance, &Cause::Reply(id, reply.clone()), host);
                let is_last = at + 1 == order.len() && call + 1 == branch.len();
                match result {
                    Ok((next, step)) if step.outcome == Outcome::Pending && !is_last => {
                        instance = next;
                    }
                    Ok((_, step)) if step.outcome == Outcome::Pending => return None,
                    result => return is_last.then_some((result, said)),
                }
            }
        }
        None
    }

    /// What a run takes for granted that goes another way on the machine as it was declared.
    fn assumed(&self, trace: &Trace, made: &Made) -> String {
        let asks = |what: &str| {
            let mut answers = trace.steps.iter().flat_map(|step| &step.answers);
            answers.any(|answer| answer.starts_with('`') && answer.contains(what))
        };
        let max = |of: &crate::chart::FanOut| of.fan_out.most().unwrap_or(u32::MAX) as usize;
        match &made.branches {
            _ if asks("`vote ") => "needs votes that the values tried do not give".to_owned(),
            _ if asks("Change") => {
                "needs `change(..)` to be what the values tried do not give".to_owned()
            }
            _ if asks("`") => "needs `elapsed()` to be what the clock may not allow".to_owned(),
            Some(branches) => {
                let of = &self.chart.fan_outs[branches.fan_out.index()];
                let state = &self.chart.state(of.state).path;
                format!("needs the fan-out of `{state}` to end as no list that was tried does")
            }
            None if self.chart.fan_outs.iter().any(|of| max(of) > LONGEST) => {
                format!("needs a list of more than {LONGEST} values, which is not written down")
            }
            None => "needs values that may not be".to_owned(),
        }
    }
}

impl Said {
    fn tell(self, step: &mut TraceStep) {
        step.is_ambiguous |= self.is_ambiguous;
        if self.events.is_empty() {
            return;
        }
        step.event = Some(self.events.join("; "));
        let mut labels: Vec<(String, usize)> = Vec::new();
        for label in self.labels {
            match labels.last_mut().filter(|(last, _)| *last == label) {
                Some((_, times)) => *times += 1,
                None => labels.push((label, 1)),
            }
        }
        let labels = labels.into_iter().map(|(label, times)| match times {
            1 => label,
            _ => format!("{label} ({times} times)"),
        });
        step.label = labels.collect::<Vec<_>>().join(", ");
    }
}

/// A call that has two answers in one step, which a script cannot give.
fn given_twice(answers: &[String]) -> Option<&str> {
    let calls = answers.iter().filter_map(|answer| answer.split(" = ").next());
    let mut known = Vec::new();
    let mut twice = calls.filter(|call| {
        let is_known = known.contains(call);
        known.push(*call);
        is_known && !slice::stands_in(call)
    });
    twice.next()
}

/// The orders in which branches may have ended when one decides: few first.
fn orders(branches: &Branches, count: usize) -> Vec<Vec<&[Reply]>> {
    let own = branches.own.as_slice();
    let other = branches.ended.iter().map(Vec::as_slice).find(|other| *other != own);
    let mut orders: Vec<Vec<&[Reply]>> = Vec::new();
    for all in 1..=count {
        orders.push(vec![own; all]);
        for others in 1..all {
            let Some(other) = other else { break };
            let (own, other) = (vec![own; all - others], vec![other; others]);
            orders.push([other.as_slice(), own.as_slice()].concat());
            orders.push([own, other].concat());
        }
    }
    orders
}

impl World {
    /// True if what makes a difference is the same in both, but for lists: of these few stand for many.
    fn has_same_data(&self, played: &Instance, found: &Instance) -> bool {
        let same = |slot: Slot, ceiling: Option<i128>, played: &Value, found: &Value| {
            let is_list = matches!(found, Value::List(_));
            let capped = match (played, ceiling) {
                (Value::Int(number), Some(ceiling)) => Value::Int((*number).min(ceiling)),
                (other, _) => other.clone(),
            };
            is_list || !self.relevant.contains(&slot) || capped.equals(found)
        };
        let fields = played.context.iter().zip(&found.context).zip(&self.field_ceilings);
        let mut fields = fields.zip(0..).filter_map(|(((played, found), ceiling), at)| {
            Some((Slot::Field(at), *ceiling, played.as_ref()?, found.as_ref()?))
        });
        let data = |id: &StateId| {
            let rows = (played.data.get(id), found.data.get(id));
            let (Some(played), Some(found)) = rows else { return true };
            played.iter().zip(found).zip(0..).all(|((played, found), at)| {
                let ceiling = self.data_ceilings.get(&(*id, at)).copied();
                same(Slot::Data(*id, at), ceiling, played, found)
            })
        };
        fields.all(|(slot, ceiling, played, found)| same(slot, ceiling, played, found))
            && found.active.iter().all(data)
    }
}
