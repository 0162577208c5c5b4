//! Where sources come from: files, and stdin for `-`.

use crate::instances::words::quoted;
use crate::outcome::Failure;
use crate::settings;
use statewright_dsl::code::Code;
use statewright_dsl::compile::{
    Compilation, FileLoader, LoadError, Loader, compile_at, compile_with_scenarios,
};
use statewright_dsl::diagnostic::{Diagnostic, Diagnostics};
use statewright_dsl::parse::parse;
use statewright_dsl::source::Sources;
use statewright_dsl::span::Span;
use std::io::Read;

/// How messages name the text from stdin.
const STDIN: &str = "<stdin>";

/// Compiles one file of the command line, with the settings of its folder.
pub(crate) fn compile_input(file: &str) -> Result<Compilation, Failure> {
    refuse_store(file)?;
    let levels = settings::levels_for(file)?;
    if file != "-" {
        return Ok(compile_with_scenarios(&FileLoader, file, &levels));
    }
    Ok(compile_at(&Stdin { bytes: stdin()? }, STDIN, &levels))
}

/// The files of the command line, but those of scenarios whose machines are named too: they are read
/// with those, as for `flows/*.flow`.
pub(crate) fn once(files: &[String]) -> impl Iterator<Item = &String> {
    files.iter().filter(|file| {
        let machine = file.strip_suffix(".scenarios.flow").map(|stem| format!("{stem}.flow"));
        machine.is_none_or(|machine| !files.contains(&machine))
    })
}

/// What a file of SQLite begins with.
const STORE: &[u8] = b"SQLite format 3\0";

/// Which commands are for stores is easily mixed up.
fn refuse_store(file: &str) -> Result<(), Failure> {
    let mut begin = [0; STORE.len()];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut begin));
    if read.is_err() || begin != STORE {
        return Ok(());
    }
    let store = quoted(file);
    Err(Failure::Refused(format!(
        "`{file}` is no `.flow` file but a store\nhelp: `statewright ls {store}` lists what is in it"
    )))
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Failure::Io("cannot read stdin".into(), error))?;
    Ok(bytes)
}

/// A file of the command line as text, and what is wrong with its syntax.
pub(crate) struct Text {
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Diagnostics,
    /// `None` if it cannot be read; that is in the diagnostics.
    pub(crate) text: Option<String>,
}

/// Reads and parses one file of the command line, without what it imports.
pub(crate) fn parse_input(file: &str) -> Result<Text, Failure> {
    refuse_store(file)?;
    let (name, bytes) = match file {
        "-" => (STDIN, Ok(stdin()?)),
        _ => (file, FileLoader.read(file)),
    };
    let text = bytes.and_then(|bytes| match u32::try_from(bytes.len()) {
        Ok(_) => {
            String::from_utf8(bytes).map_err(|e| LoadError::NotUtf8(e.utf8_error().valid_up_to()))
        }
        Err(_) => Err(LoadError::TooLarge),
    });
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    match &text {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let source = sources.add(name, text);
            parse(source, text, &mut diagnostics);
        }
        Err(error) => {
            let message = format!("cannot read `{name}`: {error}");
            let place = Span::new(sources.add(name, ""), 0, 0);
            diagnostics.push(Diagnostic::new(Code::Unreadable, place, message));
        }
    }
    diagnostics.sort();
    Ok(Text { sources, diagnostics, text: text.ok() })
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
