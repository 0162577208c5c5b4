//! Holds the committed parser to its grammar. `BLESS=1` makes it anew.

use std::path::Path;

/// The parser is made ahead of time, so that nobody who uses the macros compiles a generator.
#[test]
fn generated_parser_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/parse");
    let grammar = std::fs::read_to_string(folder.join("flow.pest")).unwrap();
    let made = generate(&grammar);
    let file = folder.join("grammar.in");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == made, "grammar.in is out of date: run this test with BLESS=1");
}

fn generate(grammar: &str) -> String {
    let input = quote::quote! {
        #[grammar_inline = #grammar]
        pub(super) struct FlowParser;
    };
    let tokens = pest_generator::derive_parser(input, false);
    let file = syn::parse2(quote::quote! { pub(super) struct FlowParser; #tokens }).unwrap();
    format!(
        "// Made from flow.pest by tests/grammar.rs; not edited.\n{}",
        prettyplease::unparse(&file)
    )
}
