//! The files of a store: where they are, and whether they are still those that were opened.

use super::problem::Problem;
use crate::store::StoreError;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a store is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    shown: String,
}

impl Place {
    /// The place of a path, whatever links lead to it: two ways to one file are one store.
    pub(super) fn new(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| {
            StoreError::Failed(format!("`{}` cannot be opened: {error}", path.display()))
        };
        let absolute = std::path::absolute(path).map_err(failed)?;
        let path = match fs::canonicalize(&absolute) {
            Ok(path) => path,
            Err(_) => match (absolute.parent(), absolute.file_name()) {
                (Some(parent), Some(name)) => fs::canonicalize(parent).map_err(failed)?.join(name),
                _ => absolute,
            },
        };
        let shown = path.display().to_string();
        Ok(Self { path, shown })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as text, for messages.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// The file that is locked by who runs the store.
    pub(super) fn owner(&self) -> PathBuf {
        self.beside("-owner")
    }

    /// The write-ahead log of SQLite.
    pub(super) fn log(&self) -> PathBuf {
        self.beside("-wal")
    }

    /// What a user is told.
    pub(super) fn told(&self, problem: impl Into<Problem>) -> StoreError {
        problem.into().told(&self.shown)
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(ending);
        PathBuf::from(name)
    }
}

/// Files that have to stay where they are.
#[derive(Debug, Default)]
pub(super) struct Watched(Vec<(PathBuf, Option<Identity>)>);

impl Watched {
    /// Files as they are now.
    pub(super) fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let mark = |path: PathBuf| (identity(&path), path);
        Self(paths.into_iter().map(mark).map(|(identity, path)| (path, identity)).collect())
    }

    /// # Errors
    /// [`StoreError::Gone`] if one was deleted or replaced.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self.0.iter().find(|(path, marked)| identity(path) != *marked) {
            Some((path, _)) => Err(StoreError::Gone(path.display().to_string())),
            None => Ok(()),
        }
    }
}

/// The device and the number of a file on it.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere files that are open cannot be deleted or replaced.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
