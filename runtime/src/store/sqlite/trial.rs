//! Asking the system why it does not write.
//!
//! SQLite tells that a write has failed, but not why: a file system that was made read-only and a quota
//! that is reached are both a "disk I/O error". So a file beside those of the store is written, and the
//! system says it again.

use crate::store::StoreError;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// So many bytes are tried: a page.
const PAGE: [u8; 4096] = [0; 4096];

/// Why nothing can be written to the folder of a store, if that is why; `said` is what SQLite has said.
pub(super) fn refusal(path: &str, said: &str) -> Option<StoreError> {
    let error = tried(Path::new(&format!("{path}-trial"))).err()?;
    let told = format!("{said}: {error}");
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(StoreError::Full(told)),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            Some(StoreError::ReadOnly(told))
        }
        _ => Some(StoreError::Failed(told)),
    }
}

fn tried(path: &Path) -> io::Result<()> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(&PAGE)?;
        file.sync_data()
    });
    // Where it cannot be made it need not be removed.
    drop(fs::remove_file(path));
    written
}
