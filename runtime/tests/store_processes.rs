//! The store in a file, with several processes: one runs it, it may be killed, others look at it and
//! leave messages.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{Other, beside, claimed, create, done, folder, message, other, rest, step, told_path};
use statewright::store::conformance::commit;
use statewright::store::{Commit, Durability, Filter, Sqlite, Store, StoreError, Stored};
use std::time::{Duration, Instant};

/// In another process: runs the store and does nothing.
#[test]
fn owns() {
    let Some(path) = told_path() else { return };
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    println!("> claimed");
    places::wait_for_end();
}

#[test]
fn a_claim_keeps_other_processes_out_and_ends_when_killed() {
    let path = folder("claim").join("store");
    let mut owner = Other::start("owns", &path);
    assert_eq!(owner.line().as_deref(), Some("claimed"));
    let store = Sqlite::open(&path).unwrap();
    let Err(StoreError::Owned(owned)) = store.claim() else { panic!("it was claimed") };
    assert!(owned.ends_with("store"), "{owned}");
    assert_eq!(store.find("Door", "1"), Ok(Some(1)));
    owner.kill();
    store.claim().unwrap();
    done(&store, vec![create(2)]);
}

#[test]
fn a_claim_ends_with_its_process() {
    let path = folder("claim_ends").join("store");
    let mut owner = Other::start("owns", &path);
    assert_eq!(owner.line().as_deref(), Some("claimed"));
    assert!(owner.end());
    claimed(&path);
}

/// However one names it.
#[test]
fn a_link_is_no_other_store() {
    let folder = folder("link");
    let (path, link) = (folder.join("store"), folder.join("link"));
    let store = claimed(&path);
    std::os::unix::fs::symlink(&path, &link).unwrap();
    std::fs::create_dir(folder.join("inner")).unwrap();
    for other in [link, folder.join("inner/../store")] {
        let other = Sqlite::open(other).unwrap();
        assert!(matches!(other.claim(), Err(StoreError::Owned(_))));
    }
    drop(store);
}

/// In another process: steps without end, each told when it is done.
#[test]
fn steps_on() {
    let Some(path) = told_path() else { return };
    let durability = match std::env::var("DURABILITY").as_deref() {
        Ok("relaxed") => Durability::Relaxed,
        _ => Durability::Full,
    };
    let store = Sqlite::options().durability(durability).open(&path).unwrap();
    store.claim().unwrap();
    done(&store, vec![create(1), create(2)]);
    for seq in 2.. {
        // One that rests now and then, and one that does not.
        let mut both = vec![step(1, seq), step(2, seq)];
        if seq % 10 == 0 {
            both[0].rest = rest(1, seq).rest;
        }
        done(&store, both);
        println!("> {seq}");
    }
}

fn last(said: &[String]) -> u64 {
    said.last().map_or(1, |line| line.parse().expect("a number"))
}

/// What was called done is there after `kill -9`, and nothing is there by half.
fn survives_kills(name: &str, durability: &str) {
    for round in 0..8 {
        let path = folder(&format!("{name}_{round}")).join("store");
        let mut runner = Other::of(other("steps_on", &path).env("DURABILITY", durability));
        for _ in 0..round * 40 {
            runner.line();
        }
        let said = runner.kill();
        let store = claimed(&path);
        let told = last(&said);
        let found = store.load(&[1, 2]).expect("it can be read");
        if found.is_empty() && said.is_empty() {
            // It was killed before it began.
            continue;
        }
        let [Stored::Whole(rested), Stored::Whole(other)] = found.as_slice() else {
            panic!("{found:?}")
        };
        let there = other.records.len() as u64;
        // The last step may have become durable without being told.
        assert!(there == told || there == told + 1, "{there} of {told}");
        assert_eq!(rested.seq + rested.records.len() as u64, there);
        let running = if there.is_multiple_of(10) { vec![2] } else { vec![1, 2] };
        assert_eq!(store.running(0, 10), Ok(running));
        done(&store, vec![step(1, there + 1), step(2, there + 1)]);
    }
}

#[test]
fn what_is_done_survives_kills() {
    survives_kills("kill", "full");
}

#[test]
fn what_is_done_relaxed_survives_kills() {
    survives_kills("kill_relaxed", "relaxed");
}

