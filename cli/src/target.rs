//! Generated files: written, or compared with what is there.

use crate::outcome::{Failure, Outcome};
use crate::output;

/// Compares a file with what it should hold, and says where they part. `command` is how to bring
/// it up to date.
pub(crate) fn compare(path: &str, wanted: &str, command: &str) -> Result<Outcome, Failure> {
    let found = output::read(path)?;
    // A checkout with other line breaks is not out of date.
    if found.replace("\r\n", "\n") == wanted.replace("\r\n", "\n") {
        return Ok(Outcome::Fine);
    }
    output::note(&format!("error: `{path}` is out of date{}", difference(&found, wanted)));
    output::note(&format!("help: run `{command}`"));
    Ok(Outcome::Wrong)
}

/// The first line in which two texts differ; empty if they do only in how lines end.
pub(crate) fn difference(found: &str, wanted: &str) -> String {
    let (mut old, mut new) = (found.lines(), wanted.lines());
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (None, None) => return String::new(),
            (a, b) if a == b => number += 1,
            (a, b) => {
                let line = |sign: char, text: Option<&str>| match text {
                    Some(text) => {
                        format!("\n  {sign} {}", text.chars().take(120).collect::<String>())
                    }
                    None => String::new(),
                };
                return format!(", from line {number} on:{}{}", line('-', a), line('+', b));
            }
        }
    }
}
