//! Bringing what was committed from the log of SQLite into the file, off the way of commits.
//!
//! Commits go to the log. A thread with a connection of its own copies it into the file while
//! commits go on, and always stays a little behind. When what is left is little, the writer copies
//! that itself between two commits, and the log begins again at its start: so its length is bounded
//! under constant load too, and with it the time that opening takes after a crash. Only a program
//! that reads in one go for a long time can keep it from that.

use super::connect::{Access, connect, wait};
use super::files::Place;
use super::meters;
use crate::store::StoreError;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The writer copies the rest itself when it is this part of the log: some milliseconds. The longer
/// the log is, the sooner it does, so that it will.
const REST: u64 = 8;
/// The writer copies whatever is left when the log is so many times as long: 128 MiB.
const MOST: u64 = 8;
/// So long the writer waits for those who read, when the log is to begin again.
const READERS: Duration = Duration::from_millis(50);

thread_local! {
    /// The pages in the log after the last commit in this thread.
    static PAGES: Cell<u64> = const { Cell::new(0) };
}

/// The checkpoints of a writer.
pub(super) struct Checkpoints {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// The thread copies when the log has so many pages.
    log: u64,
    /// The log has begun again, or should have, at the pages before which nothing need be tried.
    next: u64,
}

#[derive(Default)]
struct Shared {
    /// The thread copies.
    busy: AtomicBool,
    /// So many pages of the log are in the file.
    copied: AtomicU64,
    /// It could not copy: it is tried again when the log is longer.
    has_failed: AtomicBool,
}

impl Checkpoints {
    pub(super) fn start(place: &Place, writer: &Connection, log: u64) -> Result<Self, StoreError> {
        writer.wal_hook(Some(count));
        let connection = connect(place, Access::Write)?;
        let shared = Arc::new(Shared::default());
        let (wake, awake) = sync_channel(1);
        let inner = shared.clone();
        let thread = thread::Builder::new()
            .name("store-copies".to_string())
            .spawn(move || {
                while awake.recv().is_ok() {
                    // What was committed is durable in the log, so nobody has to be refused
                    // anything: it is tried again when the log is longer.
                    let copied = copy(&connection, "PASSIVE").inspect_err(told);
                    inner.has_failed.store(copied.is_err(), Ordering::Release);
                    inner.copied.store(copied.unwrap_or(0), Ordering::Release);
                    inner.busy.store(false, Ordering::Release);
                }
            })
            .map_err(|error| StoreError::Failed(format!("no thread for the store: {error}")))?;
        Ok(Self { wake: Some(wake), thread: Some(thread), shared, log, next: log })
    }

    /// Called by the writer between two transactions.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        let (pages, most) = (PAGES.get(), MOST * self.log);
        if pages < self.next || self.shared.busy.load(Ordering::Acquire) && pages < most {
            return;
        }
        if self.shared.has_failed.swap(false, Ordering::AcqRel) {
            self.next = pages + self.log;
            return;
        }
        let copied = self.shared.copied.load(Ordering::Acquire);
        if pages.saturating_sub(copied) <= pages / REST || pages >= most {
            self.begin_again(writer, pages);
        } else if let Some(wake) = &self.wake {
            self.shared.busy.store(true, Ordering::Release);
            if wake.try_send(()).is_err() {
                // The thread has ended: the writer copies, when there is much.
                self.shared.busy.store(false, Ordering::Release);
            }
        }
    }

    fn begin_again(&mut self, writer: &Connection, pages: u64) {
        let restart = || {
            writer.busy_timeout(READERS)?;
            let copied = copy(writer, "RESTART");
            writer.busy_handler(Some(wait))?;
            copied
        };
        self.shared.copied.store(0, Ordering::Release);
        match restart() {
            Ok(_) => {
                PAGES.set(0);
                self.next = self.log;
            }
            // Somebody reads what is in the log, perhaps for long: waiting for it again and again
            // would hold up commits.
            Err(error) => {
                told(&error);
                self.next = pages + self.log.max(pages / 2);
            }
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it was reported by its hook.
            drop(thread.join());
        }
    }
}

/// Says that it could not be copied, but not if somebody was only in the way.
fn told(error: &rusqlite::Error) {
    if !matches!(error, rusqlite::Error::QueryReturnedNoRows) {
        meters::not_copied();
        tracing::warn!(%error, "the log cannot be brought into the file");
    }
}

/// Copies; gives the pages of the log that are in the file then. An error if somebody is in the way.
fn copy(connection: &Connection, mode: &str) -> rusqlite::Result<u64> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let mut statement = connection.prepare_cached(&sql)?;
    let (busy, copied) = statement.query_row([], |row| Ok((row.get(0)?, row.get::<_, i64>(2)?)))?;
    match busy {
        false => Ok(u64::try_from(copied).unwrap_or(0)),
        true => Err(rusqlite::Error::QueryReturnedNoRows),
    }
}

fn count(_: &Wal, pages: std::ffi::c_int) -> rusqlite::Result<()> {
    PAGES.set(u64::try_from(pages).unwrap_or(0));
    Ok(())
}
