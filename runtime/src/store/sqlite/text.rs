//! How values stand in the file.

use crate::store::{InboxKind, InstanceId, LetterKind, Seq, Status};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Error, Row};

/// The id of a row that belongs to an instance: a step, or an output. Both numbers have been
/// checked to be in range.
pub(super) fn row_id(instance: InstanceId, number: Seq) -> i64 {
    integer(instance << 32 | number)
}

/// The ids of all rows that belong to an instance; none if there cannot be one.
pub(super) fn row_ids(instance: InstanceId) -> (i64, i64) {
    match i64::try_from(instance) {
        Ok(id @ 1..=0x7fff_ffff) => (id << 32, id << 32 | 0xffff_ffff),
        _ => (1, 0),
    }
}

/// The number of the step or output with this id.
pub(super) fn number(id: i64) -> u64 {
    id.unsigned_abs() & 0xffff_ffff
}

/// An unsigned number; what no column holds, as a time behind the year 292 million, is the most.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// How many rows at most.
pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// An unsigned number in a column.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| Error::IntegralValueOutOfRange(column, number))
}

/// The text of a column, as well as it can be read: what a list or a tool shows must not hide
/// everything else because one row is damaged.
pub(super) fn lossy(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(optional_lossy(row, column)?.unwrap_or_default())
}

/// The same of a column that may be null.
pub(super) fn optional_lossy(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    let bytes = row.get_ref(column)?.as_bytes_or_null();
    Ok(bytes.unwrap_or_default().map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

impl Status {
    pub(super) const ALL: [Self; 5] =
        [Self::Running, Self::Finished, Self::Parked, Self::Abandoned, Self::Cancelled];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Parked => "parked",
            Self::Abandoned => "abandoned",
            Self::Cancelled => "cancelled",
        }
    }
}

impl InboxKind {
    const ALL: [Self; 8] = [
        Self::Send,
        Self::Retry,
        Self::Abandon,
        Self::RetryLetter,
        Self::AbandonLetter,
        Self::Answer,
        Self::Claim,
        Self::Release,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Retry => "retry",
            Self::Abandon => "abandon",
            Self::RetryLetter => "retry_letter",
            Self::AbandonLetter => "abandon_letter",
            Self::Answer => "answer",
            Self::Claim => "claim",
            Self::Release => "release",
        }
    }
}

impl ToSql for Status {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Status {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::ALL.into_iter().find(|status| status.name() == text);
        found.ok_or_else(|| FromSqlError::Other(format!("`{text}` is no status").into()))
    }
}

impl LetterKind {
    const ALL: [Self; 4] = [Self::Event, Self::Start, Self::Cancel, Self::Ended];

    fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Start => "start",
            Self::Cancel => "cancel",
            Self::Ended => "ended",
        }
    }
}

impl ToSql for LetterKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for LetterKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| FromSqlError::Other(format!("`{text}` is no kind of letter").into()))
    }
}

impl ToSql for InboxKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for InboxKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| FromSqlError::Other(format!("`{text}` is no kind of message").into()))
    }
}
