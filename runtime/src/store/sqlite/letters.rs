//! What is on its way between instances.

use super::problem::Problem;
use super::session::Session;
use super::text::{integer, lossy, rows, unsigned};
use crate::store::letters::{not_free, not_owed};
use crate::store::{
    Letter, LetterChange, LetterId, LetterKind, LetterRow, Letters, Millis, Sender,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(super) const INSERT: &str = "INSERT OR IGNORE INTO letters VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '[]', ?9)";
pub(super) const REFUSE: &str = "UPDATE letters
    SET dead = 1, refusals = json_insert(refusals, '$[#]', json_array(?2, ?3))
    WHERE id = ?1 AND dead = 0";
pub(super) const RESEND: &str =
    "UPDATE letters SET dead = 0, body = coalesce(?2, body) WHERE id = ?1 AND dead = 1";
pub(super) const TAKE: &str = "DELETE FROM letters WHERE id = ?1 AND dead = 0";
pub(super) const ABANDON: &str = "DELETE FROM letters WHERE id = ?1 AND dead = 1";

impl Session<'_> {
    /// Whether the letters that persons decide about are dead, so that they can.
    pub(super) fn are_dead(&mut self, changes: &[LetterChange]) -> Result<bool, Problem> {
        for change in changes.iter().filter(|change| change.wants_dead() == Some(true)) {
            let dead = self.statements.find_dead.exists([integer(change.id())])?;
            if !dead {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn change_letter(
        &mut self,
        change: &LetterChange,
        at: Millis,
    ) -> Result<(), Problem> {
        let id = integer(change.id());
        let statements = &mut self.statements;
        let changed = match change {
            LetterChange::Sent(letter) => {
                let Letter { at, sender, machine, key, kind, body, .. } = letter;
                let Sender { machine: of, key: by, instance } = sender;
                let (at, instance) = (integer(*at), integer(*instance));
                let row = params![id, at, of, by, instance, machine, key, kind, body];
                if statements.insert_letter.execute(row)? == 0 {
                    return Err(Problem::Refused(not_free(letter.id)));
                }
                1
            }
            LetterChange::Taken(_) => statements.take_letter.execute([id])?,
            LetterChange::Refused(_, cause) => {
                statements.refuse_letter.execute(params![id, integer(at), cause])?
            }
            LetterChange::Resent(_, body) => statements.resend_letter.execute(params![id, body])?,
            LetterChange::Abandoned(_) => statements.abandon_letter.execute([id])?,
        };
        match changed {
            1 => Ok(()),
            _ => Err(Problem::Refused(not_owed(change.id()))),
        }
    }
}

/// The first number that no letter has or has had.
pub(super) fn next(connection: &Connection) -> Result<LetterId, Problem> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'letters'";
    let mut statement = connection.prepare_cached(sql)?;
    let last: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(last.map_or(1, |last| last.unsigned_abs() + 1))
}

pub(super) fn list(connection: &Connection, wanted: &Letters) -> Result<Vec<LetterRow>, Problem> {
    let limit = if wanted.limit == 0 { -1 } else { rows(wanted.limit) };
    // What is known is written out, so that the partial indexes are used.
    let dead = match wanted.is_dead {
        Some(true) => " AND dead = 1",
        Some(false) => " AND dead = 0",
        None => "",
    };
    let receiver = match (&wanted.machine, &wanted.key) {
        (Some(_), Some(_)) => " AND machine = ?3 AND key = ?4",
        (Some(_), None) => " AND machine = ?3 AND ?4 IS NULL",
        (None, Some(_)) => " AND ?3 IS NULL AND key = ?4",
        (None, None) => " AND ?3 IS NULL AND ?4 IS NULL",
    };
    let sql = format!(
        "SELECT id, at, sender_machine, sender_key, sender, machine, key, kind, dead, refusals, body
         FROM letters WHERE id > ?1{dead}{receiver} ORDER BY id LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let params = params![integer(wanted.after), limit, wanted.machine, wanted.key];
    let found = statement.query_map(params, row)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn row(row: &Row<'_>) -> rusqlite::Result<LetterRow> {
    let sender =
        Sender { machine: lossy(row, 2)?, key: lossy(row, 3)?, instance: unsigned(row, 4)? };
    let letter = Letter {
        id: unsigned(row, 0)?,
        at: unsigned(row, 1)?,
        sender,
        machine: lossy(row, 5)?,
        key: lossy(row, 6)?,
        kind: row.get::<_, LetterKind>(7)?,
        body: lossy(row, 10)?,
    };
    // What is damaged in the history of a letter does not keep the letter from going on.
    let refusals = serde_json::from_str(&lossy(row, 9)?).unwrap_or_default();
    Ok(LetterRow { letter, refusals, is_dead: row.get::<_, i64>(8)? == 1 })
}
