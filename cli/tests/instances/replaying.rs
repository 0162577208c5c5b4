//! `replay`: journals of real engines, with the machine that made them and with others.

use super::shop::{
    self, Charging, DELIVERY, Delivery, FLOW, INQUIRY, LATE, LEAVE, Late, TRIP, Trip,
};
use super::shop::{delivery, order};
use super::{Order, Store, assert_has};
use statewright::engine::TaskId;
use statewright::store::{Commit, Rest, Sqlite, Status, Store as _, Stored};
use std::sync::mpsc;

/// Orders that have done all that an order can do but wait for a month.
fn orders(store: &Store) {
    let engine = store.engine();
    store.submit(&engine, "paid", Status::Finished);
    store.shop.charging(Charging::Fails);
    store.submit(&engine, "parked", Status::Parked);
    store.shop.charging(Charging::Hangs);
    store.start(&engine, "busy");
    let gift = order::Event::Gift { note: "for \"you\"".to_owned() };
    let cancel = order::Event::Cancel { reason: "late".to_owned() };
    for event in [order::Event::Ring, gift, order::Event::Submit, order::Event::Ring, cancel] {
        store.runtime.block_on(engine.send::<Order>("busy", event)).unwrap();
    }
    store.parcel(&engine, "box");
    store.stop(engine);
}

#[test]
fn steps_come_out_as_they_are_written() {
    let store = Store::new("replayed");
    orders(&store);
    store.flow("order.flow", FLOW);
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "order.flow"], 0);
    assert_eq!(
        out,
        "\
Order paid  3 steps ok
Order parked  2 steps ok
Order busy  6 steps ok
Parcel box  left out: `order.flow` has no machine `Parcel`

4 instances, 11 steps ok; 1 instance left out
"
    );
    let one = ["replay", "orders.db", "--flow", "order.flow", "busy", "--format", "json"];
    let one = store.json(&one, 0);
    assert_eq!(one.len(), 1);
    assert_eq!((&one[0]["same"], &one[0]["differs"]), (&6.into(), &serde_json::Value::Null));
    let (_, err) = store.run(&["replay", "orders.db", "--flow", "order.flow", "gone"], 2);
    assert_has(&err, "error: `orders.db` has no instance with key `gone`\n");
}

#[test]
fn the_first_step_that_comes_out_otherwise_is_shown() {
    let store = Store::new("changed");
    orders(&store);
    for (changed, key, differs) in [
        (
            FLOW.replace("set cents = cents + 1", "set cents = cents + 2"),
            "busy",
            "4 steps ok, step 5 differs in context.cents\n  written   1300\n  replayed  1301\n",
        ),
        (
            FLOW.replace("emit Paid(paid)", "emit Paid(paid + 1)"),
            "paid",
            "2 steps ok, step 3 differs in emits\n  written   [{\"Paid\":{\"cents\":1299}}]\n  \
             replayed  [{\"Paid\":{\"cents\":1300}}]\n",
        ),
        (
            FLOW.replace("after 30d", "after 31d"),
            "parked",
            "0 steps ok, step 1 differs in timers\n",
        ),
        (
            FLOW.replace("on Submit -> Charging", "on Submit -> Rejected"),
            "parked",
            "1 step ok, step 2 differs in asks\n",
        ),
        (
            FLOW.replace("event Ring", "event Rang").replace("Ring", "Rang"),
            "busy",
            "1 step ok, step 2 differs in the step\n  written   \"was made\"\n  replayed  \"fails: \
             \\\"Ring\\\" is no event of the machine\"\n",
        ),
    ] {
        store.flow("changed.flow", &changed);
        let (out, _) = store.run(&["replay", "orders.db", "--flow", "changed.flow", key], 1);
        assert_has(&out, &format!("Order {key}  {differs}"));
        assert_has(&out, "; 1 instance differs from what is written\n");
    }
}

