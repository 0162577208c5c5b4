//! What one input did.

use super::did::Did;
use crate::chart::{Chart, InvokeId, PlanId};
use crate::interpret::{
    Act, Assignee, Due, Fault, Instance, Invocation, Outcome, Pending, Value, called, duration,
};
use crate::model::{ContextDecl, Declarations, ExprKind, MessageId, OutputId, StateId, Work};
use std::time::Duration;

/// One input and what it did. States are named by their paths, as `Operating.Cars.Go`.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// 0 is the start.
    pub step: usize,
    /// `start`, an event as it was sent, or `after 20s`.
    pub input: String,
    /// What became of it; the start is handled. Time is handled if something was due that did
    /// something.
    pub outcome: Outcome,
    /// The states that were left, in order.
    pub exited: Vec<String>,
    /// The effects, in order, as they stand in a machine with values instead of names.
    pub effects: Vec<String>,
    /// The states that were entered, in order.
    pub entered: Vec<String>,
    /// The active atomic and final states behind it, in document order.
    pub configuration: Vec<String>,
    /// The fields of the context behind it; `None` for what is not set yet.
    pub context: Vec<(String, Option<Value>)>,
    /// What was emitted, in order.
    pub outputs: Vec<(OutputId, Vec<Value>)>,
    /// What was sent to other machines, in order: keys, then payloads.
    pub messages: Vec<(MessageId, Vec<Value>)>,
    /// What is pending behind it, by the time it is due.
    pub timers: Vec<TimerLine>,
    /// The activities that run behind it, the oldest first: `charge("o-1", 5)`.
    pub running: Vec<String>,
    /// The branches that were taken.
    pub taken: Vec<PlanId>,
    /// The machine's time behind it.
    pub now: Duration,
    /// The machine is finished.
    pub finished: bool,
    /// Why the step failed. Then the machine is as it was.
    pub fault: Option<Fault>,
}

/// Something pending.
#[derive(Clone, Debug, PartialEq)]
pub struct TimerLine {
    /// `after 20s`, `every 10s`, or a delayed event.
    pub what: String,
    /// The state it belongs to; `None` for a delayed event.
    pub state: Option<String>,
    /// How long it still runs.
    pub remaining: Duration,
}

impl Line {
    pub(super) fn new(chart: &Chart, step: usize, input: String, did: &Did) -> Self {
        let instance = &did.instance;
        let mut line = Self {
            step,
            input,
            outcome: did.outcome,
            exited: Vec::new(),
            effects: Vec::new(),
            entered: Vec::new(),
            configuration: instance.paths(chart),
            context: context(chart, instance),
            outputs: Vec::new(),
            messages: Vec::new(),
            timers: timers(chart, instance),
            running: running(chart, instance),
            taken: Vec::new(),
            now: instance.now,
            finished: instance.finished,
            fault: did.fault.clone(),
        };
        for (ended, step) in &did.steps {
            line.effects.extend(ended.iter().map(|how| format!("given {how}")));
            step.acts.iter().for_each(|act| line.act(chart, act));
        }
        line
    }

    fn act(&mut self, chart: &Chart, act: &Act) {
        let path = |state: &StateId| chart.state(*state).path.clone();
        match act {
            // The machine itself is no state of it.
            Act::Enter(StateId::ROOT) | Act::Exit(StateId::ROOT) => {}
            Act::Take(plan) => self.taken.push(*plan),
            Act::Exit(state) => self.exited.push(path(state)),
            Act::Enter(state) => self.entered.push(path(state)),
            Act::SetData(state, at, _) if chart.state(*state).data[*at as usize].is_hidden() => {}
            _ => self.effects.push(effect(chart, act)),
        }
        match act {
            Act::Emit(output, values) => self.outputs.push((*output, values.clone())),
            Act::Send(message, values) => self.messages.push((*message, values.clone())),
            _ => {}
        }
    }
}

fn context(chart: &Chart, instance: &Instance) -> Vec<(String, Option<Value>)> {
    let ContextDecl::Declared(fields) = &chart.declarations.context else { return Vec::new() };
    let names = fields.iter().map(|field| field.param.name.text.clone());
    names.zip(instance.context.iter().cloned()).collect()
}

