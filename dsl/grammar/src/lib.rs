//! Makes the parser from `flow.pest` ahead of time, so that nobody who uses the macros compiles a
//! generator. A package of its own, because the compiler may not build while its parser is old.

/// The parser for a grammar, as the text of a Rust file.
///
/// # Errors
/// If the generator's output is not Rust. A wrong grammar makes the generator panic.
pub fn parser(grammar: &str) -> Result<String, syn::Error> {
    let input = quote::quote! {
        #[grammar_inline = #grammar]
        pub(super) struct FlowParser;
    };
    let tokens = pest_generator::derive_parser(input, false);
    let file = syn::parse2(quote::quote! { pub(super) struct FlowParser; #tokens })?;
    let text = prettyplease::unparse(&file);
    Ok(format!("// Made from flow.pest by the tests of statewright-grammar; not edited.\n{text}"))
}