#[test]
fn what_cannot_be_known_is_left_out_by_name() {
    let store = Store::new("hosted");
    orders(&store);
    let hosted = FLOW
        .replace(
            "on Submit -> Charging",
            "on Submit { if is_rich(cents) -> Charging  else -> Rejected }",
        )
        .replace("event Submit", "event Submit\n    guard is_rich(cents: u64)");
    store.flow("hosted.flow", &hosted);
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "hosted.flow", "paid"], 0);
    assert_has(&out, "Order paid  2 steps ok, 1 left out that ask `is_rich`\n");
    assert_has(&out, "note: 1 step asked guards or fns that are Rust");
    store.flow("later.flow", &FLOW.replace("version 3", "version 4"));
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "later.flow", "paid"], 0);
    assert_has(&out, "Order paid  left out: made by version 3, and `later.flow` has version 4\n");
    store.flow("broken.flow", "durable machine");
    store.run(&["replay", "orders.db", "--flow", "broken.flow"], 2);
    store.run(&["replay", "orders.db", "--flow", "nowhere.flow"], 2);
}

#[test]
fn attempts_and_fallbacks_come_out_as_they_are_written() {
    let store = Store::new("attempts");
    let engine = store.engine();
    for (key, charging) in [("van", Charging::Works), ("post", Charging::Fails)] {
        store.shop.charging(charging);
        let start = delivery::Start { id: key.to_owned() };
        store.runtime.block_on(engine.start::<Delivery>(key, start)).unwrap();
        let done = engine.wait_for::<Delivery>(key, |seen| seen.status == Status::Finished);
        store.runtime.block_on(done).unwrap();
    }
    store.stop(engine);
    store.flow("delivery.flow", DELIVERY);
    // Attempts are no steps, going on with a fallback is one.
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "delivery.flow"], 0);
    assert_eq!(
        out,
        "\
Delivery van  2 steps ok
Delivery post  3 steps ok

2 instances, 5 steps ok
"
    );
    // A chain that is another from its second call on is told by the step that began it.
    store.flow("other.flow", &DELIVERY.replace("fallback by_post(id)", "fallback by_van(id)"));
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "other.flow", "post"], 1);
    assert_has(&out, "0 steps ok, step 1 differs in invocations\n");
}

/// Changes what the snapshot of an instance says, as nobody but a broken disk or a person would.
fn tamper(store: &Store, key: &str, change: impl FnOnce(&str) -> String) {
    let sqlite = Sqlite::open(store.file()).unwrap();
    sqlite.claim().unwrap();
    let id = sqlite.find("Order", key).unwrap().unwrap();
    let Some(Stored::Whole(kept)) = sqlite.load(&[id]).unwrap().pop() else { panic!("{key}") };
    let rest = Rest {
        status: kept.status,
        at_rest: true,
        due: None,
        shape: kept.shape,
        seq: kept.seq,
        state: "Draft".to_owned(),
        snapshot: Some(change(&kept.snapshot.unwrap())),
        cause: kept.cause,
    };
    let commit = Commit { rest: Some(rest), ..Commit::of(id, sqlite.last_time().unwrap()) };
    let (done, committed) = mpsc::channel();
    sqlite.commit(vec![commit], Box::new(move |result| done.send(result).unwrap()));
    committed.recv().unwrap().unwrap();
}

#[test]
fn a_snapshot_that_is_not_what_the_journal_says_is_told() {
    let store = Store::new("tampered");
    orders(&store);
    store.flow("order.flow", FLOW);
    tamper(&store, "paid", |snapshot| snapshot.replace("1299", "9921"));
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "order.flow", "paid"], 1);
    assert_has(
        &out,
        "Order paid  3 steps ok, step 3 differs in snapshot.context\n  written   {\"order_id\":\"paid\",\"cents\":9921,",
    );
    assert_has(&out, "; 1 instance differs from what is written\n");
    tamper(&store, "parked", |_| "{}".to_owned());
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "order.flow", "parked"], 1);
    assert_has(&out, "differs in snapshot.");
}

