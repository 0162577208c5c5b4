//! Contenders that do the same work, timed in turns, printed as ratios to the first.

use std::hint::black_box;
use std::time::Instant;

/// Rounds of which the median counts.
const ROUNDS: usize = 31;
/// So many random events that no branch predictor learns them by heart.
pub const EVENTS: usize = 1 << 18;

/// One pass over all events; gives a checksum of what it left behind.
type Run = Box<dyn FnMut() -> u64>;

/// Contenders over the same events.
pub struct Contest {
    name: &'static str,
    events: usize,
    contenders: Vec<(&'static str, Run)>,
}

impl Contest {
    pub fn new(name: &'static str, events: usize) -> Self {
        Self { name, events, contenders: Vec::new() }
    }

    pub fn contender(mut self, name: &'static str, run: impl FnMut() -> u64 + 'static) -> Self {
        self.contenders.push((name, Box::new(run)));
        self
    }

    /// One pass of one contender, for a program that counts instructions.
    pub fn once(&mut self, contender: &str, passes: usize) -> Option<usize> {
        let (_, run) = self.contenders.iter_mut().find(|(name, _)| *name == contender)?;
        for _ in 0..passes {
            black_box(run());
        }
        Some(passes * self.events)
    }

    /// Prints the contenders, one a line.
    pub fn list(&self) {
        let word = self.name.split(':').next().unwrap_or(self.name);
        self.contenders.iter().for_each(|(name, _)| println!("{word}\t{name}"));
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Times all contenders in turns and prints medians in nanoseconds an event.
    ///
    /// # Panics
    ///
    /// If two contenders do not leave the same behind.
    pub fn hold(&mut self) {
        let first: Vec<u64> = self.contenders.iter_mut().map(|(_, run)| run()).collect();
        for (at, sum) in first.iter().enumerate() {
            assert_eq!(first[0], *sum, "{}: {} differs", self.name, self.contenders[at].0);
        }
        let mut times = vec![Vec::with_capacity(ROUNDS); self.contenders.len()];
        for _ in 0..ROUNDS {
            for (at, (_, run)) in self.contenders.iter_mut().enumerate() {
                let start = Instant::now();
                black_box(run());
                times[at].push(start.elapsed().as_nanos() as f64 / self.events as f64);
            }
        }
        println!("\n{}", self.name);
        let base = median(&mut times[0]);
        for (at, (name, _)) in self.contenders.iter().enumerate() {
            let time = median(&mut times[at]);
            println!("  {name:<24} {time:>8.2} ns/event   {:>6.2} x", time / base);
        }
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
