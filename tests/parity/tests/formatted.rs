//! The random machines, laid out: their trees stay the same, and once is enough.

use statewright_dsl::ast::File;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::format::{self, WIDTH};
use statewright_dsl::parse::parse;
use statewright_dsl::span::SourceId;
use statewright_parity::author;

/// The tree of a text; `None` if there is a mistake in it.
fn tree(text: &str) -> Option<File> {
    let mut diagnostics = Diagnostics::default();
    let tree = parse(SourceId(0), text, &mut diagnostics);
    diagnostics.is_empty().then_some(tree)
}

#[test]
fn random_machines_mean_what_they_meant() {
    let mut seen = 0;
    for seed in 0..50 {
        let text = author::machine(seed);
        // Some are written with a mistake.
        if tree(&text).is_none() {
            continue;
        }
        seen += 1;
        for text in [text.clone(), spaced(&text, " "), spaced(&text, "\t   ")] {
            let once = format::format(&text);
            assert!(tree(&once) == tree(&text), "seed {seed}:\n{text}\n----\n{once}");
            assert_eq!(words(&once), words(&text), "seed {seed}");
            assert!(format::format(&once) == once, "seed {seed}:\n{once}");
            assert!(once.lines().all(|line| line.chars().count() <= WIDTH), "{once}");
        }
    }
    assert!(seen > 20, "{seen}");
}

fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The same text with this between its words; not in its strings.
fn spaced(text: &str, space: &str) -> String {
    let mut out = String::new();
    for (at, piece) in text.split('"').enumerate() {
        match at % 2 {
            0 => piece.split_whitespace().for_each(|word| out += &format!("{space}{word}")),
            _ => out += &format!("{space}\"{piece}\""),
        }
    }
    out
}
