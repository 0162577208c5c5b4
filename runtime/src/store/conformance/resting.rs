//! Which instances have something to do, and when.

use super::make::{create, load, summary};
use super::{Open, claimed, done, ok};
use crate::store::{Commit, Status};

pub(super) fn what_made_a_step_is_running_until_it_rests(open: &Open) {
    let store = claimed(open);
    // Created and nothing else; with a step; come to rest at once.
    done(&*store, vec![create(1, "a", 1), create(2, "b", 1).step(1, "Open")]);
    done(&*store, vec![create(3, "c", 1).step(1, "Open").rest(1, "Open")]);
    assert_eq!(ok(store.running(0, 10)), [1, 2]);
    done(&*store, vec![Commit::of(3, 2).step(2, "Locked"), Commit::of(2, 2).rest(1, "Open")]);
    assert_eq!(ok(store.running(0, 10)), [1, 3]);
    // Outputs, answers and nothing at all are no steps.
    done(&*store, vec![Commit::of(2, 3).output(1).answer("m", "x"), Commit::of(2, 3)]);
    assert_eq!(ok(store.running(0, 10)), [1, 3]);
    assert_eq!(ok(store.running(0, 1)), [1]);
    assert_eq!(ok(store.running(1, 10)), [3]);
    assert!(ok(store.running(3, 10)).is_empty());
    drop(store);
    let store = claimed(open);
    assert_eq!(ok(store.running(0, 10)), [1, 3]);
    done(&*store, vec![Commit::of(1, 4).step(1, "Open").rest(1, "Open")]);
    done(&*store, vec![Commit::of(3, 4).rest(2, "Locked")]);
    assert!(ok(store.running(0, 10)).is_empty());
}

pub(super) fn a_snapshot_alone_is_no_rest(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).steps(1, 4, "Open")]);
    let snapshot = Commit::of(1, 2).due(4, "Open", 90).with(|rest| rest.at_rest = false);
    done(&*store, vec![snapshot]);
    assert_eq!(ok(store.running(0, 10)), [1]);
    assert_eq!(ok(store.next_due()), None);
    let found = load(&*store, 1);
    assert_eq!((found.seq, found.records.len()), (4, 0));
    // Nor does it end one.
    done(&*store, vec![Commit::of(1, 3).due(4, "Open", 50)]);
    done(&*store, vec![Commit::of(1, 4).rest(4, "Open").with(|rest| rest.at_rest = false)]);
    assert!(ok(store.running(0, 10)).is_empty());
    assert_eq!(ok(store.due(99, 10)), [(50, 1)]);
}

pub(super) fn only_what_rests_is_due(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).step(1, "Open").due(1, "Open", 50)]);
    assert_eq!(ok(store.next_due()), Some(50));
    assert_eq!(summary(&*store, 1).due, Some(50));
    done(&*store, vec![Commit::of(1, 2).step(2, "Open")]);
    assert_eq!(ok(store.next_due()), None);
    assert_eq!(summary(&*store, 1).due, None);
    // A step and the next rest in one go.
    done(&*store, vec![Commit::of(1, 3).due(2, "Open", 70)]);
    done(&*store, vec![Commit::of(1, 4).step(3, "Locked").rest(3, "Locked")]);
    assert_eq!(ok(store.next_due()), None);
    done(&*store, vec![Commit::of(1, 5).step(4, "Open").due(4, "Open", 80)]);
    assert_eq!(ok(store.due(80, 10)), [(80, 1)]);
    drop(store);
    let store = claimed(open);
    done(&*store, vec![Commit::of(1, 6).step(5, "Open")]);
    assert_eq!(ok(store.next_due()), None);
}

