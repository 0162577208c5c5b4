//! Levels of warnings, and all of them on good machines.

#![allow(clippy::unwrap_used)]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use statewright_dsl::code::{Code, Severity};
use statewright_dsl::compile::{
    Compilation, FileLoader, TextLoader, compile_at, compile_with_scenarios,
};
use statewright_dsl::door::annotated;
use statewright_dsl::levels::{Level, Levels};
use std::path::{Path, PathBuf};

/// Every warning there is, as an error.
fn everything() -> Levels {
    let mut levels = Levels::default();
    levels.set_all(Level::Deny);
    Code::ALL.iter().filter(|code| code.is_opt_in()).for_each(|c| levels.set(*c, Level::Deny));
    levels
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The machines of a Rust file that are written behind `#[statewright::machine]`, as `.flow` text.
fn annotated_machines(rust: &str) -> Vec<String> {
    let tokens: Vec<TokenTree> = rust.parse::<TokenStream>().unwrap().into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(attribute) = token else { continue };
        let words: Vec<TokenTree> = attribute.stream().into_iter().collect();
        let text: Vec<String> = words.iter().take(4).map(ToString::to_string).collect();
        if text != ["statewright", ":", ":", "machine"] {
            continue;
        }
        let arguments = match words.get(4) {
            Some(TokenTree::Group(group)) => group.stream(),
            _ => TokenStream::new(),
        };
        let is_end = |t: &TokenTree| matches!(t, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let end = at + 1 + tokens[at + 1..].iter().position(is_end).unwrap();
        let item = tokens[at + 1..=end].iter().cloned().collect();
        found.push(annotated::read(arguments, item).text_or_refusals());
    }
    found
}

fn said(compilation: &Compilation) -> Vec<String> {
    let said = compilation.diagnostics.iter();
    said.map(|d| format!("{} {}", d.code.short(), d.message)).collect()
}

/// What is said of those that are asked to say something about every event, and rightly.
const ABOUT_EVERY_EVENT: &str = "W0305 ";

#[test]
fn good_machines_give_nothing_with_everything_on() {
    let mut seen = 0;
    let mut check = |what: &str, compilation: &Compilation| {
        let mut said = said(compilation);
        said.retain(|line| !line.starts_with(ABOUT_EVERY_EVENT));
        assert_eq!(said, [""; 0], "{what}");
        seen += 1;
    };
    for path in [files("tests/flows", "flow"), files("examples", "flow")].concat() {
        let path = path.to_string_lossy();
        check(&path, &compile_with_scenarios(&FileLoader, &path, &everything()));
    }
    for path in files("examples", "rs") {
        for text in annotated_machines(&std::fs::read_to_string(&path).unwrap()) {
            let loader = TextLoader::default().with("machine.flow", text);
            let compilation = compile_at(&loader, "machine.flow", &everything());
            check(&path.to_string_lossy(), &compilation);
        }
    }
    assert_eq!(seen, 18);
}

fn compile(text: &str, levels: &Levels) -> Compilation {
    compile_at(&TextLoader::default().with("m.flow", text), "m.flow", levels)
}

const DOUBTFUL: &str = "machine Door {
    event Push
    event Key
    initial state Closed { on Push -> Opened }
    state Opened { on Key -> Closed }
    state Lost { on Push -> Closed }
}";

#[test]
fn a_level_hides_warnings_or_makes_errors_of_them() {
    let plain = compile(DOUBTFUL, &Levels::default());
    assert_eq!(said(&plain), ["W0201 `Lost` cannot be reached"]);

    let mut levels = Levels::default();
    levels.set(Code::Unreachable, Level::Allow);
    assert_eq!(said(&compile(DOUBTFUL, &levels)), [""; 0]);

    levels.set(Code::Unreachable, Level::Deny);
    let denied = compile(DOUBTFUL, &levels);
    assert_eq!(denied.diagnostics.iter().next().unwrap().severity, Severity::Error);
    assert!(denied.machines.is_empty());
}

#[test]
fn a_code_counts_more_than_all_of_them() {
    let mut levels = Levels::default();
    levels.set(Code::Unreachable, Level::Warn);
    levels.set_all(Level::Allow);
    assert_eq!(said(&compile(DOUBTFUL, &levels)).len(), 1);
    levels.set_all(Level::Deny);
    assert!(!compile(DOUBTFUL, &levels).diagnostics.has_errors());
}

#[test]
fn what_is_opt_in_is_asked_for_by_its_code() {
    let mut levels = Levels::default();
    levels.set_all(Level::Warn);
    assert_eq!(said(&compile(DOUBTFUL, &levels)).len(), 1);
    levels.set(Code::Unhandled, Level::Warn);
    let all = said(&compile(DOUBTFUL, &levels));
    assert!(
        all.contains(&"W0305 `Closed` neither handles nor ignores `Key`".to_owned()),
        "{all:?}"
    );
    let strict = format!("@strict {DOUBTFUL}");
    assert_eq!(said(&compile(&strict, &Levels::default())), all);
    levels.set(Code::Unhandled, Level::Allow);
    assert_eq!(said(&compile(&strict, &levels)).len(), 1);
}

#[test]
fn an_allow_counts_more_than_a_level() {
    let text = DOUBTFUL.replace("state Lost", "@allow(W0201, \"by restore\") state Lost");
    for level in [Level::Allow, Level::Warn, Level::Deny] {
        let mut levels = Levels::default();
        levels.set(Code::Unreachable, level);
        // That something else hides it too does not make the `@allow` useless.
        assert_eq!(said(&compile(&text, &levels)), [""; 0], "{level:?}");
    }
}

#[test]
fn an_allow_in_an_imported_file_is_not_called_useless() {
    let loader = TextLoader::default()
        .with("lamps.flow", "@allow(W0107, \"for others\") enum Lamp { Red }")
        .with("m.flow", format!("import \"lamps.flow\" {DOUBTFUL}"));
    assert_eq!(said(&compile_at(&loader, "m.flow", &Levels::default())).len(), 1);
}
