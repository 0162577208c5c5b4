//! What is wrong with a text before any grammar: strings and comments that are not closed,
//! characters and numbers that are not of the language, too deep a nesting.

use super::tokens::{DEPTH_LIMIT, Kind, Token, Tokens};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{SourceId, Span};

/// The first few mistakes of this kind in a text, in the order of the text.
pub(super) fn mistakes(
    source: SourceId,
    text: &str,
    tokens: &Tokens,
    most: usize,
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut strange_line = 0..0;
    for token in &tokens.list {
        let span = Span::new(source, token.start as usize, token.end as usize);
        let word = &text[span.range()];
        let mistake = match token.kind {
            Kind::String => open_string(word, span),
            Kind::Number => super::numbers::wrong_number(word, span),
            // Strange characters in one line are one mistake: they come in pairs and in rows.
            Kind::Mark if strange_line.contains(&span.start) => None,
            Kind::Mark => strange(word, span),
            Kind::Word | Kind::Doc | Kind::FileDoc => None,
        };
        if let Some(mistake) = mistake {
            if token.kind == Kind::Mark {
                let rest = &text[token.end as usize..];
                let len = rest.find('\n').unwrap_or(rest.len());
                strange_line = token.start..token.end + len as u32;
            }
            found.push(mistake);
        }
        if found.len() >= most {
            break;
        }
    }
    if let Some(start) = tokens.open_comment {
        let span = Span::new(source, start, start + 2);
        let help = "close it with `*/`; comments nest, so every `/*` inside needs its own `*/`";
        found.push(Diagnostic::new(Code::Syntax, span, "comment is not closed").help(help));
    }
    found
}

/// The one error for a text that is nested beyond [`DEPTH_LIMIT`].
pub(super) fn too_deep(source: SourceId, text: &str, tokens: &Tokens) -> Option<Diagnostic> {
    let deep = tokens.deep_comment.map(|at| (at, at + 2)).or_else(|| {
        let token = first_too_deep(text, &tokens.list)?;
        Some((token.start as usize, token.end as usize))
    });
    let (start, end) = deep?;
    let message = format!("nested more than {DEPTH_LIMIT} levels deep");
    let help = "braces, parentheses, types, operators in front and comments count";
    Some(Diagnostic::new(Code::TooDeep, Span::new(source, start, end), message).help(help))
}

fn first_too_deep(text: &str, tokens: &[Token]) -> Option<Token> {
    let (mut brackets, mut angles, mut prefixes) = (0_usize, 0_usize, 0_usize);
    for token in tokens {
        let word = match token.kind {
            Kind::Mark => &text[token.start as usize..token.end as usize],
            _ => "",
        };
        match word {
            "{" | "(" | "[" => brackets += 1,
            "}" | ")" | "]" => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        // `<` opens a type only as long as nothing but types stands around it.
        angles = match word {
            "<" => angles + 1,
            ">" => angles.saturating_sub(1),
            "::" | "," | "?" => angles,
            "" if token.kind == Kind::Word => angles,
            _ => 0,
        };
        prefixes = if matches!(word, "!" | "-") { prefixes + 1 } else { 0 };
        if brackets.max(angles).max(prefixes) > DEPTH_LIMIT {
            return Some(*token);
        }
    }
    None
}

fn open_string(word: &str, span: Span) -> Option<Diagnostic> {
    if is_closed(word) {
        return None;
    }
    let end = Span { start: span.end, ..span };
    let help = "a string ends on the line on which it begins; a new line in it is `\\n`";
    let diagnostic = Diagnostic::new(Code::Syntax, span, "string is not closed").help(help);
    Some(diagnostic.fix("close the string", end, "\""))
}

/// The last quote closes a string unless an odd number of backslashes stands in front of it.
fn is_closed(word: &str) -> bool {
    let inner = word[1..].strip_suffix('"');
    inner.is_some_and(|i| (i.len() - i.trim_end_matches('\\').len()) % 2 == 0)
}

/// Marks that some statement, right or wrong, may hold: the grammar speaks of them.
const KNOWN: &str = "{}()[]<>,.:;=+-*/%!?&|@";

fn strange(word: &str, span: Span) -> Option<Diagnostic> {
    let c = word.chars().next().filter(|c| !KNOWN.contains(*c))?;
    let replacement = match c {
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{AB}' | '\u{BB}' | '`' | '\'' | '\u{2018}'
        | '\u{2019}' => Some("\""),
        '\u{2192}' | '\u{21D2}' => Some("->"),
        '\u{2264}' => Some("<="),
        '\u{2265}' => Some(">="),
        '\u{2260}' => Some("!="),
        '\u{2212}' | '\u{2013}' | '\u{2014}' => Some("-"),
        '\u{A0}' | '\u{2003}' | '\u{200B}' | '\u{C}' | '\u{B}' => Some(" "),
        _ => None,
    };
    let shown = if c.is_control() || c.is_whitespace() || c == '\u{200B}' {
        format!("character U+{:04X}", c as u32)
    } else {
        format!("`{c}`")
    };
    let diagnostic =
        Diagnostic::new(Code::Syntax, span, format!("{shown} is not part of the language"));
    Some(match replacement {
        Some(" ") => diagnostic.fix("write a plain space", span, " "),
        Some("\"") => diagnostic.help("strings stand in plain double quotes: `\"text\"`"),
        Some(other) => diagnostic.fix(&format!("write `{other}`"), span, other),
        None => diagnostic,
    })
}
