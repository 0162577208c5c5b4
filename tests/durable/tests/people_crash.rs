//! Kills a program with SIGKILL while people are asked, and looks behind every kill at what they were
//! told: no task is lost, asked twice, reminded too often or given up too early, and claims and answers
//! that were taken stay.
//!
//! `CRASHES=1000 cargo test -p statewright-durable-tests --release --test people_crash` is the full
//! setting; `CRASH_SEED` makes other moments. A run that fails leaves its folder.
#![cfg(unix)]

use serde_json::{Value, from_str};
use statewright::engine::{Closed, Task, TaskId};
use statewright::store::{
    Filter, Millis, Sqlite, Status, Store, Summary, TaskEventRow, TaskFilter, TaskNews,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const INSTANCES: u64 = 40;
const ROUNDS: u64 = 4;

/// The times of `petition.flow`.
const PERIOD: Millis = 30;
const ESCALATES: Millis = 90;
const TIMEOUT: Millis = 200;

/// What was looked at, so that a run says what it has shown.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Tasks that were open when the program was killed, and how many of those were claimed,
    /// reminded and escalated.
    open: u64,
    claimed: u64,
    reminded: u64,
    escalated: u64,
    answered: u64,
    timed_out: u64,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

fn worker(folder: &Path, seed: u64) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_people-worker"));
    let numbers = [INSTANCES, ROUNDS, seed].map(|n| n.to_string());
    command.arg(folder).args(numbers).spawn().expect("the worker starts")
}

/// Kills it then, if it has not ended. Whether it was killed.
fn killed_after(child: &mut Child, pause: Duration) -> bool {
    let until = Instant::now() + pause;
    loop {
        if let Some(status) = child.try_wait().expect("the worker can be waited for") {
            assert!(status.success(), "the worker has failed");
            return false;
        }
        if Instant::now() >= until {
            child.kill().expect("the worker can be killed");
            child.wait().expect("the worker can be waited for");
            return true;
        }
        std::thread::yield_now();
    }
}

