//! `cargo run --release -p statewright-memory-bench`: an order with four steps in memory, all
//! contenders in turns in one process, as CPU time of the process an order. `.. -- machine` for one
//! of them, for a profile.

// A program, not a library: nothing here is reached from outside.
#![allow(unreachable_pub, missing_docs)]

mod by_channel;
mod by_hand;
mod by_handle;
mod by_machine;
mod order;

use by_channel::Channel;
use by_handle::Handle;
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;

/// Rounds of which the median counts.
const ROUNDS: usize = 31;
const ORDERS: u64 = 1 << 15;

/// One pass over so many orders; gives a checksum of what they kept.
type Run = Box<dyn Fn(u64) -> u64>;

/// Who runs the orders; the first is what the others are held against.
fn contenders() -> std::io::Result<Vec<(&'static str, Run)>> {
    let (channel, handle) = (Channel::new()?, Handle::new()?);
    Ok(vec![
        ("by hand", Box::new(by_hand::run)),
        ("machine", Box::new(by_machine::run)),
        ("tokio channel", Box::new(move |orders| channel.run(orders))),
        ("handle", Box::new(move |orders| handle.run(orders))),
    ])
}

fn main() -> std::io::Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    let contenders: Vec<_> = contenders()?.into_iter().filter(|(name, _)| is_asked(name)).collect();
    for (name, run) in &contenders {
        assert_eq!(run(ORDERS), by_hand::run(ORDERS), "{name} does something else");
    }
    let mut times = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, run), times) in contenders.iter().zip(&mut times) {
            let start = cpu_nanoseconds();
            black_box(run(black_box(ORDERS)));
            times.push((cpu_nanoseconds() - start) as f64 / ORDERS as f64);
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    for ((name, _), median) in contenders.iter().zip(&medians) {
        println!("{name:<16} {median:>8.0} ns CPU/order {:>8.2} x", median / medians[0]);
    }
    Ok(())
}

/// What all threads have spent, in the program and in the kernel.
fn cpu_nanoseconds() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
