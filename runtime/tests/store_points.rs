//! The store in a file, when the process ends at the worst of moments.
#![cfg(all(feature = "conformance", feature = "sqlite", feature = "failpoints", unix))]

mod places;

use places::{Other, claimed, create, done, folder, other, resting, step, told_path};
use statewright::store::conformance::commit;
use statewright::store::{Commit, Filter, Kept, Rest, Status, Store, StoreError};
use std::path::Path;

/// In another process, as points are of the whole process: ends at the point that it is told.
#[test]
fn ends_at_a_point() {
    let Some(path) = told_path() else { return };
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    let point = std::env::var("POINT").unwrap();
    fail::cfg_callback(point, || std::process::abort()).unwrap();
    done(&store, vec![step(1, 2), create(2)]);
    println!("> done");
}

#[test]
fn a_batch_is_there_as_a_whole_or_not_at_all() {
    let points =
        [("store.before_write", false), ("store.after_write", false), ("store.after_commit", true)];
    for (point, durable) in points {
        let path = folder(point).join("store");
        let mut ended = Other::of(other("ends_at_a_point", &path).env("POINT", point));
        assert_eq!(ended.line(), None, "{point}");
        assert!(!ended.end());
        let store = claimed(&path);
        assert_eq!(store.history(1, 0, 9).unwrap().len(), 1 + usize::from(durable), "{point}");
        assert_eq!(store.find("Door", "2").unwrap().is_some(), durable, "{point}");
    }
}

/// In another process: ends at a point while it deletes.
#[test]
fn ends_while_it_deletes() {
    let Some(path) = told_path() else { return };
    let store = claimed(&path);
    for id in 1..=10 {
        done(&store, vec![create(id)]);
        let finished = Rest { status: Status::Finished, ..resting(1) };
        done(&store, vec![Commit { rest: Some(finished), ..Commit::of(id, 1) }]);
    }
    let point = std::env::var("POINT").unwrap();
    fail::cfg_callback(point, || std::process::abort()).unwrap();
    let _ = store.prune(&ALL, 1_000);
    println!("> done");
}

/// Everything that may go is old.
const ALL: Kept =
    Kept { journal_since: u64::MAX, finished_since: u64::MAX, answers_since: u64::MAX };

#[test]
fn what_is_old_is_deleted_as_a_whole_or_not_at_all() {
    let points = [("store.before_write", 10), ("store.after_write", 10), ("store.after_commit", 0)];
    for (point, left) in points {
        let path = folder(&format!("deleted-{point}")).join("store");
        let mut ended = Other::of(other("ends_while_it_deletes", &path).env("POINT", point));
        assert_eq!(ended.line(), None, "{point}");
        assert!(!ended.end());
        let store = claimed(&path);
        assert_eq!(store.count(&Filter::default()), Ok(left), "{point}");
        for id in 1..=left {
            assert_eq!(store.load(&[id]).unwrap().len(), 1, "{point}");
            assert_eq!(store.history(id, 0, 9).unwrap().len(), 1, "{point}");
        }
        // Numbers are not given again, and what is left can be deleted.
        assert_eq!(store.next_instance(), Ok(11), "{point}");
        while store.prune(&ALL, 1_000).unwrap() > 0 {}
        assert_eq!(store.count(&Filter::default()), Ok(0), "{point}");
    }
}

/// In another process.
#[test]
fn fails_at_a_point() {
    let Some(path) = told_path() else { return };
    let store = claimed(&path);
    let mut made = 0;
    for (point, durable) in
        [("store.before_write", 0), ("store.after_write", 0), ("store.after_commit", 1)]
    {
        fail::cfg(point, "1*return(no luck)").unwrap();
        let error = commit(&store, vec![create(made + 1)]).unwrap_err();
        assert_eq!(error, StoreError::Failed(format!("{point}: no luck")));
        made += durable;
        assert_eq!(store.running(0, 9).unwrap().len() as u64, made, "{point}");
        // What comes after it goes on.
        done(&store, vec![create(made + 1)]);
        made += 1;
    }
    println!("> {made}");
}

#[test]
fn a_batch_that_fails_at_a_point_is_told_so() {
    let path = folder("fails").join("store");
    let mut other = Other::start("fails_at_a_point", Path::new(&path));
    assert_eq!(other.line().as_deref(), Some("4"));
    assert!(other.end());
}