/// Also just after a crash, with a log that was not brought into the file.
#[test]
fn others_read_while_it_runs() {
    let path = folder("reading").join("store");
    let mut runner = Other::start("steps_on", &path);
    assert_eq!(runner.line().as_deref(), Some("2"));
    let tool = Sqlite::open_read_only(&path).unwrap();
    let mut before = 0;
    for _ in 0..200 {
        runner.line();
        let listed = tool.list(&Filter::default()).unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].seq, listed[1].seq, "both step in one transaction");
        assert!(listed[0].seq >= before);
        before = listed[0].seq;
    }
    assert!(before > 100);
    assert!(matches!(tool.claim(), Err(StoreError::ReadOnly(_))));
    assert!(commit(&tool, vec![create(9)]).is_err());
    let told = last(&runner.kill());
    assert!(tool.list(&Filter::default()).unwrap()[0].seq >= told);
}

const POSTS: u64 = 40;

/// In another process: leaves messages.
#[test]
fn posts() {
    let Some(path) = told_path() else { return };
    let tool = Sqlite::open_read_only(&path).unwrap();
    for key in 0..POSTS {
        let start = Instant::now();
        tool.post(&message(&key.to_string())).unwrap();
        println!("> {}", start.elapsed().as_millis());
    }
}

/// The writer commits without a pause, and nobody is told of a lock.
#[test]
fn many_leave_messages_while_it_commits() {
    let path = folder("posting").join("store");
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    let tools: Vec<Other> = (0..3).map(|_| Other::start("posts", &path)).collect();
    let ended = std::sync::atomic::AtomicBool::new(false);
    let slowest = std::thread::scope(|scope| {
        scope.spawn(|| {
            // Two batches are under way at any time, so that the writer never waits for one.
            let (tell, told) = std::sync::mpsc::channel();
            for seq in 2.. {
                let tell = tell.clone();
                store.commit(vec![step(1, seq)], Box::new(move |done| tell.send(done).unwrap()));
                if seq > 3 {
                    told.recv().unwrap().unwrap();
                }
                if ended.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
            }
        });
        let mut slowest = 0;
        for mut tool in tools {
            while let Some(line) = tool.line() {
                slowest = slowest.max(line.parse().unwrap());
            }
            assert!(tool.end(), "a message could not be left");
        }
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        slowest
    });
    assert!(slowest < 10_000, "a message took {slowest} ms");
    let waiting = store.inbox(0, 1000).unwrap();
    assert_eq!(waiting.len() as u64, 3 * POSTS);
    let mut taking = Commit::of(1, 1);
    taking.taken = waiting.iter().map(|row| (row.id, "{}".to_string())).collect();
    done(&store, vec![taking]);
    assert!(store.inbox(0, 1000).unwrap().is_empty());
}

/// In another process: opens a store that may not be there yet.
#[test]
fn opens() {
    let Some(path) = told_path() else { return };
    Sqlite::open(&path).unwrap();
}

#[test]
fn many_may_make_it_at_once() {
    let folder = folder("making");
    for round in 0..5 {
        let path = folder.join(format!("{round}"));
        let others: Vec<Other> = (0..4).map(|_| Other::start("opens", &path)).collect();
        for other in others {
            assert!(other.end());
        }
        done(&claimed(&path), vec![create(1)]);
    }
}

/// One file, when nobody has it open, and a mark of its owner.
#[test]
fn closing_leaves_one_file() {
    let path = folder("closing").join("store");
    let store = claimed(&path);
    done(&store, vec![create(1)]);
    store.find("Door", "1").unwrap();
    assert!(beside(&path, "-wal").exists());
    drop(store);
    assert!(!beside(&path, "-wal").exists() && !beside(&path, "-shm").exists());
    assert_eq!(beside(&path, "-owner").metadata().unwrap().len(), 0);
}

#[test]
fn a_lock_of_another_program_is_waited_for() {
    let path = folder("lock").join("store");
    let store = claimed(&path);
    let lock = rusqlite::Connection::open(&path).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    store.commit(vec![create(1)], Box::new(move |done| tell.send(done).unwrap()));
    assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
    lock.execute_batch("COMMIT").unwrap();
    let start = Instant::now();
    told.recv().unwrap().unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
}
