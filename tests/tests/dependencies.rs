//! What users compile with a machine, as ARCHITECTURE.md says it, and under which licences.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The lines of `cargo tree` with these arguments, each once.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["tree", "--locked", "--prefix", "none"])
        .args(arguments)
        .output()
        .expect("cargo can be started");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| line.trim_end_matches(" (*)").to_string()).collect()
}

fn names(arguments: &[&str]) -> BTreeSet<String> {
    let lines = tree(&[arguments, &["--format", "{p}"]].concat());
    lines.iter().filter_map(|line| line.split(' ').next()).map(String::from).collect()
}

/// The names in backticks in the list item of ARCHITECTURE.md that begins so.
fn documented(start: &str) -> (usize, BTreeSet<String>) {
    let text = include_str!("../../ARCHITECTURE.md");
    let item = text.split("\n* ").find_map(|item| item.strip_prefix(start));
    let item = item.and_then(|item| item.split("\n\n").next()).expect("the item is there");
    let (count, list) = item.split_once(':').expect("a number, then a list");
    let names = list.split('`').skip(1).step_by(2).map(String::from).collect();
    (count.trim().parse().expect("a number"), names)
}

#[test]
fn users_compile_what_the_architecture_says() {
    let everything = names(&["-p", "statewright", "-e", "normal,build"]);
    let (count, list) =
        documented("Crates that are compiled for a machine in memory, with default features, ");
    assert_eq!((count, list), (everything.len(), everything));
}

#[test]
fn users_link_what_the_architecture_says() {
    // What procedural macros need is compiled, but not part of the program.
    let linked = names(&["-p", "statewright", "-e", "normal,no-proc-macro"]);
    let (count, list) = documented("Crates that are part of the program then, ");
    assert_eq!((count, list), (linked.len(), linked));
}

#[test]
fn all_licences_let_users_do_what_they_like() {
    let free = [
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unlicense",
        "0BSD",
        "BSL-1.0",
    ];
    for line in
        tree(&["--workspace", "--all-features", "-e", "normal,build,dev", "--format", "{l} | {p}"])
    {
        let Some((licence, package)) = line.split_once(" | ") else { continue };
        // Of what is joined by `AND` every part has to be free, of what is joined by `OR` one.
        let fine = licence.split(" AND ").all(|part| {
            let choices = part.trim_matches(['(', ')']).split(" OR ").flat_map(|c| c.split('/'));
            choices
                .map(|c| c.trim_matches(['(', ')', ' ']))
                .any(|c| free.contains(&c) || c == "Unicode-3.0")
        });
        assert!(fine, "{package}: {licence:?}");
    }
}
