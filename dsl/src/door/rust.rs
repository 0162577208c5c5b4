//! Annotated Rust as it was written: enums, structs, traits and `use`, no more than the macros need.

use super::text::doc_text;
use super::tokens::{Cursor, is_punct, is_word};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// `#[name(args)]`
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// Its path; `statewright::machine` for two words.
    pub(super) name: String,
    /// The last word of the path.
    pub(super) span: Span,
    /// What stands in the parentheses; braces are part of it.
    pub(super) args: TokenStream,
    /// How that is given.
    pub(super) given: Given,
    /// The text, if it is a doc comment.
    pub(super) doc: Option<String>,
}

/// How an attribute is given what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// `#[name]`, `#[name( .. )]`, `#[name { .. }]`
    Grouped,
    /// `#[name = ..]`
    Assigned,
}

/// An item of a `mod`, with all its tokens.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its outer attributes.
    pub(super) attributes: Vec<Attribute>,
    /// The tokens of those attributes.
    pub(super) attribute_tokens: TokenStream,
    /// `pub` and its like; empty for none.
    pub(super) visibility: TokenStream,
    /// What it is.
    pub(super) kind: ItemKind,
    /// Where it begins to be generic.
    pub(super) generics: Option<Span>,
    /// The tokens behind the visibility.
    pub(super) body: TokenStream,
}

/// The items that mean something to the macros.
#[derive(Clone, Debug)]
pub(super) enum ItemKind {
    /// `enum`
    Enum(Ident, Vec<Variant>),
    /// `struct`
    Struct(Ident, Fields),
    /// `trait`
    Trait(Ident, Vec<Function>),
    /// `use`, with what stands between it and the semicolon
    Use(TokenStream),
    /// `type Name = ..`
    Alias(Ident),
    /// `mod name { .. }`
    Mod(Ident, Group),
    /// Anything else: passed through.
    Other,
}

/// A variant of an enum.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// Its attributes.
    pub(super) attributes: Vec<Attribute>,
    /// Its name.
    pub(super) name: Ident,
    /// Its fields.
    pub(super) fields: Fields,
}

/// The fields of a variant or struct.
#[derive(Clone, Debug)]
pub(super) enum Fields {
    /// None.
    Unit,
    /// `{ name: Type }`
    Named(Vec<Field>),
    /// `(Type)`, with all of the parentheses
    Tuple(Vec<TokenStream>, Group),
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its attributes.
    pub(super) attributes: Vec<Attribute>,
    /// Its name.
    pub(super) name: Ident,
    /// Its type.
    pub(super) ty: TokenStream,
}

/// A function of a trait.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its attributes.
    pub(super) attributes: Vec<Attribute>,
    /// `async`, `unsafe` and the like.
    pub(super) modifiers: Vec<Ident>,
    /// Its name.
    pub(super) name: Ident,
    /// `self`, `&self`, `&mut self`; empty for an associated function.
    pub(super) receiver: TokenStream,
    /// Where it begins to be generic.
    pub(super) generics: Option<Span>,
    /// The other parameters: names and types.
    pub(super) params: Vec<(Ident, TokenStream)>,
    /// The attributes of parameters.
    pub(super) param_attributes: Vec<Attribute>,
    /// Parameters that are taken apart.
    pub(super) patterns: Vec<TokenStream>,
    /// Behind `->`.
    pub(super) result: Option<TokenStream>,
    /// What it does, if the trait says so.
    pub(super) body: Option<Group>,
}

/// Reads all items of a `mod`, behind its inner attributes.
pub(super) fn items(cursor: &mut Cursor) -> Vec<Item> {
    let mut items = Vec::new();
    while !cursor.is_empty() {
        items.push(item(cursor));
    }
    items
}

/// Reads one item.
pub(super) fn item(cursor: &mut Cursor) -> Item {
    let start = cursor.position();
    let attributes = attributes(cursor);
    let attribute_tokens = cursor.since(start);
    let start = cursor.position();
    visibility(cursor);
    let visibility = cursor.since(start);
    let start = cursor.position();
    let mut generics = None;
    let kind = kind(cursor, &mut generics);
    let body = cursor.since(start);
    Item { attributes, attribute_tokens, visibility, kind, generics, body }
}

