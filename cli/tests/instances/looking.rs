//! `ls`, `show`, `history` and `export`.

use super::shop::{self, Charging, Order};
use super::{Store, assert_has};
use serde_json::{Value, json};
use statewright::store::Status;
use unicode_width::UnicodeWidthStr;

/// A draft with a gift, an order that is paid, one that is parked, and a parcel with a key that an order
/// has too.
fn filled(test: &str) -> (Store, statewright::Engine) {
    let store = Store::new(test);
    let engine = store.engine();
    store.start(&engine, "o-1");
    let gift = shop::order::Event::Gift { note: "for you".to_owned() };
    store.runtime.block_on(engine.send::<Order>("o-1", gift)).unwrap();
    store.submit(&engine, "o-2", Status::Finished);
    store.shop.charging(Charging::Fails);
    store.submit(&engine, "o-3", Status::Parked);
    store.parcel(&engine, "o-2");
    (store, engine)
}

#[test]
fn instances_are_listed() {
    let (store, engine) = filled("listed");
    // With its time at which it is due, which only instances at rest have.
    store.stop(engine);
    let expected = "\
machine  key  version  status    state      steps  changed               due                   cause
Order    o-1  3        running   Draft      2      TIME-to-the-second-Z  TIME-to-the-second-Z
Order    o-2  3        finished  Completed  3      TIME-to-the-second-Z
Order    o-3  3        parked    Charging   3      TIME-to-the-second-Z                        \
an activity has ended with an error that no state catches: Unexpected: no route ..
Parcel   o-2  1        running   Waiting    1      TIME-to-the-second-Z  TIME-to-the-second-Z

4 instances
";
    assert_eq!(store.run(&["ls", "orders.db"], 0), (expected.to_owned(), String::new()));
}

#[test]
fn lists_are_filtered() {
    let (store, engine) = filled("filtered");
    let keys = |args: &[&str]| -> Vec<String> {
        let all = [&["ls", "orders.db", "--format", "json"], args].concat();
        store.json(&all, 0).iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&[]), ["o-1", "o-2", "o-3", "o-2"]);
    assert_eq!(keys(&["--machine", "Parcel"]), ["o-2"]);
    assert_eq!(keys(&["--status", "parked"]), ["o-3"]);
    assert_eq!(keys(&["--state", "Draft"]), ["o-1"]);
    assert_eq!(keys(&["--limit", "2"]), ["o-1", "o-2"]);
    assert_eq!(keys(&["--limit", "0"]), ["o-1", "o-2", "o-3", "o-2"]);
    assert_eq!(keys(&["--since", "1h"]), ["o-1", "o-2", "o-3", "o-2"]);
    assert!(keys(&["--since", "9000-01-01"]).is_empty());
    let (out, _) = store.run(&["ls", "orders.db", "--limit", "3"], 0);
    assert!(out.ends_with("\nshowing 3 of 4; --limit 0 shows all\n"), "{out}");
    let (out, _) = store.run(&["ls", "orders.db", "--state", "Rejected"], 0);
    assert_eq!(out, "no instances\n");
    let parked = &store.json(&["ls", "orders.db", "--status", "parked", "--format", "json"], 0)[0];
    assert_eq!(parked["cause"]["kind"], "uncaught");
    assert_eq!((&parked["status"], &parked["seq"]), (&json!("parked"), &json!(3)));
    store.stop(engine);
}

#[test]
fn columns_stand_below_each_other_in_any_script() {
    let store = Store::new("columns");
    let engine = store.engine();
    for key in ["o-1", "日本の鍵", "кон"] {
        store.start(&engine, key);
    }
    store.stop(engine);
    let (out, _) = store.run(&["ls", "orders.db"], 0);
    let running = out.lines().filter_map(|line| Some(line[..line.find("running")?].width()));
    assert_eq!(running.collect::<Vec<_>>(), [28; 3], "{out}");
}

#[test]
fn many_are_listed_page_by_page() {
    let store = Store::new("pages");
    let engine = store.engine();
    store.runtime.block_on(async {
        let starts: Vec<_> = (0..1_100)
            .map(|n| {
                let (engine, key) = (engine.clone(), format!("o-{n}"));
                tokio::spawn(async move {
                    engine.start::<Order>(&key, shop::order_start(&key)).await.unwrap();
                })
            })
            .collect();
        for start in starts {
            start.await.unwrap();
        }
    });
    let all = store.json(&["ls", "orders.db", "--limit", "0", "--format", "json"], 0);
    assert_eq!(all.len(), 1_100);
    let (out, _) = store.run(&["ls", "orders.db", "--limit", "1050"], 0);
    assert_eq!(out.matches("machine  key").count(), 1);
    assert!(out.ends_with("\nshowing 1,050 of 1,100; --limit 0 shows all\n"), "{out}");
    store.stop(engine);
}

