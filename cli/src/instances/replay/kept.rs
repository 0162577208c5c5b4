//! An instance as the engine keeps it, and as the interpreter has it.

use super::value::{self, duration, millis, read, read_all, tagged, write_all, write_tagged};
use serde_json::{Map, Value as Json, json};
use statewright_dsl::chart::{Chart, FanOutId, HistoryId, InvokeId, TimerId};
use statewright_dsl::interpret::{
    Due, Fan, Instance, Invocation, Occurrence, Pending, Reply, Value,
};
use statewright_dsl::model::{ContextDecl, EventId, Field, Param, StateId, StateKind, Work};
use statewright_dsl::spelling::pascal_case;
use std::collections::BTreeSet;
use std::time::Duration;

/// The fields of the context.
pub(super) fn fields(chart: &Chart) -> &[Field] {
    match &chart.declarations.context {
        ContextDecl::Declared(fields) => fields,
        ContextDecl::External(_) => &[],
    }
}

/// What is behind a step; an error says what of it does not fit the machine.
pub(super) fn instance(chart: &Chart, json: &Json) -> Result<Instance, String> {
    let now = json["now"].as_u64().ok_or("there is no time in it")?;
    let mut instance = Instance::new(chart, Duration::from_millis(now));
    instance.active = active(chart, &json["in"])?;
    instance.finished = instance.active.iter().any(|state| {
        let state = chart.state(*state);
        state.kind == StateKind::Final && state.parent == Some(StateId::ROOT)
    });
    for (at, field) in fields(chart).iter().enumerate() {
        let name = &field.param.name.text;
        let found = json["context"].get(name).unwrap_or(&Json::Null);
        if !(field.late && found.is_null()) {
            let read = read(&field.param.ty, found, &chart.declarations);
            let wrong = || format!("`{name}` of the context cannot be {found}");
            instance.context[at] = Some(read.ok_or_else(wrong)?);
        }
    }
    data(chart, &json["data"], &mut instance)?;
    for (id, inside) in json["histories"].as_object().into_iter().flatten() {
        let outer = state(chart, id)?;
        let at = chart.histories.iter().position(|history| history.state == outer);
        let at = at.ok_or_else(|| format!("`{id}` is not remembered"))?;
        let inner = active(chart, inside)?;
        let inner = inner.into_iter().filter(|s| *s != outer && chart.contains(outer, *s));
        instance.histories.insert(HistoryId(at as u32), inner.collect());
    }
    for event in list(&json["deferred"]) {
        instance.deferred.push(occurrence(chart, event)?);
    }
    for timer in list(&json["timers"]) {
        instance.timers.push(pending(chart, timer)?);
    }
    for kept in list(&json["invocations"]) {
        instance.invocations.push(invocation(chart, kept)?);
    }
    for kept in list(&json["fans"]) {
        instance.fans.push(fan(chart, kept)?);
    }
    instance.visits = json["visits"].as_u64().unwrap_or(0);
    Ok(instance)
}

pub(super) fn list(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().into_iter().flatten()
}

fn state(chart: &Chart, id: &str) -> Result<StateId, String> {
    let at = chart.states.iter().position(|state| state.id == id);
    at.map(|at| StateId(at as u32)).ok_or_else(|| format!("there is no state `{id}`"))
}

/// These states and all around them.
fn active(chart: &Chart, ids: &Json) -> Result<BTreeSet<StateId>, String> {
    let mut active = BTreeSet::new();
    for id in list(ids) {
        let mut at = Some(state(chart, id.as_str().unwrap_or_default())?);
        while let Some(state) = at {
            active.insert(state);
            at = chart.state(state).parent;
        }
    }
    Ok(active)
}

fn data(chart: &Chart, json: &Json, instance: &mut Instance) -> Result<(), String> {
    for (at, state) in chart.states.iter().enumerate() {
        let id = StateId(at as u32);
        if let Some(entered) = json.get(format!("entered_{at}")).and_then(millis) {
            instance.entered.insert(id, Duration::from_millis(entered));
        }
        let mut values = Vec::new();
        for param in &state.data {
            let name = format!("{}.{}", state.id, param.name.text);
            let Some(found) = json.get(&name) else { continue };
            let value = read(&param.ty, found, &chart.declarations);
            values.push(value.ok_or_else(|| format!("`{name}` cannot be {found}"))?);
        }
        if !values.is_empty() {
            instance.data.insert(id, values);
        }
    }
    Ok(())
}

/// An event as it is kept.
pub(super) fn occurrence(chart: &Chart, json: &Json) -> Result<Occurrence, String> {
    let read = || {
        let (name, fields) = tagged(json)?;
        let events = &chart.declarations.events;
        let at = events.iter().position(|event| event.name.text == name)?;
        let payload = read_all(&events[at].params, fields, &chart.declarations)?;
        Some(Occurrence { event: EventId(at as u32), payload })
    };
    read().ok_or_else(|| format!("{json} is no event of the machine"))
}

