//! Messages that other programs leave.

use super::connect::{Access, connect};
use super::files::Place;
use super::problem::Problem;
use super::text::{integer, lossy, optional_lossy, rows, unsigned};
use crate::store::{InboxRow, Posted, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, Statement, TransactionBehavior, params};

pub(super) const INSERT: &str = "INSERT INTO inbox (machine, key, kind, body, message_id, at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Leaves a message through a connection that is there only for that.
pub(super) fn post(place: &Place, message: &Posted) -> Result<i64, StoreError> {
    let mut connection = connect(place, Access::Write)?;
    let mut write = || {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let id = insert(&mut transaction.prepare(INSERT)?, message)?;
        transaction.commit()?;
        Ok::<_, Problem>(id)
    };
    write().map_err(|problem| place.told(problem))
}

pub(super) fn insert(statement: &mut Statement<'_>, message: &Posted) -> Result<i64, Problem> {
    let Posted { machine, key, kind, body, message_id, at } = message;
    Ok(statement.insert(params![machine, key, kind, body, message_id, integer(*at)])?)
}

pub(super) fn waiting(
    connection: &Connection,
    after: i64,
    limit: usize,
) -> Result<Vec<InboxRow>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT id, machine, key, kind, body, message_id, at FROM inbox
         WHERE answered IS NULL AND id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let found = statement.query_map(params![after, rows(limit)], |row| {
        Ok(InboxRow { id: row.get(0)?, message: posted(row)? })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn posted(row: &Row<'_>) -> rusqlite::Result<Posted> {
    Ok(Posted {
        machine: lossy(row, 1)?,
        key: lossy(row, 2)?,
        kind: row.get(3)?,
        body: lossy(row, 4)?,
        message_id: optional_lossy(row, 5)?,
        at: unsigned(row, 6)?,
    })
}

pub(super) fn answer(connection: &Connection, message: i64) -> Result<Option<String>, Problem> {
    let mut statement = connection.prepare_cached("SELECT answer FROM inbox WHERE id = ?1")?;
    Ok(statement.query_row([message], |row| row.get(0)).optional()?.flatten())
}
