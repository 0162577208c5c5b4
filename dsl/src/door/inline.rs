//! `flow! { .. }`: the tokens are `.flow` text already.

use super::arguments;
use super::text::FlowText;
use super::tokens::Cursor;
use proc_macro2::{Span, TokenStream};

/// The text in a `flow!`.
#[derive(Debug)]
pub struct Inline {
    /// `crate = path;` at the beginning: where the generated code finds the runtime.
    pub crate_path: Option<TokenStream>,
    /// The rest.
    pub text: FlowText,
}

/// Joins the tokens.
pub fn read(tokens: TokenStream) -> Inline {
    let mut cursor = Cursor::new(tokens, Span::call_site());
    let crate_path = arguments::crate_path(&mut cursor);
    let mut text = FlowText::default();
    text.tokens(cursor.rest());
    Inline { crate_path, text }
}
