//! README shows a machine, and its diagram: both are those of `docs/door.flow`.

use statewright_dsl::{compile, emit};
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(path).expect("the file is in the repository")
}

#[test]
fn the_readme_shows_the_door_and_its_diagram() {
    let (readme, door) = (read("README.md"), read("docs/door.flow"));
    assert!(readme.contains(&format!("```flow\n{door}```")), "the text differs");
    let done = compile::compile_text("docs/door.flow", &door);
    assert!(done.diagnostics.is_empty(), "{:?}", done.diagnostics);
    let diagram = emit::mermaid(&done.machines[0]);
    assert!(readme.contains(&format!("```mermaid\n{diagram}```")), "the diagram differs");
}
