//! What people were told of a task, and what may never be seen of it.

use super::{ESCALATES, PERIOD, TIMEOUT};
use serde_json::Value;
use statewright::engine::{Closed, Task, TaskId};
use statewright::store::{Store, TaskEventRow, TaskNews};

pub(super) fn found(store: &dyn Store, id: TaskId) -> Task {
    let row = store.task(id.instance, id.invocation).expect("the store can be read");
    Task::from(&row.unwrap_or_else(|| panic!("task {id} is lost")))
}

/// What has happened with a task, from its beginning.
pub(super) fn task(store: &dyn Store, task: &Task, news: &[TaskEventRow]) {
    let id = task.id;
    let times = |what: TaskNews| news.iter().filter(|event| event.news == what).count() as u64;
    assert_eq!((news[0].news, times(TaskNews::Opened)), (TaskNews::Opened, 1), "{id}: {news:?}");
    // The time of an event is that of its commit, which may be a little later.
    assert!(news[0].at >= task.opened, "{id} was there before it was asked");
    assert_eq!(task.due, Some(task.opened + TIMEOUT), "{id}");
    assert_eq!(times(TaskNews::Closed), u64::from(task.closed.is_some()), "{id}: {news:?}");
    assert!(task.escalated <= 1, "{id} was escalated {} times", task.escalated);
    // Of several that are one commit, as behind a pause, the most important is told.
    assert!(times(TaskNews::Escalated) <= u64::from(task.escalated), "{id}: {news:?}");
    assert!(times(TaskNews::Reminded) <= u64::from(task.reminded), "{id}: {news:?}");
    for event in news {
        let waited = event.at - task.opened;
        let not_before = match event.news {
            TaskNews::Reminded => PERIOD,
            TaskNews::Escalated => ESCALATES,
            TaskNews::Closed if event.how.contains("timed_out") => TIMEOUT,
            _ => 0,
        };
        assert!(waited >= not_before, "{id} is too early: {event:?}");
    }
    let last = news.last().expect("it was opened").at;
    let reminders = (last - task.opened) / PERIOD;
    assert!(u64::from(task.reminded) <= reminders, "{id}: {} reminders", task.reminded);
    if let Some((_, Closed::TimedOut)) = task.closed {
        // What was due in front of the end came in front of it, whoever was killed in between. The
        // list need not have seen it, if all of that was one commit.
        let last = as_asked(&journal(store, id), id).pop().expect("it was asked");
        assert_eq!(last["escalated"], 1, "{id} is over and was never escalated");
        assert!(last["reminded"].as_u64() > Some(0), "{id} is over and nobody was reminded");
    }
}

/// Something that a clerk was told.
pub(super) fn told(store: &dyn Store, line: &str) {
    let mut words = line.split(' ');
    let (what, id) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(what, "seen" | "claimed" | "answered") {
        return;
    }
    let id: TaskId = id.parse().expect("it is a task");
    let task = found(store, id);
    match what {
        "claimed" => claimed(store, id, line),
        "answered" => {
            let given = words.next() == Some("true");
            let closed = task.closed.unwrap_or_else(|| panic!("{line}: it is open")).1;
            let Closed::Answered { answer, .. } = closed else {
                panic!("{line}: {closed:?}");
            };
            assert_eq!(answer, Value::from(given), "{line}");
        }
        _ => {}
    }
}

/// The steps of an instance.
fn journal(store: &dyn Store, id: TaskId) -> Vec<Value> {
    let journal = store.history(id.instance, 0, usize::MAX).expect("the store can be read");
    journal.iter().map(|record| serde_json::from_str(&record.body).expect("it is JSON")).collect()
}

/// A task as the steps have left it that it was open behind.
fn as_asked(steps: &[Value], id: TaskId) -> Vec<Value> {
    let asked = steps.iter().filter_map(|step| {
        let open = step["after"]["invocations"].as_array()?;
        Some(open.iter().find(|asked| asked["id"] == id.invocation)?["asked"].clone())
    });
    asked.collect()
}

/// From the step that has taken a claim on, it stands until an escalation takes it back.
fn claimed(store: &dyn Store, id: TaskId, line: &str) {
    let steps = journal(store, id);
    let is_it = |step: &Value| step["claimed"]["task"] == id.invocation;
    let claim = steps.iter().position(is_it).unwrap_or_else(|| panic!("{line}: it is lost"));
    let asked = as_asked(&steps[claim..], id);
    for asked in asked.iter().filter(|later| later["escalated"] == asked[0]["escalated"]) {
        assert_eq!(asked["claimed_by"], "ann", "{line}");
    }
}
