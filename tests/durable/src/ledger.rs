//! What hosts and clients write down while a program runs, for those who look at it afterwards.

use statewright::{Cx, EngineError};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lines, in a file or in memory. What the operating system has taken is not lost when the process is
/// killed.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<Lines>>);

#[derive(Debug)]
enum Lines {
    File(File, PathBuf),
    Memory(String),
}

impl Default for Lines {
    fn default() -> Self {
        Self::Memory(String::new())
    }
}

impl Ledger {
    /// Appends to a file.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn append(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self(Arc::new(Mutex::new(Lines::File(file, path.to_owned())))))
    }

    /// Writes a line.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn line(&self, line: &str) -> io::Result<()> {
        match &mut *self.lines() {
            Lines::File(file, _) => file.write_all(format!("{line}\n").as_bytes()),
            Lines::Memory(text) => {
                text.push_str(line);
                text.push('\n');
                Ok(())
            }
        }
    }

    /// Writes that an attempt begins: `begin KEY ATTEMPT`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(&self, cx: &Cx) -> io::Result<()> {
        self.line(&format!("begin {} {}", cx.idempotency_key(), cx.attempt()))
    }

    /// Writes what a client was told.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn told(&self, line: &str) -> Result<(), EngineError> {
        self.line(line).map_err(|error| EngineError::Undecodable(error.to_string()))
    }

    /// All lines so far.
    #[must_use]
    pub fn text(&self) -> String {
        match &*self.lines() {
            Lines::Memory(text) => text.clone(),
            Lines::File(_, path) => whole_lines(path),
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole lines of a file, if there is one: a line that was cut by the end of the program is one that
/// nobody was told.
#[must_use]
pub fn whole_lines(path: &Path) -> String {
    let mut text = std::fs::read_to_string(path).unwrap_or_default();
    text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
    text
}

/// What lines with this first word say behind it.
pub fn said<'l>(lines: &'l str, word: &'l str) -> impl Iterator<Item = &'l str> {
    lines.lines().filter_map(move |line| line.strip_prefix(word)?.strip_prefix(' '))
}
