//! `cargo run --release -p statewright-policies-bench`: calls that answer at once, one after the
//! other, in a loop and from a machine in a task, without and with policies around each. All
//! contenders in turns on one thread; wall time and allocations a call.

mod calls;

use calls::answer;
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::time::Instant;
use tokio::runtime::{Builder, Runtime};

/// Rounds of which the median counts.
const ROUNDS: usize = 31;
const CALLS: u64 = 1 << 14;

type Run = fn(u64) -> Pin<Box<dyn Future<Output = u64>>>;

/// Who makes the calls; the first is what the others are held against.
const CONTENDERS: [(&str, Run); 9] = [
    ("a loop", |calls| Box::pin(by_hand(calls))),
    ("machine", |calls| Box::pin(calls::bare::run(calls))),
    ("timeout", |calls| Box::pin(calls::timed::run(calls))),
    ("deadline", |calls| Box::pin(calls::bounded::run(calls))),
    ("retry", |calls| Box::pin(calls::retried::run(calls))),
    ("circuit_breaker", |calls| Box::pin(calls::broken::run(calls))),
    ("bulkhead", |calls| Box::pin(calls::bulky::run(calls))),
    ("rate_limit", |calls| Box::pin(calls::limited::run(calls))),
    ("all of them", |calls| Box::pin(calls::full::run(calls))),
];

async fn by_hand(calls: u64) -> u64 {
    let mut sum = 0;
    for _ in 0..calls {
        sum = black_box(async { answer(black_box(sum)) }).await;
    }
    sum
}

fn main() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let wanted = once(&runtime, CONTENDERS[0].1);
    let mut times = vec![Vec::with_capacity(ROUNDS); CONTENDERS.len()];
    for (name, run) in CONTENDERS {
        assert_eq!(once(&runtime, run), wanted, "{name} does something else");
    }
    for _ in 0..ROUNDS {
        for ((_, run), times) in CONTENDERS.iter().zip(&mut times) {
            let begun = Instant::now();
            black_box(once(&runtime, *run));
            times.push(begun.elapsed().as_nanos() as f64 / CALLS as f64);
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    println!(
        "{:<16} {:>9} {:>14} {:>17}",
        "around a call", "ns a call", "beyond machine", "allocations a call"
    );
    for ((name, run), median) in CONTENDERS.iter().zip(&medians) {
        let counted = allocation_counter::measure(|| {
            black_box(once(&runtime, *run));
        });
        let allocations = counted.count_total as f64 / CALLS as f64;
        println!("{name:<16} {median:>9.0} {:>14.0} {allocations:>17.2}", median - medians[1]);
    }
    Ok(())
}

fn once(runtime: &Runtime, run: Run) -> u64 {
    runtime.block_on(run(black_box(CALLS)))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