fn timers(chart: &Chart, instance: &Instance) -> Vec<TimerLine> {
    let mut pending: Vec<_> = instance.timers.iter().collect();
    pending.sort_by_key(|pending| pending.deadline);
    let line = |pending: &&Pending| {
        let remaining = pending.deadline.saturating_sub(instance.now);
        let (what, state) = match &pending.due {
            Due::Timer(id, period) => {
                let timer = &chart.timers[id.index()];
                let word = if timer.repeats { "every" } else { "after" };
                let delay = match (&timer.delay.kind, period) {
                    (ExprKind::Duration(ms), _) => duration(*ms),
                    (_, Some(period)) => millis(*period),
                    _ => "..".to_owned(),
                };
                (format!("{word} {delay}"), Some(chart.state(timer.state).path.clone()))
            }
            Due::Event(occurrence) => {
                let name = &chart.declarations.events[occurrence.event.index()].name.text;
                (call(chart, name, &occurrence.payload), None)
            }
        };
        TimerLine { what, state, remaining }
    };
    pending.iter().map(line).collect()
}

fn running(chart: &Chart, instance: &Instance) -> Vec<String> {
    let line = |running: &Invocation| {
        called(&chart.declarations, work(chart, running.invoke, running.call), Some(&running.args))
    };
    instance.invocations.iter().map(line).collect()
}

fn millis(of: Duration) -> String {
    duration(u64::try_from(of.as_millis()).unwrap_or(u64::MAX))
}

/// `Name(a, b)`, or the name alone.
pub(super) fn call(chart: &Chart, name: &str, args: &[Value]) -> String {
    if args.is_empty() {
        return name.to_owned();
    }
    let args: Vec<String> = args.iter().map(|arg| arg.text(&chart.declarations)).collect();
    format!("{name}({})", args.join(", "))
}

/// The name of what is invoked, by the number of the call.
pub(super) fn work(chart: &Chart, invoke: InvokeId, call: usize) -> &str {
    match chart.invokes[invoke.index()].call.work(call) {
        Work::Activity(activity) => &chart.declarations.activities[activity.index()].name.text,
        Work::Function(function) => &chart.declarations.functions[function.index()].name.text,
    }
}

/// `send Machine(key).Event(a, b)`
pub(super) fn sent(chart: &Chart, message: MessageId, args: &[Value]) -> String {
    let declared = &chart.declarations.messages[message.index()];
    let (key, args) = args
        .split_first()
        .map_or((String::new(), args), |(key, args)| (key.text(&chart.declarations), args));
    format!(
        "send {}({key}).{}",
        declared.machine.text,
        call(chart, &declared.event.name.text, args)
    )
}

/// What was done, as an effect of the language.
fn effect(chart: &Chart, act: &Act) -> String {
    let declarations = &chart.declarations;
    let event = |id: &crate::model::EventId| &declarations.events[id.index()].name.text;
    match act {
        Act::Set(field, value) => {
            let name = match &declarations.context {
                ContextDecl::Declared(fields) => fields[field.index()].param.name.text.as_str(),
                ContextDecl::External(_) => "_",
            };
            format!("set {name} = {}", value.text(declarations))
        }
        Act::SetData(state, at, value) => {
            let param = &chart.state(*state).data[*at as usize];
            format!("set {} = {}", param.name.text, value.text(declarations))
        }
        Act::Raise(id, args) => format!("raise {}", call(chart, event(id), args)),
        Act::RaiseAfter(id, args, delay) => {
            format!("raise {} after {}", call(chart, event(id), args), millis(*delay))
        }
        Act::Cancel(id) => format!("cancel {}", event(id)),
        Act::Emit(output, args) => {
            format!("emit {}", call(chart, &declarations.outputs[output.index()].name.text, args))
        }
        Act::Send(message, args) => sent(chart, *message, args),
        Act::Call(function, args) => {
            called(declarations, &declarations.functions[function.index()].name.text, Some(args))
        }
        Act::Invoke(_, invoke, args) => {
            format!("invoke {}", called(declarations, work(chart, *invoke, 0), Some(args)))
        }
        Act::FallBack(_, invoke, call, args) => {
            format!("fallback {}", called(declarations, work(chart, *invoke, *call), Some(args)))
        }
        Act::Ask(_, _, title, to) => {
            let to = to.as_ref().map(|to| format!(" of {}", assignee(to))).unwrap_or_default();
            format!("ask {}{to}", Value::String(title.clone()).text(declarations))
        }
        Act::Remind(_, invoke) => format!("remind of {}", work(chart, *invoke, 0)),
        Act::Escalate(_, invoke, to) => {
            format!("escalate {} to {}", work(chart, *invoke, 0), assignee(to))
        }
        Act::Revoke(_, invoke) => format!("revoke {}", work(chart, *invoke, 0)),
        Act::Take(_) | Act::Exit(_) | Act::Enter(_) => String::new(),
    }
}

/// `role("finance")`
fn assignee(to: &Assignee) -> String {
    let name = Value::String(to.name.clone()).text(&Declarations::default());
    format!("{}({name})", if to.role { "role" } else { "user" })
}
