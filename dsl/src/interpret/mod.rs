//! The reference semantics: executes a chart with values, in virtual time.
//!
//! A step is a function from one [`Instance`] and a [`Cause`] to the next instance and a [`Step`]
//! that says in order what happened. It reads plans and has no exit or entry sets of its own, so
//! what is proved of it holds of the generated code as far as both follow the same chart; parity
//! tests hold them together.
//!
//! [`value`] and [`arithmetic`](mod@arithmetic) are what expressions ([`eval`]) are made of;
//! [`microstep`] chooses and takes transitions, [`passage`] enters states and runs effects,
//! [`activity`] asks for activities and takes their ends, [`mod@fan_out`] for many at once.

mod activity;
mod arithmetic;
mod eval;
mod fan_out;
mod fault;
mod host;
mod instance;
mod microstep;
mod passage;
mod people;
mod record;
mod text;
mod value;

pub use activity::{Invocation, Reply};
pub use fan_out::Fan;
pub(crate) use fan_out::join_may_say;
pub use fault::{Fault, FaultKind};
pub use host::{Host, NoHost};
pub use instance::{Due, Instance, Internal, Occurrence, Pending};
pub use record::{Act, Assignee, Outcome, Step};
pub(crate) use text::{called, ending};
pub use value::{Bits, SingleBits, Value};

pub use crate::ast::duration;

use crate::chart::{Chart, TimerId};
use crate::model::{ContextDecl, Expr, FieldId, StateId};
use eval::Scope;
use microstep::Run;
use std::collections::BTreeMap;
use std::time::Duration;

/// More microsteps than this in one macrostep mean an eventless loop that nobody meant.
pub const MICROSTEP_LIMIT: usize = 1000;

/// Why a step is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// An event.
    Event(Occurrence),
    /// What is due at a place in [`Instance::timers`]: the time becomes its deadline's.
    Due(usize),
    /// An activity has ended: that of the invocation with this number.
    Reply(u64, Reply),
}

/// Executes one chart.
#[derive(Clone, Copy, Debug)]
pub struct Interpreter<'c> {
    chart: &'c Chart,
    asserts: bool,
}

impl<'c> Interpreter<'c> {
    /// For a chart. Invariants are looked at after each step, as debug builds do.
    pub fn new(chart: &'c Chart) -> Self {
        Self { chart, asserts: true }
    }

    /// The same without a look at invariants, as release builds do.
    pub fn without_invariants(chart: &'c Chart) -> Self {
        Self { chart, asserts: false }
    }

