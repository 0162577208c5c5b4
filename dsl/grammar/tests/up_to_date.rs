//! Holds the committed parser to its grammar. `BLESS=1` makes it anew.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn committed_parser_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/parse");
    let grammar = std::fs::read_to_string(folder.join("flow.pest")).unwrap();
    let made = statewright_grammar::parser(&grammar).unwrap();
    let file = folder.join("grammar.in");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let how = "BLESS=1 cargo test -p statewright-grammar";
    assert!(committed == made, "grammar.in is out of date: {how}");
}
