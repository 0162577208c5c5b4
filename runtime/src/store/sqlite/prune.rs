//! Deleting what need not be kept.
//!
//! What may go is looked for through a connection for reading, so that commits do not wait for it.
//! The writer then deletes rows that are named one by one, which is quick. Between the two nothing
//! can come back to life: steps do not change, snapshots only get younger, and whether an instance
//! has ended is asked again.

use super::problem::Problem;
use super::read::last_time;
use super::readers::Readers;
use super::text::{integer, row_ids, rows, unsigned};
use super::writer::Writer;
use crate::store::{INBOX_KEPT, InstanceId, Kept, Millis, StoreError};
use rusqlite::{Connection, OptionalExtension, params};

/// So many rows are looked at in one go, so that the log of SQLite can begin again between.
const LOOK: usize = 10_000;

/// Rows that may go.
#[derive(Default)]
struct Found {
    /// First and last of steps in a row.
    journal: Vec<(i64, i64)>,
    answers: Vec<(i64, String)>,
    inbox: Vec<i64>,
    ended: Vec<InstanceId>,
    /// How many rows these are, but for those of what has ended.
    rows: usize,
}

pub(super) fn prune(
    readers: &Readers,
    writer: &Writer,
    kept: &Kept,
    limit: usize,
) -> Result<u64, StoreError> {
    let mut found = Found::default();
    let mut after = Some(0);
    while let Some(id) = after.filter(|_| found.rows < limit) {
        after = readers.read(|c| journal(c, kept.journal_since, id, limit, &mut found))?;
    }
    let mut after = Some((0, String::new()));
    while let Some(key) = after.take_if(|_| found.rows < limit) {
        after = readers.read(|c| answers(c, kept.answers_since, &key, limit, &mut found))?;
    }
    readers.read(|connection| inbox(connection, limit, &mut found))?;
    if found.rows < limit {
        found.ended = readers.read(|c| ended(c, kept.finished_since, limit - found.rows))?;
    }
    if found.rows == 0 && found.ended.is_empty() {
        return Ok(0);
    }
    let since = kept.finished_since;
    writer.call(move |session| {
        let mut left = limit;
        delete(session.statements.connection, &found, &mut left)?;
        for id in &found.ended {
            if delete_instance(session.statements.connection, *id, since, &mut left)? {
                session.forget_instance(*id);
            }
        }
        Ok((limit - left) as u64)
    })
}

/// Steps in snapshots, of instances behind a row of the journal; gives the row to go on behind.
fn journal(
    connection: &Connection,
    since: Millis,
    after: i64,
    limit: usize,
    found: &mut Found,
) -> Result<Option<i64>, Problem> {
    let mut first = connection
        .prepare_cached("SELECT id, at FROM journal WHERE id > ?1 ORDER BY id LIMIT 1")?;
    let mut last = connection.prepare_cached("SELECT snapshot_seq FROM instances WHERE id = ?1")?;
    let mut old = connection.prepare_cached(
        "SELECT id, at FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
    )?;
    let since = integer(since);
    let mut after = after;
    for _ in 0..LOOK {
        let next = first.query_row([after], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((id, at)): Option<(i64, i64)> = next else { return Ok(None) };
        let instance = id >> 32;
        after = instance << 32 | 0xffff_ffff;
        if at >= since {
            continue;
        }
        let snapshot: Option<i64> = last.query_row([instance], |row| row.get(0)).optional()?;
        let end = (instance << 32) + snapshot.unwrap_or(0);
        let mut steps = old.query(params![id, end, rows(limit - found.rows)])?;
        let mut range: Option<(i64, i64)> = None;
        while let Some(step) = steps.next()? {
            if step.get::<_, i64>(1)? >= since {
                break;
            }
            range = Some((id, step.get(0)?));
            found.rows += 1;
        }
        found.journal.extend(range);
        if found.rows == limit {
            break;
        }
    }
    Ok(Some(after))
}

/// Old answers behind one; gives the one to go on behind.
fn answers(
    connection: &Connection,
    since: Millis,
    after: &(i64, String),
    limit: usize,
    found: &mut Found,
) -> Result<Option<(i64, String)>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT instance, message_id, at FROM answers WHERE (instance, message_id) > (?1, ?2)
         ORDER BY instance, message_id LIMIT ?3",
    )?;
    let mut answers = statement.query(params![after.0, after.1, rows(LOOK)])?;
    let mut seen = 0;
    let mut last = None;
    while let Some(answer) = answers.next()? {
        let key = (answer.get(0)?, answer.get(1)?);
        if answer.get::<_, i64>(2)? < integer(since) {
            found.answers.push(key.clone());
            found.rows += 1;
        }
        seen += 1;
        last = Some(key);
        if found.rows == limit {
            return Ok(None);
        }
    }
    Ok(last.filter(|_| seen == LOOK))
}