fn pending(chart: &Chart, json: &Json) -> Result<Pending, String> {
    let timer = |id: &Json| Some(TimerId(u32::try_from(id.as_u64()?).ok()?));
    let read = || {
        let deadline = Duration::from_millis(millis(&json["deadline"])?);
        let due = match tagged(&json["due"])? {
            ("after", id) => Due::Timer(timer(id)?, None),
            ("every", all) => {
                let period = Duration::from_millis(millis(&all[1])?);
                Due::Timer(timer(&all[0])?, Some(period))
            }
            ("raise", event) => Due::Event(occurrence(chart, event).ok()?),
            _ => return None,
        };
        let known = match due {
            Due::Timer(id, _) => id.index() < chart.timers.len(),
            Due::Event(_) => true,
        };
        known.then_some(Pending { deadline, due })
    };
    read().ok_or_else(|| format!("{json} is no timer of the machine"))
}

fn invocation(chart: &Chart, json: &Json) -> Result<Invocation, String> {
    let read = || {
        let invoke = InvokeId(u32::try_from(json["invoke"].as_u64()?).ok()?);
        chart.invokes.get(invoke.index())?;
        let call = usize::try_from(json["call"].as_u64().unwrap_or(0)).ok()?;
        let args = |call: usize, json: &Json| {
            let (wanted, params) = asked_for(chart, invoke, call);
            let (name, fields) = tagged(json)?;
            (name == pascal_case(wanted)).then_some(())?;
            read_all(params, fields, &chart.declarations)
        };
        // The next one is kept last.
        let rest: Vec<&Json> = list(&json["fallbacks"]).collect();
        let rest = rest.into_iter().rev().zip(call + 1..).map(|(json, call)| args(call, json));
        let rest = rest.collect::<Option<Vec<_>>>()?;
        let args = args(call, &json["request"])?;
        Some(Invocation { id: json["id"].as_u64()?, invoke, call, args, rest })
    };
    read().ok_or_else(|| format!("{json} is no activity of the machine"))
}

/// The name and parameters of a call, the first or a fallback.
fn asked_for(chart: &Chart, invoke: InvokeId, call: usize) -> (&str, &[Param]) {
    let types = &chart.declarations;
    match chart.invokes[invoke.index()].call.work(call) {
        Work::Activity(id) => {
            let activity = &types.activities[id.index()];
            (&activity.name.text, &activity.params)
        }
        Work::Function(id) => {
            let function = &types.functions[id.index()];
            (&function.name.text, &function.params)
        }
    }
}

/// A request as it is kept.
pub(super) fn request(chart: &Chart, asked: &Invocation) -> Json {
    requested(chart, asked.invoke, asked.call, &asked.args)
}

fn requested(chart: &Chart, invoke: InvokeId, call: usize, args: &[Value]) -> Json {
    let (name, params) = asked_for(chart, invoke, call);
    write_tagged(&pascal_case(name), params, args, &chart.declarations)
}

/// An invocation as it is kept.
fn asked(chart: &Chart, asked: &Invocation) -> Json {
    let mut object = json!({
        "id": asked.id,
        "invoke": asked.invoke.0,
        "request": request(chart, asked),
    });
    if asked.call > 0 {
        object["call"] = json!(asked.call);
    }
    if !asked.rest.is_empty() {
        let rest = asked.rest.iter().zip(asked.call + 1..);
        let rest = rest.map(|(args, call)| requested(chart, asked.invoke, call, args));
        // The next one is last.
        let mut rest: Vec<Json> = rest.collect();
        rest.reverse();
        object["fallbacks"] = Json::Array(rest);
    }
    object
}

/// How a branch has ended, but for which activity of its chain.
fn ending(chart: &Chart, fan: &Fan, branch: usize, reply: &Reply) -> Json {
    let types = &chart.declarations;
    let failed = |name: &str, message: &str| json!({ "Err": { Reply::UNEXPECTED: { "name": name, "message": message } } });
    match reply {
        Reply::Unexpected(message) => failed(Reply::UNEXPECTED, message),
        Reply::Failed(name, message) => failed(name, message),
        Reply::Error(error, values) => {
            let error = &types.errors[error.index()];
            json!({ "Err": write_tagged(&error.name.text, &error.params, values, types) })
        }
        Reply::Done(given) => {
            let invoke = chart.fan_outs[fan.fan_out.index()].invoke(branch);
            let activity = chart.invokes[invoke.index()].call.activity;
            let result = types.activities[activity.index()].result.as_ref();
            let given = result.zip(given.as_ref());
            json!({ "Ok": given.map(|(ty, value)| value::write(ty, value, types)) })
        }
    }
}

