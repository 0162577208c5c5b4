//! The one thread that writes.
//!
//! ```text
//!  commit --+
//!  commit --+--> queue --> the writer: all that waits, one transaction, one fsync --> done, done
//!  prune ---+                              |
//!                                          +--> checkpoints, in a thread beside it
//! ```
//! So the cost of an fsync is shared by all who wait for it, and throughput grows with load.

use super::checkpoint::Checkpoints;
use super::connect::{Access, connect};
use super::files::{Place, Watched};
use super::group::{Groups, waiting};
use super::meters::Meters;
use super::options::Options;
use super::owner::Claim;
use super::point::point;
use super::problem::Problem;
use super::session::Session;
use super::work::{Batch, Call, Work};
use crate::store::{Commit, Committed, StoreError};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

type Queue = Receiver<Box<dyn Work>>;

/// The door to the thread that writes. It ends, with all that was handed over, when this is dropped.
pub(super) struct Writer {
    queue: Option<Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Claims the store and starts the thread.
    pub(super) fn start(place: &Place, options: Options) -> Result<Self, StoreError> {
        let claim = Claim::take(place)?;
        let connection = connect(place, Access::Write)?;
        let number = set_up(&connection, options).map_err(|problem| place.told(problem))?;
        let log = options.log_pages(&connection).map_err(|problem| place.told(problem))?;
        let files = [place.path().to_path_buf(), place.log(), place.owner()];
        let (place, files) = (place.clone(), Watched::new(files));
        let meters = Meters::new();
        let desk = Desk { place, files, number, log, meters, _claim: claim };
        let (queue, waiting) = channel();
        let (tell, told) = sync_channel(1);
        let thread = thread::Builder::new()
            .name("store-writer".to_string())
            .spawn(move || {
                desk.run(&connection, &waiting, |started| drop(tell.send(started)));
                // Nobody else can claim it before the file is closed.
                drop(connection);
                drop(desk);
            })
            .map_err(|error| StoreError::Failed(format!("no thread for the store: {error}")))?;
        let writer = Self { queue: Some(queue), thread: Some(thread) };
        let ended = || StoreError::Failed("the thread of the store has ended".to_string());
        told.recv().unwrap_or_else(|_| Err(ended()))?;
        Ok(writer)
    }

    /// Hands over a batch.
    pub(super) fn commit(&self, commits: Vec<Commit>, done: Committed) {
        let outcomes = Vec::with_capacity(commits.len());
        self.hand_over(Box::new(Batch { commits, outcomes, done }));
    }

    /// Has something written and waits for it.
    pub(super) fn call<T: Send + 'static>(
        &self,
        write: impl FnMut(&mut Session<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.is_here() {
            let why = "what is called when a batch is done must not wait for another write";
            return Err(StoreError::Failed(why.to_string()));
        }
        let (reply, told) = sync_channel(1);
        self.hand_over(Box::new(Call { write, result: None, reply }));
        let ended = || StoreError::Failed("the thread of the store has ended".to_string());
        told.recv().unwrap_or_else(|_| Err(ended()))
    }

    fn hand_over(&self, work: Box<dyn Work>) {
        let refused = match &self.queue {
            Some(queue) => queue.send(work).err().map(|refused| refused.0),
            None => Some(work),
        };
        if let Some(work) = refused {
            work.tell(Err(StoreError::Failed("the thread of the store has ended".to_string())));
        }
    }

    /// Whether this is the thread that writes.
    fn is_here(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.thread().id() == thread::current().id())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        let here = self.is_here();
        // The last holder may be told of its last batch, and drop the store, in the thread itself.
        if let Some(thread) = self.thread.take().filter(|_| !here) {
            // A panic in it was reported by its hook.
            drop(thread.join());
        }
    }
}

/// Sets the connection of the writer up and gives the number of the claim.
fn set_up(connection: &Connection, options: Options) -> Result<i64, Problem> {
    // A copy that was made by SQLite may have another mode.
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        let why = "a write-ahead log cannot be kept there; a network drive will not do";
        return Err(StoreError::Failed(why.to_string()).into());
    }
    options.set_up(connection)?;
    // The writer closes last, and leaves one file.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let claim = "UPDATE meta SET value = value + 1 WHERE name = 'owner' RETURNING value";
    Ok(connection.query_row(claim, [], |row| row.get(0))?)
}

/// What the thread has.
struct Desk {
    place: Place,
    files: Watched,
    /// The number of the claim in the file: who finds another one there writes no more.
    number: i64,
    /// The log is brought into the file when it has so many pages.
    log: u64,
    meters: Meters,
    _claim: Claim,
}

impl Desk {
    fn run(
        &self,
        connection: &Connection,
        queue: &Queue,
        started: impl FnOnce(Result<(), StoreError>),
    ) {
        let start = || {
            let session = Session::new(connection).map_err(|problem| self.place.told(problem))?;
            Ok((session, Checkpoints::start(&self.place, connection, self.log)?))
        };
        match start() {
            Ok((session, checkpoints)) => {
                started(Ok(()));
                self.write_all(connection, session, checkpoints, queue);
            }
            Err(error) => started(Err(error)),
        }
    }

    fn write_all(
        &self,
        connection: &Connection,
        mut session: Session<'_>,
        mut checkpoints: Checkpoints,
        queue: &Queue,
    ) {
        let mut groups = Groups::new(queue);
        while let Some(group) = groups.next() {
            let (works, waiting, begun) = (group.len(), waiting(&group), Instant::now());
            self.write(connection, &mut session, group);
            let took = begun.elapsed();
            groups.told(waiting, took);
            self.meters.written(works, took);
            checkpoints.after_commit(connection);
        }
    }

    /// Writes a group in one transaction, and tells each what became of it.
    fn write(
        &self,
        connection: &Connection,
        session: &mut Session<'_>,
        mut group: Vec<Box<dyn Work>>,
    ) {
        let result = self.transaction(session, &mut group);
        if result.is_err() {
            session.forget();
            if !connection.is_autocommit() {
                // If that fails too, the next transaction says so.
                drop(connection.execute_batch("ROLLBACK"));
            }
        }
        match result {
            // One of them asks what may not be, or needs what is damaged: the others need not suffer.
            Err(problem) if problem.may_concern_one() && group.len() > 1 => {
                for work in group {
                    self.write(connection, session, vec![work]);
                }
            }
            result => {
                let result = result.map_err(|problem| self.place.told(problem));
                group.into_iter().for_each(|work| work.tell(result.clone()));
            }
        }
    }

    fn transaction(
        &self,
        session: &mut Session<'_>,
        group: &mut [Box<dyn Work>],
    ) -> Result<(), Problem> {
        point("store.before_write")?;
        self.files.check()?;
        session.begin()?;
        for work in group {
            work.apply(session)?;
        }
        if !session.end(self.number)? {
            return Err(StoreError::Owned(self.place.shown().to_string()).into());
        }
        point("store.after_write")?;
        let written = Instant::now();
        session.commit()?;
        self.meters.synced(written.elapsed());
        // Nothing is durable in a file that was deleted meanwhile.
        self.files.check()?;
        point("store.after_commit")?;
        Ok(())
    }
}
