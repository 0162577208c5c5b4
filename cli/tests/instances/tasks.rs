//! `tasks`, `answer`, `claim` and `release`: while an engine runs on the file, and while none does.

use super::shop::Leave;
use super::{Store, assert_has};
use statewright::store::Status;

/// Long enough for a machine that is busy.
const PATIENT: [&str; 2] = ["--wait", "60s"];

#[track_caller]
fn said(store: &Store, args: &[&str], code: i32) -> String {
    let (out, err) = store.run(&[args, &PATIENT].concat(), code);
    out + &err
}

#[track_caller]
fn tasks(store: &Store, rest: &[&str]) -> String {
    store.run(&[&["tasks", "orders.db"], rest].concat(), 0).0
}

#[test]
fn tasks_are_listed_claimed_and_answered_while_a_program_runs() {
    let store = Store::new("tasks");
    let engine = store.engine();
    for (key, days) in [("ann", 5), ("bob", 7)] {
        store.leave(&engine, key, days);
    }
    assert_eq!(
        tasks(&store, &[]),
        "1.1  5 days for ann  Leave ann  for role chief  due TIME-to-the-second-Z\n\
         2.1  7 days for bob  Leave bob  for role chief  due TIME-to-the-second-Z\n\
         2 open tasks\n"
    );
    let one = &store.json(&["tasks", "orders.db", "--key", "ann", "--format", "json"], 0)[0];
    assert_eq!((&one["id"], &one["answer"]), (&"1.1".into(), &"Verdict".into()));
    assert_eq!(one["arguments"], serde_json::json!({ "name": "ann", "days": 5 }));
    assert_eq!(one["choices"], serde_json::json!(["Yes", "No", "Later"]));
    let claim = |by: &str, code| said(&store, &["claim", "orders.db", "1.1", "--by", by], code);
    assert_eq!(claim("eve", 0), "`1.1` is kept for eve\n");
    assert_eq!(claim("max", 1), "error: task 1.1 is claimed by eve\n");
    assert_has(&tasks(&store, &["--by", "eve"]), "claimed by eve");
    assert_eq!(tasks(&store, &["--role", "nobody"]), "0 open tasks\n");
    assert!(tasks(&store, &["--free"]).starts_with("2.1"), "the other is claimed");
    assert_has(&store.run(&["show", "orders.db", "ann"], 0).0, "tasks\n  1.1  5 days for ann");
    let answer =
        |rest: &[&str], code| said(&store, &[&["answer", "orders.db", "1.1"], rest].concat(), code);
    assert_eq!(answer(&["Yes"], 1), "error: task 1.1 is claimed by eve\n");
    assert_eq!(
        answer(&["Perhaps", "--by", "eve"], 2),
        "error: `Perhaps` is no answer to `grant`\nhelp: the answers are Yes, No, Later\n"
    );
    assert_eq!(answer(&["Later", "--by", "eve"], 0), "`1.1` was answered: Later\n");
    assert_has(&answer(&["Yes", "--by", "eve"], 1), "eve has answered: \"Later\"");
    // What is asked next is words, and JSON is text as well.
    let why = ["answer", "orders.db", "1.2", "12"];
    assert_eq!(said(&store, &why, 0), "`1.2` was answered: 12\n");
    let leave = store.runtime.block_on(engine.state::<Leave>("ann")).unwrap();
    assert_eq!((leave.status, leave.context.why.as_str()), (Status::Finished, "12"));
    let json = ["answer", "orders.db", "2.1", "--json", "\"Yes\""];
    assert_eq!(said(&store, &json, 0), "`2.1` was answered: Yes\n");
    let history = store.run(&["history", "orders.db", "ann"], 0).0;
    assert_has(&history, "eve claims #1");
    assert_has(&history, "eve answers Grant: \"Later\"");
    assert_eq!(tasks(&store, &[]), "0 open tasks\n");
    store.stop(engine);
}

