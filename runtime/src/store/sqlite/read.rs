//! What is read row by row.

use super::problem::Problem;
use super::text::{integer, number, row_ids, rows, unsigned};
use crate::store::{InstanceId, Millis, OutputRow, Shape, ShapeId};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

/// All rows that a query finds.
fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Problem> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params, read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A value in `meta`.
fn meta(connection: &Connection, name: &str) -> Result<u64, Problem> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| unsigned(row, 0))?)
}

pub(super) fn last_time(connection: &Connection) -> Result<Millis, Problem> {
    let mut statement =
        connection.prepare_cached("SELECT committed FROM journal ORDER BY id DESC LIMIT 1")?;
    let told = statement.query_row([], |row| unsigned(row, 0)).optional()?;
    Ok(meta(connection, "time")?.max(told.unwrap_or(0)))
}

pub(super) fn next_instance(connection: &Connection) -> Result<InstanceId, Problem> {
    let mut statement = connection.prepare_cached("SELECT max(id) FROM instances")?;
    let last: Option<i64> = statement.query_row([], |row| row.get(0))?;
    Ok(meta(connection, "next_instance")?.max(last.map_or(1, |last| last.unsigned_abs() + 1)))
}

pub(super) fn shapes(connection: &Connection) -> Result<Vec<(ShapeId, Shape)>, Problem> {
    let sql = "SELECT s.id, m.name, s.version, s.hash, s.body
        FROM shapes s JOIN machines m ON m.id = s.machine ORDER BY s.id";
    all(connection, sql, [], |row| {
        let hash = u64::from_str_radix(row.get_ref(3)?.as_str()?, 16);
        let wrong = |error| {
            rusqlite::Error::FromSqlConversionFailure(
                3,
                rusqlite::types::Type::Text,
                Box::new(error),
            )
        };
        let shape = Shape {
            machine: row.get(1)?,
            version: unsigned(row, 2)?,
            hash: hash.map_err(wrong)?,
            body: row.get(4)?,
        };
        Ok((row.get(0)?, shape))
    })
}

pub(super) fn find(
    connection: &Connection,
    machine: &str,
    key: &str,
) -> Result<Option<InstanceId>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM instances
         WHERE machine = (SELECT id FROM machines WHERE name = ?1) AND key = ?2",
    )?;
    Ok(statement.query_row([machine, key], |row| unsigned(row, 0)).optional()?)
}

pub(super) fn running(
    connection: &Connection,
    after: InstanceId,
    limit: usize,
) -> Result<Vec<InstanceId>, Problem> {
    let sql = "SELECT instance FROM running WHERE instance > ?1 ORDER BY instance LIMIT ?2";
    all(connection, sql, params![integer(after), rows(limit)], |row| unsigned(row, 0))
}

pub(super) fn due(
    connection: &Connection,
    until: Millis,
    limit: usize,
) -> Result<Vec<(Millis, InstanceId)>, Problem> {
    let sql = "SELECT due, instance FROM timers WHERE due <= ?1 ORDER BY due, instance LIMIT ?2";
    let params = params![integer(until), rows(limit)];
    all(connection, sql, params, |row| Ok((unsigned(row, 0)?, unsigned(row, 1)?)))
}

pub(super) fn next_due(connection: &Connection) -> Result<Option<Millis>, Problem> {
    let mut statement = connection.prepare_cached("SELECT min(due) FROM timers")?;
    let first: Option<i64> = statement.query_row([], |row| row.get(0))?;
    Ok(first.map(i64::unsigned_abs))
}

pub(super) fn outputs(
    connection: &Connection,
    instance: InstanceId,
    after: u64,
    limit: usize,
) -> Result<Vec<OutputRow>, Problem> {
    let (first, last) = row_ids(instance);
    let sql = "SELECT id, at, output FROM outputs
        WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";
    let params = params![first.saturating_add(integer(after)), last, rows(limit)];
    all(connection, sql, params, |row| {
        Ok(OutputRow { number: number(row.get(0)?), at: unsigned(row, 1)?, body: row.get(2)? })
    })
}

pub(super) fn answers(
    connection: &Connection,
    instance: InstanceId,
) -> Result<Vec<(String, String)>, Problem> {
    let sql = "SELECT message_id, answer FROM answers WHERE instance = ?1 ORDER BY message_id";
    all(connection, sql, [integer(instance)], |row| Ok((row.get(0)?, row.get(1)?)))
}
