//! `#[machine]` on an enum or a `mod`: reads the Rust, and writes it as `.flow` text.

use super::arguments::{self, Arguments};
use super::known::{self, Known};
use super::refusal::Refusals;
use super::rust::{self, Item, ItemKind, Variant};
use super::text::FlowText;
use super::tokens::Cursor;
use super::{flat, module, parts};
use proc_macro2::{Ident, Span, TokenStream};

/// Annotated Rust, and what the parser will read.
#[derive(Debug)]
pub struct Annotated {
    /// The arguments of the attribute.
    pub(super) arguments: Arguments,
    /// The item as it was read.
    pub(super) item: Item,
    /// What the item is.
    pub(super) form: Form,
    /// The text, with the origin of every word.
    pub text: FlowText,
    /// Other machines that a module names, with what is known of them.
    pub(super) known: Vec<Known>,
    /// What has no words in the language. The text is then incomplete.
    pub(super) refusals: Refusals,
}

impl Annotated {
    /// The text, or, a line each, what has no words in the language.
    pub fn text_or_refusals(&self) -> String {
        if self.refusals.is_empty() {
            return self.text.text().to_owned();
        }
        let line = |r: &super::refusal::Refusal| format!("{}; help: {}\n", r.message, r.help);
        self.refusals.iter().map(line).collect()
    }
}

/// The items that `#[machine]` can stand on.
#[derive(Debug)]
pub(super) enum Form {
    /// One enum: a flat machine.
    Enum {
        /// Its name.
        name: Ident,
    },
    /// An inline module.
    Mod {
        /// Its name.
        name: Ident,
        /// Its inner attributes.
        inner: TokenStream,
        /// What it holds.
        items: Vec<Item>,
        /// The enums that hold states, by the path of the state that holds them.
        nested: Vec<(String, Ident)>,
    },
    /// Something else, which was refused.
    Other,
}

/// Reads `item` with the attribute's arguments and writes it as `.flow` text.
pub fn read(arguments: TokenStream, item: TokenStream) -> Annotated {
    read_with(arguments, item, &[])
}

/// The same with what is known so far of other machines, in the order in which they are named.
pub(super) fn read_with(arguments: TokenStream, item: TokenStream, texts: &[String]) -> Annotated {
    let mut refusals = Refusals::default();
    let mut text = FlowText::of_attributes();
    let arguments = arguments::read(arguments, &mut refusals);
    let item = rust::item(&mut Cursor::new(item, Span::call_site()));
    let mut known = Vec::new();
    let form = match &item.kind {
        ItemKind::Enum(name, variants) => {
            of_enum(name, variants, &item, &arguments, &mut text, &mut refusals)
        }
        ItemKind::Mod(name, body) => {
            let mut body = Cursor::inside(body);
            let inner = rust::inner_attributes(&mut body);
            let inner_tokens = body.since(0);
            let items = rust::items(&mut body);
            let own = module::machine_name(name, &arguments).to_string();
            known = known::known(&own, &items, &arguments.items, texts, &mut refusals);
            let (attributes, inner, known) = (&item.attributes, &inner[..], &known[..]);
            let read = module::Module { name, attributes, inner, items: &items, known };
            let nested = module::write(&read, &arguments, &mut text, &mut refusals);
            Form::Mod { name: name.clone(), inner: inner_tokens, items, nested }
        }
        _ => {
            refusals.over(
                item.body.clone(),
                "`#[machine]` stands on an enum or on a module with a body",
                "write `#[machine] mod door { .. }`, or `#[machine] enum Door { .. }`",
            );
            Form::Other
        }
    };
    Annotated { arguments, item, form, text, known, refusals }
}

fn of_enum(
    name: &Ident,
    variants: &[Variant],
    item: &Item,
    arguments: &Arguments,
    text: &mut FlowText,
    refusals: &mut Refusals,
) -> Form {
    parts::refuse_generics(item, refusals);
    flat::write(name, &item.attributes, variants, arguments, text, refusals);
    Form::Enum { name: name.clone() }
}
