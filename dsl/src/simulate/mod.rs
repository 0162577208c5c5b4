//! Runs a machine without Rust: input by input, in virtual time, with every step to be seen and to be
//! taken back; and scenarios, which are such runs with what is expected of them.

mod answers;
mod line;
mod scenario;

pub use answers::Answers;
pub use line::{Line, TimerLine};
pub use scenario::{Failed, Ran, Written, diagnostic, run, text, unmet};

use crate::chart::Chart;
use crate::interpret::{
    Cause, Fault, FaultKind, Instance, Interpreter, MICROSTEP_LIMIT, NoHost, Occurrence, Outcome,
    Step, Value, duration,
};
use crate::model::{
    ContextDecl, EventId, Expr, FieldId, Function, Given, ScenarioStep, ScenarioStepKind, StateId,
};
use answers::Asking;
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

    /// Makes a step of a script: `None` for what gives no line, `given` and `expect`. An event or
    /// `after` starts the machine first, if it has not been started; its line then comes first.
    ///
    /// # Errors
    /// A value in the script that cannot be calculated.
    pub fn make(&mut self, step: &ScenarioStep, ask: &mut Ask<'_>) -> Result<Vec<Line>, Fault> {
        let mut lines = Vec::new();
        match &step.kind {
            ScenarioStepKind::Given(all) => self.give(all)?,
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

    /// Notes fields and answers.
    ///
    /// # Errors
    /// A value that cannot be calculated.
    pub fn give(&mut self, all: &[Given]) -> Result<(), Fault> {
        self.past.push(self.now.clone());
        for given in all {
            let text = self.note(given)?;
            self.now.log.push(Logged::Given(text));
        }
        Ok(())
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
                let all = args.as_ref().map(|args| args.iter().map(|arg| self.constant(arg)));
                let args: Option<Vec<Value>> = all.map(|all| all.collect()).transpose()?;
                let name = &chart.declarations.functions[function.index()].name.text;
                let call = match &args {
                    None => format!("{name}(..)"),
                    Some(args) if args.is_empty() => format!("{name}()"),
                    Some(args) => line::call(chart, name, args),
                };
                let text = format!("{call} = {}", value.text(&chart.declarations));
                self.now.answers.give(chart, *function, args, value);
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
                self.now.instance = Some(instance.clone());
                did = Did { instance, steps: vec![step], outcome: Outcome::Handled, fault: None };
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
        self.step(input, ask, |interpreter, instance, host| {
            let mut did = due(interpreter, instance, instance.now, host);
            if did.fault.is_none() {
                match interpreter.step(&did.instance, &cause, host) {
                    Ok((next, step)) => {
                        did.instance = next;
                        did.outcome = step.outcome;
                        did.steps.push(step);
                    }
                    Err(fault) => did.fault = Some(fault),
                }
            }
            did
        })
    }

    /// Lets time pass; what is due on the way happens at its time.
    pub fn after(&mut self, time: Duration, ask: &mut Ask<'_>) -> Line {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.step(format!("after {}", duration(millis)), ask, |interpreter, instance, host| {
            let until = instance.now.saturating_add(time);
            let mut did = due(interpreter, instance, until, host);
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

/// What was done.
struct Did {
    /// The machine behind it.
    instance: Instance,
    steps: Vec<Step>,
    outcome: Outcome,
    /// Why it stopped.
    fault: Option<Fault>,
}

impl Did {
    /// The machine could not be started, so nothing can be done.
    fn not_started(chart: &Chart) -> Self {
        Self {
            instance: Instance::new(chart, Duration::ZERO),
            steps: Vec::new(),
            outcome: Outcome::Unhandled,
            fault: Some(FaultKind::Unknown.at(chart.name.span)),
        }
    }
}

/// Everything that is due up to a time. What was done before a step fails stays done.
fn due(
    interpreter: &Interpreter<'_>,
    instance: &Instance,
    until: Duration,
    host: &mut Asking<'_>,
) -> Did {
    let mut did = Did {
        instance: instance.clone(),
        steps: Vec::new(),
        outcome: Outcome::Unhandled,
        fault: None,
    };
    // As many as a machine allows at one time, counted anew when time passes.
    let (mut time, mut left) = (None, 0);
    while let Some(at) = did.instance.due(until) {
        let deadline = did.instance.timers[at].deadline;
        if time != Some(deadline) {
            (time, left) = (Some(deadline), MICROSTEP_LIMIT + did.instance.timers.len());
        }
        if left == 0 {
            did.fault = Some(FaultKind::TimerLimit.at(interpreter.chart().name.span));
            return did;
        }
        left -= 1;
        match interpreter.step(&did.instance, &Cause::Due(at), host) {
            Ok((next, step)) => {
                did.instance = next;
                if step.outcome == Outcome::Handled {
                    did.outcome = Outcome::Handled;
                }
                did.steps.push(step);
            }
            Err(fault) => {
                did.fault = Some(fault);
                return did;
            }
        }
    }
    did
}
