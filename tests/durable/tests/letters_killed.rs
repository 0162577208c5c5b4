//! Kills a program whose instances send to each other and start others, with SIGKILL at random moments,
//! and looks after every kill: each letter is taken once and in order, the end of each child comes back
//! once; and at the end none is left over.
//!
//! `CRASHES=200 cargo test -p statewright-durable-tests --release --test letters_killed` is the full
//! setting; `CRASH_SEED` makes other moments. A run that fails leaves its folder.
#![cfg(test)]

use statewright::store::{Filter, Letters, Sqlite, Status, Store};
use statewright_durable_tests::letters::{ITEMS, PARENTS, ROUNDS, SINKS, SOURCES};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A small generator of numbers: what is random here is only when to kill.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn letters_and_children_are_taken_once_whenever_the_program_is_killed() {
    let (kills, seed) = (number("CRASHES", 20), number("CRASH_SEED", 1));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut killed, mut rounds, mut partly) = (0, 0, 0);
    while killed < kills {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("letters-{seed}-{rounds}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        rounds += 1;
        loop {
            let mut command = Command::new(env!("CARGO_BIN_EXE_letter-worker"));
            command.arg(&folder).arg((seed + rounds).to_string()).stdout(Stdio::piped());
            let mut child = command.spawn().expect("the worker starts");
            let until = Instant::now() + Duration::from_millis(5 + random.below(120));
            let ended = loop {
                if let Some(status) = child.try_wait().expect("the worker can be waited for") {
                    break Some(status);
                }
                if killed < kills && Instant::now() >= until {
                    break None;
                }
                std::thread::yield_now();
            };
            if let Some(status) = ended {
                assert!(status.success(), "the worker has failed in {}", folder.display());
                break;
            }
            child.kill().expect("the worker can be killed");
            child.wait().expect("the worker can be waited for");
            killed += 1;
            let taken = check(&folder, false);
            partly += u64::from(taken > 0 && taken < SOURCES * ITEMS + PARENTS * ROUNDS);
        }
        assert_eq!(check(&folder, true), SOURCES * ITEMS + PARENTS * ROUNDS);
        let _ = std::fs::remove_dir_all(&folder);
    }
    println!("{killed} kills in {rounds} rounds, {partly} of them in the middle");
    assert!(partly > 0, "the kills have hit nothing");
}

/// Looks at everything, and gives how many items and answers have arrived.
fn check(folder: &Path, is_end: bool) -> u64 {
    // The first kill may have come before there was a store.
    let Ok(store) = Sqlite::open_read_only(folder.join("letters.db")) else { return 0 };
    let outputs = |machine: &str, key: &str| -> Vec<String> {
        let found = store.find(machine, key).expect("the store can be read");
        let rows = found.map(|id| store.outputs(id, 0, usize::MAX).expect("it can be read"));
        rows.into_iter().flatten().map(|row| row.body).collect()
    };
    let mut taken = 0;
    let mut in_order = |what: &str, found: Vec<&String>, wanted: &dyn Fn(usize) -> String| {
        for (at, body) in found.iter().enumerate() {
            assert_eq!(**body, wanted(at), "{what}: once, and in order: {found:?}");
        }
        taken += found.len() as u64;
    };
    for sink in 0..SINKS {
        let got = outputs("Sink", &format!("sink-{sink}"));
        for source in (0..SOURCES).filter(|source| source % SINKS == sink) {
            let of = format!("\"source\":\"source-{source}\"");
            let of_one = got.iter().filter(|body| body.contains(&of)).collect();
            let item = |at: usize| format!("{{\"Got\":{{{of},\"n\":{}}}}}", at + 1);
            in_order(&of, of_one, &item);
        }
    }
    for parent in 0..PARENTS {
        let key = format!("parent-{parent}");
        let heard = outputs("Parent", &key);
        let answer = |at: usize| format!("{{\"Heard\":{{\"round\":{at},\"answer\":{}}}}}", at * at);
        in_order(&key, heard.iter().collect(), &answer);
    }
    if is_end {
        assert_eq!(store.letters(&Letters::default()), Ok(Vec::new()), "nothing is left over");
        let children =
            Filter { machine: Some("Child".to_owned()), limit: 1000, ..Filter::default() };
        let children = store.list(&children).expect("the store can be read");
        assert_eq!(children.len() as u64, PARENTS * ROUNDS);
        assert!(children.iter().all(|child| child.status == Status::Finished), "{children:?}");
    }
    taken
}
