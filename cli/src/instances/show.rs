//! `statewright show`

use super::fans::Fan;
use super::open::{Opened, refused};
use super::whole::{Activity, Timer, What, Whole};
use super::words::{grouped, is_json, plain, quoted, reason, status, summary};
use super::{tasks, time};
use crate::args::{ReportArgs, ShowArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use serde_json::{Map, Value};
use statewright::engine::{Attempt, CauseKind, Parked, Stuck, Task, in_words};
use statewright::store::{Status, Store, Summary, TaskFilter};

/// Shows an instance.
pub(crate) fn run(report: &ReportArgs, args: &ShowArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(&args.instance.file)?;
    let one = opened.find(&args.instance)?;
    let whole = Whole::read(&opened, one.id)?;
    let filter = TaskFilter {
        machine: Some(one.machine.clone()),
        key: Some(one.key.clone()),
        ..TaskFilter::default()
    };
    let rows = opened.store.tasks(&filter).map_err(refused)?;
    let tasks: Vec<Task> = rows.iter().map(Task::from).collect();
    let parked = match one.status {
        Status::Parked => Some(Parked::find(&opened.store, one.clone()).map_err(refused)?),
        _ => None,
    };
    let outcome = if whole.is_ok() { Outcome::Fine } else { Outcome::Wrong };
    if json {
        let mut object = summary(&one);
        match whole {
            Ok(whole) => whole.add_to(&mut object),
            Err(why) => object["unreadable"] = Value::from(why),
        }
        object["tasks"] = serde_json::json!(tasks);
        if let Some(parked) = &parked {
            object["attempts"] = serde_json::json!(parked.attempts);
        }
        output::print(&format!("{object}\n"))?;
    } else {
        let mut text = head(&one);
        match whole {
            Ok(whole) => text.push_str(&sections(&whole, &tasks)),
            Err(why) => text.push_str(&format!("\nIt cannot be read: {}\n", plain(&why))),
        }
        text.push_str(&parked.map(|parked| ways_out(&opened.file, &parked)).unwrap_or_default());
        output::print(&text)?;
    }
    Ok(outcome)
}

fn head(one: &Summary) -> String {
    let mut text = format!("{} {}\n", plain(&one.machine), plain(&one.key));
    let mut line = |name: &str, value: &str| {
        text.push_str(&format!("  {name:<8}  {}\n", plain(value)));
    };
    line("status", status(one.status));
    if let Some(reason) = reason(one) {
        line("cause", &reason);
    }
    line("state", &one.state);
    line("version", &one.version.to_string());
    line("steps", &grouped(one.seq));
    line("created", &time::millis(one.created));
    line("changed", &time::millis(one.changed));
    text
}

fn sections(whole: &Whole, tasks: &[Task]) -> String {
    let mut text = String::new();
    if whole.outputs > 0 {
        text.push_str(&format!("  outputs   {}\n", grouped(whole.outputs)));
    }
    let deferred = whole.deferred.iter().map(|event| in_words(event).to_string());
    for (title, lines) in [
        ("context", fields(&whole.context)),
        ("data of states", data(&whole.data)),
        ("timers", whole.timers.iter().map(timer).collect()),
        ("activities that have not ended", whole.activities.iter().map(activity).collect()),
        ("tasks", tasks.iter().map(|task| tasks::line(task).trim_end().to_owned()).collect()),
        ("fan-outs", whole.fans.iter().flat_map(Fan::lines).collect()),
        ("events put off", deferred.collect()),
        ("remembered", fields(&whole.remembered)),
    ] {
        if !lines.is_empty() {
            let lines: String = lines.iter().map(|line| format!("  {}\n", plain(line))).collect();
            text.push_str(&format!("\n{title}\n{lines}"));
        }
    }
    text
}

fn fields(object: &Map<String, Value>) -> Vec<String> {
    object.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// Only the states that have data have something here.
fn data(data: &Value) -> Vec<String> {
    match data {
        Value::Null => Vec::new(),
        Value::Object(object) => {
            let object = object.iter().filter(|(_, value)| !value.is_null());
            fields(&object.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        other => vec![other.to_string()],
    }
}

fn timer(timer: &Timer) -> String {
    let due = time::millis(timer.due);
    match &timer.what {
        What::After => format!("after, due {due}"),
        What::Every(period) => format!("every {}, due {due}", time::duration(*period)),
        What::Raise(event) => format!("raises {}, due {due}", in_words(event)),
    }
}

fn activity(activity: &Activity) -> String {
    let Activity { id, request, key } = activity;
    format!("#{id}  {}  (idempotency key {key})", in_words(request))
}

/// What a parked instance could not get past, how often that was tried, and what a person can do.
fn ways_out(file: &str, parked: &Parked) -> String {
    let instance = format!("{} {}", quoted(file), quoted(&parked.instance.key));
    let retry = match parked.cause.kind {
        CauseKind::Uncaught => "calls the activity again",
        CauseKind::Step | CauseKind::Panicked => "makes the step again; mend the program first",
        CauseKind::Undecodable => "reads it again; see what the file has in docs/store.md first",
        CauseKind::Incompatible => "reads it again; run the version that made it first",
        _ => "tries again",
    };
    let commands = [
        (format!("statewright retry {instance}"), retry),
        (format!("statewright abandon {instance}"), "gives it up for good"),
    ];
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let lines = commands.iter().map(|(command, what)| format!("  {command:<width$}  {what}\n"));
    let of = |option: &str, value: &Value| format!("{option} {}", quoted(&value.to_string()));
    let edit = match (parked.payload(), parked.cause.kind) {
        (Some(Stuck::Call { request, .. }), _) => {
            format!("{}, --reply JSON or --event JSON", of("--request", request))
        }
        (Some(Stuck::Timer { event: Some(event), .. }), _) => {
            format!("{} or --event JSON", of("--delayed", event))
        }
        (_, CauseKind::Undecodable | CauseKind::Incompatible) => String::new(),
        _ => "--event JSON".to_owned(),
    };
    let edit = match edit.as_str() {
        "" => edit,
        edit => format!("  `retry` takes a change: {}\n", plain(edit)),
    };
    let attempts = parked.attempts.iter().map(|Attempt { at, error }| {
        let line = format!("{}  {error}", time::millis(*at));
        format!("  {}\n", plain(&line))
    });
    format!(
        "\nattempts\n{}\nIt waits for a person:\n{}{edit}",
        attempts.collect::<String>(),
        lines.collect::<String>()
    )
}
