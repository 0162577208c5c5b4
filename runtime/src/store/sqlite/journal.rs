//! The journal, as it is written: step behind step, in the order of commits.
//!
//! Were the steps of an instance side by side, each step would change a page of the file that only
//! its instance has, and a thousand instances that step at once would change a thousand pages: that
//! costs several times what the steps do. So each step has the number of the one before it, which
//! leads from the last one of an instance to all of them. The last one of an instance at rest is
//! known by the instance. Those of instances that run are in memory; after a crash they are found by
//! reading the end of the journal, which is bounded: instances that run for long are noted again.

use super::problem::Problem;
use super::statements::Statements;
use super::text::{integer, row_id};
use crate::store::{InstanceId, Millis, Record, Seq};
use rusqlite::{Connection, Row, params};
use std::collections::{BTreeSet, HashMap};

/// So many rows are read at most, and not many more, when the store is opened after a crash: some
/// tens of milliseconds.
const MOST: i64 = 64 * 1024;
/// So many instances are noted again in a transaction, and as many more as it has steps.
const NOTED: usize = 64;
/// Every so many steps there is a milestone.
pub(super) const MILESTONE: Seq = 64;

/// The journal as the writer knows it.
pub(super) struct Journal {
    /// The row that comes next.
    next: i64,
    /// The instances that run.
    running: HashMap<InstanceId, Running>,
    /// The same; first the one that was noted first.
    oldest: BTreeSet<(i64, InstanceId)>,
    /// The time of the last commit, as the last row or `meta` tells it.
    time: Millis,
    /// Rows that were added in this transaction.
    added: usize,
}

struct Running {
    since: i64,
    /// The row of its last step; 0 if there is none.
    last: i64,
    /// That step, if it was found behind `since` when the store was opened.
    found: Option<(Seq, Millis)>,
}

impl Journal {
    /// What is in the file.
    pub(super) fn read(connection: &Connection) -> Result<Self, Problem> {
        type Ends = (Option<i64>, Option<i64>, Option<i64>, i64);
        let sql = "SELECT (SELECT max(id) FROM journal), (SELECT max(since) FROM running),
            (SELECT committed FROM journal ORDER BY id DESC LIMIT 1),
            (SELECT value FROM meta WHERE name = 'time')";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let (last, since, committed, time): Ends = connection.query_row(sql, [], read)?;
        let mut journal = Self {
            // Behind all that was ever noted, also when rows at the end were deleted.
            next: last.map_or(1, |last| last + 1).max(since.unwrap_or(1)),
            running: HashMap::new(),
            oldest: BTreeSet::new(),
            time: time.max(committed.unwrap_or(0)).unsigned_abs(),
            added: 0,
        };
        journal.read_running(connection)?;
        journal.read_steps(connection)?;
        Ok(journal)
    }

    fn read_running(&mut self, connection: &Connection) -> Result<(), Problem> {
        let mut statement = connection.prepare("SELECT instance, since, last FROM running")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.note(row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?, row.get(2)?);
        }
        Ok(())
    }

    fn read_steps(&mut self, connection: &Connection) -> Result<(), Problem> {
        let Some((since, _)) = self.oldest.first() else { return Ok(()) };
        let sql = "SELECT id, instance, seq, at FROM journal WHERE id >= ?1 ORDER BY id";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([since])?;
        while let Some(row) = rows.next()? {
            let (id, instance): (i64, i64) = (row.get(0)?, row.get(1)?);
            if let Some(running) = self.running.get_mut(&instance.unsigned_abs())
                && running.since <= id
            {
                let (seq, at): (i64, i64) = (row.get(2)?, row.get(3)?);
                running.last = id;
                running.found = Some((seq.unsigned_abs(), at.unsigned_abs()));
            }
        }
        Ok(())
    }

    fn note(&mut self, id: InstanceId, since: i64, last: i64) {
        self.oldest.insert((since, id));
        self.running.insert(id, Running { since, last, found: None });
    }

    /// The row of the last step of a running instance, with its number and time, if it was found
    /// when the store was opened.
    pub(super) fn found(&self, id: InstanceId) -> Option<(i64, Seq, Millis)> {
        let running = self.running.get(&id)?;
        running.found.map(|(seq, at)| (running.last, seq, at))
    }

    /// The row of the last of so many steps that come next.
    pub(super) fn last_of(&self, steps: usize) -> i64 {
        self.next - 1 + i64::try_from(steps).unwrap_or(0)
    }

    /// An instance with this last step begins to run.
    pub(super) fn start(
        &mut self,
        statements: &mut Statements<'_>,
        id: InstanceId,
        last: i64,
    ) -> Result<(), Problem> {
        statements.insert_running.execute([integer(id), self.next, last])?;
        self.note(id, self.next, last);
        Ok(())
    }

    /// An instance runs no more.
    pub(super) fn end(
        &mut self,
        statements: &mut Statements<'_>,
        id: InstanceId,
    ) -> Result<(), Problem> {
        statements.delete_running.execute([integer(id)])?;
        if let Some(running) = self.running.remove(&id) {
            self.oldest.remove(&(running.since, id));
        }
        Ok(())
    }

    /// Adds steps of an instance behind its last one; gives the row of the last.
    pub(super) fn add(
        &mut self,
        statements: &mut Statements<'_>,
        instance: InstanceId,
        committed: Millis,
        records: &[Record],
        last: i64,
    ) -> Result<i64, Problem> {
        let mut prev = last;
        for Record { seq, at, state, body } in records {
            self.time = self.time.max(committed);
            statements.insert_step.execute(params![
                self.next,
                integer(instance),
                integer(*seq),
                prev,
                integer(*at),
                integer(self.time),
                state,
                body
            ])?;
            if seq.is_multiple_of(MILESTONE) {
                statements.insert_milestone.execute([row_id(instance, *seq), self.next])?;
            }
            prev = self.next;
            self.next += 1;
        }
        self.added += records.len();
        if let Some(running) = self.running.get_mut(&instance) {
            running.last = prev;
        }
        Ok(prev)
    }

    /// At the end of a transaction with a last commit of this time.
    pub(super) fn end_transaction(
        &mut self,
        statements: &mut Statements<'_>,
        time: Millis,
    ) -> Result<(), Problem> {
        self.note_again(statements)?;
        self.added = 0;
        if time > self.time {
            self.time = time;
            statements.set_time.execute([integer(time)])?;
        }
        Ok(())
    }

    /// Notes the last step of those that have been running for long, so that the way back to what
    /// was noted stays short.
    fn note_again(&mut self, statements: &mut Statements<'_>) -> Result<(), Problem> {
        for _ in 0..NOTED + self.added {
            let Some((since, id)) = self.oldest.first().copied() else { break };
            if self.next - since <= MOST {
                break;
            }
            self.oldest.remove(&(since, id));
            if let Some(running) = self.running.get_mut(&id) {
                running.since = self.next;
                self.oldest.insert((self.next, id));
                statements.set_running.execute([integer(id), self.next, running.last])?;
            }
        }
        Ok(())
    }

    /// Has the time written, as rows are deleted, and the last one may tell it.
    pub(super) fn tell_time(&mut self, statements: &mut Statements<'_>) -> Result<(), Problem> {
        statements.set_time.execute([integer(self.time)])?;
        Ok(())
    }
}
