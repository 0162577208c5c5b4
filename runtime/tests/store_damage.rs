//! The store in a file when the file is damaged: it concerns as few as can be.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{claimed, create, done, folder, step, tamper};
use statewright::store::{Commit, Filter, Rest, Sqlite, Status, Store, StoreError, Stored};
use std::fs;
use std::path::Path;

/// Which of three instances can be loaded after this was done to the file.
fn after(test: &str, sql: &str) -> (Sqlite, Vec<Result<u64, String>>) {
    let path = folder(test).join("store");
    let store = claimed(&path);
    done(&store, vec![create(1), create(2), create(3)]);
    // One runs, one does again, and one rests but has no snapshot.
    done(&store, vec![step(1, 2), step(2, 2), step(3, 2), places::rest(2, 2), step(2, 3)]);
    done(&store, vec![kept(3)]);
    drop(store);
    tamper(&path, sql);
    let store = claimed(&path);
    let found = store.load(&[1, 2, 3]).expect("it can be read");
    let found = found.into_iter().map(|stored| match stored {
        Stored::Whole(instance) => Ok(instance.id),
        Stored::Corrupt { instance, machine, key, why } => {
            assert_eq!(machine.as_deref(), Some("Door"));
            assert!(key.is_some_and(|key| key.starts_with(&instance.to_string())));
            Err(why)
        }
    });
    let found = found.collect();
    (store, found)
}

#[test]
fn a_damaged_row_concerns_one_instance() {
    let bad = "CAST(x'7bff7d' AS TEXT)";
    let runs = "WHERE instance = 2 AND seq = 3";
    let rests = "WHERE instance = 3 AND seq = 2";
    let cases = [
        ("body", 2, format!("UPDATE journal SET record = {bad} {runs}"), "step 3"),
        ("state", 2, format!("UPDATE journal SET state = {bad} {runs}"), "step 3"),
        ("time", 2, format!("UPDATE journal SET at = -5 {runs}"), "step 3"),
        ("number", 2, format!("UPDATE journal SET seq = 7 {runs}"), "step 6 is not in the journal"),
        ("rest_body", 3, format!("UPDATE journal SET record = {bad} {rests}"), "step 2"),
        ("rest_state", 3, format!("UPDATE journal SET state = {bad} {rests}"), "step 2"),
        ("rest_time", 3, format!("UPDATE journal SET at = -5 {rests}"), "step 2"),
        ("rest_gone", 3, format!("DELETE FROM journal {rests}"), "step 2 is not in the journal"),
        ("rest_lost", 3, format!("UPDATE journal SET prev = 1 {rests}"), "step 1 is not in the"),
        ("snapshot", 2, format!("UPDATE instances SET snapshot = {bad} WHERE id = 2"), "utf-8"),
        ("key", 2, "UPDATE instances SET key = CAST(x'32ff' AS TEXT) WHERE id = 2".into(), "utf-8"),
        (
            "status",
            2,
            "PRAGMA ignore_check_constraints = 1;
             UPDATE instances SET status = 'asleep' WHERE id = 2"
                .into(),
            "`asleep` is no status",
        ),
    ];
    for (name, damaged, sql, expected) in cases {
        let (store, found) = after(&format!("row_{name}"), &sql);
        for (id, found) in (1..).zip(found) {
            match found {
                Ok(whole) => assert!(whole == id && id != damaged, "{name}: {id}"),
                Err(why) => assert!(id == damaged && why.contains(expected), "{name}: {why}"),
            }
        }
        assert_eq!(store.list(&Filter::default()).unwrap().len(), 3, "{name}");
        // The others go on, and it can be parked, as it is.
        done(&store, vec![step(1, 3), step(5 - damaged, damaged + 1)]);
        done(&store, vec![parked(damaged)]);
        let with = Filter { status: Some(Status::Parked), ..Filter::default() };
        assert_eq!(store.list(&with).unwrap().len(), 1, "{name}");
    }
}

