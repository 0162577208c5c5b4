//! Kills a program with SIGKILL at random moments, again and again, and looks after every kill
//! whether a promise was broken.
//!
//! `CRASHES=1000 cargo test -p statewright-durable-tests --release --test crash` is the full
//! setting; `CRASH_SEED` makes other moments. A run that fails leaves its folder.

mod checks;
mod worker;

use checks::Facts;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};
use worker::{check, folder, worker};

const INSTANCES: u64 = 200;
const EVENTS: u64 = 60;
/// The journal of every so manieth instance is replayed, by fewer kills than the full setting has.
const REPLAYED: u64 = 16;

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
fn nothing_is_lost_or_done_twice_whenever_the_program_is_killed() {
    let (kills, seed) = (number("CRASHES", 30), number("CRASH_SEED", 1));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut killed, mut rounds, mut seen) = (0, 0, Facts::default());
    let replayed = if kills < 1000 { REPLAYED } else { 1 };
    while killed < kills {
        let folder = folder(&format!("crash-{seed}-{rounds}"));
        rounds += 1;
        loop {
            let mut command = worker(&folder, [INSTANCES, EVENTS, seed + rounds, replayed]);
            let mut child = command.spawn().expect("the worker starts");
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
    let mut command = worker(&folder, [10_000, 1_000_000, 1, 1_000_000]);
    let mut child = command.spawn().expect("the worker starts");
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
    let mut again = worker(&folder, [INSTANCES, EVENTS, 1, REPLAYED]).spawn().expect("it starts");
    let mut line = String::new();
    let out = again.stdout.take().expect("it was piped");
    BufReader::new(out).read_line(&mut line).expect("the worker says that it has started");
    again.kill().expect("the worker can be killed");
    again.wait().expect("the worker can be waited for");
    let micros = line.trim().strip_prefix("started ").expect("it says how long that took");
    println!("10,000 instances: started in {micros} µs");
    let _ = std::fs::remove_dir_all(&folder);
}
