//! How late a timer fires that runs beside the load: what an engine does to everybody else on the
//! same threads.

use crate::quantile;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

const PERIOD: Duration = Duration::from_millis(2);

/// A task that sleeps again and again and notes how much longer it took.
pub(crate) struct Lateness {
    notes: Arc<Mutex<Notes>>,
    task: JoinHandle<()>,
}

struct Notes {
    asleep_since: Instant,
    milliseconds: Vec<f64>,
}

impl Lateness {
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let notes = Notes { asleep_since: Instant::now(), milliseconds: Vec::new() };
        let notes = Arc::new(Mutex::new(notes));
        let task = runtime.spawn(sleep(notes.clone()));
        Self { notes, task }
    }

    /// Half of all and all but a hundredth were at most so late, in milliseconds.
    pub(crate) fn stop(self) -> [f64; 2] {
        self.task.abort();
        let mut notes = lock(&self.notes);
        // A sleep that never ended is the latest of all.
        notes.woke();
        [0.5, 0.99].map(|part| quantile(&mut notes.milliseconds, part))
    }
}

async fn sleep(notes: Arc<Mutex<Notes>>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        lock(&notes).woke();
    }
}

fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Notes {
    fn woke(&mut self) {
        let late = self.asleep_since.elapsed().saturating_sub(PERIOD);
        self.milliseconds.push(late.as_secs_f64() * 1e3);
        self.asleep_since = Instant::now();
    }
}
