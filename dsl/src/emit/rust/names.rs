//! Names in generated Rust: identifiers, modules, enums of states, variants of `In`.

use crate::chart::Chart;
use crate::model::{Name, StateId};
use crate::spelling::NEVER_RAW;
use proc_macro2::{Ident, Span};
use std::collections::BTreeSet;

/// Words that Rust keeps for itself; names that are one of them are written `r#type`.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// An identifier with a place.
pub(super) fn ident(text: &str, span: Span) -> Ident {
    if NEVER_RAW.contains(&text) {
        return Ident::new(&format!("{text}_"), span);
    }
    if KEYWORDS.contains(&text) {
        return Ident::new_raw(text, span);
    }
    Ident::new(text, span)
}

/// A word of a path, where `crate` and its like are themselves.
pub(super) fn path_ident(text: &str, span: Span) -> Ident {
    if text != "_" && NEVER_RAW.contains(&text) {
        return Ident::new(text, span);
    }
    ident(text, span)
}

/// `ProtectedCall` as `protected_call`, `HTTPServer2` as `http_server2`.
pub(super) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && !letters[at - 1].is_uppercase() && letters[at - 1] != '_';
        let before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let after_any = at > 0 && letters[at - 1] != '_';
        if letter.is_uppercase() && (after_small || (after_any && before_small)) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The names that depend on the other states of the machine.
pub(super) struct StateNames {
    /// For the root, composites and regions: the enum of their children.
    pub(super) enums: Vec<Option<String>>,
    /// The variant of `In`; that of the root is never used.
    pub(super) within: Vec<String>,
}

/// Gives every state its names.
pub(super) fn states(chart: &Chart) -> StateNames {
    StateNames { enums: enums(chart), within: within(chart) }
}

fn enums(chart: &Chart) -> Vec<Option<String>> {
    let declared = chart.declarations.types.iter().map(|t| t.name.text.clone());
    let used = chart
        .declarations
        .uses
        .iter()
        .filter_map(|u| u.alias.clone().or_else(|| u.path.last().cloned()));
    let mut taken: BTreeSet<String> =
        crate::model::GENERATED.iter().map(|s| s.to_string()).collect();
    taken.extend(declared.chain(used));
    taken.extend(chart.declarations.activity_types().map(|(name, _)| name));
    taken.extend(chart.declarations.message_types().map(|(name, _)| name));
    let wanted: Vec<(StateId, &Name)> = ids(chart)
        .filter(|id| *id != StateId::ROOT && chart.state(*id).kind.is_exclusive())
        .map(|id| (id, &chart.state(id).name))
        .collect();
    let mut names = vec![None; chart.states.len()];
    names[0] = Some("State".to_string());
    for (id, name) in &wanted {
        let unique = wanted.iter().filter(|(_, other)| other.text == name.text).count() == 1;
        let short = (unique && !taken.contains(&name.text)).then(|| name.text.clone());
        names[id.index()] = Some(short.unwrap_or_else(|| {
            let mut long = joined(chart, *id);
            let clashes = |long: &String| {
                taken.contains(long) || wanted.iter().any(|(_, other)| other.text == *long)
            };
            while clashes(&long) {
                long.push_str("State");
            }
            taken.insert(long.clone());
            long
        }));
    }
    names
}

fn within(chart: &Chart) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for id in ids(chart) {
        let name = &chart.state(id).name.text;
        let same = chart.states.iter().skip(1).filter(|s| s.name.text == *name).count();
        let mut variant = if same > 1 { joined(chart, id) } else { name.clone() };
        while !taken.insert(variant.clone()) {
            variant.push_str("State");
        }
        names.push(variant);
    }
    names
}

fn ids(chart: &Chart) -> impl Iterator<Item = StateId> {
    (0..chart.states.len() as u32).map(StateId)
}

/// `BrokenRetry`
fn joined(chart: &Chart, id: StateId) -> String {
    chart.state(id).path.replace('.', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_in_snake_case() {
        let cases = [
            ("Crossing", "crossing"),
            ("ProtectedCall", "protected_call"),
            ("HTTPServer", "http_server"),
            ("V2Door", "v2_door"),
            ("Ärger", "ärger"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake_case(name), expected);
        }
    }

    #[test]
    fn keywords_become_raw() {
        let cases = [("type", "r#type"), ("self", "self_"), ("kind", "kind")];
        for (name, expected) in cases {
            assert_eq!(ident(name, Span::call_site()).to_string(), expected);
        }
    }
}
