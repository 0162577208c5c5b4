//! What may be deleted.

use super::{Found, Old};
use crate::store::sqlite::journal::MILESTONE;
use crate::store::sqlite::problem::Problem;
use crate::store::sqlite::read::last_time;
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::tasks;
use crate::store::sqlite::text::{integer, row_id, rows, unsigned};
use crate::store::{INBOX_KEPT, InstanceId, Kept, Millis, Seq, StoreError};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// So many rows are looked at in one go, so that the log of SQLite can begin again between.
const LOOK: usize = 10_000;

/// Steps stand in the order of commits, which is nearly that of their times: behind so many young
/// ones in a row no old one is looked for.
const YOUNG: usize = 4096;

/// Rows that may be deleted, at most so many.
pub(super) fn all(readers: &Readers, kept: &Kept, limit: usize) -> Result<Found, StoreError> {
    let mut found = Found::default();
    let mut pass = Steps { since: kept.journal_since, ..Steps::default() };
    while found.rows < limit && readers.read(|c| pass.go_on(c, limit, &mut found))? {}
    let mut after = Some((0, String::new()));
    while let Some(key) = after.take_if(|_| found.rows < limit) {
        after = readers.read(|c| answers(c, kept.answers_since, &key, limit, &mut found))?;
    }
    readers.read(|connection| inbox(connection, limit, &mut found))?;
    let left = limit - found.rows;
    (found.tasks, found.task_events) = readers.read(|c| tasks::old(c, kept, left))?;
    found.rows += found.tasks.len() + found.task_events.len();
    if found.rows < limit {
        found.ended = readers.read(|c| ended(c, kept, limit - found.rows))?;
    }
    Ok(found)
}

/// A way through the journal from its beginning.
#[derive(Default)]
struct Steps {
    since: Millis,
    after: i64,
    /// So many young steps in a row were seen.
    young: usize,
    /// Instances of which a step is kept, and so all behind it are.
    kept: HashSet<InstanceId>,
    /// The last steps in their snapshots, of instances that are there.
    snapshots: HashMap<InstanceId, Option<Seq>>,
}

impl Steps {
    /// Looks at some more steps; false if there are no more.
    fn go_on(
        &mut self,
        connection: &Connection,
        limit: usize,
        found: &mut Found,
    ) -> Result<bool, Problem> {
        let mut statement = connection.prepare_cached(
            "SELECT id, instance, seq, at, octet_length(record) FROM journal
             WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let mut steps = statement.query(params![self.after, rows(LOOK)])?;
        let mut seen = 0;
        while let Some(step) = steps.next()? {
            self.after = step.get(0)?;
            let (id, seq, at) = (unsigned(step, 1)?, unsigned(step, 2)?, unsigned(step, 3)?);
            if self.may_go(connection, id, seq, at)? {
                let milestone = seq.is_multiple_of(MILESTONE).then(|| row_id(id, seq));
                found.steps.push(Old { row: self.after, bytes: unsigned(step, 4)?, milestone });
                found.rows += 1;
            }
            seen += 1;
            if found.rows == limit || self.young == YOUNG {
                return Ok(false);
            }
        }
        Ok(seen == LOOK)
    }

    fn may_go(
        &mut self,
        connection: &Connection,
        id: InstanceId,
        seq: Seq,
        at: Millis,
    ) -> Result<bool, Problem> {
        self.young = if at < self.since { 0 } else { self.young + 1 };
        if at >= self.since {
            self.kept.insert(id);
        }
        if self.kept.contains(&id) {
            return Ok(false);
        }
        let snapshot = match self.snapshots.get(&id) {
            Some(snapshot) => *snapshot,
            None => {
                // Who looks after one that is parked wants to know what has led there.
                let mut statement = connection.prepare_cached(
                    "SELECT CASE status WHEN 'parked' THEN 0 ELSE snapshot_seq END
                     FROM instances WHERE id = ?1",
                )?;
                let found = statement.query_row([integer(id)], |row| unsigned(row, 0));
                *self.snapshots.entry(id).or_insert(found.optional()?)
            }
        };
        // What belongs to nobody any more may go too.
        let may_go = snapshot.is_none_or(|snapshot| seq <= snapshot);
        if !may_go {
            self.kept.insert(id);
        }
        Ok(may_go)
    }
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

fn ended(connection: &Connection, kept: &Kept, limit: usize) -> Result<Vec<InstanceId>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM instances
         WHERE status <> 'running' AND status <> 'parked' AND changed < ?1
            AND id NOT IN (SELECT instance FROM running)
            AND NOT EXISTS (SELECT 1 FROM answers WHERE instance = instances.id AND at >= ?3)
         LIMIT ?2",
    )?;
    let since = (integer(kept.finished_since), integer(kept.answers_since));
    let old =
        statement.query_map(params![since.0, rows(limit), since.1], |row| unsigned(row, 0))?;
    Ok(old.collect::<Result<_, _>>()?)
}