#[test]
fn a_draft_is_shown_with_its_timer_and_what_it_put_off() {
    let (store, engine) = filled("shown");
    let expected = "\
Order o-1
  status    running
  state     Draft
  version   3
  steps     2
  created   TIME-to-the-milliseconds
  changed   TIME-to-the-milliseconds

context
  order_id: \"o-1\"
  cents: 1299
  why: null

timers
  after, due TIME-to-the-milliseconds

events put off
  Gift(note: \"for you\")
";
    assert_eq!(store.run(&["show", "orders.db", "o-1"], 0), (expected.to_owned(), String::new()));
    // The same from the snapshot.
    store.stop(engine);
    assert_eq!(store.run(&["show", "orders.db", "o-1"], 0).0, expected);
}

#[test]
fn a_parked_order_is_shown_with_what_can_be_done() {
    let (store, engine) = filled("parked");
    let expected = "\
Order o-3
  status    parked
  cause     an activity has ended with an error that no state catches: Unexpected: no route to the bank
  state     Charging
  version   3
  steps     3
  created   TIME-to-the-milliseconds
  changed   TIME-to-the-milliseconds

context
  order_id: \"o-3\"
  cents: 1299
  why: null

activities that have not ended
  #1  Charge(order_id: \"o-3\", cents: 1299)  (idempotency key Order/o-3/3/1)

attempts
  TIME-to-the-milliseconds  an activity has ended with an error that no state catches: Unexpected: no route to the bank

It waits for a person:
  statewright retry orders.db o-3    calls the activity again
  statewright abandon orders.db o-3  gives it up for good
  `retry` takes a change: --request '{\"Charge\":{\"order_id\":\"o-3\",\"cents\":1299}}', --reply JSON or --event JSON
";
    assert_eq!(store.run(&["show", "orders.db", "o-3"], 0).0, expected);
    store.stop(engine);
}

#[test]
fn all_of_an_instance_is_json_too() {
    let (store, engine) = filled("shown_json");
    let one = &store.json(&["show", "orders.db", "o-1", "--format", "json"], 0)[0];
    assert_eq!(one["context"], json!({ "order_id": "o-1", "cents": 1299, "why": null }));
    assert_eq!(one["deferred"], json!([{ "Gift": { "note": "for you" } }]));
    assert_eq!(one["timers"][0]["what"], "after");
    let month = 30 * 24 * 60 * 60 * 1_000;
    let (due, created) = (one["timers"][0]["due"].as_u64(), one["created"].as_u64());
    // The commit is a little later than the step that it makes durable.
    let commit = created.unwrap() + month - due.unwrap();
    assert!(commit < 60_000, "{one}");
    let parked = &store.json(&["show", "orders.db", "o-3", "--format", "json"], 0)[0];
    let charging = json!([{
        "id": 1,
        "request": { "Charge": { "order_id": "o-3", "cents": 1299 } },
        "idempotency_key": "Order/o-3/3/1",
    }]);
    assert_eq!(parked["activities"], charging);
    let parcel = ["show", "orders.db", "o-2", "-m", "Parcel", "--format", "json"];
    let parcel = &store.json(&parcel, 0)[0];
    assert_eq!(parcel["timers"][0]["what"], "every");
    assert_eq!(parcel["timers"][0]["period"], 24 * 60 * 60 * 1_000);
    store.stop(engine);
}

#[test]
fn data_and_outputs_are_shown() {
    let (store, engine) = filled("data");
    let (out, _) = store.run(&["show", "orders.db", "o-2", "--machine", "Parcel"], 0);
    assert_has(&out, "data of states\n  Waiting.shelf: 7\n");
    assert_has(&out, "timers\n  every 24h, due TIME-to-the-milliseconds\n");
    let (out, _) = store.run(&["show", "orders.db", "o-2", "--machine", "Order"], 0);
    assert_has(&out, "  status    finished\n");
    assert_has(&out, "  outputs   1\n");
    store.stop(engine);
}

#[test]
fn history_tells_each_step() {
    let (store, engine) = filled("history");
    let (out, _) = store.run(&["history", "orders.db", "o-2", "--machine", "Order"], 0);
    let expected = "\
1  TIME-to-the-milliseconds  start(order_id: \"o-2\", cents: 1299)  -> Draft
2  TIME-to-the-milliseconds  Submit  Draft -> Charging  asks Charge(order_id: \"o-2\", cents: 1299)
3  TIME-to-the-milliseconds  Charge gave 1299  Charging -> Completed  emits Paid(cents: 1299)

3 steps
";
    assert_eq!(out, expected);
    let part = ["history", "orders.db", "o-2", "-m", "Order", "--from", "2", "--limit", "1"];
    let (out, _) = store.run(&part, 0);
    assert_has(&out, "2  TIME-to-the-milliseconds  Submit  Draft -> Charging");
    assert!(out.ends_with("\n\nup to 2 of 3; --from 3 goes on\n"), "{out}");
    let beyond = ["history", "orders.db", "o-2", "-m", "Order", "--from", "9"];
    assert_eq!(store.run(&beyond, 0).0, "there is no step 9 yet; the last is 3\n");
    let steps = store.json(&[&part[..], &["--format", "json"]].concat(), 0);
    assert_eq!(steps.len(), 1);
    assert_eq!((&steps[0]["from"], &steps[0]["to"]), (&json!("Draft"), &json!("Charging")));
    assert_eq!(steps[0]["cause"], json!({ "event": { "event": "Submit", "message": null } }));
    store.stop(engine);
}

#[test]
fn everything_is_exported() {
    let (store, engine) = filled("exported");
    let all = store.json(&["export", "orders.db"], 0);
    let keys: Vec<&Value> = all.iter().map(|one| &one["instance"]["key"]).collect();
    assert_eq!(keys, ["o-1", "o-2", "o-3", "o-2"]);
    assert_eq!(all[1]["steps"].as_array().unwrap().len(), 3);
    assert_eq!(all[1]["steps"][2]["to"], "Completed");
    assert_eq!(all[1]["outputs"][0]["number"], 1);
    assert_eq!(all[1]["outputs"][0]["output"], json!({ "Paid": { "cents": 1299 } }));
    let to_file = ["export", "orders.db", "--machine", "Order", "-o", "orders.jsonl"];
    let (out, err) = store.run(&to_file, 0);
    assert_eq!((out.as_str(), err.as_str()), ("", "wrote 3 instances to `orders.jsonl`\n"));
    let text = std::fs::read_to_string(store.folder.join("orders.jsonl")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, all[..3]);
    store.stop(engine);
}
