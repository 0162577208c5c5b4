//! `statewright send`, `retry` and `abandon`: a message is left in the store, and its answer awaited.

use super::open::{Opened, refused};
use super::time;
use super::words::{is_json, plain, quoted, status, summary};
use crate::args::{EditArgs, InstanceArgs, OrderArgs, ReportArgs, RetryArgs, SendArgs, WaitArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use serde_json::{Value, json};
use statewright::store::{InboxKind, Posted, Status, Store, Summary};
use std::thread;
use std::time::{Duration, Instant};

/// How often an answer is looked for. Engines look for messages a few times a second.
const LOOK: Duration = Duration::from_millis(20);

/// Sends an event.
pub(crate) fn event(report: &ReportArgs, args: &SendArgs) -> Result<Outcome, Failure> {
    let body = body(&args.event, args.payload.as_deref())?;
    let message = Message { kind: InboxKind::Send, body, id: args.id.clone(), name: &args.event };
    leave(report, &args.instance, &args.wait, message)
}

/// Lets a parked instance try again.
pub(crate) fn retry(report: &ReportArgs, args: &RetryArgs) -> Result<Outcome, Failure> {
    let (body, name) = change(&args.edit)?;
    let message = Message { kind: InboxKind::Retry, body, id: None, name: &name };
    leave(report, &args.instance, &args.wait, message)
}

/// What is changed, as engines read it, and the name of the event if it is one.
fn change(edit: &EditArgs) -> Result<(String, String), Failure> {
    let EditArgs { request, reply, delayed, event } = edit;
    let all = [("request", request), ("reply", reply), ("delayed", delayed), ("event", event)];
    let mut given = all.into_iter().filter_map(|(name, json)| Some((name, json.as_ref()?)));
    let Some((what, json)) = given.next() else { return Ok(Default::default()) };
    let (is, example) = match what {
        "request" => {
            ("a call with its arguments", r#"'{"Charge": {"cents": 5}}', or '"Look"' without any"#)
        }
        "reply" => (
            "how a call has ended",
            r#"'{"Charge": {"Ok": 5}}', or '{"Charge": {"Err": "Declined"}}'"#,
        ),
        _ => (
            "an event with its fields",
            r#"'{"Cancel": {"reason": "late"}}', or '"Cancel"' without any"#,
        ),
    };
    let wrong = |why: &str| {
        Failure::Usage(format!("`--{what}` is {is}, as JSON: {why}\nhelp: as in {example}"))
    };
    let value: Value = serde_json::from_str(json)
        .map_err(|error| wrong(&format!("`{}` is none: {error}", plain(json))))?;
    let name = match &value {
        Value::String(name) => Some(name),
        Value::Object(object) if object.len() == 1 => object.keys().next(),
        _ => None,
    };
    let name = name.ok_or_else(|| wrong(&format!("`{}` has no name", plain(json))))?.clone();
    Ok((json!({ what: value }).to_string(), name))
}

/// Gives an instance up.
pub(crate) fn abandon(report: &ReportArgs, args: &OrderArgs) -> Result<Outcome, Failure> {
    leave(report, &args.instance, &args.wait, Message::order(InboxKind::Abandon, "abandon"))
}

/// What is left.
struct Message<'m> {
    kind: InboxKind,
    body: String,
    id: Option<String>,
    /// What people call it.
    name: &'m str,
}

impl Message<'static> {
    fn order(kind: InboxKind, name: &'static str) -> Self {
        Self { kind, body: String::new(), id: None, name }
    }
}

/// An event as machines read it.
fn body(event: &str, payload: Option<&str>) -> Result<String, Failure> {
    if event.trim().is_empty() {
        return Err(Failure::Usage("an event has a name\nhelp: as in Cancel".to_owned()));
    }
    let Some(payload) = payload else { return Ok(Value::from(event).to_string()) };
    let wrong = |why: String| {
        let text = format!(
            "the fields of `{event}` are no JSON object: {why}\nhelp: as in {event} '{{\"reason\": \
             \"late\"}}'"
        );
        Failure::Usage(text)
    };
    match serde_json::from_str(payload).map_err(|error| wrong(error.to_string()))? {
        Value::Object(fields) => Ok(json!({ event: fields }).to_string()),
        other => Err(wrong(format!("it is {other}"))),
    }
}