/// An instance rests, and there is no snapshot of it, so that all its steps are needed.
fn kept(id: u64) -> Commit {
    let rest = Rest { snapshot: None, ..places::resting(0) };
    Commit { rest: Some(rest), ..Commit::of(id, 1) }
}

/// An instance is parked that cannot be read.
fn parked(id: u64) -> Commit {
    let rest = Rest {
        status: Status::Parked,
        snapshot: None,
        cause: Some("{}".into()),
        ..places::resting(0)
    };
    Commit { rest: Some(rest), ..Commit::of(id, 1) }
}

#[test]
fn a_gap_in_the_journal_is_damage() {
    let (_, found) = after("gap", "DELETE FROM journal WHERE instance = 1 AND seq = 1");
    let why = found[0].as_ref().unwrap_err();
    assert!(why.contains("step 1 is not in the journal"), "{why}");
    assert_eq!(found[1..], [Ok(2), Ok(3)]);
    let (_, found) = after("first", "DELETE FROM journal WHERE instance = 3 AND seq = 1");
    let why = found[2].as_ref().unwrap_err();
    assert!(why.contains("step 1 is not in the journal"), "{why}");
    assert_eq!(found[..2], [Ok(1), Ok(2)]);
}

/// A page of garbage, as a bad disk makes it.
#[test]
fn a_damaged_page_concerns_its_rows() {
    let path = folder("page").join("store");
    let store = claimed(&path);
    let large = |id: u64| {
        let mut commit = create(id);
        commit.records[0].body = format!("mark of {id} {}", "x".repeat(3000));
        commit
    };
    done(&store, (1..=50).map(large).collect());
    done(&store, (1..=50).map(kept).collect());
    done(&store, (51..=60).map(large).collect());
    drop(store);
    overwrite(&path, b"mark of 25 ");
    let store = claimed(&path);
    let found = store.load(&(1..=60).collect::<Vec<_>>()).unwrap();
    assert_eq!(found.len(), 60);
    let whole = found.iter().filter(|stored| matches!(stored, Stored::Whole(_))).count();
    assert_eq!(whole, 59);
    let Stored::Corrupt { instance: 25, key: Some(key), why, .. } = &found[24] else {
        panic!("{:?}", found[24])
    };
    assert!(key == "25" && why.contains("malformed"), "{why}");
    // They go on, and so does it when a person has looked at it.
    let (tell, told) = std::sync::mpsc::channel();
    for id in [1, 25, 50] {
        let tell = tell.clone();
        let done = move |result: Result<_, _>| tell.send((id, result.is_ok())).unwrap();
        store.commit(vec![step(id, 2)], Box::new(done));
    }
    let told: Vec<_> = told.iter().take(3).collect();
    assert_eq!(told, [(1, true), (25, true), (50, true)]);
}

/// Puts garbage where this is.
fn overwrite(path: &Path, mark: &[u8]) {
    let mut bytes = fs::read(path).expect("it can be read");
    let at = bytes.windows(mark.len()).position(|bytes| bytes == mark).expect("it is there");
    bytes[at / 4096 * 4096..][..4096].fill(0xaa);
    fs::write(path, bytes).expect("it can be written");
}

/// Whose last steps were there, nobody knows: going on without them might repeat what was done.
#[test]
fn a_damaged_end_of_the_journal_is_told() {
    let path = folder("end").join("store");
    let store = claimed(&path);
    let mut commit = create(1);
    commit.records[0].body = "mark of 1".into();
    done(&store, vec![commit]);
    drop(store);
    overwrite(&path, b"mark of 1");
    let claimed = Sqlite::open(&path).and_then(|store| store.claim());
    assert!(matches!(claimed, Err(StoreError::Corrupt(_))), "{claimed:?}");
}

#[test]
fn a_file_that_was_cut_off_is_damaged() {
    let path = folder("cut").join("store");
    let store = claimed(&path);
    done(&store, (1..=500).map(create).collect());
    drop(store);
    let length = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    let result = Sqlite::open(&path).and_then(|store| {
        store.claim()?;
        store.list(&Filter::default())
    });
    assert!(matches!(result, Err(StoreError::Corrupt(_))), "{result:?}");
}