/// Reads `#![..]`.
pub(super) fn inner_attributes(cursor: &mut Cursor) -> Vec<Attribute> {
    let mut found = Vec::new();
    while cursor.is_punct('#') && is_punct(cursor.ahead(1), '!') {
        cursor.next();
        cursor.next();
        found.extend(cursor.eat_group(Delimiter::Bracket).map(|g| attribute(&g)));
    }
    found
}

/// Reads `#[..]`.
pub(super) fn attributes(cursor: &mut Cursor) -> Vec<Attribute> {
    let mut found = Vec::new();
    while cursor.is_punct('#') && matches!(cursor.ahead(1), Some(TokenTree::Group(_))) {
        cursor.next();
        found.extend(cursor.eat_group(Delimiter::Bracket).map(|g| attribute(&g)));
    }
    found
}

fn attribute(group: &Group) -> Attribute {
    let mut inside = Cursor::inside(group);
    let (mut name, mut span) = (String::new(), group.span());
    while let Some(word) = inside.eat_ident() {
        name.push_str(&word.to_string());
        span = word.span();
        while inside.eat_punct(':') {
            name.push(':');
        }
    }
    let given = if inside.is_punct('=') { Given::Assigned } else { Given::Grouped };
    let args = match inside.ahead(0) {
        Some(TokenTree::Group(args)) if args.delimiter() == Delimiter::Brace => inside.rest(),
        Some(TokenTree::Group(args)) => args.stream(),
        _ => TokenStream::new(),
    };
    Attribute { name, span, args, given, doc: doc_text(group) }
}

/// Reads `pub` and its like.
pub(super) fn visibility(cursor: &mut Cursor) {
    if cursor.eat_word("pub") {
        cursor.eat_group(Delimiter::Parenthesis);
    }
}

fn kind(cursor: &mut Cursor, generic: &mut Option<Span>) -> ItemKind {
    let word = match cursor.ahead(0) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    };
    match word.as_str() {
        "enum" => enumeration(cursor, generic),
        "struct" => structure(cursor, generic),
        "trait" => interface(cursor, generic),
        "mod" => module(cursor),
        "use" => {
            cursor.next();
            let tree = cursor.until(|t| is_punct(Some(t), ';'));
            cursor.eat_punct(';');
            ItemKind::Use(tree)
        }
        "type" => {
            cursor.next();
            let name = cursor.eat_ident();
            to_semicolon(cursor);
            name.map_or(ItemKind::Other, ItemKind::Alias)
        }
        "const" | "static" if !is_word(cursor.ahead(1), "fn") => {
            to_semicolon(cursor);
            ItemKind::Other
        }
        _ => {
            to_body(cursor);
            ItemKind::Other
        }
    }
}

fn module(cursor: &mut Cursor) -> ItemKind {
    cursor.next();
    let name = cursor.eat_ident();
    match (name, cursor.eat_group(Delimiter::Brace)) {
        (Some(name), Some(body)) => ItemKind::Mod(name, body),
        _ => {
            to_body(cursor);
            ItemKind::Other
        }
    }
}

fn enumeration(cursor: &mut Cursor, generic: &mut Option<Span>) -> ItemKind {
    cursor.next();
    let Some(name) = cursor.eat_ident() else { return other(cursor) };
    generics(cursor, generic);
    let Some(body) = cursor.eat_group(Delimiter::Brace) else { return other(cursor) };
    let mut inside = Cursor::inside(&body);
    let mut variants = Vec::new();
    while !inside.is_empty() {
        let attributes = attributes(&mut inside);
        visibility(&mut inside);
        let Some(name) = inside.eat_ident() else { break };
        let fields = fields(&mut inside);
        // A value, as in `A = 3`, belongs to Rust alone.
        inside.until_comma();
        variants.push(Variant { attributes, name, fields });
    }
    ItemKind::Enum(name, variants)
}

fn structure(cursor: &mut Cursor, generic: &mut Option<Span>) -> ItemKind {
    cursor.next();
    let Some(name) = cursor.eat_ident() else { return other(cursor) };
    generics(cursor, generic);
    let fields = fields(cursor);
    if !matches!(fields, Fields::Named(_)) {
        to_semicolon(cursor);
    }
    ItemKind::Struct(name, fields)
}

fn interface(cursor: &mut Cursor, generic: &mut Option<Span>) -> ItemKind {
    cursor.next();
    let Some(name) = cursor.eat_ident() else { return other(cursor) };
    generics(cursor, generic);
    cursor.until(|t| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace));
    let Some(body) = cursor.eat_group(Delimiter::Brace) else { return other(cursor) };
    let mut inside = Cursor::inside(&body);
    let mut functions = Vec::new();
    while !inside.is_empty() {
        functions.extend(function(&mut inside));
    }
    ItemKind::Trait(name, functions)
}

