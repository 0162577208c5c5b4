//! `send`, `retry` and `abandon`: while an engine runs on the file, and while none does.

use super::shop::{Charging, FLOW, Order};
use super::{Store, assert_has};
use serde_json::{Value, json};
use statewright::store::Status;

/// Long enough for a machine that is busy.
const PATIENT: [&str; 2] = ["--wait", "60s"];

#[track_caller]
fn said(store: &Store, args: &[&str], code: i32) -> String {
    let (out, err) = store.run(&[args, &PATIENT].concat(), code);
    out + &err
}

#[test]
fn events_are_taken_by_the_program_that_runs() {
    let store = Store::new("sent");
    let engine = store.engine();
    store.shop.charging(Charging::Hangs);
    store.start(&engine, "o-1");
    let send = |rest: &[&str], code| {
        let args = [&["send", "orders.db", "o-1"], rest].concat();
        said(&store, &args, code)
    };
    assert_eq!(
        send(&["Ring"], 0),
        "`o-1` ignores `Ring` in this state; it is running in Draft, step 2\n"
    );
    assert_eq!(
        send(&["Cancel", r#"{"reason": "late"}"#], 0),
        "`o-1` has nothing to do on `Cancel` in this state; it is running in Draft, step 3\n"
    );
    assert_eq!(
        send(&["Gift", r#"{"note": "n"}"#], 0),
        "`o-1` has put `Gift` off, for a later state; it is running in Draft, step 4\n"
    );
    assert_has(
        &send(&["Submit"], 0),
        "`o-1` has handled `Submit`; it is running in Charging, step ",
    );
    assert_has(&send(&["Cancel", r#"{"reason": "late"}"#], 0), "it is finished in Rejected, step ");
    let order = store.runtime.block_on(engine.state::<Order>("o-1")).unwrap();
    assert_eq!(order.context.why.as_deref(), Some("late"));
    assert_eq!(send(&["Submit"], 1), "error: `o-1` is finished\n");
    store.stop(engine);
}

#[test]
fn what_is_no_event_of_the_machine_is_refused() {
    let store = Store::new("unread");
    let engine = store.engine();
    store.start(&engine, "o-1");
    let refused = said(&store, &["send", "orders.db", "o-1", "Sumbit"], 1);
    assert_has(&refused, "error: cannot be decoded: no event of the machine");
    assert_has(&refused, "`Submit`");
    let refused = said(&store, &["send", "orders.db", "o-1", "Cancel", "{}"], 1);
    assert_has(&refused, "missing field `reason`");
    let wrong = said(&store, &["send", "orders.db", "o-1", "Cancel", "reason=late"], 2);
    assert_has(&wrong, "error: the fields of `Cancel` are no JSON object");
    assert_has(&wrong, "help: as in Cancel '{\"reason\": \"late\"}'");
    let wrong = said(&store, &["send", "orders.db", "o-1", "Cancel", "\"late\""], 2);
    assert_has(&wrong, "it is \"late\"");
    assert_eq!(steps(&store), 1, "nothing of it has become a step");
    store.stop(engine);
}

fn steps(store: &Store) -> u64 {
    store.json(&["show", "orders.db", "o-1", "--format", "json"], 0)[0]["seq"].as_u64().unwrap()
}

#[test]
fn an_event_with_an_id_is_taken_once() {
    let store = Store::new("once");
    let engine = store.engine();
    store.start(&engine, "o-1");
    let gift = ["send", "orders.db", "o-1", "Gift", r#"{"note": "n"}"#, "--id", "ticket-17"];
    let json = [&gift[..], &PATIENT, &["--format", "json"]].concat();
    let first = store.json(&json, 0);
    let second = store.json(&json, 0);
    assert_eq!(
        (&first[0]["answer"], &second[0]["answer"]),
        (&json!("Deferred"), &json!("Deferred"))
    );
    assert_ne!(first[0]["message"], second[0]["message"]);
    assert_eq!(second[0]["instance"]["seq"], 2);
    store.stop(engine);
}

#[test]
fn a_parked_instance_is_retried() {
    let store = Store::new("retried");
    let engine = store.engine();
    store.shop.charging(Charging::Fails);
    store.submit(&engine, "o-1", Status::Parked);
    let refused = said(&store, &["send", "orders.db", "o-1", "Ring"], 1);
    assert_has(&refused, "error: `o-1` is parked: an activity has ended with an error");
    assert_has(&refused, "help: `statewright retry orders.db o-1` lets it try again");
    store.shop.charging(Charging::Works);
    assert_has(&said(&store, &["retry", "orders.db", "o-1"], 0), "`o-1` tries again; it is ");
    store.wait(&engine, "o-1", Status::Finished);
    let refused = said(&store, &["retry", "orders.db", "o-1"], 1);
    assert_has(&refused, "error: `o-1` is finished\nhelp: `statewright show orders.db o-1`");
    let (out, _) = store.run(&["history", "orders.db", "o-1"], 0);
    assert_has(&out, "retried");
    store.stop(engine);
}

#[test]
fn a_parked_instance_is_retried_with_a_change() {
    let store = Store::new("changed");
    let engine = store.engine();
    store.shop.charging(Charging::Fails);
    store.submit(&engine, "o-1", Status::Parked);
    let retry =
        |rest: &[&str], code| said(&store, &[&["retry", "orders.db", "o-1"], rest].concat(), code);
    let shown = store.json(&["show", "orders.db", "o-1", "--format", "json"], 0).remove(0);
    let stuck = &shown["cause"]["payload"]["call"];
    let request = json!({ "Charge": { "order_id": "o-1", "cents": 1299 } });
    assert_eq!((&stuck["id"], &stuck["request"]), (&json!(1), &request));
    assert_eq!(stuck["idempotency_key"], "Order/o-1/1/1");
    assert_eq!(shown["attempts"].as_array().map(Vec::len), Some(1));
    let error = shown["attempts"][0]["error"].as_str().unwrap();
    assert_has(error, "Unexpected: no route to the bank");
    // What is no change is told before it is left, and what is none of the machine by the engine.
    for (args, why) in [
        (
            ["--request", "Charge"],
            "error: `--request` is a call with its arguments, as JSON: `Charge` is none: expected value",
        ),
        (
            ["--reply", "5"],
            "error: `--reply` is how a call has ended, as JSON: `5` has no name\nhelp: as in \
             '{\"Charge\": {\"Ok\": 5}}'",
        ),
    ] {
        assert_has(&retry(&args, 2), why);
    }
    assert_has(&retry(&["--event", "\"Ring\"", "--reply", "\"x\""], 2), "cannot be used with");
    assert_has(
        &retry(&["--event", "\"Shout\""], 1),
        "error: cannot be decoded: no event of the machine",
    );
    let none =
        "error: it does not wait for one `Pay`; it waits for `Charge`\nhelp: `statewright show ";
    assert_has(&retry(&["--request", "\"Pay\""], 1), none);
    // It calls again under the same key, for less.
    let less = r#"{"Charge": {"order_id": "o-1", "cents": 5}}"#;
    assert_has(&retry(&["--request", less], 0), "`o-1` tries again; it is ");
    let parked = || store.json(&["show", "orders.db", "o-1", "--format", "json"], 0).remove(0);
    let again = loop {
        let shown = parked();
        if shown["status"] == "parked" && shown["attempts"].as_array().map(Vec::len) == Some(2) {
            break shown;
        }
    };
    assert_eq!(again["cause"]["payload"]["call"]["request"]["Charge"]["cents"], 5);
    assert_eq!(again["cause"]["payload"]["call"]["idempotency_key"], "Order/o-1/1/1");
    let (out, _) = store.run(&["show", "orders.db", "o-1"], 0);
    assert_has(&out, "\nattempts\n  TIME-to-the-milliseconds  an activity has ended with an error");
    assert_has(&out, "  `retry` takes a change: --request '{\"Charge\":{");
    // An event first: one that leads nowhere lets it stay, one that does leads out.
    let submit = retry(&["--event", "\"Submit\""], 0);
    let stays =
        "`o-1` has nothing to do on `Submit` in this state, and does not try again; it is parked";
    assert_has(&submit, stays);
    let cancel = r#"{"Cancel": {"reason": "late"}}"#;
    let json = ["retry", "orders.db", "o-1", "--event", cancel, "--format", "json"];
    let line = store.json(&[&json[..], &PATIENT].concat(), 0).remove(0);
    assert_eq!(line["answer"], "Handled");
    store.wait(&engine, "o-1", Status::Finished);
    // Done by hand.
    store.submit(&engine, "o-2", Status::Parked);
    let by_hand = ["retry", "orders.db", "o-2", "--reply", r#"{"Charge": {"Ok": 7}}"#];
    assert_has(&said(&store, &by_hand, 0), "`o-2` tries again; it is ");
    store.wait(&engine, "o-2", Status::Finished);
    assert_has(&store.run(&["history", "orders.db", "o-2"], 0).0, "Charge gave 7");
    store.stop(engine);
    store.flow("order.flow", FLOW);
    store.run(&["replay", "orders.db", "--flow", "order.flow"], 0);
}

#[test]
fn a_change_waits_for_the_next_program() {
    let store = Store::new("changed-later");
    let engine = store.engine();
    store.shop.charging(Charging::Fails);
    store.submit(&engine, "o-1", Status::Parked);
    store.stop(engine);
    let reply =
        ["retry", "orders.db", "o-1", "--reply", r#"{"Charge": {"Ok": 7}}"#, "--wait", "0s"];
    assert_has(&store.run(&reply, 0).1, "it waits in `orders.db` as message 1");
    let engine = store.engine();
    while store.runtime.block_on(engine.state::<Order>("o-1")).unwrap().status != Status::Finished {
        std::thread::yield_now();
    }
    store.stop(engine);
}

#[test]
fn what_is_given_up_is_json_too() {
    let store = Store::new("abandoned-json");
    let engine = store.engine();
    store.start(&engine, "o-1");
    let abandon = ["abandon", "orders.db", "o-1", "--format", "json"];
    let line = store.json(&[&abandon[..], &PATIENT].concat(), 0).remove(0);
    assert_eq!((&line["message"], &line["answer"]), (&json!(1), &json!("Handled")));
    assert_eq!(line["instance"]["status"], "abandoned");
    let line = store.json(&[&abandon[..], &PATIENT].concat(), 1).remove(0);
    assert_eq!(line["answer"], "error: `o-1` was abandoned");
    store.stop(engine);
}

#[test]
fn an_instance_is_abandoned() {
    let store = Store::new("abandoned");
    let engine = store.engine();
    store.start(&engine, "o-1");
    assert_eq!(
        said(&store, &["abandon", "orders.db", "o-1"], 0),
        "`o-1` was given up; it is abandoned in Draft, step 2\n"
    );
    assert_has(&said(&store, &["abandon", "orders.db", "o-1"], 1), "error: `o-1` was abandoned\n");
    store.stop(engine);
}

/// Leaves messages while no engine runs, and looks at what the next one makes of them.
#[test]
fn messages_wait_for_the_next_program() {
    let store = Store::new("waiting");
    let engine = store.engine();
    store.shop.charging(Charging::Fails);
    store.start(&engine, "sent");
    store.submit(&engine, "parked", Status::Parked);
    store.start(&engine, "unwanted");
    store.stop(engine);

    let cancel = ["send", "orders.db", "sent", "Submit", "--wait", "50ms"];
    let (out, err) = store.run(&cancel, 0);
    let expected = "note: no program has taken it within 50ms; it waits in `orders.db` as message 1, \
                    for the next program that runs `Order`\n";
    assert_eq!((out.as_str(), err.as_str()), ("", expected));
    let retry = ["retry", "orders.db", "parked", "--wait", "0s", "--format", "json"];
    let left: Vec<Value> = store.json(&retry, 0);
    assert_eq!((&left[0]["message"], &left[0]["answer"]), (&json!(2), &Value::Null));
    assert_eq!(left[0]["instance"]["status"], "parked");
    let (_, err) = store.run(&["abandon", "orders.db", "unwanted", "--wait", "0s"], 0);
    assert_has(&err, "note: it waits in `orders.db` as message 3");

    store.shop.charging(Charging::Works);
    let engine = store.engine();
    // What is left behind the others is answered behind them, so that they need not be waited for.
    let last = said(&store, &["send", "orders.db", "unwanted", "Ring"], 1);
    assert_has(&last, "error: `unwanted` was abandoned");
    for key in ["sent", "parked"] {
        // While it is parked, waiting for another status is refused.
        while store.runtime.block_on(engine.state::<Order>(key)).unwrap().status != Status::Finished
        {
            std::thread::yield_now();
        }
    }
    store.stop(engine);
}
