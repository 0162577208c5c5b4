//! The store in a file: steps stand in the order of commits, and those of an instance are found,
//! however many there are of others between them.
#![cfg(all(feature = "conformance", feature = "sqlite", unix))]

mod places;

use places::{claimed, create, done, folder, rest, step};
use rusqlite::Connection;
use statewright::store::{Commit, Kept, Sqlite, Store, Stored};
use std::path::Path;

const INSTANCES: u64 = 40;

fn number(path: &Path, sql: &str) -> u64 {
    let connection = Connection::open(path).expect("it can be opened");
    let number: i64 = connection.query_row(sql, [], |row| row.get(0)).expect(sql);
    number.unsigned_abs()
}

/// Steps of instances, in turns.
fn steps(store: &Sqlite, ids: &[u64], from: u64, to: u64) {
    for seqs in (from..=to).collect::<Vec<_>>().chunks(50) {
        let steps = seqs.iter().flat_map(|seq| ids.iter().map(|id| full(*id, *seq)));
        done(store, steps.collect());
    }
}

fn full(id: u64, seq: u64) -> Commit {
    let mut commit = if seq == 1 { create(id) } else { step(id, seq) };
    commit.at = seq;
    commit.records[0].body = format!("{id} {seq}");
    commit
}

/// All of it is there.
fn check(store: &Sqlite, ids: &[u64], last: u64) {
    for stored in store.load(ids).expect("it can be read") {
        let Stored::Whole(found) = stored else { panic!("{stored:?}") };
        assert_eq!(found.records.len() as u64, last);
        for (seq, record) in (1..).zip(&found.records) {
            assert_eq!((record.seq, &record.body), (seq, &format!("{} {seq}", found.id)));
        }
        // One by one as well.
        let one = store.load(&[found.id]).expect("it can be read");
        assert_eq!(one, [Stored::Whole(found.clone())]);
        let part = |from, limit| -> Vec<u64> {
            store
                .history(found.id, from, limit)
                .expect("it can be read")
                .iter()
                .map(|r| r.seq)
                .collect()
        };
        for (from, limit) in [(0, 3), (1, 3), (62, 5), (128, 1), (last / 2, 70), (last - 1, 9)] {
            let first = from.max(1);
            let end = last.min(first + limit - 1);
            assert_eq!(part(from, limit as usize), (first..=end).collect::<Vec<_>>(), "{from}");
        }
        assert!(part(last + 1, 9).is_empty());
    }
    let summaries = store.list(&statewright::store::Filter::default()).expect("it can be read");
    for summary in summaries.iter().filter(|summary| ids.contains(&summary.id)) {
        assert_eq!((summary.seq, summary.changed), (last, last));
    }
}

#[test]
fn instances_that_never_rest_are_found() {
    let path = folder("never").join("store");
    let store = claimed(&path);
    let all: Vec<u64> = (1..=INSTANCES).collect();
    steps(&store, &all, 1, 1000);
    check(&store, &all, 1000);
    // One does nothing for long, and one has made no step at all.
    let idle = INSTANCES + 1;
    let mut fresh = create(idle);
    fresh.records.clear();
    done(&store, vec![fresh]);
    steps(&store, &all[1..], 1001, 4000);
    let behind = |sql: &str| number(&path, "SELECT max(id) FROM journal") - number(&path, sql);
    assert!(behind("SELECT min(since) FROM running") < 80_000, "opening reads more and more");
    check(&store, &all[..1], 1000);
    check(&store, &all[1..], 4000);
    assert!(store.history(idle, 0, 9).unwrap().is_empty());
    drop(store);
    let store = claimed(&path);
    assert_eq!(store.last_time(), Ok(4000));
    check(&store, &all[..1], 1000);
    check(&store, &all[1..], 4000);
    steps(&store, &all[..1], 1001, 1010);
    steps(&store, &all[1..], 4001, 4010);
    done(&store, vec![step(idle, 1)]);
    check(&store, &all[..1], 1010);
    assert_eq!(store.history(idle, 0, 9).unwrap().len(), 1);
    assert_eq!(store.running(0, 100).unwrap().len() as u64, INSTANCES + 1);
}

