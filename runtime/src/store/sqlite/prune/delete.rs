//! Deleting rows, in the thread of the writer.

use super::{Found, Old};
use crate::store::sqlite::problem::Problem;
use crate::store::sqlite::session::Session;
use crate::store::sqlite::steps;
use crate::store::sqlite::text::{integer, row_ids, rows as most, unsigned};
use crate::store::{InstanceId, Kept};
use rusqlite::{Connection, OptionalExtension, params};

/// So many bytes are deleted in one transaction, and not many more: some milliseconds, also where they
/// are read from the disk for that.
const BYTES: u64 = 4 << 20;

/// How far the deleting has come.
#[derive(Clone, Copy, Default)]
pub(super) struct Done {
    /// So many rows were deleted.
    pub(super) rows: usize,
    /// There is nothing more to be deleted, or as many rows are as may be.
    pub(super) is_all: bool,
    steps: usize,
    others: bool,
    ended: usize,
}

/// What may still be deleted in a transaction.
struct Left {
    rows: usize,
    bytes: u64,
}

impl Left {
    fn spend(&mut self, rows: usize, bytes: u64) {
        self.rows = self.rows.saturating_sub(rows);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn is_spent(&self) -> bool {
        self.rows == 0 || self.bytes == 0
    }
}

/// Deletes some of what was found, behind what is done.
pub(super) fn some(
    session: &mut Session<'_>,
    found: &Found,
    kept: &Kept,
    limit: usize,
    mut done: Done,
) -> Result<Done, Problem> {
    let connection = session.statements.connection;
    let mut left = Left { rows: limit - done.rows, bytes: BYTES };
    done.steps += steps(connection, &found.steps[done.steps..], &mut left)?;
    if done.steps == found.steps.len() && !done.others {
        others(connection, found, &mut left)?;
        done.others = true;
    }
    while done.others
        && !left.is_spent()
        && let Some(id) = found.ended.get(done.ended)
    {
        match instance(connection, *id, kept, &mut left)? {
            Ended::Gone => session.forget_instance(*id),
            Ended::Not => {}
            Ended::There => break,
        }
        done.ended += 1;
    }
    done.rows = limit - left.rows;
    done.is_all = left.rows == 0 || (done.others && done.ended == found.ended.len());
    Ok(done)
}

/// Deletes the first of these steps; gives how many.
fn steps(connection: &Connection, steps: &[Old], left: &mut Left) -> Result<usize, Problem> {
    let mut step = connection.prepare_cached("DELETE FROM journal WHERE id = ?1")?;
    let mut milestone = connection.prepare_cached("DELETE FROM milestones WHERE id = ?1")?;
    let mut count = 0;
    for old in steps {
        if left.is_spent() {
            break;
        }
        left.spend(step.execute([old.row])?, old.bytes);
        if let Some(row) = old.milestone {
            milestone.execute([row])?;
        }
        count += 1;
    }
    Ok(count)
}

/// What is small and belongs to instances that go on.
fn others(connection: &Connection, found: &Found, left: &mut Left) -> Result<(), Problem> {
    let mut answers =
        connection.prepare_cached("DELETE FROM answers WHERE instance = ?1 AND message_id = ?2")?;
    for (instance, message) in &found.answers {
        left.spend(answers.execute(params![instance, message])?, 0);
    }
    let mut inbox = connection.prepare_cached("DELETE FROM inbox WHERE id = ?1")?;
    for id in &found.inbox {
        left.spend(inbox.execute([id])?, 0);
    }
    let mut tasks = connection.prepare_cached(
        "DELETE FROM tasks WHERE instance = ?1 AND invocation = ?2 AND closed IS NOT NULL",
    )?;
    for (instance, invocation) in &found.tasks {
        left.spend(tasks.execute([instance, invocation])?, 0);
    }
    let mut events = connection.prepare_cached("DELETE FROM task_events WHERE id = ?1")?;
    for id in &found.task_events {
        left.spend(events.execute([id])?, 0);
    }
    Ok(())
}

/// What became of an instance that has ended.
enum Ended {
    Gone,
    /// Some of it is there, as enough was deleted.
    There,
    /// It has not ended, or is not there.
    Not,
}

/// Deletes as much of an instance that has ended as may be. The instance goes last, so that what a
/// limit leaves is found again.
fn instance(
    connection: &Connection,
    id: InstanceId,
    kept: &Kept,
    left: &mut Left,
) -> Result<Ended, Problem> {
    let mut has_ended = connection.prepare_cached(
        "SELECT coalesce(octet_length(snapshot), 0) FROM instances
         WHERE id = ?1 AND status <> 'running' AND status <> 'parked' AND changed < ?2
            AND id NOT IN (SELECT instance FROM running)
            AND NOT EXISTS (SELECT 1 FROM answers WHERE instance = ?1 AND at >= ?3)",
    )?;
    let since = (integer(kept.finished_since), integer(kept.answers_since));
    let ended = has_ended.query_row([integer(id), since.0, since.1], |row| unsigned(row, 0));
    let Some(snapshot) = ended.optional()? else { return Ok(Ended::Not) };
    journal(connection, id, left)?;
    outputs(connection, id, left)?;
    let mut answers = connection.prepare_cached(
        "DELETE FROM answers WHERE (instance, message_id) IN (
            SELECT instance, message_id FROM answers WHERE instance = ?1 LIMIT ?2)",
    )?;
    left.spend(answers.execute([integer(id), most(left.rows)])?, 0);
    let mut tasks = connection.prepare_cached(
        "DELETE FROM tasks WHERE (instance, invocation) IN (
            SELECT instance, invocation FROM tasks WHERE instance = ?1 LIMIT ?2)",
    )?;
    left.spend(tasks.execute([integer(id), most(left.rows)])?, 0);
    if left.is_spent() {
        return Ok(Ended::There);
    }
    let (first, last) = row_ids(id);
    let mut milestones =
        connection.prepare_cached("DELETE FROM milestones WHERE id BETWEEN ?1 AND ?2")?;
    milestones.execute([first, last])?;
    let rest = [
        // Its number is not given again: what it did in the world goes by it.
        "UPDATE meta SET value = max(value, ?1 + 1) WHERE name = 'next_instance'",
        "DELETE FROM timers WHERE instance = ?1",
        "DELETE FROM instances WHERE id = ?1",
    ];
    for sql in rest {
        connection.prepare_cached(sql)?.execute([integer(id)])?;
    }
    left.spend(1, snapshot);
    Ok(Ended::Gone)
}

