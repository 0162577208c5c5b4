//! Deleting what need not be kept.
//!
//! What may go is looked for through a connection for reading, so that commits do not wait for it
//! ([`find`]). The writer then deletes rows that are named one by one, which is quick ([`delete`]), and
//! so many bytes in one transaction: each page of a large row is read when it is freed, and long ago
//! the system has forgotten it. Commits come between.
//! Meanwhile nothing can come back to life: steps do not change, snapshots only get younger,
//! and whether an instance has ended is asked again.

mod delete;
mod find;

use super::readers::Readers;
use super::writer::Writer;
use crate::store::{InstanceId, Kept, StoreError};
use delete::Done;
use std::sync::Arc;

/// Rows that may go.
#[derive(Default)]
struct Found {
    steps: Vec<Old>,
    answers: Vec<(i64, String)>,
    inbox: Vec<i64>,
    /// Closed tasks, by instance and invocation.
    tasks: Vec<(i64, i64)>,
    task_events: Vec<i64>,
    ended: Vec<InstanceId>,
    /// How many rows these are, but for milestones and those of what has ended.
    rows: usize,
}

/// A step that may go.
struct Old {
    row: i64,
    bytes: u64,
    /// The row of the milestone that leads to it.
    milestone: Option<i64>,
}

pub(super) fn prune(
    readers: &Readers,
    writer: &Writer,
    kept: &Kept,
    limit: usize,
) -> Result<u64, StoreError> {
    let found = find::all(readers, kept, limit)?;
    if found.rows == 0 && found.ended.is_empty() {
        return Ok(0);
    }
    let (found, kept, mut done) = (Arc::new(found), *kept, Done::default());
    while !done.is_all {
        let (found, before) = (Arc::clone(&found), done);
        done = writer.call(move |session| {
            // The last step tells the time, and may be deleted.
            session.tell_time()?;
            delete::some(session, &found, &kept, limit, before)
        })?;
    }
    Ok(done.rows as u64)
}