#[test]
fn what_people_were_told_is_true_whenever_the_program_is_killed() {
    let (kills, seed) = (number("CRASHES", 24), number("CRASH_SEED", 1));
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |limit: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % limit
    };
    let (mut killed, mut rounds, mut seen) = (0, 0, Seen::default());
    while killed < kills {
        let folder = folder(&format!("people-{seed}-{rounds}"));
        rounds += 1;
        loop {
            let mut child = worker(&folder, seed + rounds);
            let pause = if killed < kills { 20 + below(300) } else { u64::MAX / 1_000_000 };
            let was_killed = killed_after(&mut child, Duration::from_millis(pause));
            check(&folder, !was_killed, &mut seen);
            if !was_killed {
                break;
            }
            killed += 1;
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
    println!("{killed} kills in {rounds} rounds: {seen:?}");
    for (what, count) in [
        ("claimed", seen.claimed),
        ("reminded", seen.reminded),
        ("escalated", seen.escalated),
        ("answered", seen.answered),
        ("timed out", seen.timed_out),
    ] {
        assert!(count > 0, "no task was {what} when the program was killed: {seen:?}");
    }
}

/// Looks at everything that is there.
fn check(folder: &Path, is_end: bool, seen: &mut Seen) {
    let path = folder.join("petitions.db");
    let told = std::fs::read_to_string(folder.join("told")).unwrap_or_default();
    // A line that was cut by the end of the program is one that nobody was told.
    let told = told.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let store = match Sqlite::open_read_only(&path) {
        Ok(store) => store,
        // Killed while the file was being made.
        Err(error) if !is_end => {
            assert!(told.is_empty(), "{error}, but somebody was told something");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let events = store.task_events(0, usize::MAX).expect("the store can be read");
    let mut news: BTreeMap<TaskId, Vec<TaskEventRow>> = BTreeMap::new();
    for event in events {
        let TaskEventRow { instance, invocation, .. } = event;
        news.entry(TaskId { instance, invocation }).or_default().push(event);
    }
    for (id, news) in &news {
        self::task(&store, &found(&store, *id), news);
    }
    for line in told.lines() {
        self::told(&store, line);
    }
    for instance in store.list(&Filter::default()).expect("the store can be read") {
        self::instance(&store, &instance, &news, (is_end, &mut *seen));
    }
    assert!(!is_end || told.lines().any(|line| line.starts_with("answered")));
}

fn found(store: &Sqlite, id: TaskId) -> Task {
    let row = store.task(id.instance, id.invocation).expect("the store can be read");
    Task::from(&row.unwrap_or_else(|| panic!("task {id} is lost")))
}

/// What has happened with a task, from its beginning.
fn task(store: &Sqlite, task: &Task, news: &[TaskEventRow]) {
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
fn told(store: &Sqlite, line: &str) {
    let mut words = line.split(' ');
    let (what, id) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
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
        _ => assert_eq!(what, "seen"),
    }
}

/// The steps of an instance.
fn journal(store: &Sqlite, id: TaskId) -> Vec<Value> {
    let journal = store.history(id.instance, 0, usize::MAX).expect("the store can be read");
    journal.iter().map(|record| from_str(&record.body).expect("it is JSON")).collect()
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
fn claimed(store: &Sqlite, id: TaskId, line: &str) {
    let steps = journal(store, id);
    let is_it = |step: &Value| step["claimed"]["task"] == id.invocation;
    let claim = steps.iter().position(is_it).unwrap_or_else(|| panic!("{line}: it is lost"));
    let asked = as_asked(&steps[claim..], id);
    for asked in asked.iter().filter(|later| later["escalated"] == asked[0]["escalated"]) {
        assert_eq!(asked["claimed_by"], "ann", "{line}");
    }
}

/// The tasks of an instance, and what it has made of them.
fn instance(
    store: &Sqlite,
    instance: &Summary,
    news: &BTreeMap<TaskId, Vec<TaskEventRow>>,
    (is_end, seen): (bool, &mut Seen),
) {
    let key = &instance.key;
    let ids = news.keys().filter(|id| id.instance == instance.id);
    let tasks: Vec<Task> = ids.map(|id| found(store, *id)).collect();
    let filter = TaskFilter { key: Some(key.clone()), ..TaskFilter::default() };
    let open: Vec<Task> =
        store.tasks(&filter).expect("the store can be read").iter().map(Task::from).collect();
    let is_running = instance.status == Status::Running;
    assert!(is_running || instance.status == Status::Finished, "{key}: {:?}", instance.status);
    assert_eq!(open.len(), usize::from(is_running), "{key} has other tasks open: {open:?}");
    assert!(!(is_end && is_running), "{key} has not ended");
    let closed = |is: fn(&Closed) -> bool| {
        tasks.iter().filter(|task| task.closed.as_ref().is_some_and(|(_, how)| is(how))).count()
            as u64
    };
    let answered = closed(|how| matches!(how, Closed::Answered { .. }));
    let timed_out = closed(|how| matches!(how, Closed::TimedOut));
    let records = store.history(instance.id, 0, usize::MAX).expect("the store can be read");
    let last = records.last().expect("it was started");
    let record: Value = from_str(&last.body).expect("it is JSON");
    let context = &record["after"]["context"];
    let counted = |name: &str| context[name].as_u64().expect("it is a number");
    assert_eq!(counted("signed"), answered, "{key}");
    // One that was asked and over within one commit, as behind a pause, was in no list.
    assert!(counted("missed") >= timed_out, "{key}: {timed_out} times over, {context}");
    let asked = counted("signed") + counted("missed") + u64::from(is_running);
    assert_eq!(counted("round"), asked, "{key} was asked again, or not at all");
    assert!(is_running || asked == ROUNDS, "{key} has asked {asked} times");
    assert_eq!(tasks.len() as u64, answered + timed_out + u64::from(is_running), "{key}");
    for task in &open {
        let kept = &record["after"]["invocations"][0];
        assert_eq!(kept["id"], task.id.invocation, "{key}: {kept}");
        let by = (kept["asked"]["claimed_by"].as_str(), task.claimed_by.as_deref());
        assert_eq!(by.0, by.1, "{key}: the list says otherwise than the instance");
        seen.open += 1;
        seen.claimed += u64::from(task.claimed_by.is_some());
        seen.reminded += u64::from(task.reminded > 0);
        seen.escalated += u64::from(task.escalated);
    }
    if is_end {
        seen.answered += answered;
        seen.timed_out += timed_out;
    }
}
