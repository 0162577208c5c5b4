//! Messages that other programs leave.

use super::make::{create, message};
use super::{Open, claimed, commit, done, ok};
use crate::store::{Commit, InboxKind, InboxRow, Outcome, Posted, StoreError};

pub(super) fn messages_wait_until_they_are_taken(open: &Open) {
    let store = claimed(open);
    let first = ok(store.post(&message("a", 1)));
    let retry =
        Posted { kind: InboxKind::Retry, body: String::new(), message_id: None, ..message("b", 2) };
    let second = ok(store.post(&retry));
    let third = ok(store.post(&Posted { kind: InboxKind::Abandon, ..message("c", 3) }));
    assert!(first < second && second < third);
    let waiting = ok(store.inbox(0, 10));
    assert_eq!(waiting.len(), 3);
    assert_eq!(waiting[0], InboxRow { id: first, message: message("a", 1) });
    assert_eq!(waiting[1], InboxRow { id: second, message: retry });
    assert_eq!(waiting[2].message.kind, InboxKind::Abandon);
    assert_eq!(ok(store.inbox(first, 1)).first().map(|row| row.id), Some(second));
    assert_eq!(ok(store.inbox_answer(second)), None);
    done(&*store, vec![create(1, "b", 5).take(second, "\"done\"")]);
    let left: Vec<i64> = ok(store.inbox(0, 10)).iter().map(|row| row.id).collect();
    assert_eq!(left, [first, third]);
    drop(store);
    let store = open();
    assert_eq!(ok(store.inbox_answer(second)).as_deref(), Some("\"done\""));
    assert_eq!(ok(store.inbox_answer(first)), None);
    assert_eq!(ok(store.inbox_answer(999)), None);
}

pub(super) fn messages_can_be_left_without_a_claim(open: &Open) {
    let tool = open();
    let before = ok(tool.post(&message("a", 1)));
    let store = claimed(open);
    let during = ok(tool.post(&message("b", 2)));
    let own = ok(store.post(&message("c", 3)));
    let waiting: Vec<i64> = ok(store.inbox(0, 10)).iter().map(|row| row.id).collect();
    assert_eq!(waiting, [before, during, own]);
    done(&*store, vec![create(1, "a", 5).take(during, "x")]);
    assert_eq!(ok(tool.inbox_answer(during)).as_deref(), Some("x"));
}

pub(super) fn messages_are_taken_once(open: &Open) {
    let store = claimed(open);
    let id = ok(store.post(&message("a", 1)));
    done(&*store, vec![create(1, "a", 5).take(id, "x")]);
    for not_there in [id, id + 1] {
        let result = commit(&*store, vec![Commit::of(1, 6).step(1, "Open").take(not_there, "y")]);
        assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
    }
    assert!(ok(store.history(1, 1, 10)).is_empty());
    assert_eq!(ok(store.inbox_answer(id)).as_deref(), Some("x"));
    let other = ok(store.post(&message("a", 7)));
    let twice = commit(&*store, vec![Commit::of(1, 8).take(other, "x").take(other, "y")]);
    assert!(matches!(twice, Err(StoreError::Failed(_))), "{twice:?}");
    assert_eq!(ok(store.inbox(0, 10)).len(), 1);
}

pub(super) fn messages_are_taken_with_the_commit_or_not_at_all(open: &Open) {
    let store = claimed(open);
    let id = ok(store.post(&message("a", 1)));
    let gap = create(1, "a", 5).step(4, "Open").take(id, "x");
    assert!(commit(&*store, vec![gap]).is_err());
    assert_eq!(ok(store.inbox(0, 10)).len(), 1);
    assert_eq!(ok(store.inbox_answer(id)), None);
    done(&*store, vec![create(1, "a", 5).step(1, "Open").take(id, "x")]);
    assert!(ok(store.inbox(0, 10)).is_empty());
}

/// As for an instance that is not there, or a machine that nobody knows.
pub(super) fn messages_can_be_taken_without_an_instance(open: &Open) {
    let store = claimed(open);
    let id = ok(store.post(&message("a", 1)));
    assert_eq!(commit(&*store, vec![Commit::of(0, 5).take(id, "x")]), Ok(vec![Outcome::Done]));
    assert_eq!(ok(store.inbox_answer(id)).as_deref(), Some("x"));
    assert!(ok(store.running(0, 10)).is_empty());
}