    /// The chart.
    pub fn chart(&self) -> &'c Chart {
        self.chart
    }

    /// The fields of the context that must be given at the start, in declared order.
    pub fn required(&self) -> impl Iterator<Item = FieldId> + 'c {
        let fields = match &self.chart.declarations.context {
            ContextDecl::Declared(fields) => &fields[..],
            ContextDecl::External(_) => &[],
        };
        let required = |field: &crate::model::Field| !field.late && field.param.default.is_none();
        let all = fields.iter().enumerate();
        all.filter(move |(_, field)| required(field)).map(|(at, _)| FieldId(at as u32))
    }

    /// Enters the machine, with values for the fields that have to be given.
    ///
    /// # Errors
    /// A value that cannot be calculated, a guard that nobody answers, an endless loop.
    pub fn start(
        &self,
        given: &BTreeMap<FieldId, Value>,
        now: Duration,
        host: &mut dyn Host,
    ) -> Result<(Instance, Step), Fault> {
        let mut run = Run {
            chart: self.chart,
            instance: Instance::new(self.chart, now),
            host,
            acts: Vec::new(),
        };
        if let ContextDecl::Declared(fields) = &self.chart.declarations.context {
            for (at, field) in fields.iter().enumerate() {
                run.instance.context[at] = match &field.param.default {
                    _ if field.late => None,
                    Some(default) => Some(run.value(default, StateId::ROOT, &[])?),
                    None => given.get(&FieldId(at as u32)).cloned(),
                };
            }
        }
        run.entries(&self.chart.start)?;
        self.settle(run, Outcome::Handled)
    }

    /// One macrostep.
    ///
    /// # Errors
    /// A value that cannot be calculated, a guard that nobody answers, an endless loop, a violated
    /// invariant, an error that nothing catches. `instance` is what the machine then still is.
    pub fn step(
        &self,
        instance: &Instance,
        cause: &Cause,
        host: &mut dyn Host,
    ) -> Result<(Instance, Step), Fault> {
        let instance = instance.clone();
        let mut run = Run { chart: self.chart, instance, host, acts: Vec::new() };
        let outcome = match cause {
            Cause::Event(occurrence) => self.offer(&mut run, occurrence)?,
            Cause::Due(at) if *at < run.instance.timers.len() => {
                let Pending { deadline, due } = run.instance.timers.remove(*at);
                run.instance.now = deadline.max(run.instance.now);
                match due {
                    Due::Timer(id, period) => self.ring(&mut run, id, period, deadline)?,
                    Due::Event(occurrence) => self.offer(&mut run, &occurrence)?,
                }
            }
            Cause::Due(_) => Outcome::Unhandled,
            Cause::Reply(id, reply) => match run.accept(*id, reply)? {
                // Nobody waits for it, or its fallback is asked: no step is made.
                none @ (None | Some(Outcome::Pending)) => {
                    let (instance, acts) = (run.instance, run.acts);
                    let outcome = none.unwrap_or(Outcome::Ignored);
                    return Ok((instance, Step { outcome, acts }));
                }
                Some(outcome) => outcome,
            },
        };
        self.settle(run, outcome)
    }

    /// Puts the time forward; what is due up to then happens on the way. Gives the steps, each
    /// with what was due.
    ///
    /// # Errors
    /// As for [`Interpreter::step`].
    pub fn advance(
        &self,
        instance: &Instance,
        until: Duration,
        host: &mut dyn Host,
    ) -> Result<(Instance, Vec<(Pending, Step)>), Fault> {
        let mut instance = instance.clone();
        let mut steps = Vec::new();
        let (mut time, mut left) = (None, 0);
        while let Some(at) = instance.due(until) {
            let pending = instance.timers[at].clone();
            if time != Some(pending.deadline) {
                time = Some(pending.deadline);
                left = MICROSTEP_LIMIT + instance.timers.len();
            } else if left == 0 {
                return Err(FaultKind::TimerLimit.at(self.chart.name.span));
            }
            left -= 1;
            let (next, step) = self.step(&instance, &Cause::Due(at), host)?;
            instance = next;
            steps.push((pending, step));
        }
        instance.now = until.max(instance.now);
        Ok((instance, steps))
    }

    /// True if a condition holds, as seen from a state.
    ///
    /// # Errors
    /// A value that cannot be calculated, a guard that nobody answers.
    pub fn holds(
        &self,
        instance: &Instance,
        owner: StateId,
        condition: &Expr,
        host: &mut dyn Host,
    ) -> Result<bool, Fault> {
        Scope { chart: self.chart, instance, owner, bindings: &[] }.holds(condition, host)
    }

    /// The value of an expression, as seen from the root.
    ///
    /// # Errors
    /// As for [`Interpreter::holds`].
    pub fn value(
        &self,
        instance: &Instance,
        expr: &Expr,
        host: &mut dyn Host,
    ) -> Result<Value, Fault> {
        Scope { chart: self.chart, instance, owner: StateId::ROOT, bindings: &[] }.eval(expr, host)
    }

    fn ring(
        &self,
        run: &mut Run,
        id: TimerId,
        period: Option<Duration>,
        deadline: Duration,
    ) -> Result<Outcome, Fault> {
        if let Some(deadline) = period.and_then(|period| deadline.checked_add(period)) {
            run.instance.timers.push(Pending { deadline, due: Due::Timer(id, period) });
        }
        run.react(microstep::Cause::Trigger(self.chart.timers[id.index()].trigger))
    }

    /// One microstep with an event, or puts it off.
    fn offer(&self, run: &mut Run, occurrence: &Occurrence) -> Result<Outcome, Fault> {
        if run.instance.finished {
            return Ok(Outcome::Unhandled);
        }
        let outcome = run.react(microstep::Cause::Event(occurrence))?;
        if outcome == Outcome::Deferred {
            run.instance.deferred.push(occurrence.clone());
        }
        Ok(outcome)
    }

    /// Eventless transitions, then deferred events if the configuration has changed, then the
    /// internal queue, until all is quiet.
    fn settle(&self, mut run: Run, outcome: Outcome) -> Result<(Instance, Step), Fault> {
        // Deferred events that are tried again are no loop, however many have piled up.
        let limit = MICROSTEP_LIMIT + run.instance.deferred.len();
        let mut microsteps = 0;
        loop {
            if microsteps == limit {
                return Err(FaultKind::MicrostepLimit.at(self.chart.name.span));
            }
            microsteps += 1;
            if run.instance.finished {
                run.instance.queue.clear();
                run.instance.deferred.clear();
                run.instance.timers.clear();
                run.revoke_all();
                break;
            }
            if run.react(microstep::Cause::Always)? == Outcome::Handled {
                continue;
            }
            if run.instance.changed {
                run.instance.changed = false;
                for occurrence in std::mem::take(&mut run.instance.deferred).into_iter().rev() {
                    run.instance.queue.push_front(Internal::Event(occurrence));
                }
            }
            match run.instance.queue.pop_front() {
                Some(Internal::Event(occurrence)) => self.offer(&mut run, &occurrence).map(drop)?,
                Some(Internal::Done(state)) => self.done(&mut run, state)?,
                Some(Internal::Joined(fan_out, first, failure)) => {
                    run.joined(fan_out, first, failure)?;
                }
                None => break,
            }
        }
        if self.asserts {
            run.invariants()?;
        }
        Ok((run.instance, Step { outcome, acts: run.acts }))
    }

    fn done(&self, run: &mut Run, state: StateId) -> Result<(), Fault> {
        // The state may have been left, or gone on, since.
        let still = run.instance.is_active(state) && run.instance.is_complete(self.chart, state);
        if let Some(trigger) = self.chart.state(state).on_done.filter(|_| still) {
            run.react(microstep::Cause::Trigger(trigger))?;
        }
        Ok(())
    }
}
