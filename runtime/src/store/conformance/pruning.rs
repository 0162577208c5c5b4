//! Deleting what need not be kept.

use super::make::{all_kept, create, load, message};
use super::{Open, claimed, done, ok};
use crate::store::{Commit, Filter, INBOX_KEPT, Kept, Millis, Status, Store};

/// Deletes in parts until nothing is left to delete; gives the number of rows.
#[track_caller]
pub(super) fn prune(store: &dyn Store, kept: &Kept, limit: usize) -> u64 {
    let mut all = 0;
    loop {
        let rows = ok(store.prune(kept, limit));
        assert!(rows <= limit as u64);
        all += rows;
        if rows < limit as u64 {
            return all;
        }
    }
}

pub(super) fn steps_in_a_snapshot_are_deleted_by_age(open: &Open) {
    let store = claimed(open);
    for at in [10, 20, 30] {
        let seq = at / 10;
        let commit = if at == 10 { create(1, "a", at) } else { Commit::of(1, at) };
        done(&*store, vec![commit.step(seq, "Open")]);
    }
    // Old, but in no snapshot.
    done(&*store, vec![create(2, "b", 5).steps(1, 3, "Open")]);
    let kept = |journal_since: Millis| Kept { journal_since, ..all_kept() };
    assert_eq!(prune(&*store, &kept(u64::MAX), 100), 0);
    done(&*store, vec![Commit::of(1, 40).rest(3, "Open"), Commit::of(2, 40).rest(3, "Open")]);
    done(&*store, vec![Commit::of(2, 50).steps(4, 5, "Shut")]);
    assert_eq!(prune(&*store, &kept(5), 100), 0);
    assert_eq!(prune(&*store, &kept(30), 100), 5);
    let seqs = |id| ok(store.history(id, 0, 10)).iter().map(|r| r.seq).collect::<Vec<_>>();
    assert_eq!((seqs(1), seqs(2)), (vec![3], vec![4, 5]));
    assert_eq!(prune(&*store, &kept(u64::MAX), 100), 1);
    assert_eq!((seqs(1), seqs(2)), (vec![], vec![4, 5]));
    // What is left is enough to go on.
    assert_eq!(load(&*store, 2).records.len(), 2);
    assert_eq!(load(&*store, 1).seq, 3);
    drop(store);
    let store = claimed(open);
    done(&*store, vec![Commit::of(1, 60).step(4, "Open"), Commit::of(2, 60).step(6, "Open")]);
    assert_eq!(ok(store.running(0, 10)), [1, 2]);
}

pub(super) fn steps_of_what_is_parked_are_kept(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 10).steps(1, 3, "Open").end(3, "Open", Status::Parked)]);
    done(&*store, vec![create(2, "b", 10).steps(1, 3, "Open").rest(3, "Open")]);
    let kept = Kept { journal_since: 20, ..all_kept() };
    assert_eq!(prune(&*store, &kept, 100), 3);
    assert_eq!(ok(store.history(1, 0, 10)).len(), 3);
    assert!(ok(store.history(2, 0, 10)).is_empty());
    // It goes on, and they are old like others.
    done(&*store, vec![Commit::of(1, 30).step(4, "Open").rest(4, "Open")]);
    assert_eq!(prune(&*store, &kept, 100), 3);
    assert_eq!(ok(store.history(1, 0, 10)).iter().map(|r| r.seq).collect::<Vec<_>>(), [4]);
}

pub(super) fn what_has_ended_is_deleted_with_all_of_it(open: &Open) {
    let store = claimed(open);
    let ended = |id: u64, at, status| {
        let key = format!("{id}");
        create(id, &key, at).step(1, "End").output(1).answer("m", "x").end(1, "End", status)
    };
    done(&*store, vec![ended(1, 10, Status::Finished), ended(2, 20, Status::Abandoned)]);
    done(&*store, vec![ended(3, 10, Status::Parked), ended(4, 10, Status::Running)]);
    done(&*store, vec![ended(5, 30, Status::Finished)]);
    let due = Commit::of(2, 20).end(1, "End", Status::Abandoned).with(|rest| rest.due = Some(70));
    done(&*store, vec![due]);
    // What is given up today is kept from today on, however long ago its last step was.
    done(&*store, vec![create(6, "6", 1).step(1, "Open").rest(1, "Open")]);
    done(&*store, vec![Commit::of(6, 30).end(1, "Open", Status::Abandoned)]);
    let kept = |since: Millis| Kept { finished_since: since, answers_since: since, ..all_kept() };
    assert_eq!(prune(&*store, &kept(10), 100), 0);
    // With the answers of two that have not ended.
    assert_eq!(prune(&*store, &kept(25), 100), 10);
    for id in [1, 2] {
        assert!(ok(store.load(&[id])).is_empty());
        assert_eq!(ok(store.find("Door", &format!("{id}"))), None);
        assert!(ok(store.history(id, 0, 10)).is_empty());
        assert!(ok(store.outputs(id, 0, 10)).is_empty());
        assert!(ok(store.answers(id)).is_empty());
    }
    assert_eq!(ok(store.next_due()), None);
    assert_eq!(ok(store.count(&Filter::default())), 4);
    // Its key is free again.
    done(&*store, vec![create(7, "1", 40).step(1, "Open")]);
    assert_eq!(ok(store.find("Door", "1")), Some(7));
}

