//! Runs a chart by the interpreter.

use crate::author::{Ending, GIVEN_UP, Input, UNEXPECTED, WHY, Whom};
use crate::oracle::people::asked as asked_of;
use crate::{Driven, Seen, guess, ok, twist};
use serde_json::{Map, Value as Json, json};
use statewright_dsl::chart::Chart;
use statewright_dsl::interpret::{
    Act, Assignee, Cause, Due, Fan, Fault, FaultKind, Instance, Interpreter, Invocation,
    Occurrence, Outcome, Pending, Reply, Step, Value,
};
use statewright_dsl::model::{
    Activity, ActivityKind, ContextDecl, ErrorId, EventId, Function, MessageDecl, Param, StateId,
    Work,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// A chart that is run by the interpreter.
#[derive(Debug)]
pub struct Interpreted<'c> {
    interpreter: Interpreter<'c>,
    instance: Option<Instance>,
    outputs: Vec<Json>,
    told: BTreeMap<u64, Told>,
}

/// What a person was told who was asked: the title, to whom it goes, and how often they were reminded and
/// it went to somebody else.
type Told = (String, Option<Json>, (u32, u32));

impl<'c> Interpreted<'c> {
    /// Runs a chart.
    pub fn new(chart: &'c Chart) -> Self {
        let (outputs, told) = (Vec::new(), BTreeMap::new());
        Self { interpreter: Interpreter::new(chart), instance: None, outputs, told }
    }

    fn seen(&mut self, outcome: String, steps: &[Step]) -> Seen {
        let chart = self.interpreter.chart();
        let acts = steps.iter().flat_map(|step| &step.acts);
        for act in acts.clone() {
            if let Act::Emit(_, values) = act {
                self.outputs.push(json!({ "Said": { "n": number(&values[0]) } }));
            }
        }
        for act in acts.clone() {
            tell(&mut self.told, act);
        }
        let calls = acts.clone().filter_map(call).collect();
        let sent = acts.clone().filter_map(|act| match act {
            Act::Send(message, values) => {
                let declared = &chart.declarations.messages[message.index()];
                Some(sent(declared, values.iter().map(plain)))
            }
            _ => None,
        });
        let sent = sent.collect();
        let running = |id: u64| {
            let instance = self.instance.iter();
            instance.flat_map(|instance| &instance.invocations).any(|running| running.id == id)
        };
        let asked = acts.clone().filter_map(|act| match act {
            Act::Invoke(id, invoke, args) if running(*id) => Some((id, invoke, 0, args)),
            Act::FallBack(id, invoke, call, args) if running(*id) => {
                Some((id, invoke, *call, args))
            }
            _ => None,
        });
        let asked = asked.map(|(id, invoke, call, args)| {
            let work = chart.invokes[invoke.index()].call.work(call);
            let child = child(chart, work, args);
            let (name, params) = named(chart, work);
            asking(*id, &request(name, names(params), args.iter().map(plain)), child)
        });
        let asked = asked.collect();
        let mut new = Vec::new();
        let revoked = acts.filter_map(|act| match act {
            Act::Invoke(id, ..) => {
                new.push(*id);
                None
            }
            // What is asked for and taken back on the way is no news.
            Act::Revoke(id, _) if !new.contains(id) => Some(*id),
            _ => None,
        });
        let revoked = revoked.collect();
        let state = self.instance.as_ref().map(|instance| picture(chart, instance, &self.outputs));
        let mut state = state.unwrap_or_default();
        let running = state.get_mut("invocations").and_then(Json::as_array_mut);
        for running in running.into_iter().flatten() {
            let told = running["id"].as_u64().and_then(|id| self.told.get(&id));
            if let Some((title, assigned, counts)) = told {
                running["asked"] = asked_of(Map::new(), title, assigned.clone(), *counts);
            }
        }
        Seen { outcome, calls, asked, sent, revoked, state }
    }
}

/// Takes down what a person is told.
fn tell(told: &mut BTreeMap<u64, Told>, act: &Act) {
    match act {
        Act::Ask(id, _, title, to) => {
            told.insert(*id, (title.clone(), to.as_ref().map(assignee), (0, 0)));
        }
        Act::Remind(id, _) => {
            if let Some((.., (reminded, _))) = told.get_mut(id) {
                *reminded += 1;
            }
        }
        Act::Escalate(id, _, to) => {
            if let Some((_, assigned, (_, escalated))) = told.get_mut(id) {
                *assigned = Some(assignee(to));
                *escalated += 1;
            }
        }
        _ => {}
    }
}

fn assignee(to: &Assignee) -> Json {
    if to.role { json!({ "role": to.name }) } else { json!({ "user": to.name }) }
}

