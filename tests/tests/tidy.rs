//! The house rules that neither a type nor Cargo can hold.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below the folders of the workspace whose names end so, with their texts.
fn files(folders: &[&str], ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|f| root().join(f)).collect();
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.map(|e| e.expect("the folder can be listed").path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if entry.is_dir() {
                if name != "target" && name != "node_modules" {
                    open.push(entry);
                }
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(&entry).expect("sources are UTF-8");
                found.push((entry, text));
            }
        }
    }
    found.sort();
    found
}

const SHIPPED: &[&str] = &["dsl/src", "macros/src", "runtime/src", "cli/src"];

/// The text in front of an in-file test module.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Fails with a line for every file in which `wrong` finds something.
fn forbid(files: &[(PathBuf, String)], rule: &str, wrong: impl Fn(&str) -> bool) {
    let mut broken = Vec::new();
    for (path, text) in files {
        for (at, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && wrong(code) {
                broken.push(format!("{}:{}: {code}", path.display(), at + 1));
            }
        }
    }
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

fn shipped_sources() -> Vec<(PathBuf, String)> {
    let cut = |(path, text): (PathBuf, String)| (path, shipped(&text).to_string());
    files(SHIPPED, ".rs").into_iter().map(cut).collect()
}

#[test]
fn there_are_sources_to_look_at() {
    assert!(shipped_sources().len() > 20);
}

#[test]
fn no_file_is_above_800_lines() {
    let all = files(&["dsl", "macros", "runtime", "cli", "examples", "tests", "benches"], ".rs");
    // What the compiler writes is as long as its machine.
    let written = |path: &Path| !path.starts_with(root().join("tests/generated"));
    let all: Vec<_> = all.into_iter().filter(|(path, _)| written(path)).collect();
    let long: Vec<_> = all.iter().filter(|(_, text)| text.lines().count() > 800).collect();
    assert!(long.is_empty(), "{:?}", long.iter().map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn half_of_the_files_have_at_most_150_lines() {
    let mut lines: Vec<usize> =
        files(SHIPPED, ".rs").iter().map(|(_, text)| text.lines().count()).collect();
    lines.sort_unstable();
    assert!(lines[lines.len() / 2] <= 150, "median {}", lines[lines.len() / 2]);
}

#[test]
fn shipped_code_neither_unwraps_nor_leaves_things_to_do() {
    forbid(&shipped_sources(), "no unwrap, todo, unimplemented, dbg", |line| {
        [".unwrap()", "todo!(", "unimplemented!(", "dbg!("].iter().any(|word| line.contains(word))
    });
}

#[test]
fn the_compiler_iterates_over_nothing_unordered() {
    let sources: Vec<_> = shipped_sources();
    let compiler: Vec<_> = sources
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().contains("dsl/src"))
        .collect();
    forbid(&compiler, "no HashMap or HashSet in dsl", |line| {
        line.contains("HashMap") || line.contains("HashSet")
    });
}

/// Arrows that must not be there: files under the first path never name the second.
#[test]
fn imports_run_one_way() {
    let never = [
        ("dsl/src/parse", "model::"),
        ("dsl/src/parse", "resolve::"),
        ("dsl/src/ast", "parse::"),
        ("dsl/src/model", "parse::"),
        ("dsl/src/check", "ast::File"),
        ("dsl/src/check", "parse::"),
        ("dsl/src/check", "resolve::"),
        ("dsl/src/lower", "ast::File"),
        ("dsl/src/lower", "parse::"),
        ("dsl/src/lower", "resolve::"),
        ("dsl/src/interpret", "ast::File"),
        ("dsl/src/interpret", "parse::"),
        ("dsl/src/interpret", "resolve::"),
        ("dsl/src/interpret", "emit::"),
        ("dsl/src/verify", "ast::File"),
        ("dsl/src/verify", "parse::"),
        ("dsl/src/verify", "resolve::"),
        ("dsl/src/verify", "emit::"),
        ("dsl/src/simulate", "parse::"),
        ("dsl/src/simulate", "resolve::"),
        ("dsl/src/simulate", "emit::"),
        ("dsl/src/simulate", "verify::"),
        ("dsl/src/format", "check::"),
        ("dsl/src/format", "model::"),
        ("dsl/src/format", "resolve::"),
        ("dsl/src/parse", "format::"),
        ("dsl/src/matrix", "ast::"),
        ("dsl/src/matrix", "resolve::"),
        ("dsl/src/matrix", "check::"),
        ("dsl/src/levels", "check::"),
        ("dsl/src/emit", "ast::File"),
        ("dsl/src/emit", "parse::"),
        ("dsl/src/emit", "resolve::"),
        ("dsl/src", "statewright::"),
        ("dsl/src", "tokio"),
        ("runtime/src", "statewright_dsl"),
        ("runtime/src", "syn::"),
        ("runtime/src", "pest"),
        ("macros/src", "std::fs::write"),
        ("macros/src", "Command"),
    ];
    let sources = shipped_sources();
    for (folder, name) in never {
        let there: Vec<_> = sources
            .iter()
            .filter(|(path, _)| path.to_string_lossy().contains(folder))
            .cloned()
            .collect();
        forbid(&there, &format!("{folder} must not name {name}"), |line| {
            // The emitter prints paths of the runtime as text and tokens.
            let imports = line.starts_with("use ") || line.starts_with("pub use ");
            (imports || name == "pest" || name == "tokio")
                && line.contains(name)
                && !line.contains('"')
        });
    }
}

#[test]
fn only_the_loader_the_program_builds_and_stores_touch_files() {
    let sources = shipped_sources();
    let there: Vec<_> = sources
        .into_iter()
        .filter(|(path, _)| {
            let path = path.to_string_lossy();
            !["cli/src", "compile", "build", "store/sqlite"]
                .iter()
                .any(|allowed| path.contains(allowed))
        })
        .collect();
    forbid(&there, "no file access", |line| line.contains("std::fs") || line.contains("fs::read"));
}

#[test]
fn files_are_not_called_after_nothing() {
    for (path, _) in files(SHIPPED, ".rs") {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(
            !["util", "utils", "helper", "helpers", "manager", "common", "misc"]
                .contains(&name.as_str()),
            "{}",
            path.display()
        );
    }
}
