//! Every entry of `mutations.txt` still changes its source: one that fits nowhere shows nothing.

#![allow(clippy::unwrap_used)]

use statewright_parity::mutations;
use std::path::Path;

#[test]
fn every_mutation_fits_one_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let stale: Vec<String> = mutations::all()
        .iter()
        .filter_map(|mutation| {
            let text = std::fs::read_to_string(root.join(&mutation.file)).unwrap();
            match mutation.applied(&text) {
                Ok(changed) if changed == text => Some(format!("`{}`: no change", mutation.name)),
                made => made.err(),
            }
        })
        .collect();
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}
