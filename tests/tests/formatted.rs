//! The `.flow` files and blocks of the repository are in the style that `statewright fmt` gives.
//! Not those in `dsl/tests` and `fuzz`, where the layout is part of what is tested.

use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::format::format;
use statewright_dsl::parse::parse;
use statewright_dsl::span::SourceId;
use std::fs;
use std::path::{Path, PathBuf};

/// All files with this ending, with their texts.
fn files(ending: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let left_out = [root.join("dsl/tests"), root.join("fuzz")];
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                let hidden = name.starts_with('.') || name == "target" || name == "node_modules";
                if !hidden && !left_out.contains(&path) {
                    open.push(path);
                }
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(&path).expect("texts are UTF-8");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

fn is_valid(text: &str) -> bool {
    let mut diagnostics = Diagnostics::default();
    parse(SourceId(0), text, &mut diagnostics);
    diagnostics.is_empty()
}

#[test]
fn every_file_is_formatted() {
    let files = files(".flow");
    let valid: Vec<_> = files.iter().filter(|(_, text)| is_valid(text)).collect();
    assert!(valid.len() > 12, "{valid:?}");
    for (path, text) in valid {
        let path = path.display();
        assert!(format(text) == *text, "run `cargo run -p statewright-cli -- fmt {path}`");
    }
}

/// The examples of the catalogue of diagnostics, too.
#[test]
fn machines_in_documents_are_formatted() {
    let mut seen = 0;
    for (path, document) in files(".md") {
        for block in document.split("```flow").skip(1) {
            let block = block.split_once('\n').unwrap_or_default().1;
            let text = block.split("```").next().unwrap_or_default();
            if is_valid(text) {
                seen += 1;
                assert_eq!(format(text), text, "{}", path.display());
            }
        }
    }
    assert!(seen > 50);
}
