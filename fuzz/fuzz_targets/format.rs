//! Any text, laid out: every token stays, the tree and the mistakes too, and once is enough.

#![no_main]

use libfuzzer_sys::fuzz_target;
use statewright_dsl::ast::File;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::format::format;
use statewright_dsl::parse::parse;
use statewright_dsl::span::SourceId;

fuzz_target!(|text: &str| {
    let once = format(text);
    assert!(read(&once) == read(text), "{text}\n----\n{once}");
    assert!(words(&once) == words(text), "{text}\n----\n{once}");
    assert!(format(&once) == once, "{text}\n----\n{once}");
});

fn read(text: &str) -> (File, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let tree = parse(SourceId(0), text, &mut diagnostics);
    (tree, diagnostics.iter().map(|d| std::format!("{} {}", d.code, d.message)).collect())
}

/// The text without white space.
fn words(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{FEFF}')).collect()
}
