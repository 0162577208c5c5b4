//! README shows a machine, its diagram, and the Rust that goes with it: the first two are those of
//! `docs/door.flow`, the third stands below and runs.

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

mod shown {
    statewright::include_flow!("../docs/door.flow");
    use door::{Actions, Event, Logic, Machine, Start};
    use std::time::Duration;

    struct Bell;

    impl Logic for Bell {
        fn is_right(code: u32) -> bool {
            code == 1234
        }
    }
    impl Actions for Bell {
        fn ring(&mut self) {
            println!("ring");
        }
    }

    #[test]
    fn the_door_opens() -> Result<(), statewright::StepError> {
        let mut door = Machine::new(Bell, Start {})?;
        door.dispatch(Event::Key { code: 1234 })?; // Handled
        door.dispatch(Event::Push)?;
        assert!(matches!(door.state(), door::State::Open));
        door.advance(&Duration::from_secs(6))?; // time is yours: a clock, or a number
        assert!(matches!(door.state(), door::State::Closed));
        Ok(())
    }
}

/// The words of a text, wherever its lines break.
fn words(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_rust_of_the_readme_is_the_rust_that_runs() {
    let readme = read("README.md");
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
    let shown = shown.expect("there is a block of Rust").replace("flows/door", "../docs/door");
    let runs = words(include_str!("readme.rs"));
    // Where the test puts a function around the lines, the text breaks in two.
    for part in shown.split("\n\n") {
        assert!(runs.contains(&words(part)), "this does not run:\n{part}");
    }
}

#[test]
fn the_module_in_the_reference_compiles() {
    let reference = read("docs/language.md");
    let mut blocks = reference.split("```rust\n").skip(1);
    let module = blocks.find(|block| block.starts_with("#[statewright::machine("));
    let module = module.and_then(|block| block.split("```").next()).expect("there is one");
    assert!(words(&read("tests/tests/forms/documented.rs")).contains(&words(module)));
}

#[test]
fn the_durable_part_of_the_readme_is_the_order_of_the_examples() {
    let readme = read("README.md");
    let block = |fence: &str| {
        let block = readme.split(fence).nth(2).and_then(|rest| rest.split("```").next());
        block.expect("there are two blocks").to_owned()
    };
    let (flow, main) = (read("examples/order/order.flow"), read("examples/order/main.rs"));
    assert!(flow.contains(block("```flow\n").trim_end()), "the text differs");
    let runs = words(&main);
    for part in block("```rust\n").split("\n\n") {
        assert!(runs.contains(&words(part)), "this does not run:\n{part}");
    }
}
