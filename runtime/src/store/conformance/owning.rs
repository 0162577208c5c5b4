//! Who may write.

use super::make::{all_kept, create, shape};
use super::{Open, claimed, commit, done, ok};
use crate::store::{Commit, Filter, StoreError};

pub(super) fn one_runs_it_at_a_time(open: &Open) {
    let store = claimed(open);
    // Claiming twice is no fault.
    ok(store.claim());
    let other = open();
    assert!(matches!(other.claim(), Err(StoreError::Owned(_))));
    // Reading needs no claim.
    done(&*store, vec![create(1, "a", 1).step(1, "Open")]);
    assert_eq!(ok(other.count(&Filter::default())), 1);
    assert_eq!(ok(other.find("Door", "a")), Some(1));
    drop(store);
    ok(other.claim());
    done(&*other, vec![Commit::of(1, 2).step(2, "Open")]);
}

pub(super) fn nothing_is_written_without_a_claim(open: &Open) {
    let store = open();
    assert!(commit(&*store, vec![create(1, "a", 1)]).is_err());
    assert!(store.put_shape(&shape("Door", 1, 1)).is_err());
    assert!(store.prune(&all_kept(), 10).is_err());
    assert_eq!(ok(store.count(&Filter::default())), 0);
    ok(store.claim());
    done(&*store, vec![create(1, "a", 1)]);
}

/// And what was handed over before is durable then.
pub(super) fn a_claim_ends_with_its_store(open: &Open) {
    let store = claimed(open);
    for id in 1..=50 {
        store.commit(vec![create(id, &format!("{id}"), 1)], Box::new(|_| ()));
    }
    drop(store);
    let store = claimed(open);
    assert_eq!(ok(store.count(&Filter::default())), 50);
}