#[test]
fn what_becomes_of_tasks_is_json_too() {
    let store = Store::new("tasks-json");
    let engine = store.engine();
    store.leave(&engine, "ann", 5);
    let line = |args: &[&str], code| {
        store.json(&[args, &["--format", "json"], &PATIENT].concat(), code).remove(0)
    };
    let by = |command, by, code| line(&[command, "orders.db", "1.1", "--by", by], code);
    let handled =
        |number: u64| serde_json::json!({ "message": number, "answer": "Handled", "task": "1.1" });
    assert_eq!(by("claim", "eve", 0), handled(1));
    assert_eq!(by("claim", "max", 1)["answer"], "error: task 1.1 is claimed by eve");
    assert_eq!(by("release", "max", 1)["answer"], "error: task 1.1 is claimed by eve");
    assert_eq!(by("release", "eve", 0), handled(4));
    assert_eq!(line(&["answer", "orders.db", "1.1", "Yes"], 0), handled(5));
    assert_eq!(tasks(&store, &["--format", "json"]), "");
    store.stop(engine);
    // Nobody has taken it yet.
    let engine = store.engine();
    store.leave(&engine, "bob", 5);
    store.stop(engine);
    let args = ["claim", "orders.db", "2.1", "--by", "eve", "--wait", "0s", "--format", "json"];
    let left = store.json(&args, 0).remove(0);
    assert_eq!(left, serde_json::json!({ "message": 6, "answer": null, "task": "2.1" }));
}

#[test]
fn answers_wait_for_the_next_program() {
    let store = Store::new("task-rests");
    let engine = store.engine();
    store.leave(&engine, "ann", 5);
    store.stop(engine);
    assert!(tasks(&store, &[]).starts_with("1.1  5 days for ann"));
    let args = ["answer", "orders.db", "1.1", "Yes", "--wait", "0s"];
    let (out, err) = store.run(&args, 0);
    assert_eq!(out, "");
    assert_has(&err, "it waits in `orders.db` as message 1");
    let engine = store.engine();
    let ended = engine.wait_for::<Leave>("ann", |leave| leave.status == Status::Finished);
    assert!(store.runtime.block_on(ended).is_ok());
    store.stop(engine);
}

#[test]
fn mistakes_are_told() {
    let store = Store::new("task-mistakes");
    let engine = store.engine();
    store.leave(&engine, "ann", 5);
    let (_, err) = store.run(&["answer", "orders.db", "9.1", "Yes"], 2);
    assert_has(&err, "`orders.db` has no task 9.1\nhelp: `statewright tasks orders.db` lists");
    let (_, err) = store.run(&["answer", "orders.db", "one", "Yes"], 2);
    assert_has(&err, "`one` is no task; it is two numbers, as `12.3`");
    let (_, err) = store.run(&["answer", "orders.db", "1.1", "--json", "Yes"], 2);
    assert_has(&err, "the answer cannot be read: expected value at line 1");
    let (_, err) = store.run(&["answer", "orders.db", "1.1", "--json", "1e999"], 2);
    assert_has(&err, "the answer cannot be read: number out of range");
    let (_, err) = store.run(&["claim", "orders.db", "1.1", "--by", ""], 2);
    assert_has(&err, "whoever claims a task has a name");
    let (_, err) = store.run(&["answer", "orders.db", "1.1", "Yes", "--by", " "], 2);
    assert_has(&err, "whoever answers a task has a name");
    let (_, err) = store.run(&["answer", "orders.db", "1.1"], 2);
    assert_has(&err, "there is no answer");
    let (_, err) = store.run(&["claim", "orders.db", "1.1"], 2);
    assert_has(&err, "--by <NAME>");
    let (_, err) = store.run(&["tasks", "orders.db", "--machine", "Leaf"], 2);
    assert_has(&err, "has no machine `Leaf`");
    store.stop(engine);
}