/// Messages that were taken long before the last commit.
fn inbox(connection: &Connection, limit: usize, found: &mut Found) -> Result<(), Problem> {
    let since = last_time(connection)?.saturating_sub(INBOX_KEPT);
    let mut statement =
        connection.prepare_cached("SELECT id FROM inbox WHERE answered < ?1 LIMIT ?2")?;
    let old = statement
        .query_map(params![integer(since), rows(limit - found.rows)], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    found.rows += old.len();
    found.inbox = old;
    Ok(())
}

fn ended(connection: &Connection, since: Millis, limit: usize) -> Result<Vec<InstanceId>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM instances
         WHERE status IN ('finished', 'abandoned') AND changed < ?1
            AND id NOT IN (SELECT instance FROM running) LIMIT ?2",
    )?;
    let old = statement.query_map(params![integer(since), rows(limit)], |row| unsigned(row, 0))?;
    Ok(old.collect::<Result<_, _>>()?)
}

fn delete(connection: &Connection, found: &Found, left: &mut usize) -> Result<(), Problem> {
    let mut journal =
        connection.prepare_cached("DELETE FROM journal WHERE id BETWEEN ?1 AND ?2")?;
    for (first, last) in &found.journal {
        *left = left.saturating_sub(journal.execute([first, last])?);
    }
    let mut answers =
        connection.prepare_cached("DELETE FROM answers WHERE instance = ?1 AND message_id = ?2")?;
    for (instance, message) in &found.answers {
        *left = left.saturating_sub(answers.execute(params![instance, message])?);
    }
    let mut inbox = connection.prepare_cached("DELETE FROM inbox WHERE id = ?1")?;
    for id in &found.inbox {
        *left = left.saturating_sub(inbox.execute([id])?);
    }
    Ok(())
}

/// Deletes as much of an instance that has ended as may be; true if nothing of it is left. The
/// instance goes last, so that what a limit leaves is found again.
fn delete_instance(
    connection: &Connection,
    id: InstanceId,
    since: Millis,
    left: &mut usize,
) -> Result<bool, Problem> {
    let mut has_ended = connection.prepare_cached(
        "SELECT 1 FROM instances
         WHERE id = ?1 AND status IN ('finished', 'abandoned') AND changed < ?2
            AND id NOT IN (SELECT instance FROM running)",
    )?;
    if !has_ended.exists([integer(id), integer(since)])? {
        return Ok(false);
    }
    let (first, last) = row_ids(id);
    let parts = [
        (
            "DELETE FROM journal WHERE id IN (
            SELECT id FROM journal WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
            first,
            last,
        ),
        (
            "DELETE FROM outputs WHERE id IN (
            SELECT id FROM outputs WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
            first,
            last,
        ),
        (
            "DELETE FROM answers WHERE (instance, message_id) IN (
            SELECT instance, message_id FROM answers WHERE instance BETWEEN ?1 AND ?2 LIMIT ?3)",
            integer(id),
            integer(id),
        ),
    ];
    for (sql, first, last) in parts {
        let deleted = connection.prepare_cached(sql)?.execute([first, last, rows(*left)])?;
        *left = left.saturating_sub(deleted);
    }
    if *left == 0 {
        return Ok(false);
    }
    // Its number is not given again: what it did in the world goes by it.
    let rest = [
        "UPDATE meta SET value = max(value, ?1 + 1) WHERE name = 'next_instance'",
        "DELETE FROM timers WHERE instance = ?1",
        "DELETE FROM instances WHERE id = ?1",
    ];
    for sql in rest {
        connection.prepare_cached(sql)?.execute([integer(id)])?;
    }
    *left -= 1;
    Ok(true)
}
