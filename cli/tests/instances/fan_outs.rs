//! `show` and `replay` of instances that fan out.

use super::shop::{QUOTE, Quote, quote};
use super::{Store, assert_has};
use serde_json::json;
use statewright::engine::View;
use statewright::store::Status;
use std::time::{Duration, Instant};

/// One whose branches have ended, one that has failed, and one that waits for two.
fn asked(store: &Store) {
    let engine = store.engine();
    let all: [(&str, &[&str]); 3] = [
        ("ended", &["ann", "nobody", "max", "bob"]),
        ("failed", &["nobody", "ann", "nobody"]),
        ("waits", &["ann", "nobody", "slow", "slow", "bob"]),
    ];
    for (key, makers) in all {
        let makers = makers.iter().map(|maker| (*maker).to_owned()).collect();
        let start = quote::Start { id: key.to_owned(), makers };
        store.runtime.block_on(engine.start::<Quote>(key, start)).unwrap();
        let until = Instant::now() + Duration::from_secs(120);
        // The start, and two branches.
        let is_over = |view: &View<Quote>| match key {
            "waits" => view.seq == 3,
            _ => view.status == Status::Finished,
        };
        while !is_over(&store.runtime.block_on(engine.state::<Quote>(key)).unwrap()) {
            assert!(Instant::now() < until, "`{key}` does not go on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    store.stop(engine);
    store.flow("quote.flow", QUOTE);
}

#[test]
fn branches_are_shown() {
    let store = Store::new("branches");
    asked(&store);
    let (out, _) = store.run(&["show", "orders.db", "waits"], 0);
    assert_has(
        &out,
        "\nactivities that have not ended\n  \
         #3  AskPrice(maker: \"slow\")  (idempotency key Quote/waits/3/3)\n  \
         #4  AskPrice(maker: \"slow\")  (idempotency key Quote/waits/3/4)\n",
    );
    assert_has(
        &out,
        "\nfan-outs\n  5 branches: 1 done, 1 failed, 2 running, 1 waiting\n  \
         #1  AskPrice gave 3\n  \
         #2  AskPrice failed: Unexpected: nobody is there\n  \
         #3  AskPrice(maker: \"slow\") is running\n  \
         #4  AskPrice(maker: \"slow\") is running\n  \
         #5  AskPrice(maker: \"bob\") is waiting\n",
    );
    let one = &store.json(&["show", "orders.db", "waits", "--format", "json"], 0)[0];
    let slow = json!({ "AskPrice": { "maker": "slow" } });
    let failed = json!({ "Unexpected": { "name": "Unexpected", "message": "nobody is there" } });
    assert_eq!(
        one["fan_outs"],
        json!([{ "branches": [
            { "id": 1, "status": "done", "reply": { "AskPrice": { "Ok": 3 } } },
            { "id": 2, "status": "failed", "reply": { "AskPrice": { "Err": failed } } },
            { "id": 3, "status": "running", "request": slow },
            { "id": 4, "status": "running", "request": slow },
            { "id": 5, "status": "waiting", "request": { "AskPrice": { "maker": "bob" } } },
        ] }])
    );
    let (out, _) = store.run(&["history", "orders.db", "waits"], 0);
    assert_has(&out, "AskPrice failed: Unexpected: nobody is there");
    let (out, _) = store.run(&["show", "orders.db", "ended"], 0);
    assert!(!out.contains("fan-outs"), "{out}");
}

#[test]
fn branches_come_out_as_they_are_written() {
    let store = Store::new("branches-replayed");
    asked(&store);
    let (out, _) = store.run(&["replay", "orders.db", "--flow", "quote.flow"], 0);
    assert_eq!(
        out,
        "\
Quote ended  5 steps ok
Quote failed  4 steps ok
Quote waits  3 steps ok

3 instances, 12 steps ok
"
    );
    for (changed, key, differs) in [
        (
            QUOTE.replace("concurrency 2", "concurrency 1"),
            "waits",
            "0 steps ok, step 1 differs in asks\n",
        ),
        (QUOTE.replace("tolerate 1", "tolerate 2"), "failed", "3 steps ok, step 4 differs in "),
    ] {
        store.flow("changed.flow", &changed);
        let (out, _) = store.run(&["replay", "orders.db", "--flow", "changed.flow", key], 1);
        assert_has(&out, &format!("Quote {key}  {differs}"));
    }
}
