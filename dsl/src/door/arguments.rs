//! What stands in the parentheses of `#[machine( .. )]`: the machine's head, and items.

use super::refusal::Refusals;
use super::tokens::{Cursor, is_punct};
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};

/// The arguments of `#[machine]`, told apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    /// `name Turnstile`
    pub(super) name: Option<Ident>,
    /// `version 2`
    pub(super) version: Option<Literal>,
    /// `durable`
    pub(super) durable: Option<Span>,
    /// `crate = path`: where the generated code finds the runtime.
    pub(super) crate_path: Option<TokenStream>,
    /// The rest, which is literally items of a machine.
    pub(super) items: TokenStream,
}

/// Words that start an item of a machine, so that a comma in front of them only separates.
const ITEM_WORDS: &[&str] = &[
    "name",
    "version",
    "durable",
    "crate",
    "key",
    "context",
    "event",
    "events",
    "output",
    "outputs",
    "transient",
    "error",
    "guard",
    "fn",
    "action",
    "activity",
    "policy",
    "migrate",
    "property",
    "scenario",
    "import",
    "invariant",
    "on",
    "after",
    "every",
    "always",
    "entry",
    "exit",
    "defer",
    "ignore",
    "invoke",
    "human",
    "fan_out",
    "initial",
    "final",
    "parallel",
    "state",
];

/// Tells the arguments apart. Commas between items are passed over.
pub(super) fn read(tokens: TokenStream, refusals: &mut Refusals) -> Arguments {
    let mut arguments = Arguments::default();
    let mut cursor = Cursor::new(tokens, Span::call_site());
    let mut items = Vec::new();
    // True where an item may start for sure: at the beginning, behind a comma or behind an option.
    let mut fresh = true;
    while !cursor.is_empty() {
        if is_separator(&cursor) {
            cursor.next();
            fresh = true;
        } else if option(&mut cursor, fresh, &mut arguments, refusals)
            || fresh && import(&mut cursor, refusals)
        {
            fresh = true;
        } else {
            items.extend(cursor.next());
            fresh = false;
        }
    }
    arguments.items = items.into_iter().collect();
    arguments
}

/// Reads `crate = path` and a comma or semicolon behind it, if that is next.
pub(super) fn crate_path(cursor: &mut Cursor) -> Option<TokenStream> {
    if !cursor.is_word("crate") || !is_punct(cursor.ahead(1), '=') {
        return None;
    }
    cursor.next();
    cursor.next();
    let start = cursor.position();
    loop {
        while cursor.eat_punct(':') {}
        if cursor.eat_ident().is_none() || !cursor.is_punct(':') {
            break;
        }
    }
    let path = cursor.since(start);
    let _ = cursor.eat_punct(',') || cursor.eat_punct(';');
    Some(path)
}

fn option(
    cursor: &mut Cursor,
    fresh: bool,
    arguments: &mut Arguments,
    refusals: &mut Refusals,
) -> bool {
    let span = cursor.span();
    match (cursor.ahead(0), cursor.ahead(1)) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name))) if word == "name" => {
            twice(arguments.name.is_some(), span, refusals);
            arguments.name = Some(name.clone());
            cursor.next();
        }
        (Some(TokenTree::Ident(word)), Some(TokenTree::Literal(number))) if word == "version" => {
            twice(arguments.version.is_some(), span, refusals);
            arguments.version = Some(number.clone());
            cursor.next();
        }
        (Some(TokenTree::Ident(word)), _) if word == "durable" && fresh => {
            arguments.durable = Some(span);
        }
        _ => {
            let Some(path) = crate_path(cursor) else { return false };
            arguments.crate_path = Some(path);
            return true;
        }
    }
    cursor.next();
    true
}

/// Refuses `import "x.flow"`: what stands in the attribute stands in a machine.
fn import(cursor: &mut Cursor, refusals: &mut Refusals) -> bool {
    let start = cursor.position();
    if !cursor.is_word("import") || !matches!(cursor.ahead(1), Some(TokenTree::Literal(_))) {
        return false;
    }
    cursor.next();
    cursor.next();
    refusals.over(
        cursor.since(start),
        "annotated Rust imports no files",
        "bring types and machines in by `use`, also those of `include_flow!`; policies are declared in \
         the module, as `#[policy(..)] struct Patient;`",
    );
    cursor.eat_punct(';');
    true
}

fn twice(already: bool, span: Span, refusals: &mut Refusals) {
    if already {
        refusals.at(span, "this option is given twice", "keep one of them");
    }
}

fn is_separator(cursor: &Cursor) -> bool {
    if !cursor.is_punct(',') {
        return false;
    }
    match (cursor.ahead(1), cursor.ahead(2)) {
        (None, _) => true,
        (Some(TokenTree::Punct(at)), _) => at.as_char() == '@' || at.as_char() == '#',
        (Some(TokenTree::Ident(word)), behind) => {
            // `on(true)` is a call of an action named so, `invariant (..)` is none.
            let call = matches!(
                behind, Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis
            );
            ITEM_WORDS.iter().any(|w| word == w) && (!call || word == "invariant")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::text::FlowText;

    #[track_caller]
    fn check(source: &str, head: &str, items: &str) {
        let tokens = source.parse().expect("the case is made of tokens");
        let read = read(tokens, &mut Refusals::default());
        let text = |o: Option<String>| o.unwrap_or_default();
        let found = format!(
            "{} {} {} {}",
            text(read.name.map(|n| n.to_string())),
            text(read.version.map(|n| n.to_string())),
            read.durable.is_some(),
            text(read.crate_path.map(|p| p.to_string().replace(' ', ""))),
        );
        assert_eq!(found, head);
        let mut out = FlowText::default();
        out.tokens(read.items);
        assert_eq!(out.text(), items);
    }

    #[test]
    fn tells_the_head_from_the_items() {
        check("", "  false ", "");
        check("name Door version 2", "Door 2 false ", "");
        check("durable, key id, crate = ::my::flow", "  true ::my::flow", "key id");
        check(
            "events a::E context C name Door on Reset -> Locked",
            "Door  false ",
            "events a :: E context C on Reset -> Locked",
        );
    }

    #[test]
    fn commas_between_items_only_separate() {
        check("guard a(x: u32), action b(),", "  false ", "guard a ( x : u32 ) action b ( )");
        check(
            "on A do b(), on(1), set x = 2 -> C, on D -> E",
            "  false ",
            "on A do b ( ) , on ( 1 ) , set x = 2 -> C on D -> E",
        );
        check("on A do set durable = true -> C", "  false ", "on A do set durable = true -> C");
    }
}
