//! Loading instances and reading what they did.

use super::make::{create, load, record};
use super::{Open, claimed, done, ok};
use crate::store::{Commit, Instance, InstanceId, Status, Stored};

pub(super) fn instances_are_loaded_in_the_order_asked(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).step(1, "Open"), create(2, "b", 1), create(3, "c", 1)]);
    let found = ok(store.load(&[3, 9, 1, 3]));
    let ids: Vec<InstanceId> = found.iter().map(|stored| whole(stored).id).collect();
    assert_eq!(ids, [3, 1, 3]);
    assert!(ok(store.load(&[])).is_empty());
    let expected = Instance {
        id: 1,
        machine: "Door".to_string(),
        key: "a".to_string(),
        status: Status::Running,
        shape: 1,
        seq: 0,
        snapshot: None,
        cause: None,
        records: vec![record(1, 1, "Open")],
        outputs: 0,
    };
    assert_eq!(load(&*store, 1), expected);
}

pub(super) fn only_steps_behind_the_snapshot_are_loaded(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).steps(1, 5, "Open").rest(5, "Open")]);
    done(&*store, vec![Commit::of(1, 2).steps(6, 8, "Locked").output(1).output(2)]);
    let found = load(&*store, 1);
    assert_eq!((found.seq, found.outputs), (5, 2));
    assert_eq!(found.snapshot.as_deref(), Some("{\"after\":5}"));
    assert_eq!(found.records, [6, 7, 8].map(|seq| record(seq, 2, "Locked")));
}

pub(super) fn many_instances_are_loaded_at_once(open: &Open) {
    const MANY: u64 = 2_000;
    let store = claimed(open);
    let batch = (1..=MANY).map(|id| create(id, &format!("{id}"), 1).steps(1, id % 17, "Open"));
    done(&*store, batch.collect());
    let ids: Vec<InstanceId> = (1..=MANY).rev().collect();
    let found = ok(store.load(&ids));
    assert_eq!(found.len(), ids.len());
    for (stored, id) in found.iter().zip(ids) {
        let found = whole(stored);
        assert_eq!((found.id, found.records.len() as u64), (id, id % 17));
        assert_eq!(found.key, format!("{id}"));
    }
}

pub(super) fn history_is_read_in_parts(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).steps(1, 10, "Open").rest(10, "Open")]);
    done(&*store, vec![create(2, "b", 1).step(1, "Shut"), Commit::of(1, 2).step(11, "Shut")]);
    let seqs = |from, limit| -> Vec<u64> {
        ok(store.history(1, from, limit)).iter().map(|record| record.seq).collect()
    };
    assert_eq!(seqs(0, 3), [1, 2, 3]);
    assert_eq!(seqs(1, 3), [1, 2, 3]);
    assert_eq!(seqs(9, 100), [9, 10, 11]);
    assert!(seqs(12, 100).is_empty());
    assert!(seqs(1, 0).is_empty());
    assert_eq!(ok(store.history(1, 11, 1)), [record(11, 2, "Shut")]);
}

pub(super) fn outputs_are_read_in_parts(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).output(1).output(2), create(2, "b", 1).output(1)]);
    done(&*store, vec![Commit::of(1, 5).output(3)]);
    let numbers = |after, limit| -> Vec<u64> {
        ok(store.outputs(1, after, limit)).iter().map(|output| output.number).collect()
    };
    assert_eq!(numbers(0, 100), [1, 2, 3]);
    assert_eq!(numbers(0, 2), [1, 2]);
    assert_eq!(numbers(2, 100), [3]);
    assert!(numbers(3, 100).is_empty());
    let last = ok(store.outputs(1, 2, 1));
    assert_eq!((last[0].at, last[0].body.as_str()), (5, "{\"out\":3}"));
}

pub(super) fn the_first_answer_stays(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).answer("n", "1").answer("m", "2").answer("n", "3")]);
    done(&*store, vec![create(2, "b", 1).answer("n", "4"), Commit::of(1, 2).answer("m", "5")]);
    let pair = |id: &str, answer: &str| (id.to_string(), answer.to_string());
    assert_eq!(ok(store.answers(1)), [pair("m", "2"), pair("n", "1")]);
    assert_eq!(ok(store.answers(2)), [pair("n", "4")]);
}

#[track_caller]
fn whole(stored: &Stored) -> &Instance {
    match stored {
        Stored::Whole(instance) => instance,
        Stored::Corrupt { .. } => panic!("it cannot be read: {stored:?}"),
    }
}