fn leave(
    report: &ReportArgs,
    args: &InstanceArgs,
    wait: &WaitArgs,
    message: Message<'_>,
) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(&args.file)?;
    let one = opened.find(args)?;
    let posted = Posted {
        machine: one.machine.clone(),
        key: one.key.clone(),
        kind: message.kind,
        body: message.body,
        message_id: message.id,
        at: time::now(),
    };
    let number = opened.store.post(&posted).map_err(refused)?;
    let answer = wait_for_answer(&opened, number, wait.wait)?;
    // As it is behind the message, or even later.
    let one = opened.summary(&one.machine, one.id, &one.key).unwrap_or(one);
    let failed = answer.as_deref().and_then(|answer| answer.strip_prefix("error: "));
    if json {
        let object = json!({ "message": number, "answer": answer, "instance": summary(&one) });
        output::print(&format!("{object}\n"))?;
    } else if let Some(why) = failed {
        output::note(&format!(
            "error: {}{}",
            plain(why),
            way_out(&opened.file, &one, message.kind)
        ));
    } else if let Some(answer) = &answer {
        output::print(&told(answer, message.kind, message.name, &one))?;
    } else {
        output::note(&left(&opened.file, &one.machine, number, wait.wait));
    }
    Ok(if failed.is_some() { Outcome::Wrong } else { Outcome::Fine })
}

pub(super) fn wait_for_answer(
    opened: &Opened,
    message: i64,
    patience: Duration,
) -> Result<Option<String>, Failure> {
    let start = Instant::now();
    loop {
        let answer = opened.store.inbox_answer(message).map_err(refused)?;
        let left = patience.saturating_sub(start.elapsed());
        if answer.is_some() || left.is_zero() {
            return Ok(answer);
        }
        thread::sleep(LOOK.min(left));
    }
}

/// What the answer means.
fn told(answer: &str, kind: InboxKind, name: &str, one: &Summary) -> String {
    let name = plain(name);
    let what = match (kind, answer) {
        (InboxKind::Retry, "Ignored" | "Unhandled") => {
            format!("has nothing to do on `{name}` in this state, and does not try again")
        }
        (InboxKind::Retry, _) => "tries again".to_owned(),
        (InboxKind::Abandon, _) => "was given up".to_owned(),
        // These are told of letters and tasks, elsewhere.
        (
            InboxKind::RetryLetter
            | InboxKind::AbandonLetter
            | InboxKind::Answer
            | InboxKind::Claim
            | InboxKind::Release,
            other,
        ) => plain(other),
        (InboxKind::Send, "Handled") => format!("has handled `{name}`"),
        (InboxKind::Send, "Deferred") => format!("has put `{name}` off, for a later state"),
        (InboxKind::Send, "Ignored") => format!("ignores `{name}` in this state"),
        (InboxKind::Send, "Unhandled") => format!("has nothing to do on `{name}` in this state"),
        (InboxKind::Send, other) => format!("answers: {}", plain(other)),
    };
    let (key, state) = (plain(&one.key), plain(&one.state));
    format!("`{key}` {what}; it is {} in {state}, step {}\n", status(one.status), one.seq)
}

/// What is said when nobody has taken a message yet.
pub(super) fn left(file: &str, machine: &str, number: i64, patience: Duration) -> String {
    let within = if patience.is_zero() {
        String::new()
    } else {
        format!("no program has taken it within {}; ", time::duration(patience))
    };
    format!(
        "note: {within}it waits in `{file}` as message {number}, for the next program that runs \
         `{}`",
        plain(machine)
    )
}

/// What can be done about a refusal.
fn way_out(file: &str, one: &Summary, kind: InboxKind) -> String {
    let instance = format!("{} {}", quoted(file), quoted(&one.key));
    match (one.status, kind) {
        (Status::Parked, InboxKind::Send) => format!(
            "\nhelp: `statewright retry {instance}` lets it try again, `statewright abandon \
             {instance}` gives it up"
        ),
        (_, InboxKind::Send) => String::new(),
        _ => format!("\nhelp: `statewright show {instance}` shows it"),
    }
}