/// Numbers of rows begin again when all are deleted; then none leads to another's.
#[test]
fn steps_are_found_after_all_were_deleted() {
    let path = folder("deleted").join("store");
    let store = claimed(&path);
    for id in 1..=3 {
        steps(&store, &[id], 1, 200);
        done(&store, vec![rest(id, 200)]);
    }
    let kept = Kept { journal_since: u64::MAX, finished_since: 0, answers_since: 0 };
    assert_eq!(store.prune(&kept, 10_000), Ok(600));
    assert_eq!(number(&path, "SELECT count(*) FROM milestones"), 0);
    assert_eq!(store.last_time(), Ok(200), "a rest at 1 is before");
    drop(store);
    let store = claimed(&path);
    assert_eq!(store.last_time(), Ok(200));
    // As many again, so that every row is given to somebody else.
    steps(&store, &[4], 1, 600);
    steps(&store, &[1], 201, 300);
    let seqs = |id, from, limit| -> Vec<u64> {
        store.history(id, from, limit).unwrap().iter().map(|record| record.seq).collect()
    };
    assert_eq!(seqs(1, 0, 2), [201, 202]);
    assert_eq!(seqs(1, 190, 12), (201..=212).collect::<Vec<_>>());
    assert!(seqs(2, 0, 9).is_empty());
    let Stored::Whole(found) = store.load(&[1]).unwrap().remove(0) else { panic!("it is whole") };
    assert_eq!((found.seq, found.records.len()), (200, 100));
    drop(store);
    check(&claimed(&path), &[4], 600);
}

/// Deleting some of an instance that has ended leaves the rest to be found and deleted.
#[test]
fn an_instance_with_many_steps_is_deleted_in_parts() {
    let path = folder("parts").join("store");
    let store = claimed(&path);
    steps(&store, &[1, 2], 1, 500);
    let mut end = rest(1, 500);
    end.rest.as_mut().unwrap().status = statewright::store::Status::Finished;
    done(&store, vec![end]);
    let kept = Kept { journal_since: 0, finished_since: 10_000, answers_since: 0 };
    for left in [300, 100] {
        assert_eq!(store.prune(&kept, 200), Ok(200));
        assert_eq!(store.history(1, 0, 999).unwrap().len(), left);
    }
    assert_eq!(store.prune(&kept, 200), Ok(101));
    assert!(store.load(&[1]).unwrap().is_empty());
    assert_eq!(number(&path, "SELECT count(*) FROM journal"), 500);
    assert_eq!(number(&path, "SELECT count(*) FROM milestones"), 7);
    check(&store, &[2], 500);
}

/// Transactions in the log beside the file: the frames that end one tell how long the file is then.
fn transactions(path: &Path) -> usize {
    let log = std::fs::read(path.with_file_name("store-wal")).expect("there is a log");
    let page = u32::from_be_bytes([log[8], log[9], log[10], log[11]]) as usize;
    let frames = log[32..].chunks_exact(24 + page);
    frames.filter(|frame| frame[4..8] != [0; 4]).count()
}

/// Who commits meanwhile waits for a part of what is deleted, however large the steps are.
#[test]
fn large_steps_are_deleted_in_several_transactions() {
    const LARGE: u64 = 24;
    let path = folder("large").join("store");
    let store = Sqlite::options().log_bytes(1 << 40).open(&path).expect("it opens");
    store.claim().expect("nobody else has it");
    for id in [1, 2] {
        for seq in 1..=LARGE {
            let mut step = full(id, seq);
            step.records[0].body = "x".repeat(1 << 20);
            done(&store, vec![step]);
        }
    }
    let mut end = rest(2, LARGE);
    end.rest.as_mut().expect("it rests").status = statewright::store::Status::Finished;
    done(&store, vec![rest(1, LARGE), end]);
    for kept in [
        Kept { journal_since: 0, finished_since: u64::MAX, answers_since: 0 },
        Kept { journal_since: u64::MAX, finished_since: 0, answers_since: 0 },
    ] {
        let before = transactions(&path);
        let rows = store.prune(&kept, 1_000).expect("it can be written");
        assert!(rows > 0 && rows < 1_000, "{rows}");
        let parts = transactions(&path) - before;
        assert!((4..=12).contains(&parts), "{parts} for {rows} rows");
    }
    assert_eq!(number(&path, "SELECT count(*) FROM journal"), 0);
    assert_eq!(number(&path, "SELECT count(*) FROM instances"), 1);
}
