//! Other machines that a module starts or sends to: it brings them in by `use`, and what is to be known
//! of them comes from the macro beside them ([`super::protocol`]).
//!
//! The module is first expanded to a call of that macro, which calls back with the text. Once there is
//! one for every machine the module is compiled, with the texts as files that it imports.

use super::refusal::Refusals;
use super::rust::{Item, ItemKind};
use super::statement;
use super::tokens::Cursor;
use super::uses::{self, Leaf};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeMap;

/// Another machine.
#[derive(Debug)]
pub(super) struct Known {
    /// Its path, as the module names it.
    pub(super) path: Vec<Ident>,
    /// What is known of it, once that is there: a machine of the language.
    pub(super) text: Option<String>,
    /// The types in the text that the module has not brought in itself, as Rust finds them.
    pub(super) types: Vec<String>,
    /// Names of types that its text needs and that the module brings in itself.
    pub(super) brought: Vec<String>,
    /// The types that the text declares.
    declared: Vec<String>,
    /// Names of those that are enums without data.
    pub(super) copied: Vec<String>,
}

impl Known {
    /// The path as text, which is also the name of the text as a file.
    pub(super) fn name(&self) -> String {
        joined(&self.path)
    }

    /// The machine's own name.
    pub(super) fn machine(&self) -> String {
        self.path.last().map(ToString::to_string).unwrap_or_default()
    }

    /// True for the machine itself, and for a type that its text declares.
    pub(super) fn covers(&self, leaf: &Leaf) -> bool {
        let path = joined(&leaf.path);
        path == self.name() || leaf.alias.is_none() && self.declared.contains(&path)
    }

    /// The path of its module.
    pub(super) fn module(&self) -> TokenStream {
        let around = &self.path[..self.path.len().saturating_sub(1)];
        quote!(#(#around)::*)
    }

    fn module_names(&self) -> Vec<String> {
        let around = self.path.len().saturating_sub(1);
        self.path[..around].iter().map(ToString::to_string).collect()
    }

    /// Takes down which types a text declares.
    fn read(&mut self, text: &str) {
        let module = self.module_names();
        for (line, name, path) in text.lines().filter_map(|line| type_line(line, &module)) {
            if line.starts_with("use ") {
                continue;
            }
            self.declared.push(path);
            if line.starts_with("enum ") && !line.contains('(') {
                self.copied.push(name);
            }
        }
    }

    /// The types of the text, for the module.
    pub(super) fn imports(&self) -> impl Iterator<Item = TokenStream> + '_ {
        self.types.iter().filter_map(|path| {
            let path: TokenStream = path.parse().ok()?;
            Some(quote!(#[allow(unused_imports)] use #path;))
        })
    }

    /// The call of its macro, which comes back with one more text.
    pub(super) fn ask(
        &self,
        krate: &TokenStream,
        arguments: &TokenStream,
        item: &TokenStream,
        texts: &[String],
    ) -> TokenStream {
        let path = &self.path;
        quote! {
            #(#path)::* ! {
                { #krate::__private::known } { #arguments } { #item } { #(#texts)* }
            }
        }
    }
}

fn joined(path: &[Ident]) -> String {
    path.iter().map(ToString::to_string).collect::<Vec<_>>().join("::")
}

/// What a macro beside a machine gives back.
pub(super) struct Answer {
    /// The arguments of `#[machine]`.
    pub(super) arguments: TokenStream,
    /// The module.
    pub(super) item: TokenStream,
    /// The texts so far.
    pub(super) texts: Vec<String>,
}

/// Reads `"text" { arguments } { item } { texts }`; nothing if it is something else.
pub(super) fn answer(tokens: TokenStream) -> Option<Answer> {
    let mut cursor = Cursor::new(tokens, proc_macro2::Span::call_site());
    let text = string(cursor.next()?)?;
    let arguments = cursor.eat_group(Delimiter::Brace)?.stream();
    let item = cursor.eat_group(Delimiter::Brace)?.stream();
    let texts = cursor.eat_group(Delimiter::Brace)?.stream();
    let texts = texts.into_iter().filter_map(string).chain([text]).collect();
    Some(Answer { arguments, item, texts })
}

fn string(token: TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => super::text::string_value(&literal),
        _ => None,
    }
}

/// The machines that the statements of a module name, but for itself, each once, with the texts that
/// are there.
pub(super) fn known(
    own: &str,
    items: &[Item],
    arguments: &TokenStream,
    texts: &[String],
    refusals: &mut Refusals,
) -> Vec<Known> {
    let mut named = Vec::new();
    machines(arguments.clone(), &mut named);
    for item in items {
        let variants = match &item.kind {
            ItemKind::Enum(_, variants) => &variants[..],
            _ => &[],
        };
        let of_variants = variants.iter().flat_map(|variant| &variant.attributes);
        let statements = item.attributes.iter().chain(of_variants);
        for attribute in statements.filter(|attribute| statement::is_statement(attribute)) {
            machines(attribute.args.clone(), &mut named);
        }
    }
    let leaves: Vec<Leaf> = leaves(items);
    let mut known: Vec<Known> = Vec::new();
    for name in named {
        if name == own || known.iter().any(|of| name == of.machine()) {
            continue;
        }
        known.extend(brought_in(&name, &leaves, refusals));
    }
    prepare(&mut known, texts, &leaves);
    known
}

/// Every name that a `use` of the module brings in.
pub(super) fn leaves(items: &[Item]) -> Vec<Leaf> {
    let trees = items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use(tree) => Some(uses::leaves(tree)),
        _ => None,
    });
    trees.flatten().collect()
}

