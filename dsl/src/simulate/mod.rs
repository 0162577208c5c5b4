//! Runs a machine without Rust: input by input, in virtual time, with every step to be seen and to be
//! taken back; and scenarios, which are such runs with what is expected of them.

mod answers;
mod did;
mod line;
mod scenario;

pub use answers::Answers;
pub use line::{Line, TimerLine};
pub use scenario::{Failed, Ran, Written, diagnostic, run, text, unmet};

use crate::chart::Chart;
use crate::interpret::{
    self, Cause, Fault, FaultKind, Instance, Interpreter, NoHost, Occurrence, Outcome, Reply,
    Value, called, duration,
};
use crate::model::{
    Answering, ContextDecl, Ending, EventId, Expr, FieldId, Function, Given, ScenarioStep,
    ScenarioStepKind, StateId,
};
use answers::Asking;
use did::Did;
use std::collections::BTreeMap;
use std::time::Duration;

/// Answers for a guard or fn that has no answer yet; `None` if nobody knows.
pub type Ask<'a> = dyn FnMut(&Function, &[Value]) -> Option<Value> + 'a;

/// Asks nobody.
pub fn nobody(_: &Function, _: &[Value]) -> Option<Value> {
    None
}

/// A machine that is run input by input.
#[derive(Clone, Debug)]
pub struct Session<'c> {
    chart: &'c Chart,
    now: State,
    past: Vec<State>,
}

/// All that is taken back by an undo.
#[derive(Clone, Debug, Default)]
struct State {
    /// `None` before the start.
    instance: Option<Instance>,
    given: BTreeMap<FieldId, Value>,
    answers: Answers,
    /// How many inputs there have been, the start included.
    steps: usize,
    /// The inputs, and what became of them, for a scenario.
    log: Vec<Logged>,
}

/// An input that can be written into a scenario.
#[derive(Clone, Debug)]
enum Logged {
    /// `given ..`
    Given(String),
    /// An event or `after`, and its line.
    Did(String, Box<Line>),
}

impl<'c> Session<'c> {
    /// Before the start.
    pub fn new(chart: &'c Chart) -> Self {
        Self { chart, now: State::default(), past: Vec::new() }
    }

    /// The machine as it is; `None` before the start, or if the start fails.
    pub fn instance(&self) -> Option<&Instance> {
        self.now.instance.as_ref()
    }

