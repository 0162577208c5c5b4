//! What does not follow what is stored is refused aloud: it is a bug of the caller, and writing it
//! would lose what is there.

use super::make::{create, load};
use super::{Open, claimed, commit, done, ok};
use crate::store::{Commit, Filter, Outcome, Store, StoreError};
use std::sync::mpsc;

/// Commits what must be refused; gives what was said.
#[track_caller]
fn refused(store: &dyn Store, commit_: Commit) -> String {
    match commit(store, vec![commit_]) {
        Err(StoreError::Failed(why)) => why,
        other => panic!("it was not refused: {other:?}"),
    }
}

pub(super) fn steps_have_no_gaps(open: &Open) {
    let store = claimed(open);
    refused(&*store, create(1, "a", 1).step(2, "Open"));
    done(&*store, vec![create(1, "a", 1).steps(1, 3, "Open")]);
    let why = refused(&*store, Commit::of(1, 2).step(5, "Open"));
    assert!(why.contains("instance 1") && why.contains("step 5"), "{why}");
    refused(&*store, Commit::of(1, 2).step(4, "Open").step(6, "Open"));
    done(&*store, vec![Commit::of(1, 2).step(4, "Open")]);
    done(&*store, vec![Commit::of(1, 3).rest(4, "Open")]);
    refused(&*store, Commit::of(1, 4).step(6, "Open"));
    drop(store);
    let store = claimed(open);
    refused(&*store, Commit::of(1, 4).step(6, "Open"));
    done(&*store, vec![Commit::of(1, 4).step(5, "Open")]);
}

pub(super) fn steps_are_written_once(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).steps(1, 3, "Open")]);
    for seq in 0..=3 {
        let why = refused(&*store, Commit::of(1, 2).step(seq, "Locked"));
        assert!(why.contains("instance 1"), "{why}");
    }
    drop(store);
    let store = claimed(open);
    refused(&*store, Commit::of(1, 2).step(3, "Locked"));
    let states: Vec<_> = load(&*store, 1).records.into_iter().map(|r| r.state).collect();
    assert_eq!(states, ["Open", "Open", "Open"]);
}

pub(super) fn outputs_have_no_gaps(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).output(1).output(2)]);
    refused(&*store, Commit::of(1, 2).output(4));
    refused(&*store, Commit::of(1, 2).output(2));
    drop(store);
    let store = claimed(open);
    refused(&*store, Commit::of(1, 2).output(2));
    done(&*store, vec![Commit::of(1, 2).output(3)]);
    assert_eq!(load(&*store, 1).outputs, 3);
}

pub(super) fn what_is_not_there_takes_no_steps(open: &Open) {
    let store = claimed(open);
    let why = refused(&*store, Commit::of(4, 1).step(1, "Open"));
    assert!(why.contains("instance 4"), "{why}");
    refused(&*store, Commit::of(4, 1).rest(0, "Open"));
    refused(&*store, Commit::of(4, 1).output(1));
    refused(&*store, Commit::of(4, 1).answer("m", "x"));
    assert!(ok(store.running(0, 10)).is_empty());
    assert!(ok(store.answers(4)).is_empty());
}

pub(super) fn numbers_of_instances_are_not_taken_twice(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1)]);
    refused(&*store, create(1, "b", 1));
    let twice = vec![create(2, "c", 1), create(2, "d", 1)];
    assert!(matches!(commit(&*store, twice), Err(StoreError::Failed(_))));
    drop(store);
    let store = claimed(open);
    refused(&*store, create(1, "b", 1));
    assert_eq!(load(&*store, 1).key, "a");
    assert_eq!(ok(store.count(&Filter::default())), 1);
}

pub(super) fn numbers_out_of_range_are_refused(open: &Open) {
    let store = claimed(open);
    refused(&*store, create(0, "a", 1));
    refused(&*store, create(1 << 31, "a", 1));
    refused(&*store, create(u64::MAX, "a", 1));
    refused(&*store, Commit::of(u64::MAX, 1).step(1, "Open"));
    done(&*store, vec![create((1 << 31) - 1, "a", 1).step(1, "Open")]);
    assert_eq!(load(&*store, (1 << 31) - 1).records.len(), 1);
    // Asking for them finds nothing.
    for id in [0, 1 << 31, 1 << 32, u64::MAX] {
        assert!(ok(store.load(&[id])).is_empty());
        assert!(ok(store.history(id, 0, 10)).is_empty());
        assert!(ok(store.outputs(id, 0, 10)).is_empty());
        assert!(ok(store.answers(id)).is_empty());
    }
    assert!(ok(store.running(u64::MAX, 10)).is_empty());
    assert!(ok(store.history((1 << 31) - 1, u64::MAX, 10)).is_empty());
    assert!(ok(store.outputs((1 << 31) - 1, u64::MAX, 10)).is_empty());
}

pub(super) fn a_snapshot_is_of_the_last_step(open: &Open) {
    let store = claimed(open);
    refused(&*store, create(1, "a", 1).rest(1, "Open"));
    done(&*store, vec![create(1, "a", 1).steps(1, 2, "Open")]);
    refused(&*store, Commit::of(1, 2).rest(1, "Open"));
    refused(&*store, Commit::of(1, 2).rest(3, "Open"));
    refused(&*store, Commit::of(1, 2).step(3, "Open").rest(2, "Open"));
    done(&*store, vec![Commit::of(1, 2).step(3, "Open").rest(3, "Open")]);
    assert_eq!(load(&*store, 1).seq, 3);
}

/// Handed over at once, so that they may have shared a transaction.
pub(super) fn a_bad_batch_leaves_others_alone(open: &Open) {
    let store = claimed(open);
    let (tell, told) = mpsc::channel();
    for id in 1..=30 {
        let seq = if id == 20 { 9 } else { 1 };
        let batch = vec![create(id, &format!("{id}"), id).step(seq, "Open")];
        let tell = tell.clone();
        store.commit(batch, Box::new(move |result| drop(tell.send((id, result)))));
    }
    for id in 1..=30 {
        let (answered, result) = told.recv_timeout(super::PATIENCE).expect("each is answered");
        assert_eq!(answered, id);
        match id {
            20 => assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}"),
            _ => assert_eq!(result, Ok(vec![Outcome::Done])),
        }
    }
    assert_eq!(ok(store.running(0, 100)).len(), 29);
}