/// Reads a function of a trait; `None` for anything else, which is passed over.
pub(super) fn function(cursor: &mut Cursor) -> Option<Function> {
    let attributes = attributes(cursor);
    let mut modifiers = Vec::new();
    while ["async", "const", "unsafe", "extern"].iter().any(|word| cursor.is_word(word)) {
        // `const N: u32;` is no function.
        if is_punct(cursor.ahead(2), ':') {
            break;
        }
        modifiers.extend(cursor.eat_ident());
        if matches!(cursor.ahead(0), Some(TokenTree::Literal(_))) {
            cursor.next();
        }
    }
    if !cursor.eat_word("fn") {
        to_body(cursor);
        return None;
    }
    let name = cursor.eat_ident()?;
    let generics = cursor.is_punct('<').then(|| cursor.span());
    cursor.until(|t| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis));
    let Params { receiver, params, param_attributes, patterns } =
        params(&cursor.eat_group(Delimiter::Parenthesis)?);
    let result =
        (cursor.eat_punct('-') && cursor.eat_punct('>')).then(|| cursor.until(ends_result));
    cursor.until(ends_item);
    let body = cursor.group(Delimiter::Brace).cloned();
    cursor.next();
    Some(Function {
        attributes,
        modifiers,
        name,
        receiver,
        generics,
        params,
        param_attributes,
        patterns,
        result,
        body,
    })
}

/// What stands in the parentheses of a function.
#[derive(Default)]
struct Params {
    receiver: TokenStream,
    params: Vec<(Ident, TokenStream)>,
    param_attributes: Vec<Attribute>,
    patterns: Vec<TokenStream>,
}

fn params(group: &Group) -> Params {
    let mut inside = Cursor::inside(group);
    let mut found = Params::default();
    while !inside.is_empty() {
        let mut one = Cursor::new(inside.until_comma(), inside.span());
        found.param_attributes.extend(attributes(&mut one));
        one.eat_word("mut");
        let start = one.position();
        match (one.eat_ident(), one.eat_punct(':')) {
            (Some(name), true) if name != "self" => found.params.push((name, one.rest())),
            _ => {
                one.rest();
                let all = one.since(start);
                let is_self = |token: TokenTree| is_word(Some(&token), "self");
                match all.clone().into_iter().any(is_self) {
                    true => found.receiver = all,
                    false => found.patterns.push(all),
                }
            }
        }
    }
    found
}

fn fields(cursor: &mut Cursor) -> Fields {
    if let Some(group) = cursor.eat_group(Delimiter::Parenthesis) {
        let mut inside = Cursor::inside(&group);
        let mut types = Vec::new();
        while !inside.is_empty() {
            attributes(&mut inside);
            visibility(&mut inside);
            types.push(inside.until_comma());
        }
        return Fields::Tuple(types, group);
    }
    let Some(group) = cursor.eat_group(Delimiter::Brace) else { return Fields::Unit };
    let mut inside = Cursor::inside(&group);
    let mut fields = Vec::new();
    while !inside.is_empty() {
        let attributes = attributes(&mut inside);
        visibility(&mut inside);
        let Some(name) = inside.eat_ident() else { break };
        inside.eat_punct(':');
        fields.push(Field { attributes, name, ty: inside.until_comma() });
    }
    Fields::Named(fields)
}

/// Passes over what stands between a name and a body.
fn generics(cursor: &mut Cursor, generic: &mut Option<Span>) {
    if !cursor.is_punct('<') {
        return;
    }
    *generic = Some(cursor.span());
    cursor.until(|t| matches!(t, TokenTree::Group(_)) || is_punct(Some(t), ';'));
}

fn other(cursor: &mut Cursor) -> ItemKind {
    to_body(cursor);
    ItemKind::Other
}

fn to_semicolon(cursor: &mut Cursor) {
    cursor.until(|t| is_punct(Some(t), ';'));
    cursor.eat_punct(';');
}

/// Reads up to the end of an item that ends with a block or a semicolon.
fn to_body(cursor: &mut Cursor) {
    cursor.until(ends_item);
    cursor.next();
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(Some(token), ';'),
    }
}

fn ends_result(token: &TokenTree) -> bool {
    ends_item(token) || is_word(Some(token), "where")
}
