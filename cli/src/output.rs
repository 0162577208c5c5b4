//! Writing to the terminal and to files.

use crate::outcome::Failure;
use std::io::{ErrorKind, Write};

/// Writes to stdout. A reader that has seen enough, as in `statewright explain | head`, is no
/// failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Io("cannot write to stdout".into(), error))
        }
        _ => Ok(()),
    }
}

/// Writes a page of a list to stdout. What comes behind it is not read for nobody.
pub(crate) fn page(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()), "stdout")
}

/// What becomes of writing a part of something long.
pub(crate) fn written(result: std::io::Result<()>, name: &str) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::Io(format!("cannot write to {name}"), error),
    })
}

/// Writes a line to stderr. If even that fails there is nobody left to tell.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Reads a file as text.
pub(crate) fn read(path: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Io(format!("cannot read `{path}`"), error))
}

/// Writes a file, unless it holds just that already: a build that sees a new time stamp would do
/// its work again.
pub(crate) fn write(path: &str, text: &str) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| Failure::Io(format!("cannot write `{path}`"), error))
}
