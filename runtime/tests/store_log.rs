//! The store in a file: the log of SQLite beside it stays short.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{beside, claimed, create, done, folder};
use rusqlite::Connection;
use statewright::store::{Commit, OutputRow, Store};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const MIB: u64 = 1 << 20;

/// Commits of about a MiB each.
fn large(number: u64) -> Commit {
    let mut commit = Commit::of(1, 1);
    commit.outputs.push(OutputRow { number, at: 1, body: "x".repeat(1 << 20) });
    commit
}

#[test]
fn the_log_stays_short_while_others_read() {
    let path = folder("short").join("store");
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    let ended = AtomicBool::new(false);
    let longest = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    store.outputs(1, 0, 1).unwrap();
                }
            });
        }
        let mut longest = 0;
        for number in 1..=250 {
            done(&store, vec![large(number)]);
            longest = longest.max(beside(&path, "-wal").metadata().unwrap().len());
        }
        ended.store(true, Ordering::Relaxed);
        longest
    });
    assert!(longest < 200 * MIB, "{} MiB", longest / MIB);
    assert_eq!(store.load(&[1]).unwrap().len(), 1);
    // What opening has to read after a crash.
    let length = beside(&path, "-wal").metadata().unwrap().len();
    assert!(length <= longest);
}

/// Somebody who reads for hours lets it grow, and it becomes short again.
#[test]
fn the_log_becomes_short_again() {
    let path = folder("again").join("store");
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    let reader = Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM journal").unwrap();
    let length = || beside(&path, "-wal").metadata().unwrap().len();
    for number in 1..=100 {
        done(&store, vec![large(number)]);
    }
    let grown = length();
    assert!(grown > 90 * MIB, "{} MiB", grown / MIB);
    reader.execute_batch("COMMIT").unwrap();
    for number in 101..=200 {
        done(&store, vec![large(number)]);
    }
    assert!(length() < grown, "{} MiB, then {} MiB", grown / MIB, length() / MIB);
}