/// What was asked for, in one line: of a child also its machine and its key.
pub fn asking(id: u64, request: &Json, child: Option<(&str, String)>) -> String {
    match child {
        Some((machine, key)) => format!("{id} {request} starts {machine} {key}"),
        None => format!("{id} {request}"),
    }
}

/// The machine and the key of a child.
fn child<'c>(chart: &'c Chart, work: Work, args: &[Value]) -> Option<(&'c str, String)> {
    let Work::Activity(id) = work else { return None };
    let Activity { kind: ActivityKind::Machine(key), name, .. } =
        &chart.declarations.activities[id.index()]
    else {
        return None;
    };
    Some((&name.text, written(&plain(&args[*key]))))
}

/// A key, as stores have it.
pub fn written(key: &Json) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}

/// What is sent: the key, and what the event carries.
pub fn sent(of: &MessageDecl, mut values: impl Iterator<Item = Json>) -> Json {
    let key = written(&values.next().unwrap_or_default());
    let event = request(&of.event.name.text, names(&of.event.params), values);
    json!({ &of.machine.text: { "key": key, "event": event } })
}

/// The end of an activity: of which, and how.
pub fn reply(chart: &Chart, instance: &Instance, whom: Whom, ending: Ending) -> (u64, Reply) {
    let running: Vec<u64> = instance.invocations.iter().map(|running| running.id).collect();
    let id = whom.number(&running, instance.visits);
    let of = instance.invocations.iter().find(|running| running.id == id);
    let activity =
        of.map(|running| &chart.declarations.activities[running.activity(chart).index()]);
    let int = |n: u8| Value::Int(n.into());
    let is_person = activity.is_some_and(Activity::is_of_person);
    let is_child =
        activity.is_some_and(|activity| matches!(activity.kind, ActivityKind::Machine(_)));
    let raises = |error| activity.is_some_and(|activity| activity.raises.contains(&error));
    let reply = match if is_person { ending.of_person() } else { ending } {
        Ending::Done(n) => {
            let gives = |activity: &Activity| activity.result.is_some();
            Reply::Done(activity.is_some_and(gives).then(|| int(n)))
        }
        // A child whose end is no error that is declared: its name, and what it carries.
        Ending::Big(n) if is_child => Reply::Failed("Big".into(), n.to_string()),
        Ending::Unexpected if is_child => Reply::Failed(GIVEN_UP.into(), UNEXPECTED.into()),
        Ending::Small(n) if is_child && !raises(ErrorId(0)) => {
            Reply::Failed("Small".into(), format!("{n}, {n}"))
        }
        Ending::Small(n) => Reply::Error(ErrorId(0), vec![int(n)]),
        Ending::Big(n) => Reply::Error(ErrorId(1), vec![int(n), Value::String(WHY.into())]),
        Ending::Gone => Reply::Error(ErrorId(2), Vec::new()),
        Ending::Unexpected => Reply::Unexpected(UNEXPECTED.into()),
    };
    (id, reply)
}

impl Driven for Interpreted<'_> {
    fn start(&mut self) -> Seen {
        match self.interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut answer) {
            Ok((instance, step)) => {
                self.instance = Some(instance);
                self.seen("Started".into(), &[step])
            }
            Err(fault) => Seen { outcome: kind(&fault), ..Seen::default() },
        }
    }

    fn send(&mut self, input: Input) -> Seen {
        let Some(instance) = self.instance.clone() else { return self.start() };
        match input {
            Input::Event(event, n) => self.step(&instance, Cause::Event(occurrence(event, n))),
            Input::Reply(whom, ending) => {
                let (id, reply) = reply(self.interpreter.chart(), &instance, whom, ending);
                self.step(&instance, Cause::Reply(id, reply))
            }
            Input::Wait(seconds) => self.wait(instance, seconds),
        }
    }
}

impl Interpreted<'_> {
    fn step(&mut self, instance: &Instance, cause: Cause) -> Seen {
        match self.interpreter.step(instance, &cause, &mut answer) {
            Ok((next, step)) => {
                self.instance = Some(next);
                self.seen(outcome(step.outcome).into(), &[step])
            }
            Err(fault) => self.seen(kind(&fault), &[]),
        }
    }

    /// As the machine does: what was done before a timer fails stays done.
    fn wait(&mut self, mut instance: Instance, seconds: u64) -> Seen {
        let until = instance.now + Duration::from_secs(seconds);
        let mut steps = Vec::new();
        while let Some(at) = instance.due(until) {
            match self.interpreter.step(&instance, &Cause::Due(at), &mut answer) {
                Ok((next, step)) => {
                    instance = next;
                    steps.push(step);
                }
                Err(fault) => {
                    self.instance = Some(instance);
                    return self.seen(kind(&fault), &steps);
                }
            }
        }
        instance.now = until;
        self.instance = Some(instance);
        self.seen(format!("{} fired", steps.len()), &steps)
    }
}

