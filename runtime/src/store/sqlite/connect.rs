//! Connections.

use super::files::Place;
use super::problem::told;
use crate::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::thread;
use std::time::Duration;

/// How long a connection waits for another one: nobody holds a lock for longer than one commit.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it looks. Often, as under load the writer leaves only short gaps.
const LOOK: Duration = Duration::from_millis(1);

/// What a connection may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
    /// And make the file if it is not there.
    Create,
}

/// Opens a connection to a file of a store.
pub(super) fn connect(place: &Place, access: Access) -> Result<Connection, StoreError> {
    let flags = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    };
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let set_up = || {
        let connection = Connection::open_with_flags(place.path(), flags)?;
        connection.busy_handler(Some(wait))?;
        // Checkpoints are made where nobody waits for them: see `checkpoint`.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    let connection = set_up().map_err(|error| told(&error, place.shown()))?;
    let is_read_only = connection.is_readonly("main").map_err(|e| told(&e, place.shown()))?;
    if access != Access::Read && is_read_only {
        let why = format!("`{}` may not be written by this user", place.shown());
        return Err(StoreError::ReadOnly(why));
    }
    Ok(connection)
}

/// Waits for a lock of another connection; false to give up.
pub(super) fn wait(times: i32) -> bool {
    thread::sleep(LOOK);
    u128::try_from(times).is_ok_and(|times| times * LOOK.as_millis() < PATIENCE.as_millis())
}
