//! `send`, `retry` and `abandon`: while an engine runs on the file, and while none does.

use super::shop::{Charging, Order};
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