/// What guards and functions give.
pub fn answer(function: &Function, args: &[Value]) -> Result<Value, FaultKind> {
    let n = number(&args[0]) as u32;
    Ok(match function.name.text.as_str() {
        "ok" => Value::Bool(ok(n)),
        "guess" => Value::Int(guess(n).into()),
        _ => Value::Int(twist(n).into()),
    })
}

/// An event with what it carries.
pub fn occurrence(event: usize, n: u8) -> Occurrence {
    let payload = if event % 2 == 1 { vec![Value::Int(n.into())] } else { Vec::new() };
    Occurrence { event: EventId(event as u32), payload }
}

/// The word for an outcome.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Handled => "Handled",
        Outcome::Deferred => "Deferred",
        Outcome::Ignored => "Ignored",
        Outcome::Unhandled => "Unhandled",
        Outcome::Pending => "Pending",
    }
}

/// The kind of an error, as the variants of `StepError` are called.
pub fn kind(fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Overflow => "Overflow",
        FaultKind::DivisionByZero => "DivisionByZero",
        FaultKind::DurationOutOfRange => "DurationOutOfRange",
        FaultKind::MicrostepLimit => "MicrostepLimit",
        FaultKind::TimerLimit => "TimerLimit",
        FaultKind::ReplyLimit => "ReplyLimit",
        FaultKind::Uncaught(_) => "Uncaught",
        FaultKind::Invariant(_) => "Invariant",
        FaultKind::Unset
        | FaultKind::Unanswered(_)
        | FaultKind::Unknown
        | FaultKind::WrongReply => "not to be had",
    }
    .into()
}

/// What is called, as the host of the generated machine writes it down.
pub fn call(act: &Act) -> Option<String> {
    match act {
        Act::Call(_, args) => Some(match &args[0] {
            Value::String(text) => text.clone(),
            Value::Bool(there) => format!("look {there}"),
            other => said(&plain(other)),
        }),
        _ => None,
    }
}

/// How an action that takes numbers is written down.
pub fn said(what: &Json) -> String {
    format!("note {what}")
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Int(value) => *value as i64,
        _ => -1,
    }
}

/// A value as JSON has it.
fn plain(value: &Value) -> Json {
    match value {
        Value::List(values) => values.iter().map(plain).collect(),
        Value::Option(value) => value.as_deref().map_or(Json::Null, plain),
        Value::Duration(millis) => duration(Duration::from_millis(*millis)),
        Value::String(text) => json!(text),
        Value::Single(value) => json!(value.0),
        other => json!(number(other)),
    }
}

/// Everything that lasts, in the words of the machine's snapshot.
pub fn picture(chart: &Chart, instance: &Instance, outputs: &[Json]) -> Json {
    let ids = |states: &mut dyn Iterator<Item = StateId>| {
        let leaves = states.filter(|state| chart.state(*state).kind.is_leaf());
        leaves.map(|state| chart.state(state).id.clone()).collect::<Vec<_>>()
    };
    let histories = instance.histories.iter().map(|(history, inside)| {
        let state = chart.histories[history.index()].state;
        (chart.state(state).id.clone(), json!(ids(&mut inside.iter().copied())))
    });
    let mut timers: Vec<&Pending> = instance.timers.iter().collect();
    timers.sort_by_key(|pending| pending.deadline);
    json!({
        "now": duration(instance.now),
        "configuration": ids(&mut instance.active.iter().copied()),
        "histories": histories.collect::<serde_json::Map<_, _>>(),
        "context": context(chart, instance),
        "deferred": instance.deferred.iter().map(event).collect::<Vec<_>>(),
        "timers": timers.into_iter().map(|pending| timer(chart, pending)).collect::<Vec<_>>(),
        "outputs": outputs,
        "invocations": instance.invocations.iter().map(|i| invocation(chart, i)).collect::<Vec<_>>(),
        "fans": instance.fans.iter().map(|f| fan(chart, f)).collect::<Vec<_>>(),
        "visits": instance.visits,
    })
}

/// A fan-out, by the state that asks: which branches wait, and how the others have ended.
fn fan(chart: &Chart, fan: &Fan) -> Json {
    let state = chart.fan_outs[fan.fan_out.index()].state;
    let waiting = fan.waiting.iter().map(|waits| waits.id).collect();
    let ended = fan.ended.iter().map(|reply| match reply {
        None => Json::Null,
        Some(Reply::Done(value)) => json!({ "Ok": value.as_ref().map(plain) }),
        Some(Reply::Unexpected(message)) => failed(
            "Unexpected",
            json!({
                "name": "Unexpected", "message": message
            }),
        ),
        Some(Reply::Failed(name, message)) => {
            failed("Unexpected", json!({ "name": name, "message": message }))
        }
        Some(Reply::Error(error, values)) => {
            let error = &chart.declarations.errors[error.index()];
            let names = error.params.iter().map(|param| param.name.text.clone());
            let parts: serde_json::Map<_, _> = names.zip(values.iter().map(plain)).collect();
            failed(&error.name.text, Json::Object(parts))
        }
    });
    fanned((fan.first, &chart.state(state).id), waiting, ended.collect())
}

