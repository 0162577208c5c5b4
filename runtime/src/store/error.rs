//! What can go wrong with a store.

/// Why a store did not do what it was asked. Nothing was written then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk, or the quota, is full.
    #[error("the store is full: {0}")]
    Full(String),
    /// The store may not be written.
    #[error("the store is read-only: {0}")]
    ReadOnly(String),
    /// The file was deleted or replaced under the program.
    #[error("the store is gone: `{0}` was deleted or replaced while it was open")]
    Gone(String),
    /// A newer version of the program has written it.
    #[error(
        "`{path}` has layout {found}, this program knows layouts up to {known}: run a newer program"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its layout.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// An older version of the program has written it, and it may only be read.
    #[error(
        "`{path}` has layout {found}, this program reads layout {known}: run the program that owns \
         it once with this version, which brings it up to date"
    )]
    Older {
        /// The file.
        path: String,
        /// Its layout.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is a file of something else.
    #[error("`{0}` is no store of statewright")]
    Foreign(String),
    /// Another engine runs on it.
    #[error("`{0}` is run by another engine; it can be read, and messages can be left in it")]
    Owned(String),
    /// What is in it cannot be read.
    #[error("the store is damaged: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("the store failed: {0}")]
    Failed(String),
}
