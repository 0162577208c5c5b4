//! `cargo run --release -p statewright-fan-out-bench FOLDER`: a fan-out of ten thousand branches that
//! answer at once, driven by hand, in a task, and on the engine with a store in memory and with one in
//! a file in the folder; beside them the same with a `JoinSet` and a semaphore,
//! and a plain file. All in turns on one
//! thread (the store in a file has one more); and an eighth of the branches, to see that a branch
//! among many costs no more than one among few.

mod machine;
mod plain;

use machine::{Failed, MOST_TASKS};
use statewright::store::{Memory, Sqlite};
use std::future::Future;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::runtime::Builder;

/// Rounds of which the median counts.
const ROUNDS: usize = 11;
const MANY: u64 = 10_000;
const FEW: u64 = MANY / 8;

type Run = fn(PathBuf, Vec<u64>) -> Pin<Box<dyn Future<Output = Result<u64, Failed>>>>;

/// Who asks; the first is what the others are held against.
const CONTENDERS: [(&str, Run); 6] = [
    ("JoinSet", |_, numbers| Box::pin(plain::run(numbers))),
    ("by hand", |_, numbers| Box::pin(machine::by_hand(numbers))),
    ("task", |_, numbers| Box::pin(machine::in_a_task(numbers))),
    ("plain file", |file, numbers| Box::pin(plain::kept(file, numbers))),
    ("engine, memory", |_, numbers| Box::pin(machine::on_the_engine(Memory::new(), numbers))),
    ("engine, file", |file, numbers| {
        Box::pin(async move { machine::on_the_engine(Sqlite::open(file)?, numbers).await })
    }),
];

fn main() -> Result<(), Failed> {
    let folder = std::env::args_os().nth(1).ok_or("name a folder on a disk")?;
    let folder = Path::new(&folder).join("statewright-fan-out-bench");
    let bench = Bench { folder };
    let wanted = bench.once(CONTENDERS[0].1, MANY)?.sum;
    for (name, run) in CONTENDERS {
        assert_eq!(bench.once(run, MANY)?.sum, wanted, "{name} does something else");
    }
    let mut times = [[(); 2]; CONTENDERS.len()].map(|sizes| sizes.map(|()| Vec::new()));
    for _ in 0..ROUNDS {
        for ((_, run), times) in CONTENDERS.iter().zip(&mut times) {
            for (times, branches) in times.iter_mut().zip([MANY, FEW]) {
                times.push(bench.once(*run, branches)?.micros / branches as f64);
            }
        }
    }
    let medians = times.map(|sizes| sizes.map(median));
    println!(
        "{:<16} {:>9} {:>7} {:>9} {:>7} {:>12} {:>11} {:>11}",
        "a branch", "us", "ratio", "of an 8th", "tasks", "allocations", "peak bytes", "bytes kept"
    );
    for ((name, run), [many, few]) in CONTENDERS.iter().zip(medians) {
        MOST_TASKS.store(0, Ordering::Relaxed);
        let mut kept = Ok(0.0);
        let counted = allocation_counter::measure(|| {
            kept = bench.once(*run, MANY).map(|done| done.kept as f64 / MANY as f64);
        });
        let tasks = MOST_TASKS.load(Ordering::Relaxed);
        let ratio = many / medians[0][0];
        let each = |count: u64| count as f64 / MANY as f64;
        let (allocations, peak) = (each(counted.count_total), each(counted.bytes_max));
        let kept = kept?;
        println!(
            "{name:<16} {many:>9.3} {ratio:>7.2} {few:>9.3} {tasks:>7} {allocations:>12.1} {peak:>11.0} {kept:>11.0}"
        );
    }
    Ok(())
}

struct Bench {
    folder: PathBuf,
}

struct Done {
    sum: u64,
    micros: f64,
    /// Bytes in the folder, at the end.
    kept: u64,
}

impl Bench {
    /// Runs a contender once, in an empty folder.
    fn once(&self, run: Run, branches: u64) -> Result<Done, Failed> {
        drop(std::fs::remove_dir_all(&self.folder));
        std::fs::create_dir_all(&self.folder)?;
        let file = self.folder.join("adding.db");
        let numbers = black_box((0..branches).collect());
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let begun = Instant::now();
        let sum = runtime.block_on(run(file, numbers))?;
        let micros = begun.elapsed().as_secs_f64() * 1e6;
        let mut kept = 0;
        for file in std::fs::read_dir(&self.folder)? {
            kept += file?.metadata()?.len();
        }
        std::fs::remove_dir_all(&self.folder)?;
        Ok(Done { sum, micros, kept })
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