/// A fan-out as it is kept.
fn kept_fan(chart: &Chart, fan: &Fan) -> Json {
    let ended = fan.ended.iter().enumerate();
    let ended = ended.map(|(branch, reply)| {
        reply.as_ref().map_or(Json::Null, |reply| ending(chart, fan, branch, reply))
    });
    let mut object = json!({
        "fan_out": fan.fan_out.0,
        "first": fan.first,
        "ended": ended.collect::<Vec<_>>(),
    });
    if !fan.waiting.is_empty() {
        // The next one is last.
        let waiting = fan.waiting.iter().rev().map(|waiting| asked(chart, waiting));
        object["waiting"] = waiting.collect();
    }
    if let Some(over) = &chart.fan_outs[fan.fan_out.index()].fan_out.over
        && !fan.items.is_empty()
    {
        let items = fan.items.iter().map(|item| value::write(&over.ty, item, &chart.declarations));
        object["items"] = items.collect();
    }
    object
}

fn fan(chart: &Chart, json: &Json) -> Result<Fan, String> {
    let wrong = || format!("{json} is no fan-out of the machine");
    let number = json["fan_out"].as_u64().and_then(|number| u32::try_from(number).ok());
    let fan_out = FanOutId(number.ok_or_else(wrong)?);
    let of = chart.fan_outs.get(fan_out.index()).ok_or_else(wrong)?;
    let item = |json: &Json| {
        let over = of.fan_out.over.as_ref()?;
        read(&over.ty, json, &chart.declarations)
    };
    let items: Option<Vec<_>> = list(&json["items"]).map(item).collect();
    let waiting: Vec<&Json> = list(&json["waiting"]).collect();
    // The next one is kept last.
    let waiting = waiting.into_iter().rev().map(|waiting| invocation(chart, waiting));
    let ended = list(&json["ended"]).map(|reply| match reply.is_null() {
        true => Ok(None),
        false => super::step::reply(chart, reply).map(Some),
    });
    Ok(Fan {
        fan_out,
        first: json["first"].as_u64().ok_or_else(wrong)?,
        items: items.ok_or_else(wrong)?,
        waiting: waiting.collect::<Result<_, String>>()?,
        ended: ended.collect::<Result<_, String>>()?,
    })
}

/// An event as it is kept.
fn event(chart: &Chart, occurrence: &Occurrence) -> Json {
    let event = &chart.declarations.events[occurrence.event.index()];
    write_tagged(&event.name.text, &event.params, &occurrence.payload, &chart.declarations)
}

/// The instance as the engine would keep it, but for when states were entered.
pub(super) fn after(chart: &Chart, instance: &Instance) -> Json {
    let mut data = Map::new();
    for (id, values) in &instance.data {
        let state = chart.state(*id);
        let Json::Object(named) = write_all(&state.data, values, &chart.declarations) else {
            continue;
        };
        data.extend(named.into_iter().map(|(name, json)| (format!("{}.{name}", state.id), json)));
    }
    let context = fields(chart).iter().zip(&instance.context).map(|(field, value)| {
        let write = |value| value::write(&field.param.ty, value, &chart.declarations);
        (field.param.name.text.clone(), value.as_ref().map_or(Json::Null, write))
    });
    let leaves = instance.leaves(chart).map(|state| chart.state(state).id.as_str());
    let histories = instance.histories.iter().map(|(history, inside)| {
        let leaves = inside.iter().filter(|state| chart.state(**state).kind.is_leaf());
        let leaves: Vec<&str> = leaves.map(|state| chart.state(*state).id.as_str()).collect();
        let outer = chart.histories[history.index()].state;
        (chart.state(outer).id.clone(), json!(leaves))
    });
    let mut timers: Vec<&Pending> = instance.timers.iter().collect();
    timers.sort_by_key(|pending| pending.deadline);
    let invocations = instance.invocations.iter().map(|invocation| asked(chart, invocation));
    json!({
        "in": leaves.collect::<Vec<_>>(),
        "now": whole(instance.now),
        "context": context.collect::<Map<_, _>>(),
        "data": data,
        "histories": histories.collect::<Map<_, _>>(),
        "deferred": instance.deferred.iter().map(|e| event(chart, e)).collect::<Vec<_>>(),
        "timers": timers.iter().map(|pending| timer(chart, pending)).collect::<Vec<_>>(),
        "invocations": invocations.collect::<Vec<_>>(),
        "fans": instance.fans.iter().map(|fan| kept_fan(chart, fan)).collect::<Vec<_>>(),
        "visits": instance.visits,
    })
}

fn timer(chart: &Chart, pending: &Pending) -> Json {
    let due = match &pending.due {
        Due::Timer(id, None) => json!({ "after": id.0 }),
        Due::Timer(id, Some(period)) => json!({ "every": [id.0, duration(whole(*period))] }),
        Due::Event(occurrence) => json!({ "raise": event(chart, occurrence) }),
    };
    json!({ "deadline": duration(whole(pending.deadline)), "due": due })
}

fn whole(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