/// The names behind `machine` and `send`.
fn machines(tokens: TokenStream, named: &mut Vec<Ident>) {
    let mut cursor = Cursor::new(tokens, proc_macro2::Span::call_site());
    while let Some(token) = cursor.next() {
        match token {
            TokenTree::Group(group) => machines(group.stream(), named),
            TokenTree::Ident(word) if word == "machine" || word == "send" => {
                let is_call = matches!(
                    cursor.ahead(1),
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
                );
                if is_call && let Some(TokenTree::Ident(name)) = cursor.ahead(0) {
                    named.push(name.clone());
                }
            }
            _ => {}
        }
    }
}

fn brought_in(name: &Ident, leaves: &[Leaf], refusals: &mut Refusals) -> Option<Known> {
    let by = |leaf: &&Leaf| leaf.alias.as_ref().or(leaf.path.last()) == Some(name);
    let Some(leaf) = leaves.iter().find(by) else {
        refusals.at(
            name.span(),
            format!("unknown machine `{name}`"),
            format!(
                "bring it in with the path of its module, as `use super::{}::{name};`",
                super::names::snake(&name.to_string())
            ),
        );
        return None;
    };
    if let (Some(alias), Some(last)) = (&leaf.alias, leaf.path.last()) {
        refusals.at(
            alias.span(),
            "a machine goes by its own name",
            format!("write `use {};`, and `{last}` here", joined(&leaf.path)),
        );
        return None;
    }
    if leaf.path.len() < 2 {
        let help = format!("write the path of its module, as `use self::{name}::..`");
        refusals.at(name.span(), "a machine is brought in with the module that it is", help);
        return None;
    }
    let path = leaf.path.clone();
    let (types, brought, declared, copied) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    Some(Known { path, text: None, types, brought, declared, copied })
}

/// Gives each machine its text, in which every type is declared once, as the module finds it.
fn prepare(known: &mut [Known], texts: &[String], leaves: &[Leaf]) {
    let own: BTreeMap<String, String> = leaves
        .iter()
        .filter_map(|leaf| {
            let name = leaf.alias.as_ref().or(leaf.path.last())?;
            Some((name.to_string(), joined(&leaf.path)))
        })
        .collect();
    for (of, text) in known.iter_mut().zip(texts) {
        of.read(text);
    }
    let declared: Vec<String> = known.iter().flat_map(|of| of.declared.clone()).collect();
    let mut seen: Vec<String> = Vec::new();
    for (of, text) in known.iter_mut().zip(texts) {
        let (module, mut kept) = (of.module_names(), String::new());
        for line in text.lines() {
            let Some((line, name, path)) = type_line(line, &module) else {
                kept.push_str(line);
                kept.push('\n');
                continue;
            };
            let (is_use, is_own) = (line.starts_with("use "), own.contains_key(&name));
            if is_use && is_own {
                of.brought.push(name);
                continue;
            }
            if seen.contains(&line) || is_use && declared.contains(&path) {
                continue;
            }
            kept.push_str(&line);
            kept.push('\n');
            seen.push(line);
            if !is_own {
                of.types.push(path);
            }
        }
        of.text = Some(kept);
    }
}

/// The line of a type as the module reads it, its name there, and its path.
fn type_line(line: &str, module: &[String]) -> Option<(String, String, String)> {
    let (word, rest) = line.split_once(' ')?;
    match word {
        "use" => {
            let rest = rebased(module, rest.trim_end_matches(';'));
            let name = rest.rsplit([':', ' ']).next().unwrap_or_default().to_owned();
            Some((format!("use {rest};"), name, rest))
        }
        "enum" | "struct" => {
            let name = rest.split(' ').next().unwrap_or_default().to_owned();
            let path = format!("{}::{name}", module.join("::"));
            Some((line.to_owned(), name, path))
        }
        _ => None,
    }
}

/// A path as it is written in one module, as another one writes it that knows the first by `module`.
fn rebased(module: &[String], path: &str) -> String {
    let mut around: Vec<String> = module.to_vec();
    let mut rest = path;
    let mut relative = false;
    while let Some(outer) = rest.strip_prefix("super::") {
        relative = true;
        rest = outer;
        match around.last().map(String::as_str) {
            Some("super") => around.push("super".to_owned()),
            Some("self") | None => around = vec!["super".to_owned()],
            Some(_) if around.len() == 1 && around[0] != "crate" => {
                around = vec!["self".to_owned()]
            }
            Some(_) => {
                around.pop();
            }
        }
    }
    if let Some(own) = rest.strip_prefix("self::") {
        (relative, rest) = (true, own);
    }
    if relative { format!("{}::{rest}", around.join("::")) } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_from_where_they_are_read() {
        let from = |module: &str, path: &str| {
            let module: Vec<String> = module.split("::").map(str::to_owned).collect();
            rebased(&module, path)
        };
        assert_eq!(from("super::parcel", "crate::model::Money"), "crate::model::Money");
        assert_eq!(from("super::parcel", "std::net::IpAddr"), "std::net::IpAddr");
        assert_eq!(from("super::parcel", "self::Grid"), "super::parcel::Grid");
        assert_eq!(from("super::parcel", "super::Money"), "super::Money");
        assert_eq!(from("super::parcel", "super::super::Money"), "super::super::Money");
        assert_eq!(
            from("crate::shop::parcel", "super::Money as Cash"),
            "crate::shop::Money as Cash"
        );
        assert_eq!(from("parcel", "super::Money"), "self::Money");
    }

    #[test]
    fn machines_stand_behind_two_words() {
        let tokens = "Go(x) do send Parcel(id).Pack(machine), send(x) { invoke machine Box(1) }";
        let mut named = Vec::new();
        machines(tokens.parse().expect("the case is made of tokens"), &mut named);
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        assert_eq!(named, ["Parcel", "Box"]);
    }
}
