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
    };
}

statements! {
    begin: "BEGIN IMMEDIATE";
    commit: "COMMIT";
    /// Writes nothing if somebody else has claimed the store since.
    set_time: "UPDATE meta SET value = max(value, ?1) WHERE name = 'time'
        AND ?2 = (SELECT value FROM meta WHERE name = 'owner')";
    find_machine: "SELECT id FROM machines WHERE name = ?1";
    insert_machine: "INSERT OR IGNORE INTO machines (name) VALUES (?1)";
    find_shape: "SELECT id FROM shapes WHERE machine = ?1 AND hash = ?2";
    insert_shape: "INSERT INTO shapes (machine, version, hash, body) VALUES (?1, ?2, ?3, ?4)";
    find_key: "SELECT 1 FROM instances WHERE machine = ?1 AND key = ?2";
    insert_instance: "INSERT INTO instances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (machine, key) DO NOTHING";
    rest: "UPDATE instances SET status = ?2, state = ?3, seq = ?4, changed = ?5, cause = ?6
        WHERE id = ?1";
    rest_with_snapshot: "UPDATE instances SET status = ?2, state = ?3, seq = ?4, snapshot_seq = ?4,
        changed = ?5, cause = ?6, shape = ?7, snapshot = ?8 WHERE id = ?1";
    insert_record: "INSERT INTO journal VALUES (?1, ?2, ?3, ?4)";
    insert_output: "INSERT INTO outputs VALUES (?1, ?2, ?3)";
    insert_answer: "INSERT OR IGNORE INTO answers VALUES (?1, ?2, ?3, ?4)";
    insert_running: "INSERT OR IGNORE INTO running VALUES (?1)";
    delete_running: "DELETE FROM running WHERE instance = ?1";
    set_timer: "INSERT OR REPLACE INTO timers VALUES (?1, ?2)";
    delete_timer: "DELETE FROM timers WHERE instance = ?1";
    insert_message: super::inbox::INSERT;
    take_message: "UPDATE inbox SET answer = ?2, answered = ?3
        WHERE id = ?1 AND answered IS NULL";
    find_progress: "SELECT i.seq, i.snapshot_seq, i.changed, i.status,
            EXISTS (SELECT 1 FROM running WHERE instance = i.id),
            EXISTS (SELECT 1 FROM timers WHERE instance = i.id),
            (SELECT max(id) FROM outputs WHERE id BETWEEN ?2 AND ?3),
            j.id, j.at
        FROM instances i
        LEFT JOIN journal j ON j.id = (SELECT max(id) FROM journal WHERE id BETWEEN ?2 AND ?3)
        WHERE i.id = ?1";
}

impl Statements<'_> {
    /// How far an instance is, if it is there.
    pub(super) fn progress(&mut self, id: InstanceId) -> Result<Option<Progress>, Problem> {
        let (first, last) = row_ids(id);
        let row = params![integer(id), first, last];
        Ok(self.find_progress.query_row(row, progress).optional()?)
    }
}

fn progress(row: &Row<'_>) -> rusqlite::Result<Progress> {
    let mut progress = Progress {
        seq: unsigned(row, 0)?,
        snapshot_seq: unsigned(row, 1)?,
        // What is damaged must not keep its instance from being parked.
        changed: unsigned(row, 2).unwrap_or(0),
        status: row.get(3).unwrap_or(Status::Parked),
        running: row.get(4)?,
        timed: row.get(5)?,
        outputs: row.get::<_, Option<i64>>(6)?.map_or(0, number),
    };
    // Of an instance that runs, the row is as of its last rest.
    if let Some(last) = row.get::<_, Option<i64>>(7)?.map(number)
        && last > progress.seq
    {
        progress.seq = last;
        progress.changed = unsigned(row, 8).unwrap_or(0);
    }
    Ok(progress)
}
