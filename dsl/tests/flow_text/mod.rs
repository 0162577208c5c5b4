//! Texts to lay out, and what of a text has to survive that.

use statewright_dsl::ast::File;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::parse::parse;
use statewright_dsl::span::SourceId;
use std::path::{Path, PathBuf};

/// Every `.flow` file of the repository with its text.
pub(crate) fn all() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    open.push(path);
                }
            } else if name.ends_with(".flow") {
                found.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 80);
    found
}

/// The tree and what is said of it, without places.
pub(crate) fn read(text: &str) -> (File, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let file = parse(SourceId(0), text, &mut diagnostics);
    (file, diagnostics.iter().map(|d| format!("{:?} {}", d.code, d.message)).collect())
}

/// All tokens and comments; spaces at the ends of lines inside them, and how far the lines of a
/// long comment are indented, are left out.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match c {
            ' ' | '\t' | '\r' | '\n' | '\u{FEFF}' => c.len_utf8(),
            '"' => string(rest),
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => comment(rest),
            _ if c.is_ascii_digit() => number(rest),
            _ if rest.starts_with("r#") => 2 + letters(&rest[2..]),
            _ if is_letter(c) => letters(rest),
            _ => ["->", "=>", "::", "..", "==", "!=", "<=", ">=", "&&", "||"]
                .iter()
                .find(|pair| rest.starts_with(**pair))
                .map_or(c.len_utf8(), |pair| pair.len()),
        };
        let word: Vec<&str> = rest[..len].split('\n').map(str::trim).collect();
        let word = word.join("\n").trim().to_string();
        if !word.is_empty() && word != "\u{FEFF}" {
            words.push(word);
        }
        rest = &rest[len..];
    }
    words
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn letters(text: &str) -> usize {
    text.find(|c| !is_letter(c)).unwrap_or(text.len())
}

fn number(text: &str) -> usize {
    let mut len = letters(text);
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    if text[len..].starts_with('.') && digit(len + 1) {
        len += 1 + letters(&text[len + 1..]);
    }
    if text[..len].ends_with(['e', 'E']) && text[len..].starts_with(['+', '-']) && digit(len + 1) {
        len += 1 + letters(&text[len + 1..]);
    }
    len
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '"' => return at + 1,
            '\n' => return at,
            _ => {}
        }
    }
    text.len()
}

fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}
