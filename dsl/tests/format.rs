//! The style of `.flow` text: unformatted in, formatted out. `BLESS=1` writes the expected files anew.

#![allow(clippy::unwrap_used)]

use statewright_dsl::format::format;
use std::path::Path;

#[test]
fn texts_are_laid_out_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".in") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let actual = format(&text);
        let golden = path.with_extension("out");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, &actual).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(actual == expected, "{} differs:\n{actual}", golden.display());
        assert!(format(&actual) == actual, "{} twice", golden.display());
    }
    assert!(seen > 3);
}
