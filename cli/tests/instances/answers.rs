//! Answers of every type, and what is said to one that does not fit.

use super::shop::{Inquiry, inquiry};
use super::{Store, assert_has};
use statewright::Engine;
use statewright::store::Status;
use std::time::Duration;

impl Store {
    pub(crate) fn inquiry(&self, engine: &Engine, key: &str) {
        let start = inquiry::Start { id: key.to_owned() };
        self.runtime.block_on(engine.start::<Inquiry>(key, start)).unwrap();
    }

    /// Answers the task with this number, or is told why not.
    #[track_caller]
    fn answered(&self, number: u32, rest: &[&str], code: i32) -> String {
        let task = format!("1.{number}");
        let args = ["answer", "orders.db", &task, "--wait", "60s"];
        let (out, err) = self.run(&[&args, rest].concat(), code);
        out + &err
    }
}

#[test]
fn answers_of_every_type_are_taken() {
    let store = Store::new("answers");
    let engine = store.engine();
    store.inquiry(&engine, "a");
    // What does not fit is said at once, with what would.
    let refused = |number, rest: &[&str], why: &str, help: &str| {
        let said = store.answered(number, rest, 2);
        assert_eq!(said, format!("error: {why}\nhelp: {help}\n"));
    };
    refused(1, &["maybe"], "`maybe` is no answer to `agree`", "the answers are true, false");
    assert_eq!(store.answered(1, &["true"], 0), "`1.1` was answered: true\n");
    // The same answer again is as good as the first.
    assert_eq!(store.answered(1, &["true"], 0), "`1.1` was answered: true\n");
    for other in [&["false"][..], &["maybe"], &["true", "--by", "ann"], &[]] {
        assert_has(&store.answered(1, other, 1), "task 1.1 was closed on ");
    }
    let from = "a whole number from 0 to 255";
    let count = "the answer is a `u8`, as '1'";
    refused(
        2,
        &["300"],
        &format!("`300` is no answer to `count`: `300` is no `u8`, {from}"),
        count,
    );
    refused(2, &["-1"], &format!("`-1` is no answer to `count`: `-1` is no `u8`, {from}"), count);
    refused(
        2,
        &["two"],
        &format!("`two` is no answer to `count`: `\"two\"` is no `u8`, {from}"),
        count,
    );
    assert_eq!(store.answered(2, &["3"], 0), "`1.2` was answered: 3\n");
    let said = store.answered(3, &["good"], 2);
    assert_has(
        &said,
        "is no answer to `review`: `\"good\"` is no `Review`\nhelp: the answer is a `Review`, as '{",
    );
    let said = store.answered(3, &["--json", r#"{"score": 0.5}"#], 2);
    assert_has(&said, "`stars` is missing\n");
    let said = store.answered(3, &["--json", r#"{"score": 0.5, "stars": [1, 999]}"#], 2);
    assert_has(&said, &format!("in `stars[1]` `999` is no `u8`, {from}\n"));
    let review = r#"{"score":0.5,"stars":[1,2],"words":null}"#;
    assert_eq!(
        store.answered(3, &["--json", review], 0),
        format!("`1.3` was answered: {review}\n")
    );
    let said = store.answered(4, &["Baad"], 2);
    assert_has(&said, "`Grade` has no `Baad`; it has `Bad`, `Good`; did you mean `Bad`?\n");
    let said = store.answered(4, &["Bad"], 2);
    assert_has(
        &said,
        "`Bad.why` is missing\nhelp: the answer is a `Grade`, as '{\"Bad\":{\"why\":\"text\"}}'",
    );
    store.answered(4, &[r#"{"Bad": {"why": "late"}}"#], 0);
    let said = store.answered(5, &["a, b"], 2);
    assert_has(&said, "is no `Vec<String>`\nhelp: the answer is a `Vec<String>`, as '[\"text\"]'");
    store.answered(5, &[r#"["a", "b"]"#], 0);
    // What looks like another type is text where text is asked for, and nothing is nothing.
    store.answered(6, &["12"], 0);
    store.answered(7, &["none"], 0);
    let said = store.answered(8, &["soon"], 2);
    assert_has(&said, "is no `Duration`");
    assert_has(&store.answered(8, &["1m 30s"], 0), "`1.8` was answered: ");
    let end = engine.wait_for::<Inquiry>("a", |view| view.status == Status::Finished);
    let context = store.runtime.block_on(end).unwrap().context;
    assert_eq!(
        (context.count, context.review.map(|r| (r.score, r.stars))),
        (3, Some((0.5, vec![1, 2])))
    );
    assert!(context.rounded);
    assert_eq!(context.grade, Some(inquiry::Grade::Bad { why: "late".to_owned() }));
    assert_eq!(context.tags, ["a", "b"]);
    assert_eq!((context.note.as_deref(), context.more.as_deref()), (Some("12"), None));
    assert_eq!(context.pause, Duration::from_secs(90));
    // Nothing that did not fit has come to the machine.
    assert_eq!(store.runtime.block_on(engine.state::<Inquiry>("a")).unwrap().seq, 9);
    store.stop(engine);
}
