//! Text to syntax tree, with recovery: always a tree, and every mistake found on the way.
//!
//! Three parts work together. [`tokens`] cuts the text into words and marks once, finds what no
//! statement can repair (an open string, too deep a nesting), and knows where things end.
//! [`blocks`] opens and closes braces and hands each statement to the pest parser ([`grammar`],
//! made from `flow.pest`), so that a mistake costs one statement. The other files turn what pest
//! found into the tree, a topic each.

mod blocks;
mod declarations;
mod expressions;
mod grammar;
mod literals;
mod machines;
mod orchestration;
mod parts;
mod reactions;
mod states;
mod tokens;

use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::span::SourceId;

/// The tree of one text. What is wrong with the text goes to `diagnostics`; the tree then holds
/// everything that could be understood.
pub fn parse(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> ast::File {
    let tokens = tokens::tokens(text);
    blocks::Parser::new(source, text, tokens, diagnostics).file()
}
