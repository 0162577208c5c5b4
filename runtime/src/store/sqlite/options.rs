//! How a store is opened.

use super::text::unsigned;
use super::{Problem, Sqlite};
use crate::store::StoreError;
use rusqlite::Connection;
use std::path::Path;

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is on stable storage: it survives a loss of power.
    #[default]
    Full,
    /// When the operating system has it: it survives the end of the process, be it by `kill -9`, but
    /// the last commits may be lost with the power. The file stays whole all the same.
    Relaxed,
}

/// How a store is opened; see [`Sqlite::options`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    durability: Durability,
    max_bytes: Option<u64>,
    log_bytes: Option<u64>,
}

impl Options {
    /// When a commit counts as done. The default is [`Durability::Full`].
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// How large the file may become. A commit that would make it larger fails with
    /// [`StoreError::Full`]; what is deleted makes room again. The default is no limit. What SQLite
    /// keeps beside the file while it is open is not counted.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// How long the log beside the file becomes before it is brought into the file, more or less:
    /// the default is 16 MiB. With a longer one less is written under load, with a shorter one a
    /// program that was killed is opened sooner.
    #[must_use]
    pub fn log_bytes(mut self, bytes: u64) -> Self {
        self.log_bytes = Some(bytes);
        self
    }

    /// As [`Sqlite::open`].
    ///
    /// # Errors
    /// The same.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Sqlite, StoreError> {
        Sqlite::open_with(path.as_ref(), self)
    }

    /// What concerns the connection of the writer.
    pub(super) fn set_up(self, connection: &Connection) -> Result<(), Problem> {
        let synchronous = match self.durability {
            Durability::Full => "FULL",
            Durability::Relaxed => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // `status IN (..)` makes a table in memory at each row, which costs as much as the row. The
        // check is for those who write by hand: what the writer writes has a type.
        connection.pragma_update(None, "ignore_check_constraints", true)?;
        connection.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
        if let Some(bytes) = self.max_bytes {
            let pages = (bytes / page_size(connection)?).clamp(1, 0xffff_fffe);
            let limit = format!("PRAGMA max_page_count = {pages}");
            connection.query_row(&limit, [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// The log is brought into the file when it has so many pages.
    pub(super) fn log_pages(self, connection: &Connection) -> Result<u64, Problem> {
        Ok((self.log_bytes.unwrap_or(LOG) / page_size(connection)?).max(1))
    }
}

fn page_size(connection: &Connection) -> Result<u64, Problem> {
    let size = connection.query_row("PRAGMA page_size", [], |row| unsigned(row, 0))?;
    Ok(u64::max(size, 1))
}

/// More would save copying pages that are written again and again, less would make opening quicker
/// after a crash.
const LOG: u64 = 16 << 20;

/// So much of the file the writer keeps in memory: what is written is mostly near what was written
/// just before. SQLite looks through all places of this cache at each commit in which a tree was
/// balanced, so more costs more than it saves; what was written longer ago the system still has.
const CACHE_KIB: i64 = 16 * 1024;

/// A log that has grown beyond this, as while somebody reads for hours, is made shorter again.
const LOG_KEPT: i64 = 64 << 20;
