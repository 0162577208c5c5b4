//! Kills a program with SIGKILL at random moments, again and again, and looks after every kill
//! whether a promise was broken.
//!
//! `CRASHES=1000 cargo test -p statewright-durable-tests --release --test crash` is the full
//! setting; `CRASH_SEED` makes other moments. A run that fails leaves its folder.

mod checks;

use checks::{Facts, journals};
use statewright::store::Sqlite;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const INSTANCES: u64 = 200;
const EVENTS: u64 = 60;

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

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
}

fn worker(folder: &Path, seed: u64) -> Child {
    Command::new(env!("CARGO_BIN_EXE_crash-worker"))
        .arg(folder)
        .args([INSTANCES.to_string(), EVENTS.to_string(), seed.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the worker starts")
}

#[test]
fn nothing_is_lost_or_done_twice_whenever_the_program_is_killed() {
    let (kills, seed) = (number("CRASHES", 30), number("CRASH_SEED", 1));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut killed, mut rounds, mut seen) = (0, 0, Facts::default());
    while killed < kills {
        let folder = folder(&format!("crash-{seed}-{rounds}"));
        rounds += 1;
        loop {
            let mut child = worker(&folder, seed + rounds);
            // Early kills hit the start and the recovery, late ones the work.
            let spread = 20 + random.below(400);
            let pause = Duration::from_millis(5 + random.below(spread));
            let until = Instant::now() + pause;
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
            seen.add(&check(&folder, false, EVENTS));
        }
        let end = check(&folder, true, EVENTS);
        assert_eq!(end.finished, INSTANCES, "in {}", folder.display());
        seen.add(&end);
        let _ = std::fs::remove_dir_all(&folder);
    }
    println!("{killed} kills in {rounds} rounds: {seen:?}");
    assert!(seen.repeated > 0, "no attempt was repeated: the kills have hit nothing");
}

#[test]
fn a_start_goes_on_with_ten_thousand_instances_in_a_second() {
    let folder = folder("crash-many");
    let mut child = Command::new(env!("CARGO_BIN_EXE_crash-worker"))
        .arg(&folder)
        .args(["10000", "1000000", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the worker starts");
    let wanted = || {
        let text = std::fs::read_to_string(folder.join("accepted")).unwrap_or_default();
        text.lines().filter(|line| line.ends_with(" 1")).count() >= 10_000
    };
    let begin = Instant::now();
    while !wanted() {
        assert!(begin.elapsed() < Duration::from_secs(120), "10,000 instances are not started");
        std::thread::yield_now();
    }
    child.kill().expect("the worker can be killed");
    child.wait().expect("the worker can be waited for");
    let mut again = worker(&folder, 1);
    let mut line = String::new();
    let out = again.stdout.take().expect("it was piped");
    BufReader::new(out).read_line(&mut line).expect("the worker says that it has started");
    again.kill().expect("the worker can be killed");
    again.wait().expect("the worker can be waited for");
    let micros = line.trim().strip_prefix("started ").expect("it says how long that took");
    println!("10,000 instances: started in {micros} µs");
    let _ = std::fs::remove_dir_all(&folder);
}

/// Looks at everything. At the end of a run nothing may be open any more.
fn check(folder: &Path, is_end: bool, events: u64) -> Facts {
    let path = folder.join("subjects.db");
    if !path.exists() {
        return Facts::default();
    }
    let store = match Sqlite::open_read_only(&path) {
        Ok(store) => store,
        // Killed while the file was being made.
        Err(error) if !is_end => {
            assert!(accepted(folder).is_empty(), "{error}, but something was accepted");
            return Facts::default();
        }
        Err(error) => panic!("{error}"),
    };
    journals(&store, &accepted(folder), &ledger(folder), events)
}

/// Accepted events by instance: the number of the last.
fn accepted(folder: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(folder.join("accepted")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines = whole.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(key, n)| (key.to_owned(), n.parse().expect("a number"))).collect()
}

/// The idempotency keys of all attempts.
fn ledger(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("ledger")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(what, _)| *what != "end").map(|(_, key)| key.to_owned()).collect()
}
