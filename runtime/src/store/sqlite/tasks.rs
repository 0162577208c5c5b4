//! What people were asked.

use super::problem::Problem;
use super::statements::Statements;
use super::text::{integer, lossy, optional_lossy, rows, unsigned};
use crate::store::{
    InstanceId, Kept, Millis, TaskChange, TaskData, TaskEventRow, TaskFilter, TaskNews, TaskRow,
};
use rusqlite::types::{ToSql, Value};
use rusqlite::{Connection, OptionalExtension, Row, params};

const COLUMNS: &str =
    "t.instance, m.name, t.key, t.invocation, t.name, t.role, t.user, t.claimed_by,
    t.opened, t.due, t.body, t.closed, t.how FROM tasks t LEFT JOIN machines m ON m.id = t.machine";

/// Writes what a commit does to tasks.
pub(super) fn change(
    statements: &mut Statements<'_>,
    id: InstanceId,
    at: Millis,
    changes: &[TaskChange],
) -> Result<(), Problem> {
    for change in changes {
        match change {
            TaskChange::Open(news, task) => {
                statements.put_task.execute(params![
                    integer(id),
                    integer(task.invocation),
                    task.name,
                    task.role,
                    task.user,
                    task.claimed_by,
                    integer(task.opened),
                    task.due.map(integer),
                    task.body,
                ])?;
                tell(statements, id, task.invocation, at, *news, "")?;
            }
            TaskChange::Closed(invocation, how) => close(statements, id, *invocation, at, how)?,
            TaskChange::OnlyOpen(open, how) => {
                let mut all = statements.connection.prepare_cached(
                    "SELECT invocation FROM tasks WHERE instance = ?1 AND closed IS NULL",
                )?;
                let all = all.query_map([integer(id)], |row| unsigned(row, 0))?;
                let all = all.collect::<Result<Vec<u64>, _>>()?;
                for invocation in all.into_iter().filter(|other| !open.contains(other)) {
                    close(statements, id, invocation, at, how)?;
                }
            }
        }
    }
    Ok(())
}

fn close(
    statements: &mut Statements<'_>,
    id: InstanceId,
    invocation: u64,
    at: Millis,
    how: &str,
) -> Result<(), Problem> {
    let row = params![integer(id), integer(invocation), integer(at), how];
    if statements.close_task.execute(row)? == 1 {
        tell(statements, id, invocation, at, TaskNews::Closed, how)?;
    }
    Ok(())
}

fn tell(
    statements: &mut Statements<'_>,
    id: InstanceId,
    invocation: u64,
    at: Millis,
    news: TaskNews,
    how: &str,
) -> Result<(), Problem> {
    let row = params![integer(id), integer(invocation), integer(at), news.name(), how];
    statements.tell_task.execute(row)?;
    Ok(())
}

