//! Text to tree: what parses and what it gives, and what is said of what does not.

use statewright_dsl::ast::File;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::parse::parse;
use statewright_dsl::source::Sources;
use std::path::{Path, PathBuf};

fn flows(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut flows: Vec<_> = files.filter(|p| p.extension().is_some_and(|e| e == "flow")).collect();
    flows.sort();
    flows
}

/// The tree, and every diagnostic as `line:column code message`.
fn parsed(text: &str) -> (File, Vec<String>) {
    let mut sources = Sources::default();
    let id = sources.add("test.flow", text);
    let mut diagnostics = Diagnostics::default();
    let file = parse(id, text, &mut diagnostics);
    diagnostics.sort();
    let source = sources.get(id).unwrap();
    let lines = diagnostics.iter().map(|d| {
        let place = source.position(d.primary.start as usize);
        format!("{}:{} {} {}", place.line, place.column, d.code.short(), d.message)
    });
    (file, lines.collect())
}

#[test]
fn examples_parse() {
    for path in flows("../tests/flows") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (file, messages) = parsed(&text);
        assert_eq!(messages, Vec::<String>::new(), "{}", path.display());
        assert!(!file.docs.is_empty() && !file.items.is_empty(), "{}", path.display());
    }
}
