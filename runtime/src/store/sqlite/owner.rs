//! Who runs a store: a lock that dies with its process.

use super::files::Place;
use super::problem::{is_busy, told};
use crate::store::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::time::Duration;

/// The claim to run a store, given back when it is dropped or the process ends.
///
/// It is an exclusive lock of SQLite on an empty file beside the store: the operating system takes
/// such locks back from the dead, and SQLite keeps the connections of one process apart.
pub(super) struct Claim {
    _lock: Connection,
}

impl Claim {
    /// # Errors
    /// [`StoreError::Owned`] if somebody has it.
    pub(super) fn take(place: &Place) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let lock = || {
            let connection = Connection::open_with_flags(place.owner(), flags)?;
            connection.busy_timeout(Duration::ZERO)?;
            // Nothing is ever written into it, so nothing need be undone.
            connection.execute_batch("PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE")?;
            Ok(Self { _lock: connection })
        };
        lock().map_err(|error| match error {
            error if is_busy(&error) => StoreError::Owned(place.shown().to_string()),
            error if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                let owner = place.owner();
                StoreError::ReadOnly(format!("`{}` cannot be made: {error}", owner.display()))
            }
            error => told(&error, &place.owner().display().to_string()),
        })
    }
}
