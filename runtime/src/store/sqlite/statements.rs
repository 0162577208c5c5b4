//! What the writer says to SQLite, prepared once.

use super::problem::Problem;
use super::text::{integer, number, row_ids, unsigned};
use crate::store::progress::Progress;
use crate::store::{InstanceId, Status};
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};

macro_rules! statements {
    ($($(#[$about:meta])* $name:ident: $sql:expr;)*) => {
        /// The statements of the writer.
        pub(super) struct Statements<'c> {
            /// For what is said seldom.
            pub(super) connection: &'c Connection,
            $($(#[$about])* pub(super) $name: Statement<'c>,)*
        }

        impl<'c> Statements<'c> {
            pub(super) fn new(connection: &'c Connection) -> Result<Self, Problem> {
                Ok(Self { connection, $($name: connection.prepare($sql)?,)* })
            }
        }

        #[cfg(test)]
        const ALL: &[&str] = &[$($sql),*];
    };
}

statements! {
    begin: "BEGIN IMMEDIATE";
    commit: "COMMIT";
    find_claim: "SELECT value FROM meta WHERE name = 'owner'";
    set_time: "UPDATE meta SET value = ?1 WHERE name = 'time'";
    find_machine: "SELECT id FROM machines WHERE name = ?1";
    insert_machine: "INSERT OR IGNORE INTO machines (name) VALUES (?1)";
    find_shape: "SELECT id FROM shapes WHERE machine = ?1 AND hash = ?2";
    insert_shape: "INSERT INTO shapes (machine, version, hash, body) VALUES (?1, ?2, ?3, ?4)";
    find_key: "SELECT 1 FROM instances WHERE machine = ?1 AND key = ?2";
    insert_instance: "INSERT INTO instances VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        ON CONFLICT (machine, key) DO NOTHING";
    rest: "UPDATE instances SET status = ?2, state = ?3, seq = ?4, last = ?5, changed = ?6,
        cause = ?7 WHERE id = ?1";
    rest_with_snapshot: "UPDATE instances SET status = ?2, state = ?3, seq = ?4, last = ?5,
        changed = ?6, cause = ?7, snapshot_seq = ?4, shape = ?8, snapshot = ?9 WHERE id = ?1";
    insert_step: "INSERT INTO journal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    insert_milestone: "INSERT INTO milestones VALUES (?1, ?2)";
    insert_output: "INSERT INTO outputs VALUES (?1, ?2, ?3)";
    insert_answer: "INSERT OR IGNORE INTO answers VALUES (?1, ?2, ?3, ?4)";
    put_task: "INSERT INTO tasks (instance, invocation, machine, key, name, role, user, claimed_by,
            opened, due, body)
        SELECT ?1, ?2, machine, key, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM instances WHERE id = ?1
        ON CONFLICT (instance, invocation) DO UPDATE SET name = excluded.name, role = excluded.role,
            user = excluded.user, claimed_by = excluded.claimed_by, opened = excluded.opened,
            due = excluded.due, body = excluded.body, closed = NULL, how = NULL";
    close_task: "UPDATE tasks SET closed = ?3, how = ?4
        WHERE instance = ?1 AND invocation = ?2 AND closed IS NULL";
    tell_task: "INSERT INTO task_events (at, news, instance, invocation, machine, key, name, how)
        SELECT ?3, ?4, instance, invocation, machine, key, name, ?5 FROM tasks
        WHERE instance = ?1 AND invocation = ?2";
    insert_running: "INSERT INTO running VALUES (?1, ?2, ?3)";
    set_running: "UPDATE running SET since = ?2, last = ?3 WHERE instance = ?1";
    delete_running: "DELETE FROM running WHERE instance = ?1";
    set_timer: "INSERT OR REPLACE INTO timers VALUES (?1, ?2)";
    delete_timer: "DELETE FROM timers WHERE instance = ?1";
    insert_message: super::inbox::INSERT;
    take_message: "UPDATE inbox SET answer = ?2, answered = ?3
        WHERE id = ?1 AND answered IS NULL";
    insert_letter: super::letters::INSERT;
    refuse_letter: super::letters::REFUSE;
    resend_letter: super::letters::RESEND;
    take_letter: super::letters::TAKE;
    abandon_letter: super::letters::ABANDON;
    find_dead: "SELECT 1 FROM letters WHERE id = ?1 AND dead = 1";
    find_progress: "SELECT i.seq, i.snapshot_seq, i.changed, i.status, i.last,
            r.instance IS NOT NULL,
            EXISTS (SELECT 1 FROM timers WHERE instance = i.id),
            (SELECT max(id) FROM outputs WHERE id BETWEEN ?2 AND ?3),
            j.id, j.seq, j.at
        FROM instances i
        LEFT JOIN running r ON r.instance = i.id
        LEFT JOIN journal j ON j.id = r.last AND j.instance = i.id AND j.seq > i.seq
        WHERE i.id = ?1";
}

/// An instance as its next commit needs it.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) progress: Progress,
    /// The row of its last step; 0 if there is none.
    pub(super) last: i64,
}

impl Statements<'_> {
    /// What is known of an instance, if it is there, but for steps that it made since it is known to
    /// run.
    pub(super) fn known(&mut self, id: InstanceId) -> Result<Option<Known>, Problem> {
        let (first, last) = row_ids(id);
        let row = params![integer(id), first, last];
        Ok(self.find_progress.query_row(row, known).optional()?)
    }
}

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    let progress = Progress {
        seq: unsigned(row, 0)?,
        snapshot_seq: unsigned(row, 1)?,
        // What is damaged must not keep its instance from being parked.
        changed: unsigned(row, 2).unwrap_or(0),
        status: row.get(3).unwrap_or(Status::Parked),
        running: row.get(5)?,
        timed: row.get(6)?,
        outputs: row.get::<_, Option<i64>>(7)?.map_or(0, number),
    };
    let mut known = Known { progress, last: row.get(4)? };
    if let Some(last) = row.get(8)? {
        known.last = last;
        known.progress.seq = unsigned(row, 9)?;
        known.progress.changed = unsigned(row, 10).unwrap_or(0);
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::super::layout::LAYOUTS;
    use super::super::options::Options;
    use super::*;

    /// What SQLite calls a table in memory costs as much as the row for which it is made.
    #[test]
    fn no_row_takes_a_table_in_memory() {
        let connection = Connection::open_in_memory().unwrap();
        LAYOUTS.iter().for_each(|layout| connection.execute_batch(layout).unwrap());
        Options::default().set_up(&connection).unwrap();
        let mut count = 0;
        for sql in ALL.iter().filter(|sql| !sql.starts_with("BEGIN")) {
            let mut explained = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
            let mut rows = explained.raw_query();
            while let Some(row) = rows.next().unwrap() {
                let operation: String = row.get("opcode").unwrap();
                assert_ne!(operation, "OpenEphemeral", "{sql}");
                count += 1;
            }
        }
        assert!(count > 500, "{count}");
    }
}
