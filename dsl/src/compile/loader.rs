//! Where source texts come from.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// Gives the texts of files. Paths have `/` between their parts; those of imports are already
/// joined with the path of the importing file.
pub trait Loader {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Says why there are none.
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError>;

    /// A name that is the same for two paths to one file.
    fn identity(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Nothing has this path.
    #[error("there is no such file")]
    NotFound,
    /// The path is a directory.
    #[error("it is a directory")]
    Directory,
    /// The text is longer than places in it can be counted.
    #[error("it is larger than 4 GiB")]
    TooLarge,
    /// The bytes are not text.
    #[error("it is not UTF-8: the byte at offset {0} does not belong to any character")]
    NotUtf8(usize),
    /// The system refuses for another reason.
    #[error("{0}")]
    Other(String),
}

/// Reads files from the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileLoader;

impl Loader for FileLoader {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let metadata = std::fs::metadata(path).map_err(|error| reason(&error))?;
        if metadata.is_dir() {
            return Err(LoadError::Directory);
        }
        if metadata.len() > u64::from(u32::MAX) {
            return Err(LoadError::TooLarge);
        }
        std::fs::read(path).map_err(|error| reason(&error))
    }

    fn identity(&self, path: &str) -> String {
        let known = Path::new(path).canonicalize().ok();
        known.map_or_else(|| path.to_owned(), |p| p.to_string_lossy().into_owned())
    }
}

fn reason(error: &std::io::Error) -> LoadError {
    match error.kind() {
        ErrorKind::NotFound => LoadError::NotFound,
        ErrorKind::IsADirectory => LoadError::Directory,
        _ => LoadError::Other(error.to_string()),
    }
}

/// Holds texts in memory: for tests, and for texts that are not files.
#[derive(Clone, Debug, Default)]
pub struct TextLoader {
    texts: BTreeMap<String, Vec<u8>>,
}

impl TextLoader {
    /// Adds a text under a path.
    pub fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.texts.insert(path.to_owned(), text.into());
        self
    }
}

impl Loader for TextLoader {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.texts.get(path).cloned().ok_or(LoadError::NotFound)
    }
}
