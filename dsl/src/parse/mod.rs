//! Text to syntax tree, with recovery: always a tree, and every mistake found on the way.
//!
//! * `tokens` cuts the text into words and marks once; `lexis`, `numbers` and `braces` find in
//!   them what no statement can repair: an open string, a brace too many, too deep a nesting.
//! * `blocks` and `machines` open and close braces and hand each statement to the pest parser
//!   (`grammar`, made from `flow.pest`), so that a mistake costs one statement.
//! * `declarations`, `states`, `reactions`, `expressions`, `literals`, `scenarios` and
//!   `orchestration` turn what pest found into the tree, a topic each.
//! * `outline` writes down where everything stands, for the formatter.
//! * After a mistake `expected`, `mistakes` and `stray` find the words, and `recovery` the place
//!   where to go on. Nothing of this costs anything as long as there is no mistake.

mod blocks;
mod braces;
mod declarations;
mod expected;
mod expressions;
mod grammar;
mod lexis;
mod literals;
mod machines;
mod migrations;
mod mistakes;
mod numbers;
mod orchestration;
#[cfg_attr(not(feature = "tools"), allow(dead_code))]
mod outline;
mod parts;
mod places;
mod reactions;
mod recovery;
mod scenarios;
mod states;
mod stray;
mod titles;
mod tokens;

use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::span::SourceId;

pub use tokens::DEPTH_LIMIT;

#[cfg(feature = "tools")]
pub(crate) use {
    grammar::Rule,
    outline::{Block, Outline, Part},
    tokens::Kind,
};

/// The tree of one text. What is wrong with the text goes to `diagnostics`; the tree then holds
/// everything that could be understood.
pub fn parse(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> ast::File {
    let tokens = tokens::tokens(text);
    if let Some(error) = lexis::too_deep(source, text, &tokens) {
        diagnostics.push(error);
        return ast::File::default();
    }
    blocks::Parser::new(source, text, tokens, diagnostics).file()
}

/// The tree of one text as [`parse`] gives it, and where everything in it stands.
#[cfg(feature = "tools")]
pub(crate) fn outline(
    source: SourceId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> (ast::File, Outline) {
    let tokens = tokens::tokens(text);
    if let Some(error) = lexis::too_deep(source, text, &tokens) {
        diagnostics.push(error);
        return (ast::File::default(), Outline::new(tokens.list));
    }
    blocks::Parser::new(source, text, tokens, diagnostics).file_with_outline()
}

/// The steps of one script: events and `after`, parted by `;`, `,` or line breaks.
#[cfg(feature = "tools")]
pub fn script(
    source: SourceId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<ast::ScenarioStep> {
    let tokens = tokens::tokens(text);
    if let Some(error) = lexis::too_deep(source, text, &tokens) {
        diagnostics.push(error);
        return Vec::new();
    }
    blocks::Parser::new(source, text, tokens, diagnostics).script()
}

/// Claims as a `property` has them behind its name, parted by `;`.
#[cfg(feature = "tools")]
pub fn claims(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Vec<ast::Claim> {
    let tokens = tokens::tokens(text);
    if let Some(error) = lexis::too_deep(source, text, &tokens) {
        diagnostics.push(error);
        return Vec::new();
    }
    blocks::Parser::new(source, text, tokens, diagnostics).claims()
}
