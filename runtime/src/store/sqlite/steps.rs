//! Reading the steps of an instance, from its last one back. See [`journal`](super::journal).

use super::journal::MILESTONE;
use super::problem::Problem;
use super::text::{integer, row_ids, unsigned};
use crate::store::{InstanceId, Record, Seq};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};
use std::collections::VecDeque;

/// A step, and the row of the one before it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) prev: i64,
    pub(super) record: Record,
}

/// A step, of the columns `id, instance, seq, prev, at, state, record`.
pub(super) fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let (seq, at) = (unsigned(row, 2)?, unsigned(row, 4)?);
    let record = Record { seq, at, state: row.get(5)?, body: row.get(6)? };
    Ok(Link { prev: row.get(3)?, record })
}

/// The way back through the steps of instances.
pub(super) struct Back<'c> {
    step: CachedStatement<'c>,
    way: CachedStatement<'c>,
}

impl<'c> Back<'c> {
    pub(super) fn new(connection: &'c Connection) -> Result<Self, Problem> {
        Ok(Self {
            step: connection.prepare_cached(
                "SELECT id, instance, seq, prev, at, state, record FROM journal
                 WHERE id = ?1 AND instance = ?2 AND seq = ?3",
            )?,
            way: connection.prepare_cached(
                "SELECT prev FROM journal WHERE id = ?1 AND instance = ?2 AND seq = ?3",
            )?,
        })
    }

    /// The step in a row; `None` if it is not there, or is not the one that it should be.
    pub(super) fn step(
        &mut self,
        row: i64,
        instance: InstanceId,
        seq: Seq,
    ) -> rusqlite::Result<Option<Link>> {
        let step = params![row, integer(instance), integer(seq)];
        self.step.query_row(step, link).optional()
    }

    /// Only the row of the one before it.
    pub(super) fn prev(
        &mut self,
        row: i64,
        instance: InstanceId,
        seq: Seq,
    ) -> rusqlite::Result<Option<i64>> {
        let step = params![row, integer(instance), integer(seq)];
        self.way.query_row(step, |row| row.get(0)).optional()
    }
}

/// The last step of an instance: its row and number; zeros if it has made none.
pub(super) fn last(
    connection: &Connection,
    instance: InstanceId,
) -> Result<Option<(i64, Seq)>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT i.last, i.seq, r.since, l.id, l.seq FROM instances i
         LEFT JOIN running r ON r.instance = i.id
         LEFT JOIN journal l ON l.id = r.last AND l.instance = i.id AND l.seq > i.seq
         WHERE i.id = ?1",
    )?;
    let read = |row: &Row<'_>| {
        let rested: (i64, i64) = (row.get(0)?, row.get(1)?);
        let noted: Option<i64> = row.get(3)?;
        let last = match noted {
            Some(noted) => (noted, row.get(4)?),
            None => rested,
        };
        Ok((last, row.get::<_, Option<i64>>(2)?))
    };
    let found = statement.query_row([integer(instance)], read).optional()?;
    let Some((mut last, since)) = found else { return Ok(None) };
    if let Some(since) = since {
        let mut statement = connection.prepare_cached(
            "SELECT id, seq FROM journal WHERE id >= ?1 AND instance = ?2
             ORDER BY id DESC LIMIT 1",
        )?;
        let made = params![since, integer(instance)];
        let found = statement.query_row(made, |row| Ok((row.get(0)?, row.get(1)?)));
        last = found.optional()?.unwrap_or(last);
    }
    Ok(Some((last.0, last.1.unsigned_abs())))
}

/// Steps of an instance from this one on.
pub(super) fn history(
    connection: &Connection,
    instance: InstanceId,
    from: Seq,
    limit: usize,
) -> Result<Vec<Record>, Problem> {
    let Some(last) = last(connection, instance)? else { return Ok(Vec::new()) };
    let to = from.max(1).saturating_add(limit as u64).saturating_sub(1);
    if last.1 > to.saturating_add(MILESTONE)
        && let Some(near) = milestone(connection, instance, to)?
    {
        let found = back_from(connection, instance, near, from, limit)?;
        // Fewer may be there because those long ago were deleted, and then later ones are asked for.
        if found.len() == limit {
            return Ok(found);
        }
    }
    back_from(connection, instance, last, from, limit)
}

/// A milestone at this step, or the next behind it.
fn milestone(
    connection: &Connection,
    instance: InstanceId,
    at: Seq,
) -> Result<Option<(i64, Seq)>, Problem> {
    let (first, last) = row_ids(instance);
    let mut statement = connection.prepare_cached(
        "SELECT step, id & 0xffffffff FROM milestones WHERE id BETWEEN ?1 AND ?2
         ORDER BY id LIMIT 1",
    )?;
    let ids = [first.saturating_add(integer(at)), last];
    Ok(statement.query_row(ids, |row| Ok((row.get(0)?, unsigned(row, 1)?))).optional()?)
}

/// The first steps of those from one to another that are there.
fn back_from(
    connection: &Connection,
    instance: InstanceId,
    (mut row, mut seq): (i64, Seq),
    from: Seq,
    limit: usize,
) -> Result<Vec<Record>, Problem> {
    let mut back = Back::new(connection)?;
    // Only the rows: bodies are read of those that are asked for.
    let mut found = VecDeque::new();
    while seq >= from.max(1) {
        let Some(prev) = back.prev(row, instance, seq)? else { break };
        found.push_front((row, seq));
        found.truncate(limit);
        (row, seq) = (prev, seq - 1);
    }
    let mut records = Vec::with_capacity(found.len());
    for (row, seq) in found {
        records.extend(back.step(row, instance, seq)?.map(|link| link.record));
    }
    Ok(records)
}
