//! What the macros say: each file of `ui` beside the messages that rustc must give for it, and files
//! that must compile. `TRYBUILD=overwrite` writes the messages anew.

#[test]
fn messages_point_at_what_was_written() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
}

/// What `include_flow!` says about a file; rustc shows it at the path of the file.
fn said_about(file: &str) -> Vec<String> {
    let path = format!("{file:?}").parse().expect("a string is a token");
    let code = statewright_dsl::door::include_flow(path).to_string();
    let errors = code.split(":: core :: compile_error ! {").skip(1);
    errors
        .map(|error| {
            let text = error.trim_start().strip_prefix('"').expect("the text is a string");
            let end = text.find("\" }").expect("the text has an end");
            text[..end].replace("\\n", "\n").replace("\\\"", "\"")
        })
        .collect()
}

#[test]
fn a_mistake_in_a_file_is_shown_with_its_place_and_line() {
    let expected = "flow-E0001: expected `if`, `do`, `->`, `abort` or `{`, found `=>`
 --> ui/flows/syntax.flow:5:34
  |
5 |     initial state Shut { on Push => Open }
  |                                  ^^
  |
  = help: a target stands behind `->`";
    let said = said_about("ui/flows/syntax.flow");
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with(expected), "{}", said[0]);
}

#[test]
fn cargo_is_told_of_every_file_that_was_read() {
    let path = "\"ui/flows/importing.flow\"".parse().expect("a string is a token");
    let code = statewright_dsl::door::include_flow(path).to_string();
    let watched =
        |file: &str| code.contains(&format!("{}/ui/flows/{file}", env!("CARGO_MANIFEST_DIR")));
    assert!(watched("importing.flow") && watched("lamps.flow"), "{code}");
}