/// Deletes the last steps of an instance, which has fewer then.
fn journal(connection: &Connection, id: InstanceId, left: &mut Left) -> Result<(), Problem> {
    let Some((mut row, mut seq)) = steps::last(connection, id)? else { return Ok(()) };
    let mut back = connection.prepare_cached(
        "SELECT prev, octet_length(record) FROM journal
         WHERE id = ?1 AND instance = ?2 AND seq = ?3",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM journal WHERE id = ?1")?;
    while !left.is_spent() {
        let step = params![row, integer(id), integer(seq)];
        let found = back.query_row(step, |row| Ok((row.get(0)?, unsigned(row, 1)?)));
        let Some((prev, bytes)) = found.optional()? else { break };
        left.spend(delete.execute([row])?, bytes);
        (row, seq) = (prev, seq - 1);
    }
    let mut shorten =
        connection.prepare_cached("UPDATE instances SET last = ?2, seq = ?3 WHERE id = ?1")?;
    shorten.execute(params![integer(id), row, integer(seq)])?;
    Ok(())
}

fn outputs(connection: &Connection, id: InstanceId, left: &mut Left) -> Result<(), Problem> {
    let (first, last) = row_ids(id);
    let mut next = connection.prepare_cached(
        "SELECT id, octet_length(output) FROM outputs WHERE id BETWEEN ?1 AND ?2
         ORDER BY id LIMIT 1",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM outputs WHERE id = ?1")?;
    while !left.is_spent() {
        let found = next.query_row([first, last], |row| Ok((row.get(0)?, unsigned(row, 1)?)));
        let Some((row, bytes)) = found.optional()? else { break };
        let row: i64 = row;
        left.spend(delete.execute([row])?, bytes);
    }
    Ok(())
}
