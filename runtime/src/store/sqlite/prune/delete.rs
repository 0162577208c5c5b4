//! Deleting rows, in the thread of the writer.

use super::Found;
use crate::store::sqlite::problem::Problem;
use crate::store::sqlite::steps::{self, Back};
use crate::store::sqlite::text::{integer, row_ids, rows as most};
use crate::store::{InstanceId, Kept};
use rusqlite::{Connection, params};

pub(super) fn rows(
    connection: &Connection,
    found: &Found,
    left: &mut usize,
) -> Result<(), Problem> {
    let mut step = connection.prepare_cached("DELETE FROM journal WHERE id = ?1")?;
    for id in &found.steps {
        *left = left.saturating_sub(step.execute([id])?);
    }
    let mut milestone = connection.prepare_cached("DELETE FROM milestones WHERE id = ?1")?;
    for id in &found.milestones {
        milestone.execute([id])?;
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
    let mut tasks = connection.prepare_cached(
        "DELETE FROM tasks WHERE instance = ?1 AND invocation = ?2 AND closed IS NOT NULL",
    )?;
    for (instance, invocation) in &found.tasks {
        *left = left.saturating_sub(tasks.execute([instance, invocation])?);
    }
    let mut events = connection.prepare_cached("DELETE FROM task_events WHERE id = ?1")?;
    for id in &found.task_events {
        *left = left.saturating_sub(events.execute([id])?);
    }
    Ok(())
}

/// Deletes as much of an instance that has ended as may be; true if nothing of it is left. The
/// instance goes last, so that what a limit leaves is found again.
pub(super) fn instance(
    connection: &Connection,
    id: InstanceId,
    kept: &Kept,
    left: &mut usize,
) -> Result<bool, Problem> {
    let mut has_ended = connection.prepare_cached(
        "SELECT 1 FROM instances
         WHERE id = ?1 AND status <> 'running' AND status <> 'parked' AND changed < ?2
            AND id NOT IN (SELECT instance FROM running)
            AND NOT EXISTS (SELECT 1 FROM answers WHERE instance = ?1 AND at >= ?3)",
    )?;
    let since = (integer(kept.finished_since), integer(kept.answers_since));
    if !has_ended.exists([integer(id), since.0, since.1])? {
        return Ok(false);
    }
    journal(connection, id, left)?;
    let (first, last) = row_ids(id);
    let mut outputs = connection.prepare_cached(
        "DELETE FROM outputs WHERE id IN (
            SELECT id FROM outputs WHERE id BETWEEN ?1 AND ?2 LIMIT ?3)",
    )?;
    *left = left.saturating_sub(outputs.execute([first, last, most(*left)])?);
    let mut answers = connection.prepare_cached(
        "DELETE FROM answers WHERE (instance, message_id) IN (
            SELECT instance, message_id FROM answers WHERE instance = ?1 LIMIT ?2)",
    )?;
    *left = left.saturating_sub(answers.execute([integer(id), most(*left)])?);
    let mut tasks = connection.prepare_cached(
        "DELETE FROM tasks WHERE (instance, invocation) IN (
            SELECT instance, invocation FROM tasks WHERE instance = ?1 LIMIT ?2)",
    )?;
    *left = left.saturating_sub(tasks.execute([integer(id), most(*left)])?);
    if *left == 0 {
        return Ok(false);
    }
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
    *left -= 1;
    Ok(true)
}

/// Deletes the last steps of an instance, which has fewer then.
fn journal(connection: &Connection, id: InstanceId, left: &mut usize) -> Result<(), Problem> {
    let Some((mut row, mut seq)) = steps::last(connection, id)? else { return Ok(()) };
    let mut back = Back::new(connection)?;
    let mut delete = connection.prepare_cached("DELETE FROM journal WHERE id = ?1")?;
    while *left > 0
        && let Some(prev) = back.prev(row, id, seq)?
    {
        *left = left.saturating_sub(delete.execute([row])?);
        (row, seq) = (prev, seq - 1);
    }
    let mut shorten =
        connection.prepare_cached("UPDATE instances SET last = ?2, seq = ?3 WHERE id = ?1")?;
    shorten.execute([integer(id), row, integer(seq)])?;
    Ok(())
}
