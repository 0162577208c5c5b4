//! Lists and counts.
//!
//! Instances are found in two places. Those at rest stand in an index by machine, status and state:
//! the states of a machine are few, so they are found by leaping through it, compared here, and asked
//! for one by one. Those that run are few at a time, and their state is that of their last step in
//! the journal.

use super::latest::{self, Last};
use super::problem::Problem;
use super::text::{integer, lossy, optional_lossy, unsigned};
use crate::store::states::is_in;
use crate::store::{Filter, InstanceId, Millis, Seq, Status, Summary};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, ToSql, params};
use std::collections::HashMap;

/// Instances at rest that are in the same state.
struct Group {
    machine: i64,
    status: Status,
    state: Text,
}

/// Text of the file, which need not be UTF-8 if the file is damaged.
struct Text(Vec<u8>);

impl ToSql for Text {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(&self.0)))
    }
}

/// An instance that is not at rest.
struct Running {
    id: InstanceId,
    machine: i64,
    status: Status,
    /// The state when it rested last, if it ever did.
    rested: Option<String>,
    /// Now.
    state: String,
    seq: Seq,
    changed: Millis,
}

pub(super) fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Summary>, Problem> {
    let limit = if filter.limit == 0 { usize::MAX } else { filter.limit };
    let mut ids = Vec::new();
    for group in groups(connection, filter)? {
        at_rest(connection, filter, &group, limit, &mut ids)?;
    }
    let running = running(connection, filter, limit)?;
    ids.extend(running.iter().map(|running| running.id));
    ids.sort_unstable();
    ids.truncate(limit);
    let mut summaries = summaries(connection, &ids)?;
    for now in running {
        if let Ok(at) = summaries.binary_search_by_key(&now.id, |summary| summary.id) {
            let summary = &mut summaries[at];
            (summary.state, summary.seq, summary.changed) = (now.state, now.seq, now.changed);
        }
    }
    Ok(summaries)
}

pub(super) fn count(connection: &Connection, filter: &Filter) -> Result<u64, Problem> {
    let filter = Filter { after: 0, limit: 0, ..filter.clone() };
    if filter.changed_since.is_some() || filter.changed_before.is_some() {
        return Ok(list(connection, &filter)?.len() as u64);
    }
    // The index knows of those that run what they were when they rested.
    let mut count = 0;
    let mut all = connection.prepare_cached(
        "SELECT count(*) FROM instances WHERE machine = ?1 AND status = ?2 AND state = ?3",
    )?;
    for Group { machine, status, state } in groups(connection, &filter)? {
        count += all.query_row(params![machine, status, state], |row| unsigned(row, 0))?;
    }
    let machine = machine(connection, &filter)?;
    each_running(connection, 0, |running| {
        if is_asked_for(&filter, machine, &running) {
            let rested = running.rested.as_ref();
            count += u64::from(is_in_wanted(&filter, &running.state));
            let counted = rested.is_some_and(|state| is_in_wanted(&filter, state));
            count = count.saturating_sub(u64::from(counted));
        }
        true
    })?;
    Ok(count)
}

/// The number of the machine that is asked for; 0, which none has, if it is not there.
fn machine(connection: &Connection, filter: &Filter) -> Result<Option<i64>, Problem> {
    let Some(name) = &filter.machine else { return Ok(None) };
    let mut statement = connection.prepare_cached("SELECT id FROM machines WHERE name = ?1")?;
    let found = statement.query_map([name], |row| row.get(0))?.next();
    Ok(Some(found.transpose()?.unwrap_or(0)))
}

/// What there is of machine, status and state, as far as it is asked for.
fn groups(connection: &Connection, filter: &Filter) -> Result<Vec<Group>, Problem> {
    let machines = match machine(connection, filter)? {
        Some(machine) => vec![machine],
        None => {
            let mut statement = connection.prepare_cached("SELECT id FROM machines")?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        }
    };
    let mut groups = Vec::new();
    for machine in machines {
        for status in Status::ALL {
            if filter.status.is_none_or(|wanted| wanted == status) {
                states(connection, filter, machine, status, &mut groups)?;
            }
        }
    }
    Ok(groups)
}

fn states(
    connection: &Connection,
    filter: &Filter,
    machine: i64,
    status: Status,
    groups: &mut Vec<Group>,
) -> Result<(), Problem> {
    let mut first = connection.prepare_cached(
        "SELECT min(state) FROM instances
         WHERE machine = ?1 AND status = ?2 AND state IS NOT NULL",
    )?;
    let mut next = connection.prepare_cached(
        "SELECT min(state) FROM instances WHERE machine = ?1 AND status = ?2 AND state > ?3",
    )?;
    let read =
        |row: &Row<'_>| Ok(row.get_ref(0)?.as_bytes_or_null()?.map(|bytes| Text(bytes.to_vec())));
    let mut found = first.query_row(params![machine, status], read)?;
    while let Some(state) = found {
        found = next.query_row(params![machine, status, state], read)?;
        if is_in_wanted(filter, &String::from_utf8_lossy(&state.0)) {
            groups.push(Group { machine, status, state });
        }
    }
    Ok(())
}