pub(super) fn what_is_due_comes_in_order(open: &Open) {
    let store = claimed(open);
    let due = [(1, 500), (2, 100), (3, 300), (4, 100), (5, 200)];
    let batch = due.map(|(id, due)| create(id, &format!("{id}"), 1).due(0, "Open", due));
    done(&*store, batch.to_vec());
    assert_eq!(ok(store.next_due()), Some(100));
    assert!(ok(store.due(99, 10)).is_empty());
    assert_eq!(ok(store.due(200, 10)), [(100, 2), (100, 4), (200, 5)]);
    assert_eq!(ok(store.due(u64::MAX, 4)), [(100, 2), (100, 4), (200, 5), (300, 3)]);
    assert!(ok(store.due(u64::MAX, 0)).is_empty());
}

pub(super) fn a_rest_replaces_the_one_before(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).due(0, "Open", 50)]);
    done(&*store, vec![Commit::of(1, 2).due(0, "Ajar", 60)]);
    assert_eq!(ok(store.due(99, 10)), [(60, 1)]);
    assert_eq!(summary(&*store, 1).state, "Ajar");
    done(&*store, vec![Commit::of(1, 3).rest(0, "Open")]);
    assert_eq!(ok(store.next_due()), None);
    done(&*store, vec![Commit::of(1, 4).due(0, "Open", 70), Commit::of(1, 5).due(0, "Open", 80)]);
    assert_eq!(ok(store.due(99, 10)), [(80, 1)]);
}

pub(super) fn what_has_ended_does_not_run(open: &Open) {
    let store = claimed(open);
    for (id, status) in [(1, Status::Finished), (2, Status::Parked), (3, Status::Abandoned)] {
        let ended = create(id, &format!("{id}"), 1).step(1, "Open").end(1, "Open", status);
        done(&*store, vec![ended.with(|rest| rest.at_rest = false)]);
        assert_eq!(load(&*store, id).status, status);
    }
    assert!(ok(store.running(0, 10)).is_empty());
}

pub(super) fn what_is_tried_again_runs(open: &Open) {
    let store = claimed(open);
    let cause = |rest: &mut crate::store::Rest| rest.cause = Some("\"stuck\"".to_string());
    let parked = create(1, "a", 1).step(1, "Open").end(1, "Open", Status::Parked).with(cause);
    done(&*store, vec![parked]);
    assert_eq!(load(&*store, 1).cause.as_deref(), Some("\"stuck\""));
    let again = Commit::of(1, 2).rest(1, "Open").with(|rest| rest.at_rest = false);
    done(&*store, vec![again]);
    assert_eq!(ok(store.running(0, 10)), [1]);
    let found = load(&*store, 1);
    assert_eq!((found.status, found.cause), (Status::Running, None));
    done(&*store, vec![Commit::of(1, 3).step(2, "Locked").rest(2, "Locked")]);
    assert!(ok(store.running(0, 10)).is_empty());
}

/// As for an instance that cannot be read: what is there is left for a person.
pub(super) fn a_cause_without_a_snapshot_keeps_the_one_before(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).step(1, "Open").rest(1, "Open")]);
    done(&*store, vec![Commit::of(1, 2).steps(2, 3, "Locked")]);
    let parked = Commit::of(1, 9).end(0, "Locked", Status::Parked).with(|rest| {
        (rest.snapshot, rest.shape, rest.cause) = (None, 77, Some("\"odd\"".to_string()));
    });
    done(&*store, vec![parked]);
    drop(store);
    let store = claimed(open);
    let found = load(&*store, 1);
    assert_eq!((found.status, found.cause.as_deref()), (Status::Parked, Some("\"odd\"")));
    assert_eq!((found.seq, found.shape), (1, 1));
    assert_eq!(found.snapshot.as_deref(), Some("{\"after\":1}"));
    assert_eq!(found.records.iter().map(|r| r.seq).collect::<Vec<_>>(), [2, 3]);
    let listed = summary(&*store, 1);
    assert_eq!((listed.seq, listed.changed), (3, 9));
    done(&*store, vec![Commit::of(1, 10).step(4, "Open").rest(4, "Open")]);
    assert!(load(&*store, 1).records.is_empty());
}
