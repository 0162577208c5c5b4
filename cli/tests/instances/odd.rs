//! Stores in which not everything is as it should be, or not everything is there any more.

use super::shop::Order;
use super::{Store, assert_has};
use statewright::store::{Commit, Created, Kept, Record, Shape, Sqlite, Store as _};
use std::sync::mpsc;

/// An instance with one step, which says this.
fn written(store: &Store, key: &str, body: &str) {
    let sqlite = Sqlite::open(store.file()).unwrap();
    sqlite.claim().unwrap();
    let shape = Shape { machine: "Order".to_owned(), version: 3, hash: 7, body: String::new() };
    let created = Created {
        machine: "Order".to_owned(),
        key: key.to_owned(),
        shape: sqlite.put_shape(&shape).unwrap(),
    };
    let record = Record { seq: 1, at: 1, state: "Draft".to_owned(), body: body.to_owned() };
    let commit = Commit {
        created: Some(created),
        records: vec![record],
        ..Commit::of(sqlite.next_instance().unwrap(), 1)
    };
    let (done, committed) = mpsc::channel();
    sqlite.commit(vec![commit], Box::new(move |result| done.send(result).unwrap()));
    committed.recv().unwrap().unwrap();
}

#[test]
fn an_instance_that_cannot_be_read_is_told() {
    let store = Store::new("damaged");
    written(&store, "torn", "{\"start\":");
    written(&store, "strange", "{\"start\":{}}");
    let (out, _) = store.run(&["show", "orders.db", "torn"], 1);
    assert_has(&out, "Order torn\n  status    running\n  state     Draft\n");
    assert_has(&out, "\nIt cannot be read: step 1 cannot be read: EOF while parsing");
    let strange = store.json(&["show", "orders.db", "strange", "--format", "json"], 1);
    assert_eq!(strange[0]["unreadable"], "step 1 does not say what is behind it");
    // It does not keep others from being shown.
    assert_eq!(store.json(&["ls", "orders.db", "--format", "json"], 0).len(), 2);
    assert_eq!(store.json(&["export", "orders.db"], 0).len(), 2);
}

#[test]
fn a_key_may_be_a_number_below_zero() {
    let store = Store::new("below");
    written(&store, "-5", "{\"start\":");
    let (out, _) = store.run(&["show", "orders.db", "-5"], 1);
    assert_has(&out, "Order -5\n");
    store.run(&["history", "orders.db", "-5"], 0);
    store.run(&["tasks", "orders.db", "--key", "-5"], 0);
    let (_, err) = store.run(&["send", "orders.db", "-6", "Ring"], 2);
    assert_has(&err, "has no instance with key `-6`");
}

#[test]
fn an_instance_that_cannot_be_read_can_be_given_up() {
    let store = Store::new("unreadable");
    written(&store, "torn", "{\"start\":");
    let engine = store.engine();
    let (_, err) = store.run(&["retry", "orders.db", "torn"], 1);
    assert_has(&err, "error: `torn` is parked: ");
    let (out, _) = store.run(&["show", "orders.db", "torn"], 1);
    assert_has(&out, "Order torn\n  status    parked\n");
    assert_has(&out, "\n  state     Draft\n");
    assert_has(&out, "\n  statewright abandon orders.db torn  gives it up for good\n");
    let (out, _) = store.run(&["abandon", "orders.db", "torn"], 0);
    assert_eq!(out, "`torn` was given up; it is abandoned in Draft, step 1\n");
    let (out, _) = store.run(&["show", "orders.db", "torn"], 1);
    assert_has(&out, "Order torn\n  status    abandoned\n");
    let (_, err) = store.run(&["abandon", "orders.db", "torn"], 1);
    assert_has(&err, "error: `torn` was abandoned\n");
    store.stop(engine);
}

#[test]
fn keys_do_not_speak_to_the_terminal() {
    let store = Store::new("terminal");
    written(&store, "a\u{1b}[2Jb", "{}");
    let (out, _) = store.run(&["ls", "orders.db"], 0);
    assert_has(&out, "Order    a\\u{1b}[2Jb  3");
    let (out, _) = store.run(&["show", "orders.db", "a\u{1b}[2Jb"], 1);
    assert!(!out.contains('\u{1b}'), "{out}");
}

#[test]
fn steps_that_are_not_kept_any_more_are_told() {
    let store = Store::new("pruned");
    let engine = store.engine();
    store.start(&engine, "o-1");
    store.stop(engine);
    let sqlite = Sqlite::open(store.file()).unwrap();
    sqlite.claim().unwrap();
    let kept = Kept { journal_since: u64::MAX, finished_since: 0, answers_since: 0 };
    assert_eq!(sqlite.prune(&kept, 100), Ok(1));
    drop(sqlite);
    assert_eq!(store.run(&["history", "orders.db", "o-1"], 0).0, "no steps are kept any more\n");
    assert_has(&store.run(&["show", "orders.db", "o-1"], 0).0, "  order_id: \"o-1\"\n");

    let engine = store.engine();
    let ring = super::shop::order::Event::Ring;
    store.runtime.block_on(engine.send::<Order>("o-1", ring)).unwrap();
    let (out, _) = store.run(&["history", "orders.db", "o-1"], 0);
    let expected = "\
steps before 2 are not kept any more
2  TIME-to-the-milliseconds  Ring  -> Draft  (Ignored)

2 steps
";
    assert_eq!(out, expected);
    store.stop(engine);
}

#[test]
fn what_is_asked_of_an_instance_that_cannot_go_on_is_answered() {
    let store = Store::new("incompatible");
    written(&store, "old", "{\"start\":{},\"after\":{}}");
    let engine = store.engine();
    let parked = ["ls", "orders.db", "--status", "parked", "--format", "json"];
    while store.json(&parked, 0).is_empty() {
        std::thread::yield_now();
    }
    let (_, err) = store.run(&["retry", "orders.db", "old", "--wait", "60s"], 1);
    assert_has(&err, "error: `old` is parked: made by version 3 of `Order`");
    let (out, _) = store.run(&["abandon", "orders.db", "old", "--wait", "60s"], 0);
    assert_eq!(out, "`old` was given up; it is abandoned in Draft, step 1\n");
    store.stop(engine);
}
