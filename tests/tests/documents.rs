//! The documents of the repository: what they link to is there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    open.push(path);
                }
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("documents are UTF-8")
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Targets of links that lead to a place in the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).map(String::from).collect()
}

/// What a heading is called in links, as GitHub does it.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

fn has_heading(text: &str, wanted: &str) -> bool {
    let headings = prose(text);
    let mut headings = headings.lines().filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#').trim()) == wanted)
}

#[test]
fn links_lead_somewhere() {
    let documents = documents();
    assert!(documents.len() > 20, "{documents:?}");
    let mut broken = Vec::new();
    for document in &documents {
        for link in links(&prose(&read(document))) {
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => document.clone(),
                path => document.parent().unwrap_or(document).join(path),
            };
            let there =
                target.exists() && (heading.is_empty() || has_heading(&read(&target), heading));
            if !there {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_example_and_decision_is_in_its_index() {
    let folders = [("examples", "examples/README.md"), ("docs/adr", "docs/adr/README.md")];
    for (folder, index) in folders {
        let index = read(&root().join(index));
        for entry in fs::read_dir(root().join(folder)).expect("the folder can be listed") {
            let name = entry.expect("the folder can be listed").file_name();
            let name = name.to_string_lossy();
            let listed = name == "README.md" || name == "Cargo.toml" || index.contains(&*name);
            assert!(listed, "{folder}/{name}");
        }
    }
}
