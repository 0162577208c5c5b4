//! `statewright.toml`: how serious warnings are taken in a folder and all folders in it.
//!
//! The nearest one counts, from the folder of a `.flow` file upwards; text from stdin belongs to
//! the current folder. Macros do not read it: what rustc compiles depends on the sources alone.

use crate::outcome::Failure;
use crate::output;
use statewright_dsl::code::{Code, Severity};
use statewright_dsl::levels::{Level, Levels};
use statewright_dsl::source::Sources;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const NAME: &str = "statewright.toml";

/// The levels for a file of the command line.
pub(crate) fn levels_for(file: &str) -> Result<Levels, Failure> {
    let Some(path) = find(&folder_of(file)) else { return Ok(Levels::default()) };
    let name = shown(&path);
    let text = output::read(&name)?;
    read(&text).map_err(|problems| {
        let mut sources = Sources::default();
        let id = sources.add(name.as_str(), text);
        let lines = problems.iter().map(|problem| {
            let place = sources.get(id).map(|source| source.position(problem.place.start));
            let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
            format!("{name}:{line}:{column}: {}\nhelp: {}", problem.message, problem.help)
        });
        Failure::Usage(lines.collect::<Vec<_>>().join("\nerror: "))
    })
}

/// The folder of a file, with all folders around it in its path.
fn folder_of(file: &str) -> PathBuf {
    let folder = match file {
        "-" => None,
        _ => Path::new(file).parent().filter(|parent| !parent.as_os_str().is_empty()),
    };
    let folder = folder.unwrap_or(Path::new("."));
    // A folder that is not there is told of when the file is read.
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

fn find(folder: &Path) -> Option<PathBuf> {
    let there = |path: &PathBuf| {
        !std::fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
    };
    folder.ancestors().map(|folder| folder.join(NAME)).find(there)
}

/// The path as short as people would write it.
fn shown(path: &Path) -> String {
    let current = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let below = current.ok().and_then(|current| path.strip_prefix(current).ok());
    below.unwrap_or(path).to_string_lossy().into_owned()
}

/// What is wrong in a settings file, and the way out.
#[derive(Debug)]
struct Problem {
    place: Range<usize>,
    message: String,
    help: String,
}

/// The levels that a text sets, or all that is wrong with it, in the order of places.
fn read(text: &str) -> Result<Levels, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| Problem {
            place: error.span().unwrap_or(0..0),
            message: error.message().replace('\n', ", "),
            help: "settings are TOML: `[lints]`, and below it lines as `W0201 = \"deny\"`".into(),
        })
        .collect();
    let mut levels = Levels::default();
    // What stands behind a mistake may have been read wrong.
    if problems.is_empty() {
        for (key, value) in table.get_ref().iter() {
            match (key.get_ref().as_ref(), value.get_ref().as_table()) {
                ("lints", Some(table)) => lints(table, &mut levels, &mut problems),
                ("lints", None) => problems.push(Problem {
                    place: value.span(),
                    message: format!("`lints` is a table, not {}", kind(value)),
                    help: "write `[lints]`, and below it lines as `W0201 = \"deny\"`".into(),
                }),
                (name, _) => problems.push(Problem {
                    place: key.span(),
                    message: format!("unknown key `{name}`"),
                    help: "settings have one table, `[lints]`".into(),
                }),
            }
        }
    }
    problems.sort_by_key(|problem| problem.place.start);
    if problems.is_empty() { Ok(levels) } else { Err(problems) }
}

fn lints(table: &DeTable, levels: &mut Levels, problems: &mut Vec<Problem>) {
    let mut known: Vec<Code> = Vec::new();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let mut problem = |place, message, help: &str| {
            problems.push(Problem { place, message, help: help.into() });
        };
        let Some(level) = level(value) else {
            let text = value.get_ref().as_str().map(|text| format!("`{text}`"));
            let found = text.unwrap_or_else(|| kind(value));
            let message = format!("no level is called {found}");
            problem(value.span(), message, "levels are \"allow\", \"warn\" and \"deny\"");
            continue;
        };
        if name == "all" {
            levels.set_all(level);
            continue;
        }
        match Code::find(name) {
            None => problem(
                key.span(),
                format!("no code is called `{name}`"),
                "`statewright explain` lists all codes; `all` stands for every warning",
            ),
            Some(code) if code.severity() == Severity::Error && level != Level::Deny => problem(
                key.span(),
                format!("`{}` is an error and cannot be lowered", code.short()),
                "remove this line, and what the error is about",
            ),
            Some(code) if known.contains(&code) => problem(
                key.span(),
                format!("the level of `{}` is set twice", code.short()),
                "keep one of the two",
            ),
            Some(code) => {
                known.push(code);
                levels.set(code, level);
            }
        }
    }
}

fn level(value: &Spanned<DeValue>) -> Option<Level> {
    match value.get_ref().as_str()? {
        "allow" => Some(Level::Allow),
        "warn" => Some(Level::Warn),
        "deny" => Some(Level::Deny),
        _ => None,
    }
}

/// What a value is, as a sentence has it.
fn kind(value: &Spanned<DeValue>) -> String {
    let kind = value.get_ref().type_str();
    let article = if kind.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let problems = read(text).expect_err("something is wrong");
        problems.iter().map(|p| format!("{} {}", &text[p.place.clone()], p.message)).collect()
    }

    #[test]
    fn levels_are_read() {
        let text = "# ours\n[lints]\nW0201 = \"deny\"\nw0302 = 'allow'\nflow-W0305 = \"warn\"\n\
                    all = \"deny\"\nE0102 = \"deny\"\n";
        let levels = read(text).expect("nothing is wrong");
        assert_eq!(levels.get(Code::Unreachable), Some(Level::Deny));
        assert_eq!(levels.get(Code::DeadBranch), Some(Level::Allow));
        assert_eq!(levels.get(Code::Unhandled), Some(Level::Warn));
        assert_eq!(levels.get(Code::Naming), Some(Level::Deny));
        assert_eq!(read("").expect("nothing is wrong"), Levels::default());
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_place() {
        let text = "lint = 1\n[lints]\nW0999 = \"deny\"\nE0102 = \"allow\"\nW0201 = \"forbid\"\n\
                    W0202 = true\nW0203 = \"warn\"\nflow-w0203 = \"deny\"\n[rules]\n";
        let expected = [
            "lint unknown key `lint`",
            "W0999 no code is called `W0999`",
            "E0102 `E0102` is an error and cannot be lowered",
            "\"forbid\" no level is called `forbid`",
            "true no level is called a boolean",
            "flow-w0203 the level of `W0203` is set twice",
            "rules unknown key `rules`",
        ];
        assert_eq!(problems(text), expected);
        assert_eq!(problems("lints = [1]"), ["[1] `lints` is a table, not an array"]);
        assert_eq!(problems("[lints]\nW0201 = deny\nW0202 = ?\n").len(), 2);
    }
}
