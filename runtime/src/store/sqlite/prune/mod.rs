//! Deleting what need not be kept.
//!
//! What may go is looked for through a connection for reading, so that commits do not wait for it
//! ([`find`]). The writer then deletes rows that are named one by one, which is quick ([`delete`]).
//! Between the two nothing can come back to life: steps do not change, snapshots only get younger,
//! and whether an instance has ended is asked again.

mod delete;
mod find;

use super::readers::Readers;
use super::writer::Writer;
use crate::store::{InstanceId, Kept, StoreError};

/// Rows that may go.
#[derive(Default)]
struct Found {
    steps: Vec<i64>,
    milestones: Vec<i64>,
    answers: Vec<(i64, String)>,
    inbox: Vec<i64>,
    /// Closed tasks, by instance and invocation.
    tasks: Vec<(i64, i64)>,
    task_events: Vec<i64>,
    ended: Vec<InstanceId>,
    /// How many rows these are, but for milestones and those of what has ended.
    rows: usize,
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
    let kept = *kept;
    writer.call(move |session| {
        // The last step tells the time, and may be deleted.
        session.tell_time()?;
        let connection = session.statements.connection;
        let mut left = limit;
        delete::rows(connection, &found, &mut left)?;
        for id in &found.ended {
            if delete::instance(connection, *id, &kept, &mut left)? {
                session.forget_instance(*id);
            }
        }
        Ok((limit - left) as u64)
    })
}
