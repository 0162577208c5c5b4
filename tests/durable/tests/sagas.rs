//! Kills a program that runs sagas with SIGKILL at random moments, starts it again with services that
//! still fail or are healthy by now, and looks after every kill at what the services have done: no saga is
//! both finished and taken back, nothing is taken back twice, nothing is left half done without being
//! told, and what goes back never goes forward again.
//!
//! `CRASHES=200 cargo test -p statewright-durable-tests --release --test sagas` is the full setting;
//! `CRASH_SEED` makes other moments. A run that fails leaves its folder.

mod ledger;

use ledger::{Seen, check, folder, worker};
use std::time::{Duration, Instant};

const INSTANCES: u64 = 60;

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
fn no_saga_is_left_half_done_whenever_the_program_is_killed() {
    let (kills, seed) = (number("CRASHES", 20), number("CRASH_SEED", 1));
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (mut killed, mut rounds, mut seen) = (0, 0, Seen::default());
    while killed < kills {
        let folder = folder(&format!("sagas-{seed}-{rounds}"));
        rounds += 1;
        // Every other round the services are healthy after the first kills.
        let (heals, mut starts) = (rounds % 2 == 0, 0);
        loop {
            starts += 1;
            let is_healthy = heals && starts > 2;
            let mut command = worker(&folder, INSTANCES, seed + rounds, is_healthy);
            let mut child = command.spawn().expect("the worker starts");
            let pause = Duration::from_millis(10 + random.below(250));
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
            check(&folder, false, INSTANCES);
        }
        seen.add(&check(&folder, true, INSTANCES));
        let _ = std::fs::remove_dir_all(&folder);
    }
    println!("{killed} kills in {rounds} rounds: {seen:?}");
    assert!(seen.repeated > 0, "no attempt was repeated: the kills have hit nothing");
    assert!(seen.booked > 0 && seen.taken_back > 0, "not all ends were seen: {seen:?}");
}
