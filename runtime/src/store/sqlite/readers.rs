//! Connections for reading, beside the one that writes.

use super::connect::{Access, connect};
use super::files::{Place, Watched};
use super::problem::Problem;
use crate::store::StoreError;
use rusqlite::Connection;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many connections are kept while nobody reads. More are opened when more read at once.
const KEPT: usize = 4;

/// Connections for reading.
pub(super) struct Readers {
    place: Place,
    watched: Watched,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(place: &Place) -> Self {
        let watched = Watched::new([place.path().to_path_buf()]);
        Self { place: place.clone(), watched, idle: Mutex::default() }
    }

    /// Reads. What is read in one go shows the store at one moment.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Problem>,
    ) -> Result<T, StoreError> {
        self.watched.check()?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.place, Access::Read)?,
        };
        let result = at_one_moment(&connection, read).map_err(|problem| self.place.told(problem));
        // One that has seen damage may not be fit for the next.
        if result.is_ok() && connection.is_autocommit() {
            let mut idle = self.idle();
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        result
    }

    /// Closes what is open, before the writer closes as the last.
    pub(super) fn close(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        // What is under the lock cannot be left half done.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn at_one_moment<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T, Problem>,
) -> Result<T, Problem> {
    // It ends without a commit, which damage that was met, and told of, would make fail.
    let transaction = connection.unchecked_transaction()?;
    read(&transaction)
}