pub(super) fn list(connection: &Connection, filter: &TaskFilter) -> Result<Vec<TaskRow>, Problem> {
    let (instance, invocation) = filter.after;
    let mut sql = format!(
        "SELECT {COLUMNS} WHERE t.closed IS NULL AND (t.instance, t.invocation) > (?1, ?2)"
    );
    let mut values = vec![Value::from(integer(instance)), Value::from(integer(invocation))];
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {condition} ?{}", values.len()));
    };
    let texts = [
        ("m.name =", &filter.machine),
        ("t.key =", &filter.key),
        ("t.role =", &filter.role),
        ("t.user =", &filter.user),
        ("t.claimed_by =", &filter.claimed_by),
    ];
    for (condition, wanted) in texts {
        if let Some(wanted) = wanted {
            add(condition, Value::from(wanted.clone()));
        }
    }
    if let Some(before) = filter.due_before {
        add("t.due <", Value::from(integer(before)));
    }
    if let Some(claimed) = filter.claimed {
        add("(t.claimed_by IS NOT NULL) =", Value::from(claimed));
    }
    let limit = if filter.limit == 0 { usize::MAX } else { filter.limit };
    values.push(Value::from(rows(limit)));
    sql.push_str(&format!(" ORDER BY t.instance, t.invocation LIMIT ?{}", values.len()));
    let mut statement = connection.prepare_cached(&sql)?;
    let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    let found = statement.query_map(values.as_slice(), row)?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) fn get(
    connection: &Connection,
    (instance, invocation): (InstanceId, u64),
) -> Result<Option<TaskRow>, Problem> {
    let sql = format!("SELECT {COLUMNS} WHERE t.instance = ?1 AND t.invocation = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row(params![integer(instance), integer(invocation)], row).optional()?)
}

fn row(row: &Row<'_>) -> rusqlite::Result<TaskRow> {
    let optional = |column| row.get::<_, Option<i64>>(column);
    let closed = optional(11)?.map(i64::unsigned_abs);
    Ok(TaskRow {
        instance: unsigned(row, 0)?,
        machine: lossy(row, 1)?,
        key: lossy(row, 2)?,
        task: TaskData {
            invocation: unsigned(row, 3)?,
            name: lossy(row, 4)?,
            role: optional_lossy(row, 5)?,
            user: optional_lossy(row, 6)?,
            claimed_by: optional_lossy(row, 7)?,
            opened: unsigned(row, 8)?,
            due: optional(9)?.map(i64::unsigned_abs),
            body: lossy(row, 10)?,
        },
        closed: closed.map(|at| Ok::<_, rusqlite::Error>((at, lossy(row, 12)?))).transpose()?,
    })
}

pub(super) fn events(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Result<Vec<TaskEventRow>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, e.at, e.news, e.instance, e.invocation, m.name, e.key, e.name, e.how
         FROM task_events e LEFT JOIN machines m ON m.id = e.machine
         WHERE e.id > ?1 ORDER BY e.id LIMIT ?2",
    )?;
    let found = statement.query_map(params![integer(after), rows(limit)], |row| {
        Ok(TaskEventRow {
            number: unsigned(row, 0)?,
            at: unsigned(row, 1)?,
            news: TaskNews::named(&lossy(row, 2)?),
            instance: unsigned(row, 3)?,
            invocation: unsigned(row, 4)?,
            machine: lossy(row, 5)?,
            key: lossy(row, 6)?,
            name: lossy(row, 7)?,
            how: lossy(row, 8)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Rows that may go: closed tasks by instance and invocation, and what has happened with tasks.
type Old = (Vec<(i64, i64)>, Vec<i64>);

/// Closed tasks and what happened with tasks that may go, at most so many rows together.
pub(super) fn old(connection: &Connection, kept: &Kept, limit: usize) -> Result<Old, Problem> {
    let mut closed = connection
        .prepare_cached("SELECT instance, invocation FROM tasks WHERE closed < ?1 LIMIT ?2")?;
    let since = params![integer(kept.answers_since), rows(limit)];
    let closed = closed.query_map(since, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let closed = closed.collect::<Result<Vec<_>, _>>()?;
    let mut events = connection
        .prepare_cached("SELECT id FROM task_events WHERE at < ?1 ORDER BY id LIMIT ?2")?;
    let since = params![integer(kept.journal_since), rows(limit - closed.len())];
    let events = events.query_map(since, |row| row.get(0))?;
    Ok((closed, events.collect::<Result<_, _>>()?))
}

impl TaskNews {
    const ALL: [Self; 7] = [
        Self::Opened,
        Self::Reminded,
        Self::Escalated,
        Self::Claimed,
        Self::Released,
        Self::Changed,
        Self::Closed,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Reminded => "reminded",
            Self::Escalated => "escalated",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::Changed => "changed",
            Self::Closed => "closed",
        }
    }

    /// What a row says; something has changed in any case.
    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|news| news.name() == name).unwrap_or(Self::Changed)
    }
}
