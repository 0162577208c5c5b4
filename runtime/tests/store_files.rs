//! The store in a file: what happens to the file, and what a user is told of it.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{Other, beside, claimed, create, done, folder, message, other, tamper, told_path};
use statewright::store::conformance::commit;
use statewright::store::{Filter, Kept, OutputRow, Rest, Sqlite, Status, Store, StoreError};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

fn told(result: Result<Sqlite, StoreError>) -> StoreError {
    result.expect_err("it is refused")
}

#[test]
fn a_newer_layout_is_refused_by_name() {
    let path = folder("newer").join("store");
    done(&claimed(&path), vec![create(1)]);
    tamper(&path, "PRAGMA user_version = 7");
    for opened in [Sqlite::open(&path), Sqlite::open_read_only(&path)] {
        let error = told(opened);
        let StoreError::Newer { found: 7, known: 4, .. } = &error else { panic!("{error:?}") };
        let text = error.to_string();
        assert!(text.contains("store` has layout 7") && text.contains("newer program"), "{text}");
    }
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let folder = folder("foreign");
    let text = folder.join("text");
    fs::write(&text, "not a database, and longer than the header of one: ".repeat(9)).unwrap();
    let notes = folder.join("notes");
    tamper(&notes, "CREATE TABLE notes (text)");
    let marked = folder.join("marked");
    let sql = "PRAGMA application_id = 77; PRAGMA user_version = 1; CREATE TABLE meta (name)";
    tamper(&marked, sql);
    for path in [text, notes, marked] {
        let before = fs::read(&path).unwrap();
        for opened in [Sqlite::open(&path), Sqlite::open_read_only(&path)] {
            let error = told(opened);
            assert!(matches!(error, StoreError::Foreign(_)), "{error:?}");
            assert!(error.to_string().contains("is no store of statewright"), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn an_empty_file_becomes_a_store() {
    let path = folder("empty").join("store");
    fs::write(&path, "").unwrap();
    assert!(matches!(Sqlite::open_read_only(&path), Err(StoreError::Foreign(_))));
    done(&claimed(&path), vec![create(1)]);
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder("missing");
    let error = told(Sqlite::open_read_only(folder.join("store")));
    assert!(error.to_string().contains("missing/store"), "{error}");
    assert!(!folder.join("store").exists(), "looking does not make it");
    let error = told(Sqlite::open(folder.join("no/store")));
    assert!(error.to_string().contains("no/store"), "{error}");
    let error = told(Sqlite::open(&folder));
    assert!(error.to_string().contains("missing"), "{error}");
}

/// Until it is put back.
#[test]
fn a_file_that_is_moved_away_is_missed() {
    for ending in ["", "-wal", "-owner"] {
        let path = folder("moved").join("store");
        let store = claimed(&path);
        done(&store, vec![create(1)]);
        let (file, away) = (beside(&path, ending), path.with_file_name("away"));
        fs::rename(&file, &away).unwrap();
        let error = commit(&store, vec![create(2)]).unwrap_err();
        let StoreError::Gone(gone) = &error else { panic!("{error:?}") };
        assert_eq!(Path::new(gone), file.canonicalize().unwrap_or(file.clone()));
        let read = store.count(&Filter::default());
        assert!(ending != "-owner" || read.is_ok());
        assert!(!ending.is_empty() || matches!(read, Err(StoreError::Gone(_))), "{read:?}");
        fs::rename(&away, &file).unwrap();
        done(&store, vec![create(2)]);
        assert_eq!(store.count(&Filter::default()), Ok(2));
    }
}

#[test]
fn a_file_that_is_deleted_or_replaced_is_missed() {
    for replaced in [false, true] {
        let path = folder("deleted").join("store");
        let store = claimed(&path);
        done(&store, vec![create(1)]);
        fs::remove_file(&path).unwrap();
        if replaced {
            fs::write(&path, "something else").unwrap();
        }
        for _ in 0..2 {
            assert!(matches!(commit(&store, vec![create(2)]), Err(StoreError::Gone(_))));
        }
        assert!(matches!(store.load(&[1]), Err(StoreError::Gone(_))));
        assert!(matches!(store.post(&message("1")), Err(StoreError::Gone(_))));
    }
}

/// Who lost the claim, as to one who deleted its mark, writes no more.
#[test]
fn who_lost_the_claim_does_not_write() {
    let path = folder("fenced").join("store");
    let first = claimed(&path);
    done(&first, vec![create(1)]);
    tamper(&path, "UPDATE meta SET value = value + 1 WHERE name = 'owner'");
    let result = commit(&first, vec![create(2)]);
    assert!(matches!(result, Err(StoreError::Owned(_))), "{result:?}");
    assert_eq!(first.find("Door", "2"), Ok(None));
}

/// A limit of the file does what a full disk does.
#[test]
fn a_full_disk_loses_nothing_and_can_be_cleared() {
    let path = folder("full").join("store");
    let store = Sqlite::options().max_bytes(2 << 20).open(&path).unwrap();
    store.claim().unwrap();
    let mut made = 0;
    let error = loop {
        match commit(&store, vec![ended(made + 1)]) {
            Ok(_) => made += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert!(error.to_string().contains("store is full"), "{error}");
    assert!((100..400).contains(&made), "{made}");
    // All that was done is there, reading goes on, and deleting makes room.
    assert_eq!(store.count(&Filter::default()), Ok(made));
    assert_eq!(store.outputs(made, 0, 1).unwrap().len(), 1);
    assert!(matches!(commit(&store, vec![ended(made + 1)]), Err(StoreError::Full(_))));
    let kept = Kept { journal_since: 0, finished_since: 50, answers_since: 0 };
    assert_eq!(store.prune(&kept, 1000), Ok(3 * 49));
    done(&store, vec![ended(made + 1)]);
    assert_eq!(store.count(&Filter::default()), Ok(made - 48));
}

/// An instance that has ended, and takes a page or two.
fn ended(id: u64) -> statewright::store::Commit {
    let mut commit = create(id);
    commit.at = id;
    commit.records[0].at = id;
    commit.outputs.push(OutputRow { number: 1, at: id, body: "x".repeat(6000) });
    commit.rest = Some(Rest { status: Status::Finished, ..places::resting(1) });
    commit
}

/// As somebody who may not write: the superuser always may.
#[test]
fn may_not_write() {
    let Some(path) = told_path() else { return };
    let error = told(Sqlite::open(&path));
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    let tool = Sqlite::open_read_only(&path).unwrap();
    assert_eq!(tool.count(&Filter::default()), Ok(1));
    let error = tool.post(&message("1")).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    println!("> looked");
    places::wait_for_end();
}

/// As somebody else: a new store in a folder that may not be written.
#[test]
fn may_not_make() {
    let Some(path) = told_path() else { return };
    let error = told(Sqlite::open(&path));
    assert!(error.to_string().contains("unable to open"), "{error}");
    println!("> looked");
}

#[test]
fn who_may_only_read_is_told_so() {
    const NOBODY: u32 = 65534;
    let folder = folder("read_only");
    let path = folder.join("store");
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    for path in [path.clone(), beside(&path, "-wal"), beside(&path, "-shm")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(folder.join("probe"), "").is_ok();
    let lower = |test: &str, path: &Path| {
        let mut command = other(test, path);
        if is_root {
            command.uid(NOBODY);
        }
        command
    };
    // The program itself may lie where nobody may look.
    if lower("nothing at all", &path).status().is_ok_and(|status| status.success()) {
        let mut reader = Other::of(&mut lower("may_not_write", &path));
        assert_eq!(reader.line().as_deref(), Some("looked"));
        assert!(reader.end());
        let mut maker = Other::of(&mut lower("may_not_make", &folder.join("other")));
        assert_eq!(maker.line().as_deref(), Some("looked"));
        assert!(maker.end());
    } else {
        assert!(is_root);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}
