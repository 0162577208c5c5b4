//! The figures of all runs, and the medians of them as a table.

use crate::contenders::{OUR_SAGA, OURS};
use statewright_load::{Figures, quantile};

/// What all runs of a contender with so many clients gave.
pub struct Row {
    pub clients: usize,
    pub contender: &'static str,
    pub runs: Vec<Figures>,
    /// What `disk::latency` gave before or after each run, whichever was more.
    pub latencies: Vec<[f64; 2]>,
    pub syncs: Option<f64>,
}

const HEAD: &str = "\
| clients | contender | steps/s | of plain | Statewright makes × as many | CPU µs/order | of plain | timer late ms, p50 | p99 | syncs/step | repeated | disk syncs in ms, p50 | p99 |
|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

/// Prints medians, with ratios to the plain file and to Statewright at the same number of clients.
pub fn print(rows: &[Row]) {
    println!("\n{HEAD}");
    for row in rows {
        let mut beside = rows.iter().filter(|other| other.clients == row.clients);
        let plain = beside.clone().next().unwrap_or(row);
        let same = if row.contender.ends_with("-saga") { OUR_SAGA } else { OURS };
        let ours = beside.find(|other| other.contender == same);
        println!("{}", line(row, plain, ours));
    }
}

fn line(row: &Row, plain: &Row, ours: Option<&Row>) -> String {
    let Row { clients, contender, .. } = row;
    if row.runs.is_empty() {
        return format!("| {clients} | {contender} | failed | | | | | | | | | | |");
    }
    let (made, spent) = (row.median(steps), row.median(cpu));
    let (more, costs) = (made / plain.median(steps), spent / plain.median(cpu));
    let times = ours.filter(|ours| !ours.runs.is_empty());
    let times = times.map(|ours| format!("{:.2}", ours.median(steps) / made)).unwrap_or_default();
    let [half, most] = [0, 1].map(|at| row.median(|figures| figures.late[at]));
    let [disk, disk_most] = [0, 1].map(|at| median(row.latencies.iter().map(|ms| ms[at])));
    let syncs = row.syncs.map_or_else(|| String::from("?"), |syncs| format!("{syncs:.2}"));
    let repeated: u64 = row.runs.iter().map(|figures| figures.repeated).sum();
    format!(
        "| {clients} | {contender} | {made:.0} | {more:.3} | {times} | {spent:.0} | {costs:.1} \
         | {half:.2} | {most:.2} | {syncs} | {repeated} \
         | {disk:.3} | {disk_most:.3} |"
    )
}

impl Row {
    pub fn new(clients: usize, contender: &'static str) -> Self {
        Self { clients, contender, runs: Vec::new(), latencies: Vec::new(), syncs: None }
    }

    fn median(&self, of: impl Fn(&Figures) -> f64) -> f64 {
        median(self.runs.iter().map(of))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(&mut values.collect::<Vec<_>>(), 0.5)
}

/// Durable steps a second.
fn steps(figures: &Figures) -> f64 {
    figures.steps as f64 / figures.seconds
}

/// Microseconds of CPU time for all steps of an order.
fn cpu(figures: &Figures) -> f64 {
    figures.cpu_seconds * 1e6 / (figures.steps as f64 / figures.steps_per_order as f64)
}
