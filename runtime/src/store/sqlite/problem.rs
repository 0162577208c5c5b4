//! What goes wrong with SQLite, and what a user is told.

use super::trial;
use crate::store::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// Why something was not done.
#[derive(Debug)]
pub(super) enum Problem {
    /// SQLite says so.
    Sqlite(Error),
    /// The caller asks what may not be.
    Refused(String),
    /// It is known what to tell.
    Known(StoreError),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Known(error)
    }
}

impl Problem {
    /// Whether it may concern one batch only, for what is in it or for a row that it needs, so that
    /// others can go on.
    pub(super) fn may_concern_one(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Sqlite(error) => {
                let code = error.sqlite_error_code();
                is_damage(error)
                    || matches!(code, Some(ErrorCode::TooBig | ErrorCode::ConstraintViolation))
            }
            Self::Known(_) => false,
        }
    }

    /// What the user is told of the store at this path.
    pub(super) fn told(self, path: &str) -> StoreError {
        match self {
            Self::Sqlite(error) => told(&error, path),
            Self::Refused(why) => StoreError::Failed(why),
            Self::Known(error) => error,
        }
    }
}

/// The system did not write.
const WRITING: [i32; 8] = [
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_FSYNC,
    ffi::SQLITE_IOERR_DIR_FSYNC,
    ffi::SQLITE_IOERR_TRUNCATE,
    ffi::SQLITE_IOERR_DELETE,
    ffi::SQLITE_IOERR_SHMOPEN,
    ffi::SQLITE_IOERR_SHMSIZE,
    ffi::SQLITE_IOERR_SHMMAP,
];

/// What the user is told of an error of SQLite.
pub(super) fn told(error: &Error, path: &str) -> StoreError {
    let said = format!("`{path}`: {error}");
    let Some(code) = error.sqlite_error() else { return StoreError::Failed(said) };
    match (code.code, code.extended_code) {
        (ErrorCode::DiskFull, _) => StoreError::Full(said),
        (_, ffi::SQLITE_READONLY_DBMOVED) => StoreError::Gone(path.to_string()),
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _) => StoreError::ReadOnly(said),
        (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)
        | (_, ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_CORRUPTFS) => {
            StoreError::Corrupt(said)
        }
        (_, extended) if WRITING.contains(&extended) => {
            trial::refusal(path, &said).unwrap_or(StoreError::Failed(said))
        }
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => StoreError::Failed(format!(
            "`{path}`: another program has kept it from being used for more than half a minute; \
             end that program, or its transaction"
        )),
        _ => StoreError::Failed(said),
    }
}

/// Whether another connection has it.
pub(super) fn is_busy(error: &Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether what was read is damaged, and what is beside it may not be.
pub(super) fn is_damage(error: &Error) -> bool {
    match error {
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..) => true,
        error => error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt),
    }
}