/// An error as a reply has it.
pub fn failed(name: &str, parts: Json) -> Json {
    let has_parts = parts.as_object().is_some_and(|parts| !parts.is_empty());
    json!({ "Err": if has_parts { json!({ name: parts }) } else { json!(name) } })
}

/// A fan-out that is not decided.
pub fn fanned((first, state): (u64, &str), waiting: Vec<u64>, ended: Vec<Json>) -> Json {
    json!({ "first": first, "state": state, "waiting": waiting, "ended": ended })
}

fn invocation(chart: &Chart, running: &Invocation) -> Json {
    let invoke = &chart.invokes[running.invoke.index()].call;
    let asked = |call: usize, args: &[Value]| {
        let (name, params) = named(chart, invoke.work(call));
        request(name, names(params), args.iter().map(plain))
    };
    let behind = (running.call + 1..).zip(&running.rest);
    let fallbacks = behind.map(|(call, args)| asked(call, args)).collect();
    let request = asked(running.call, &running.args);
    let of = &chart.invokes[running.invoke.index()];
    invoked((running.id, &chart.state(of.state).id), request, running.call, fallbacks)
}

fn names(params: &[Param]) -> impl Iterator<Item = &str> {
    params.iter().map(|param| &*param.name.text)
}

/// What carries out a call: its name, and its parameters.
fn named(chart: &Chart, work: Work) -> (&str, &[Param]) {
    let declarations = &chart.declarations;
    match work {
        Work::Activity(id) => {
            let Activity { name, params, .. } = &declarations.activities[id.index()];
            (&name.text, params)
        }
        Work::Function(id) => {
            let Function { name, params, .. } = &declarations.functions[id.index()];
            (&name.text, params)
        }
    }
}

/// What runs, as a snapshot holds it: by its number and the state that asks, and with what is left to
/// fall back on in the order of the text.
pub fn invoked((id, state): (u64, &str), request: Json, call: usize, fallbacks: Vec<Json>) -> Json {
    let mut all = json!({ "id": id, "state": state, "request": request });
    if call > 0 {
        all["call"] = json!(call);
    }
    if !fallbacks.is_empty() {
        all["fallbacks"] = fallbacks.into_iter().rev().collect();
    }
    all
}

/// A request as the generated code writes it down.
pub fn request<'p>(
    activity: &str,
    params: impl Iterator<Item = &'p str>,
    args: impl Iterator<Item = Json>,
) -> Json {
    let (first, rest) = activity.split_at(1);
    let name = first.to_uppercase() + rest;
    let args = params.zip(args).map(|(param, arg)| (param.to_owned(), arg));
    let args: serde_json::Map<_, _> = args.collect();
    if args.is_empty() { json!(name) } else { json!({ name: args }) }
}

fn context(chart: &Chart, instance: &Instance) -> Json {
    let ContextDecl::Declared(fields) = &chart.declarations.context else { return Json::Null };
    let values = fields.iter().zip(&instance.context).map(|(field, value)| {
        let value = match value {
            Some(value) => plain(value),
            None => Json::Null,
        };
        (field.param.name.text.clone(), value)
    });
    Json::Object(values.collect())
}

fn event(occurrence: &Occurrence) -> Json {
    let name = format!("E{}", occurrence.event.0);
    match occurrence.payload.first() {
        Some(n) => json!({ name: { "n": number(n) } }),
        None => json!(name),
    }
}

fn timer(chart: &Chart, pending: &Pending) -> Json {
    let due = match &pending.due {
        Due::Timer(id, None) => json!({ "after": timer_name(chart, id.index()) }),
        Due::Timer(id, Some(period)) => {
            json!({ "every": [timer_name(chart, id.index()), duration(*period)] })
        }
        Due::Event(occurrence) => json!({ "raise": event(occurrence) }),
    };
    json!({ "deadline": duration(pending.deadline), "due": due })
}

/// A timer by its state, and as which of those of the state it stands there.
pub fn timer_name(chart: &Chart, timer: usize) -> String {
    let state = chart.timers[timer].state;
    let own = chart.timers[..timer].iter().filter(|other| other.state == state);
    format!("{} {}", chart.state(state).id, own.count())
}

fn duration(duration: Duration) -> Json {
    json!({ "secs": duration.as_secs(), "nanos": duration.subsec_nanos() })
}