/// Who forgets an answer takes a message twice.
pub(super) fn what_has_ended_is_kept_as_long_as_its_answers(open: &Open) {
    let store = claimed(open);
    let ended = |id, key| create(id, key, 10).step(1, "End").end(1, "End", Status::Finished);
    done(&*store, vec![ended(1, "a"), ended(2, "b").answer("old", "x")]);
    done(&*store, vec![Commit::of(2, 20).answer("new", "y")]);
    let kept = |answers_since: Millis| Kept { answers_since, finished_since: 30, ..all_kept() };
    // The step and the instance of the first, and an answer of the second.
    assert_eq!(prune(&*store, &kept(20), 100), 3);
    assert_eq!(ok(store.find("Door", "a")), None);
    assert_eq!(ok(store.answers(2)), [("new".to_string(), "y".to_string())]);
    assert_eq!(prune(&*store, &kept(21), 100), 3);
    assert_eq!(ok(store.find("Door", "b")), None);
}

pub(super) fn old_answers_are_deleted(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 10).answer("old", "x")]);
    done(
        &*store,
        vec![Commit::of(1, 20).answer("new", "y"), create(2, "b", 10).answer("old", "z")],
    );
    let kept = |answers_since: Millis| Kept { answers_since, ..all_kept() };
    assert_eq!(prune(&*store, &kept(10), 100), 0);
    assert_eq!(prune(&*store, &kept(20), 100), 2);
    assert_eq!(ok(store.answers(1)), [("new".to_string(), "y".to_string())]);
    assert!(ok(store.answers(2)).is_empty());
    // It may be answered again then.
    done(&*store, vec![Commit::of(2, 30).answer("old", "again")]);
    assert_eq!(ok(store.answers(2)), [("old".to_string(), "again".to_string())]);
}

pub(super) fn old_letters_are_deleted(open: &Open) {
    let store = claimed(open);
    let [waiting, taken, late] = [1, 2, 3].map(|at| ok(store.post(&message("a", at))));
    done(&*store, vec![create(1, "a", 1_000).take(taken, "x")]);
    done(&*store, vec![Commit::of(1, 2_000).take(late, "y")]);
    done(&*store, vec![Commit::of(1, 1_000 + INBOX_KEPT)]);
    assert_eq!(prune(&*store, &all_kept(), 100), 0);
    done(&*store, vec![Commit::of(1, 1_001 + INBOX_KEPT)]);
    assert_eq!(prune(&*store, &all_kept(), 100), 1);
    assert_eq!(ok(store.inbox_answer(taken)), None);
    assert_eq!(ok(store.inbox_answer(late)).as_deref(), Some("y"));
    assert_eq!(ok(store.inbox(0, 10)).first().map(|row| row.id), Some(waiting));
}

pub(super) fn pruning_goes_in_parts(open: &Open) {
    let store = claimed(open);
    for id in 1..=20 {
        let status = if id % 2 == 0 { Status::Finished } else { Status::Running };
        let commit = create(id, &format!("{id}"), 1).steps(1, 10, "Open").output(1);
        done(&*store, vec![commit.answer("m", "x").end(10, "Open", status)]);
    }
    let kept = Kept { journal_since: 2, finished_since: 2, answers_since: 2 };
    assert_eq!(ok(store.prune(&kept, 0)), 0);
    // 200 steps, 20 answers, 10 outputs and 10 instances.
    assert_eq!(ok(store.prune(&kept, 7)), 7);
    assert_eq!(prune(&*store, &kept, 7), 233);
    assert_eq!(ok(store.prune(&kept, 7)), 0);
    assert_eq!(ok(store.count(&Filter::default())), 10);
    for id in (1..=20).step_by(2) {
        assert!(ok(store.history(id, 0, 10)).is_empty());
        assert_eq!(load(&*store, id).snapshot.as_deref(), Some("{\"after\":10}"));
        assert_eq!(ok(store.outputs(id, 0, 10)).len(), 1);
    }
}

/// What an instance does in the world goes by its number.
pub(super) fn numbers_of_deleted_instances_are_not_given_again(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1), create(2, "b", 1).end(0, "End", Status::Finished)]);
    assert_eq!(prune(&*store, &Kept { finished_since: 9, ..all_kept() }, 10), 1);
    assert_eq!(ok(store.next_instance()), 3);
    drop(store);
    assert_eq!(ok(claimed(open).next_instance()), 3);
}
