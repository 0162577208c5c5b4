//! Any text: a tree and perhaps errors, never a panic, never a hang, every place inside the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::parse::parse;
use statewright_dsl::span::SourceId;

fuzz_target!(|text: &str| {
    let mut diagnostics = Diagnostics::default();
    let tree = parse(SourceId(0), text, &mut diagnostics);
    for diagnostic in diagnostics.iter() {
        assert!(text.get(diagnostic.primary.range()).is_some(), "{diagnostic:?}");
        for label in &diagnostic.labels {
            assert!(text.get(label.span.range()).is_some(), "{diagnostic:?}");
        }
        for fix in &diagnostic.fixes {
            assert!(text.get(fix.span.range()).is_some(), "{diagnostic:?}");
        }
    }
    drop(tree);
});
