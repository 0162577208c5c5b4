//! The store in a file when the file is damaged: it concerns as few as can be.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{claimed, create, done, folder, nothing, step, tamper};
use statewright::store::{Commit, Filter, Rest, Sqlite, Status, Store, StoreError, Stored};
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};

/// Which of three instances can be loaded after this was done to the file.
fn after(test: &str, sql: &str) -> (Sqlite, Vec<Result<u64, String>>) {
    let path = folder(test).join("store");
    let store = claimed(&path);
    done(&store, vec![create(1), create(2), create(3)]);
    done(&store, vec![step(1, 2), step(2, 2), step(3, 2), places::rest(2, 2), step(2, 3)]);
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
    const STEP: u64 = (2 << 32) + 3;
    let bad = "CAST(x'7bff7d' AS TEXT)";
    let cases = [
        ("body", format!("UPDATE journal SET record = {bad} WHERE id = {STEP}"), "step 3"),
        ("state", format!("UPDATE journal SET state = {bad} WHERE id = {STEP}"), "step 3"),
        ("gone", format!("DELETE FROM journal WHERE id = {STEP}"), ""),
        ("snapshot", format!("UPDATE instances SET snapshot = {bad} WHERE id = 2"), "utf-8"),
        ("key", "UPDATE instances SET key = CAST(x'32ff' AS TEXT) WHERE id = 2".into(), "utf-8"),
        ("time", format!("UPDATE journal SET at = -5 WHERE id = {STEP}"), "step 3"),
        (
            "status",
            "PRAGMA ignore_check_constraints = 1;
             UPDATE instances SET status = 'asleep' WHERE id = 2"
                .into(),
            "`asleep` is no status",
        ),
    ];
    for (name, sql, expected) in cases {
        let (store, found) = after(&format!("row_{name}"), &sql);
        assert_eq!((found[0].clone(), found[2].clone()), (Ok(1), Ok(3)), "{name}");
        match &found[1] {
            // A step that is gone from the end of the journal was never made, for all that is known.
            Ok(2) if expected.is_empty() => {}
            Err(why) => assert!(why.contains(expected), "{name}: {why}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(store.list(&Filter::default()).unwrap().len(), 3, "{name}");
        // The others go on, and it can be parked, as it is.
        done(&store, vec![step(1, 3), step(3, 3)]);
        done(&store, vec![parked(2)]);
        let with = Filter { status: Some(Status::Parked), ..Filter::default() };
        assert_eq!(store.list(&with).unwrap().len(), 1, "{name}");
    }
}

/// An instance is parked that cannot be read.
fn parked(id: u64) -> Commit {
    let rest = Rest {
        status: Status::Parked,
        snapshot: None,
        cause: Some("{}".into()),
        ..places::resting(0)
    };
    Commit { rest: Some(rest), ..nothing(id) }
}

#[test]
fn a_gap_in_the_journal_is_damage() {
    let (_, found) = after("gap", &format!("DELETE FROM journal WHERE id = {}", (1u64 << 32) + 1));
    let why = found[0].as_ref().unwrap_err();
    assert!(why.contains("step 1 is not in the journal"), "{why}");
    assert_eq!(found[1..], [Ok(2), Ok(3)]);
    // Steps of which the instance itself knows.
    let sql = "UPDATE instances SET snapshot_seq = 0, snapshot = NULL WHERE id = 2;
        DELETE FROM journal WHERE id >> 32 = 2";
    let (_, found) = after("tail", sql);
    let why = found[1].as_ref().unwrap_err();
    assert!(why.contains("step 1 is not in the journal"), "{why}");
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
    drop(store);
    let mut file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    let mark = bytes.windows(11).position(|bytes| bytes == b"mark of 25 ").unwrap();
    file.seek(SeekFrom::Start((mark / 4096 * 4096) as u64)).unwrap();
    file.write_all(&[0xaa; 4096]).unwrap();
    drop(file);
    let store = claimed(&path);
    let found = store.load(&(1..=50).collect::<Vec<_>>()).unwrap();
    assert_eq!(found.len(), 50);
    let whole = found.iter().filter(|stored| matches!(stored, Stored::Whole(_))).count();
    assert!((40..50).contains(&whole), "{whole}");
    let Stored::Corrupt { instance: 25, key: Some(key), why, .. } = &found[24] else {
        panic!("{:?}", found[24])
    };
    assert!(key == "25" && why.contains("malformed"), "{why}");
    // Who writes to it at the same moment as others does not keep them from it.
    let (tell, told) = std::sync::mpsc::channel();
    for id in [1, 25, 50] {
        let tell = tell.clone();
        let done = move |result: Result<_, _>| tell.send((id, result.is_ok())).unwrap();
        store.commit(vec![step(id, 2)], Box::new(done));
    }
    let told: Vec<_> = told.iter().take(3).collect();
    assert_eq!(told, [(1, true), (25, false), (50, true)]);
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
