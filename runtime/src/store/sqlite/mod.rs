//! The store in a SQLite file.
//!
//! One file, which other programs may read while it is used, with the `sqlite3` program among them;
//! `docs/store.md` says what is in it. One thread writes ([`writer`]), whoever wants to read does
//! ([`readers`]), and a claim ([`owner`]) keeps two engines from running the same instances. Steps
//! stand in the order of commits ([`journal`]). [`meters`]: what is counted.

mod checkpoint;
mod connect;
mod files;
mod group;
mod inbox;
mod journal;
mod latest;
mod layout;
mod letters;
mod list;
mod load;
mod meters;
mod options;
mod owner;
mod point;
mod problem;
mod prune;
mod read;
mod readers;
mod session;
mod statements;
mod steps;
mod tasks;
mod text;
mod trial;
mod work;
mod writer;

use super::{
    Commit, Committed, Filter, InboxRow, InstanceId, Kept, LetterId, LetterRow, Letters, Millis,
    OutputRow, Posted, Record, Seq, Shape, ShapeId, Store, StoreError, Stored, Summary,
    TaskEventRow, TaskFilter, TaskRow,
};
use connect::{Access, connect};
use files::Place;
pub(crate) use meters::describe_sqlite;
pub use options::{Durability, Options};
use problem::Problem;
use readers::Readers;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use writer::Writer;

/// A store in a file.
///
/// ```no_run
/// use statewright::store::{Sqlite, Store};
///
/// let store = Sqlite::open("orders.db")?;
/// store.claim()?;
/// # Ok::<(), statewright::store::StoreError>(())
/// ```
pub struct Sqlite {
    place: Place,
    /// `None` if it may only be read.
    options: Option<Options>,
    readers: Readers,
    /// There is one while the store is claimed.
    writer: RwLock<Option<Arc<Writer>>>,
}

impl Sqlite {
    /// Opens a store, for running instances once it is claimed. Makes the file if it is not there,
    /// and brings an older one up to date. The folder must be there.
    ///
    /// # Errors
    /// The file cannot be read or written, is something else, or is of a newer program.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::options().open(path)
    }

    /// Opens a store for looking at it, also while a program runs it, and for leaving messages. It
    /// cannot be claimed. The file must be there and is not changed.
    ///
    /// # Errors
    /// The file cannot be read, is something else, or is of a newer or older program.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let place = Place::new(path.as_ref())?;
        layout::check(&connect(&place, Access::Read)?, &place, layout::LAYOUTS)?;
        Ok(Self::new(place, None))
    }

    /// How a store can be opened.
    #[must_use]
    pub fn options() -> Options {
        Options::default()
    }

    fn open_with(path: &Path, options: Options) -> Result<Self, StoreError> {
        let place = Place::new(path)?;
        let mut connection = connect(&place, Access::Create)?;
        layout::bring_up(&mut connection, &place, layout::LAYOUTS)?;
        Ok(Self::new(place, Some(options)))
    }

    fn new(place: Place, options: Option<Options>) -> Self {
        let readers = Readers::new(&place);
        Self { place, options, readers, writer: RwLock::new(None) }
    }

    fn writer(&self) -> Result<Arc<Writer>, StoreError> {
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        writer.clone().ok_or_else(super::unclaimed)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // Who closes last brings everything into the file; that has to be the writer.
        self.readers.close();
        self.release();
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.place.path()).finish_non_exhaustive()
    }
}

impl Store for Sqlite {
    fn claim(&self) -> Result<(), StoreError> {
        let Some(options) = self.options else {
            let why = format!("`{}` was opened for reading", self.place.shown());
            return Err(StoreError::ReadOnly(why));
        };
        // Two threads may claim at once through this store; there is nothing to poison.
        let mut writer = self.writer.write().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            *writer = Some(Arc::new(Writer::start(&self.place, options)?));
        }
        Ok(())
    }

    fn release(&self) {
        // The thread ends with what it has, and the file is free.
        let writer = self.writer.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(writer);
    }

    fn commit(&self, batch: Vec<Commit>, done: Committed) {
        match self.writer() {
            Ok(writer) => writer.commit(batch, done),
            Err(error) => done(Err(error)),
        }
    }

    fn last_time(&self) -> Result<Millis, StoreError> {
        self.readers.read(read::last_time)
    }

    fn next_instance(&self) -> Result<InstanceId, StoreError> {
        self.readers.read(read::next_instance)
    }

    fn put_shape(&self, shape: &Shape) -> Result<ShapeId, StoreError> {
        let shape = shape.clone();
        self.writer()?.call(move |session| session.put_shape(&shape))
    }

    fn shapes(&self) -> Result<Vec<(ShapeId, Shape)>, StoreError> {
        self.readers.read(read::shapes)
    }

    fn find(&self, machine: &str, key: &str) -> Result<Option<InstanceId>, StoreError> {
        self.readers.read(|connection| read::find(connection, machine, key))
    }

    fn load(&self, instances: &[InstanceId]) -> Result<Vec<Stored>, StoreError> {
        self.readers.read(|connection| load::load(connection, instances))
    }

    fn running(&self, after: InstanceId, limit: usize) -> Result<Vec<InstanceId>, StoreError> {
        self.readers.read(|connection| read::running(connection, after, limit))
    }

    fn due(&self, until: Millis, limit: usize) -> Result<Vec<(Millis, InstanceId)>, StoreError> {
        self.readers.read(|connection| read::due(connection, until, limit))
    }

    fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        self.readers.read(read::next_due)
    }

    fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        self.readers.read(|connection| list::list(connection, filter))
    }

    fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        self.readers.read(|connection| list::count(connection, filter))
    }

    fn history(
        &self,
        instance: InstanceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.readers.read(|connection| steps::history(connection, instance, from, limit))
    }

    fn outputs(
        &self,
        instance: InstanceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<OutputRow>, StoreError> {
        self.readers.read(|connection| read::outputs(connection, instance, after, limit))
    }

    fn answers(&self, instance: InstanceId) -> Result<Vec<(String, String)>, StoreError> {
        self.readers.read(|connection| read::answers(connection, instance))
    }

    fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError> {
        self.readers.read(|connection| tasks::list(connection, filter))
    }

    fn task(&self, instance: InstanceId, invocation: u64) -> Result<Option<TaskRow>, StoreError> {
        self.readers.read(|connection| tasks::get(connection, (instance, invocation)))
    }

    fn task_events(&self, after: u64, limit: usize) -> Result<Vec<TaskEventRow>, StoreError> {
        self.readers.read(|connection| tasks::events(connection, after, limit))
    }

    fn post(&self, message: &Posted) -> Result<i64, StoreError> {
        match self.writer().ok() {
            Some(writer) => {
                let message = message.clone();
                writer.call(move |session| session.post(&message))
            }
            None => inbox::post(&self.place, message),
        }
    }

    fn inbox(&self, after: i64, limit: usize) -> Result<Vec<InboxRow>, StoreError> {
        self.readers.read(|connection| inbox::waiting(connection, after, limit))
    }

    fn inbox_answer(&self, message: i64) -> Result<Option<String>, StoreError> {
        self.readers.read(|connection| inbox::answer(connection, message))
    }

    fn next_letter(&self) -> Result<LetterId, StoreError> {
        self.readers.read(letters::next)
    }

    fn letters(&self, wanted: &Letters) -> Result<Vec<LetterRow>, StoreError> {
        self.readers.read(|connection| letters::list(connection, wanted))
    }

    fn prune(&self, kept: &Kept, limit: usize) -> Result<u64, StoreError> {
        prune::prune(&self.readers, &*self.writer()?, kept, limit)
    }
}
