//! The host of the machine that has to survive everything: a ledger of attempts.

use crate::subject_machine::{Actions, Activities, JobError, UndoError};
use statewright::Cx;
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Where attempts are written: a line each, with the idempotency key. What the operating system has
/// taken is not lost when the process is killed.
#[derive(Debug)]
pub struct Ledger {
    lines: Mutex<File>,
}

impl Ledger {
    /// Appends to a file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn append(path: &std::path::Path) -> std::io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self { lines: Mutex::new(file) })
    }

    fn note(&self, what: &str, cx: &Cx) -> std::io::Result<()> {
        self.line(&format!("{what} {}\n", cx.idempotency_key()))
    }

    fn line(&self, line: &str) -> std::io::Result<()> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.write_all(line.as_bytes())
    }
}

impl Actions for Ledger {
    /// # Panics
    /// The ledger cannot be written: then nothing can be said of the run.
    fn report(&self, name: &str, n: u64) {
        self.line(&format!("report {name}/{n}\n")).expect("the ledger can be written");
    }
}

/// Every third round of every instance is refused, whatever the attempt.
fn is_refused(name: &str, round: u32) -> bool {
    (name.len() as u32 + round) % 3 == 2
}

impl Activities for Ledger {
    async fn job(&self, cx: &Cx, name: &str, round: u32) -> Result<u32, JobError> {
        self.note("begin", cx)?;
        tokio::time::sleep(Duration::from_millis(u64::from(round % 3) * 2)).await;
        self.note("end", cx)?;
        if is_refused(name, round) {
            return Err(JobError::Refused { why: "every third".to_owned() });
        }
        Ok(round + 1)
    }

    async fn undo(&self, cx: &Cx, _: &str, _: u32) -> Result<(), UndoError> {
        self.note("undo", cx)?;
        Ok(())
    }
}