    /// The chart.
    pub fn chart(&self) -> &'c Chart {
        self.chart
    }

    /// Makes a step of a script: no line for `expect`, and for `given` but where it ends an activity
    /// that runs. An event or `after` starts the machine first, if it has not been started; its line
    /// then comes first.
    ///
    /// # Errors
    /// A value in the script that cannot be calculated.
    pub fn make(&mut self, step: &ScenarioStep, ask: &mut Ask<'_>) -> Result<Vec<Line>, Fault> {
        let mut lines = Vec::new();
        match &step.kind {
            ScenarioStepKind::Given(all) => lines.extend(self.give(all, ask)?),
            ScenarioStepKind::Send(event, args) => {
                let args = args.iter().map(|arg| self.constant(arg)).collect::<Result<_, _>>()?;
                if self.starts(&mut lines, ask) {
                    lines.push(self.send(*event, args, ask));
                }
            }
            ScenarioStepKind::After(time) => {
                let time = self.constant(time)?;
                let Value::Duration(ms) = time else { return Ok(lines) };
                if self.starts(&mut lines, ask) {
                    lines.push(self.after(Duration::from_millis(ms), ask));
                }
            }
            ScenarioStepKind::Expect(_) => lines.extend(self.begin(ask)),
        }
        Ok(lines)
    }

    /// Starts the machine, if that has not been done; false if it cannot be started.
    fn starts(&mut self, lines: &mut Vec<Line>, ask: &mut Ask<'_>) -> bool {
        lines.extend(self.begin(ask));
        lines.last().is_none_or(|line| line.fault.is_none())
    }

    /// Notes fields and answers. An activity that runs ends, if that is what is given.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    pub fn give(&mut self, all: &[Given], ask: &mut Ask<'_>) -> Result<Vec<Line>, Fault> {
        let mut lines = Vec::new();
        let before = self.now.clone();
        for given in all {
            if let Given::End(of, args, ending, _) = given
                && let Some(line) = self.end(*of, args.as_deref(), ending, ask)?
            {
                lines.push(line);
                continue;
            }
            let text = self.note(given)?;
            self.now.log.push(Logged::Given(text));
        }
        // An input of its own is taken back alone.
        if lines.is_empty() {
            self.past.push(before);
        }
        Ok(lines)
    }

    /// Ends the oldest activity that runs so; none if there is none.
    fn end(
        &mut self,
        of: Answering,
        args: Option<&[Expr]>,
        ending: &Ending,
        ask: &mut Ask<'_>,
    ) -> Result<Option<Line>, Fault> {
        let (args, reply) = (self.constants(args)?, self.reply(ending)?);
        let chart = self.chart;
        let running = self.now.instance.iter().flat_map(|instance| &instance.invocations);
        let wanted = running.into_iter().find(|running| answers::asks(chart, running, of, &args));
        let Some(id) = wanted.map(|running| running.id) else { return Ok(None) };
        let input = format!("given {}", self.ending(of, args.as_deref(), &reply));
        let cause = Cause::Reply(id, reply);
        Ok(Some(self.input(input, &cause, ask)))
    }

    /// How an activity ends, as it stands behind `given`.
    fn ending(&self, of: Answering, args: Option<&[Value]>, reply: &Reply) -> String {
        let chart = self.chart;
        let step = of.step.and_then(|step| chart.state(step).step.as_deref());
        interpret::ending(&chart.declarations, (of.activity, step), args, reply)
    }

    fn constants(&self, args: Option<&[Expr]>) -> Result<Option<Vec<Value>>, Fault> {
        let all = args.map(|args| args.iter().map(|arg| self.constant(arg)));
        all.map(|all| all.collect()).transpose()
    }

    fn reply(&self, ending: &Ending) -> Result<Reply, Fault> {
        Ok(match ending {
            Ending::Done(result) => {
                Reply::Done(result.as_ref().map(|result| self.constant(result)).transpose()?)
            }
            Ending::Error(error, values) => {
                let values = values.iter().map(|value| self.constant(value));
                Reply::Error(*error, values.collect::<Result<_, _>>()?)
            }
            Ending::Unexpected(text) => Reply::Unexpected(text.clone()),
            Ending::Failed(name, text) => Reply::Failed(name.clone(), text.clone()),
        })
    }

    fn note(&mut self, given: &Given) -> Result<String, Fault> {
        let chart = self.chart;
        match given {
            Given::Field(field, value) => {
                let value = self.constant(value)?;
                let text =
                    format!("{} = {}", self.field_name(*field), value.text(&chart.declarations));
                self.now.given.insert(*field, value);
                Ok(text)
            }
            Given::Answer(function, args, value) => {
                let value = self.constant(value)?;
                let args = self.constants(args.as_deref())?;
                let name = &chart.declarations.functions[function.index()].name.text;
                let call = called(&chart.declarations, name, args.as_deref());
                let text = format!("{call} = {}", value.text(&chart.declarations));
                self.now.answers.give(chart, *function, args, value);
                Ok(text)
            }
            Given::End(of, args, ending, _) => {
                let (args, reply) = (self.constants(args.as_deref())?, self.reply(ending)?);
                let text = self.ending(*of, args.as_deref(), &reply);
                self.now.answers.end(*of, args, reply);
                Ok(text)
            }
        }
    }

    fn field_name(&self, field: FieldId) -> &'c str {
        match &self.chart.declarations.context {
            ContextDecl::Declared(fields) => &fields[field.index()].param.name.text,
            ContextDecl::External(_) => "_",
        }
    }

    /// The value of an expression that names nothing of the machine.
    fn constant(&self, expr: &Expr) -> Result<Value, Fault> {
        let nothing = Instance::new(self.chart, Duration::ZERO);
        Interpreter::new(self.chart).value(&nothing, expr, &mut NoHost)
    }

    /// Starts the machine, if that has not been done. Fields that were not given have plain values:
    /// zero, false, the first variant.
    pub fn begin(&mut self, ask: &mut Ask<'_>) -> Option<Line> {
        if self.now.steps > 0 {
            return None;
        }
        self.past.push(self.now.clone());
        let interpreter = Interpreter::new(self.chart);
        let mut given = self.now.given.clone();
        for field in interpreter.required() {
            let ty = match &self.chart.declarations.context {
                ContextDecl::Declared(fields) => &fields[field.index()].param.ty,
                ContextDecl::External(_) => continue,
            };
            if let Some(plain) = Value::plain(ty, &self.chart.declarations) {
                given.entry(field).or_insert(plain);
            }
        }
        let mut host = Asking { answers: &mut self.now.answers, ask };
        let started = interpreter.start(&given, Duration::ZERO, &mut host);
        self.now.steps = 1;
        let mut did = Did::not_started(self.chart);
        match started {
            Ok((instance, step)) => {
                did = Did::of(instance);
                did.add(step);
                did.settle(&interpreter, &mut host);
                self.now.instance = Some(did.instance.clone());
            }
            Err(fault) => did.fault = Some(fault),
        }
        Some(Line::new(self.chart, 0, "start".into(), &did))
    }

    /// Sends an event. What is due at once comes before it.
    pub fn send(&mut self, event: EventId, payload: Vec<Value>, ask: &mut Ask<'_>) -> Line {
        let name = &self.chart.declarations.events[event.index()].name.text;
        let input = line::call(self.chart, name, &payload);
        let cause = Cause::Event(Occurrence { event, payload });
        self.input(input, &cause, ask)
    }

    /// An event, or the end of an activity. What is due at once comes before it.
    fn input(&mut self, input: String, cause: &Cause, ask: &mut Ask<'_>) -> Line {
        self.step(input, ask, |interpreter, instance, host| {
            let mut did = Did::of(instance.clone());
            did.due(interpreter, instance.now, host);
            if did.fault.is_none() {
                did.outcome = Outcome::Unhandled;
                did.step(interpreter, cause, host);
                did.settle(interpreter, host);
            }
            did
        })
    }

    /// Lets time pass; what is due on the way happens at its time.
    pub fn after(&mut self, time: Duration, ask: &mut Ask<'_>) -> Line {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.step(format!("after {}", duration(millis)), ask, |interpreter, instance, host| {
            let until = instance.now.saturating_add(time);
            let mut did = Did::of(instance.clone());
            did.due(interpreter, until, host);
            if did.fault.is_none() {
                did.instance.now = until;
            }
            did
        })
    }

    fn step(
        &mut self,
        input: String,
        ask: &mut Ask<'_>,
        act: impl FnOnce(&Interpreter<'c>, &Instance, &mut Asking<'_>) -> Did,
    ) -> Line {
        self.past.push(self.now.clone());
        let number = self.now.steps;
        self.now.steps += 1;
        let mut host = Asking { answers: &mut self.now.answers, ask };
        let did = match &self.now.instance {
            Some(before) => act(&Interpreter::new(self.chart), before, &mut host),
            None => Did::not_started(self.chart),
        };
        let line = Line::new(self.chart, number, input.clone(), &did);
        self.now.instance = self.now.instance.is_some().then_some(did.instance);
        self.now.log.push(Logged::Did(input, Box::new(line.clone())));
        line
    }

    /// The time of the next deadline, from now on.
    pub fn next_deadline(&self) -> Option<Duration> {
        let instance = self.now.instance.as_ref()?;
        let next = instance.timers.iter().map(|pending| pending.deadline).min()?;
        Some(next.saturating_sub(instance.now))
    }

    /// Takes the last input back; false if there is none.
    pub fn undo(&mut self) -> bool {
        match self.past.pop() {
            Some(state) => {
                self.now = state;
                true
            }
            None => false,
        }
    }

    /// What an event would do now, with plain values for its payload.
    pub fn preview(&self, event: EventId, ask: &mut Ask<'_>) -> Line {
        let declared = &self.chart.declarations.events[event.index()];
        let plain =
            |ty| Value::plain(ty, &self.chart.declarations).unwrap_or(Value::Rust("_".into()));
        let payload = declared.params.iter().map(|param| plain(&param.ty)).collect();
        self.clone().send(event, payload, ask)
    }

    /// True if a condition holds now, as seen from the root.
    ///
    /// # Errors
    /// A value that cannot be calculated, a guard that nobody answers.
    pub fn holds(&mut self, condition: &Expr, ask: &mut Ask<'_>) -> Result<bool, Fault> {
        let unknown = || FaultKind::Unknown.at(condition.span);
        let instance = self.now.instance.as_ref().ok_or_else(unknown)?;
        let mut host = Asking { answers: &mut self.now.answers, ask };
        Interpreter::new(self.chart).holds(instance, StateId::ROOT, condition, &mut host)
    }

    /// The value of an expression now, as seen from the root.
    ///
    /// # Errors
    /// As for [`Session::holds`].
    pub fn value(&mut self, expr: &Expr, ask: &mut Ask<'_>) -> Result<Value, Fault> {
        let unknown = || FaultKind::Unknown.at(expr.span);
        let instance = self.now.instance.as_ref().ok_or_else(unknown)?;
        let mut host = Asking { answers: &mut self.now.answers, ask };
        Interpreter::new(self.chart).value(instance, expr, &mut host)
    }

    /// The inputs so far as a scenario that expects what happened; with the name of the machine
    /// where there are several.
    pub fn scenario(&self, title: &str, machine: Option<&str>) -> String {
        let written = self.now.log.iter().map(|logged| match logged {
            Logged::Given(text) => Written::Given(text.clone()),
            Logged::Did(input, line) => Written::Did(input, line),
        });
        text(title, machine, written)
    }
}
