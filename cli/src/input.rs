//! Where sources come from: files, and stdin for `-`.

use crate::outcome::Failure;
use statewright_dsl::compile::{Compilation, FileLoader, LoadError, Loader, compile};
use std::io::Read;

/// How messages name the text from stdin.
const STDIN: &str = "<stdin>";

/// Compiles one file of the command line.
pub(crate) fn compile_input(file: &str) -> Result<Compilation, Failure> {
    if file != "-" {
        return Ok(compile(&FileLoader, file));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Io("cannot read stdin".into(), error))?;
    Ok(compile(&Stdin { bytes }, STDIN))
}

/// True if a file of the command line can be read at all; if not, that is in the diagnostics.
pub(crate) fn is_readable(file: &str) -> bool {
    file == "-" || FileLoader.read(file).is_ok()
}

/// The text from stdin; what it imports comes from files, relative to the current directory.
struct Stdin {
    bytes: Vec<u8>,
}

impl Loader for Stdin {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == STDIN { Ok(self.bytes.clone()) } else { FileLoader.read(path) }
    }

    fn identity(&self, path: &str) -> String {
        FileLoader.identity(path)
    }
}