/// The numbers of instances at rest, the first of a group.
fn at_rest(
    connection: &Connection,
    filter: &Filter,
    group: &Group,
    limit: usize,
    ids: &mut Vec<InstanceId>,
) -> Result<(), Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM instances i
         WHERE machine = ?1 AND status = ?2 AND state = ?3 AND id > ?4
            AND (?5 IS NULL OR changed >= ?5) AND (?6 IS NULL OR changed < ?6)
            AND NOT EXISTS (SELECT 1 FROM running WHERE instance = i.id)
         ORDER BY id LIMIT ?7",
    )?;
    let found = statement.query_map(
        params![
            group.machine,
            group.status,
            group.state,
            integer(filter.after),
            filter.changed_since.map(integer),
            filter.changed_before.map(integer),
            super::text::rows(limit),
        ],
        |row| unsigned(row, 0),
    )?;
    for id in found {
        ids.push(id?);
    }
    Ok(())
}

/// The first of those that run.
fn running(
    connection: &Connection,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Running>, Problem> {
    let machine = machine(connection, filter)?;
    let mut found = Vec::new();
    each_running(connection, filter.after, |running| {
        let changed = running.changed;
        if found.len() < limit
            && is_asked_for(filter, machine, &running)
            && is_in_wanted(filter, &running.state)
            && filter.changed_since.is_none_or(|since| changed >= since)
            && filter.changed_before.is_none_or(|before| changed < before)
        {
            found.push(running);
        }
        found.len() < limit
    })?;
    Ok(found)
}

/// Shows those that run, by number, until one is enough.
fn each_running(
    connection: &Connection,
    after: InstanceId,
    mut show: impl FnMut(Running) -> bool,
) -> Result<(), Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT r.instance, i.machine, i.status, i.state, i.seq, i.changed, j.seq, j.at, j.state
         FROM running r
         JOIN instances i ON i.id = r.instance
         LEFT JOIN journal j ON j.id = r.last AND j.instance = i.id AND j.seq > i.seq
         WHERE r.instance > ?1 ORDER BY r.instance",
    )?;
    let mut rows = statement.query([integer(after)])?;
    let mut latest: Option<HashMap<_, _>> = None;
    while let Some(row) = rows.next()? {
        // Read only if there are any that run.
        let latest = match &mut latest {
            Some(latest) => latest,
            none => none.insert(latest::last_steps(connection)?),
        };
        let mut running = read_running(row)?;
        if let Some(Last { seq, at, state }) = latest.remove(&running.id)
            && seq > running.seq
        {
            (running.seq, running.changed, running.state) = (seq, at, state);
        }
        if !show(running) {
            break;
        }
    }
    Ok(())
}

/// What is damaged must not hide the other rows: a status that cannot be read counts as parked.
fn read_running(row: &Row<'_>) -> rusqlite::Result<Running> {
    let rested = optional_lossy(row, 3)?;
    let noted: Option<i64> = row.get(6)?;
    let (state, seq, changed) = match noted {
        Some(seq) => (lossy(row, 8)?, seq.unsigned_abs(), or_zero(row, 7)),
        None => (rested.clone().unwrap_or_default(), or_zero(row, 4), or_zero(row, 5)),
    };
    Ok(Running {
        id: unsigned(row, 0)?,
        machine: row.get(1)?,
        status: row.get(2).unwrap_or(Status::Parked),
        rested,
        state,
        seq,
        changed,
    })
}

fn is_asked_for(filter: &Filter, machine: Option<i64>, running: &Running) -> bool {
    machine.is_none_or(|machine| machine == running.machine)
        && filter.status.is_none_or(|status| status == running.status)
}

fn is_in_wanted(filter: &Filter, state: &str) -> bool {
    filter.state.as_ref().is_none_or(|wanted| is_in(state, wanted))
}

fn summaries(connection: &Connection, ids: &[InstanceId]) -> Result<Vec<Summary>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT i.id, m.name, i.key, coalesce(s.version, 0), i.status, coalesce(i.state, ''),
            i.seq, i.created, i.changed, t.due, i.cause
         FROM instances i
         LEFT JOIN machines m ON m.id = i.machine
         LEFT JOIN shapes s ON s.id = i.shape
         LEFT JOIN timers t ON t.instance = i.id
         WHERE i.id = ?1",
    )?;
    let mut summaries = Vec::with_capacity(ids.len());
    for id in ids {
        summaries.push(statement.query_row([integer(*id)], summary)?);
    }
    Ok(summaries)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: unsigned(row, 0)?,
        machine: lossy(row, 1)?,
        key: lossy(row, 2)?,
        version: or_zero(row, 3),
        status: row.get(4).unwrap_or(Status::Parked),
        state: lossy(row, 5)?,
        seq: or_zero(row, 6),
        created: or_zero(row, 7),
        changed: or_zero(row, 8),
        due: row.get::<_, Option<i64>>(9)?.map(i64::unsigned_abs),
        cause: optional_lossy(row, 10)?,
    })
}

/// A number; 0 if it is damaged.
fn or_zero(row: &Row<'_>, column: usize) -> u64 {
    unsigned(row, column).unwrap_or(0)
}
