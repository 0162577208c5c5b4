//! The store in a file: the log of SQLite beside it stays short, and a torn end of it is left out.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{beside, claimed, create, done, folder};
use rusqlite::Connection;
use statewright::store::{Commit, Durability, Filter, Options, OutputRow, Sqlite, Store};
use std::fs;
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

/// With a shorter log opening is quicker after a crash.
#[test]
fn the_log_is_as_short_as_it_is_to_be() {
    let length = |name: &str, options: Options| {
        let path = folder(name).join("store");
        let store = options.open(&path).unwrap();
        store.claim().unwrap();
        done(&store, vec![create(1)]);
        (1..=40).for_each(|number| done(&store, vec![large(number)]));
        beside(&path, "-wal").metadata().unwrap().len()
    };
    let usual = length("usual", Sqlite::options());
    let shorter = length("shorter", Sqlite::options().log_bytes(MIB));
    // By how much depends on when checkpoints come.
    assert!(shorter < usual, "{} of {} MiB", shorter / MIB, usual / MIB);
}

/// What a disk may leave behind the last bytes that it has written, in place of others.
type Tail = fn(&[u8]) -> Vec<u8>;

const TAILS: [Tail; 3] = [
    |_| Vec::new(),
    |lost| vec![0; lost.len()],
    // Of what was there before, say.
    |lost| lost.iter().map(|byte| byte ^ 0x5a).collect(),
];

/// Wherever the log was cut, and whatever is there instead: all batches before are there, and of those
/// behind nothing.
#[test]
fn a_torn_log_holds_the_batches_before() {
    let path = folder("torn").join("store");
    let store = claimed(&path);
    let length = || beside(&path, "-wal").metadata().unwrap().len() as usize;
    // Batches of different lengths: some are one page, some many.
    let batch = |first: u64| (first..first + 1 + first % 7 * 20).map(create).collect::<Vec<_>>();
    let (mut ends, mut next) = (vec![(length(), 0)], 1);
    for _ in 0..16 {
        let commits = batch(next);
        next += commits.len() as u64;
        done(&store, commits);
        ends.push((length(), next - 1));
    }
    let (file, log) = (fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap());
    drop(store);
    let begin = ends[0].0;
    let ends_of = |shift: isize| ends.iter().map(move |(end, _)| end.saturating_add_signed(shift));
    let cuts = (begin..log.len()).step_by(3001).chain(ends_of(0)).chain(ends_of(-1));
    let mut torn = 0;
    for cut in cuts.filter(|cut| *cut >= begin) {
        for tail in TAILS {
            let copy = folder("torn-copy").join("store");
            fs::write(&copy, &file).unwrap();
            let torn_log = [&log[..cut], &tail(&log[cut..])].concat();
            fs::write(beside(&copy, "-wal"), torn_log).unwrap();
            let store = Sqlite::options().durability(Durability::Relaxed).open(&copy).unwrap();
            store.claim().unwrap();
            let last = ends.iter().rev().find(|(end, _)| *end <= cut).map_or(0, |(_, last)| *last);
            assert_eq!(store.count(&Filter::default()), Ok(last), "cut at {cut}");
            assert_eq!(store.next_instance(), Ok(last + 1), "cut at {cut}");
            for id in [1, last].into_iter().filter(|id| *id > 0 && last > 0) {
                assert_eq!(store.history(id, 0, 9).unwrap().len(), 1, "cut at {cut}");
            }
            // It goes on from there, and what was torn never comes back.
            done(&store, vec![create(last + 1)]);
            drop(store);
            let store = Sqlite::open_read_only(&copy).unwrap();
            assert_eq!(store.count(&Filter::default()), Ok(last + 1), "cut at {cut}");
            torn += 1;
        }
    }
    assert!(torn > 100, "{torn} logs were torn");
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
