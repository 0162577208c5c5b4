//! Odd texts.

use super::make::{create, create_of, in_state, load, message, record, summary};
use super::{Open, claimed, commit, done, ok};
use crate::store::{Commit, Filter, Outcome, OutputRow, Posted};

fn odd() -> Vec<String> {
    let mut odd: Vec<String> = [
        "",
        " ",
        "a",
        "A",
        "'; DROP TABLE instances; --",
        "\"quoted\"",
        "a\0b",
        "a\0c",
        "\0",
        "🚪 дверь",
        "é",
        "e\u{301}",
        "%_*?[a]",
        "a\nb\r\n",
        "/../..\\",
        "1",
        "01",
        "1.0",
        "NULL",
        "\u{feff}",
        "\u{10ffff}",
    ]
    .map(String::from)
    .to_vec();
    odd.push("k".repeat(100_000));
    odd.push(format!("{}x", "k".repeat(100_000)));
    odd
}

pub(super) fn any_key_is_a_key(open: &Open) {
    let store = claimed(open);
    let keys = odd();
    let commits = (1..).zip(&keys).map(|(id, key)| create(id, key, 1).step(1, "Open"));
    done(&*store, commits.collect());
    drop(store);
    let store = claimed(open);
    for (id, key) in (1..).zip(&keys) {
        assert_eq!(ok(store.find("Door", key)), Some(id), "{key:?}");
        assert_eq!(load(&*store, id).key, *key);
        let twice = commit(&*store, vec![create(1_000, key, 2)]);
        assert_eq!(twice, Ok(vec![Outcome::Duplicate]), "{key:?}");
    }
    let listed: Vec<String> =
        ok(store.list(&Filter::default())).into_iter().map(|summary| summary.key).collect();
    assert_eq!(listed, keys);
}

pub(super) fn large_bodies_are_kept(open: &Open) {
    let store = claimed(open);
    let large = |letter: &str| letter.repeat(3 << 20);
    let mut commit = create(1, "a", 1).step(1, "Open").rest(1, "Open");
    commit = commit.with(|rest| {
        rest.snapshot = Some(large("s"));
        rest.cause = Some(large("c"));
    });
    commit.outputs.push(OutputRow { number: 1, at: 1, body: large("o") });
    commit.answers.push((large("i"), large("a")));
    done(&*store, vec![commit]);
    let mut step = Commit::of(1, 2).step(2, "Open");
    step.records[0].body = large("r");
    done(&*store, vec![step]);
    let posted = Posted { body: large("p"), ..message("a", 1) };
    let id = ok(store.post(&posted));
    drop(store);
    let store = claimed(open);
    let found = load(&*store, 1);
    assert!(found.snapshot == Some(large("s")) && found.cause == Some(large("c")));
    assert!(found.records.len() == 1 && found.records[0].body == large("r"));
    assert!(ok(store.outputs(1, 0, 1))[0].body == large("o"));
    assert!(ok(store.answers(1)) == [(large("i"), large("a"))]);
    assert!(ok(store.inbox(0, 1))[0].message == posted);
    done(&*store, vec![Commit::of(1, 3).take(id, &large("t"))]);
    assert!(ok(store.inbox_answer(id)) == Some(large("t")));
}

/// Names, states and bodies too.
pub(super) fn any_text_is_kept(open: &Open) {
    let store = claimed(open);
    for (id, text) in (1..).zip(odd()) {
        let mut commit = create_of(&text, id, &text, 1).step(1, &text).answer(&text, &text);
        commit.records[0].body.clone_from(&text);
        done(&*store, vec![commit]);
        let found = load(&*store, id);
        assert_eq!((&found.machine, &found.key), (&text, &text));
        assert_eq!(found.records[0].body, text);
        assert_eq!(summary(&*store, id).state, text);
        assert_eq!(ok(store.answers(id)), [(text.clone(), text.clone())]);
        assert_eq!(ok(store.find(&text, &text)), Some(id));
        let machine = Filter { machine: Some(text.clone()), ..Filter::default() };
        assert_eq!(ok(store.count(&machine)), 1, "{text:?}");
        done(&*store, vec![Commit::of(id, 2).rest(1, &text)]);
        assert_eq!(summary(&*store, id).state, text);
        if !text.is_empty() {
            assert!(ok(store.count(&in_state(&text))) >= 1, "{text:?}");
        }
        assert_eq!(ok(store.history(id, 0, 9))[0].state, record(1, 1, &text).state);
    }
}
