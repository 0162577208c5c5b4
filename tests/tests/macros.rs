//! What the macros say: each file of `ui` beside the messages that rustc must give for it, and files
//! that must compile. `TRYBUILD=overwrite` writes the messages anew.

#[test]
fn messages_point_at_what_was_written() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
}