/// What is no error of the machine has a name too, that of what the engine says.
#[test]
fn an_error_that_is_not_declared_comes_out_under_its_name() {
    let store = Store::new("replayed-late");
    let engine = store.engine();
    let ended = store.runtime.block_on(async {
        let start = shop::late::Start { id: "a".to_owned() };
        engine.start::<Late>("a", start).await.unwrap();
        engine.wait_for::<Late>("a", |view| view.status == Status::Finished).await.unwrap()
    });
    assert_eq!(
        (ended.context.why.as_str(), ended.context.what.as_str()),
        ("Timeout", "took too long")
    );
    store.stop(engine);
    store.flow("late.flow", LATE);
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "late.flow"], 0);
    assert_eq!(out, "Late a  2 steps ok\n\n1 instance, 2 steps ok\n");
    store.flow("late.flow", &LATE.replace("set what = e.message", "set what = e.name"));
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "late.flow"], 1);
    assert_has(
        &out,
        "step 2 differs in context.what\n  written   \"took too long\"\n  replayed  \"Timeout\"",
    );
}

/// What the engine notes beside a question, and beside what takes a step back, is no difference.
#[test]
fn people_and_sagas_come_out_as_they_are_written() {
    let store = Store::new("replayed-people");
    let engine = store.engine();
    for (key, days) in [("ann", 5), ("bob", 7)] {
        store.leave(&engine, key, days);
    }
    let ended = store.runtime.block_on(async {
        let task = TaskId { instance: 1, invocation: 1 };
        engine.answer_as(task, "eve", shop::leave::Verdict::Later).await.unwrap();
        engine.start::<Trip>("t", shop::trip::Start { id: "t".to_owned() }).await.unwrap();
        engine.wait_for::<Trip>("t", |view| view.status == Status::Finished).await.unwrap()
    });
    assert_eq!(ended.context.why, "Declined");
    store.stop(engine);
    store.flow("leave.flow", LEAVE);
    store.flow("trip.flow", TRIP);
    let replay = |flow: &str, key: &str, code| {
        store.run(&["replay", "orders.db", "--flow", flow, key], code).0
    };
    let ok = "2 steps ok\n\n1 instance, 2 steps ok\n";
    assert_eq!(replay("leave.flow", "ann", 0), format!("Leave ann  {ok}"));
    assert_eq!(replay("leave.flow", "bob", 0), "Leave bob  1 step ok\n\n1 instance, 1 step ok\n");
    assert_eq!(replay("trip.flow", "t", 0), "Trip t  4 steps ok\n\n1 instance, 4 steps ok\n");
    store.flow("changed.flow", &LEAVE.replace("explain(name)", "explain(why)"));
    assert_has(&replay("changed.flow", "ann", 1), "step 2 differs in asks");
}

/// The machine of a `.flow` file counts in milliseconds, and what a program keeps may be finer.
#[test]
fn times_that_are_finer_than_a_millisecond_are_left_out() {
    let store = Store::new("replayed-times");
    let engine = store.engine();
    let answers = ["true", "3", r#"{"score":0.5,"stars":[]}"#, "\"Good\"", "[]", "null", "null"];
    for (key, pause) in
        [("even", r#"{"secs":90,"nanos":1000000}"#), ("odd", r#"{"secs":90,"nanos":1}"#)]
    {
        store.inquiry(&engine, key);
        let instance = if key == "even" { 1 } else { 2 };
        store.runtime.block_on(async {
            for (answer, invocation) in answers.into_iter().chain([pause]).zip(1..) {
                let task = TaskId { instance, invocation };
                engine.answer_json(task, None, answer).await.unwrap();
            }
        });
    }
    store.stop(engine);
    store.flow("inquiry.flow", INQUIRY);
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "inquiry.flow"], 0);
    assert_eq!(
        out,
        "\
Inquiry even  9 steps ok
Inquiry odd  left out: step 9 has a time finer than a millisecond, which only `Engine::replay` makes again

2 instances, 17 steps ok; 1 instance left out
"
    );
}
