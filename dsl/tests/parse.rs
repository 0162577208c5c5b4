//! Text to tree: what parses and what it gives, and what is said of what does not.
//! `BLESS=1` writes the expected files anew.

#![allow(clippy::unwrap_used)]

mod parse_dump;

use parse_dump::dump;
use statewright_dsl::ast::{File, Item, MachineItem, StateItemKind};
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::parse::parse;
use statewright_dsl::source::Sources;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn flows(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut flows: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|e| e == "flow"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    flows.sort();
    assert!(!flows.is_empty());
    flows
}

/// The tree, and every diagnostic as `line:column code message` with what belongs to it below.
fn parsed(text: &str) -> (File, String) {
    let mut sources = Sources::default();
    let id = sources.add("test.flow", text);
    let mut diagnostics = Diagnostics::default();
    let file = parse(id, text, &mut diagnostics);
    diagnostics.sort();
    let source = sources.get(id).unwrap();
    let place = |offset: u32| {
        let place = source.position(offset as usize);
        format!("{}:{}", place.line, place.column)
    };
    let mut said = String::new();
    for d in diagnostics.iter() {
        writeln!(said, "{} {} {}", place(d.primary.start), d.code.short(), d.message).unwrap();
        if !d.primary_label.is_empty() {
            writeln!(said, "    here: {}", d.primary_label).unwrap();
        }
        for label in &d.labels {
            writeln!(said, "    {} {}", place(label.span.start), label.text).unwrap();
        }
        for help in d.help.iter().chain(&d.notes) {
            writeln!(said, "    help: {help}").unwrap();
        }
        for fix in &d.fixes {
            let span = format!("{}..{}", place(fix.span.start), place(fix.span.end));
            writeln!(said, "    fix: {} {span} {:?}", fix.title, fix.replacement).unwrap();
        }
    }
    (file, said)
}

fn compare(path: &Path, ending: &str, actual: &str) {
    let golden = path.with_extension(ending);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(actual == expected, "{} differs:\n{actual}", golden.display());
}

#[test]
fn examples_parse() {
    for (path, text) in flows("../tests/flows") {
        let (file, said) = parsed(&text);
        assert_eq!(said, "", "{}", path.display());
        assert!(!file.docs.is_empty() && !file.items.is_empty(), "{}", path.display());
    }
}

#[test]
fn every_form_gives_its_tree() {
    for (path, text) in flows("tests/parse/ok") {
        let (file, said) = parsed(&text);
        assert_eq!(said, "", "{}", path.display());
        compare(&path, "tree", &dump(&file));
    }
}

#[test]
fn mistakes_are_told_once_and_in_place() {
    for (path, text) in flows("tests/parse/err") {
        compare(&path, "said", &parsed(&text).1);
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_mean_nothing() {
    for (path, text) in flows("../tests/flows").into_iter().chain(flows("tests/parse/ok")) {
        let plain = parsed(&text);
        let windows = format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
        assert!(parsed(&windows) == plain, "{}", path.display());
        let tabs = text.replace("    ", "\t");
        assert!(parsed(&tabs).0 == plain.0, "{}", path.display());
    }
}

#[test]
fn docs_behind_an_expression_are_no_division() {
    let (file, said) = parsed(
        "machine M { on A do set x = y\n/// Docs.\ninitial state B on C do set x = y / z // Why.\n }",
    );
    assert_eq!(said, "");
    let Some(Item::Machine(machine)) = file.items.first() else { panic!("no machine") };
    let Some(MachineItem::State(item)) = machine.items.get(1) else { panic!("no state") };
    assert!(matches!(&item.kind, StateItemKind::State(state) if state.meta.docs == ["Docs."]));
}
