//! Attributes of the macros stand where something comes of them, and nowhere else: rustc never sees
//! them, so nobody else would say that one means nothing.

use super::parts::Part;
use super::refusal::Refusals;
use super::rust::{self, Attribute, Field, Fields, Function, Given, Item, Variant};
use super::statement;
use super::tokens::Cursor;
use proc_macro2::{Group, TokenStream, TokenTree};

/// What an attribute stands in front of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The module.
    Module,
    /// The enum of a flat machine.
    Machine,
    /// `enum State`
    Root,
    /// The enum of the states in a state.
    States,
    /// A variant that is a state.
    State,
    /// A field that holds a region.
    Region,
    /// What a state holds in parentheses.
    Held,
    /// A field that is data of a state.
    Data,
    /// `struct Context`
    Context,
    /// A field of it.
    Field,
    /// `enum Event`, `enum Output`
    Signals,
    /// A variant of one of them.
    Signal,
    /// `enum Error`
    Errors,
    /// A variant of it.
    Error,
    /// A field of an event, an output, an error.
    Payload,
    /// `trait Logic`, `trait Actions`
    Trait,
    /// A function of one of them.
    Function,
    /// `trait Activities`
    Activities,
    /// A function of it.
    Activity,
    /// A parameter of a function.
    Param,
    /// The struct of a policy.
    Policy,
    /// Any other enum or struct of the machine's, and its parts.
    Type,
}

impl Place {
    /// The place with its article.
    fn words(self) -> &'static str {
        match self {
            Self::Module => "the module",
            Self::Machine => "the enum of a machine",
            Self::Root => "`enum State`",
            Self::States => "the enum of the states in a state",
            Self::State => "a state",
            Self::Region => "a region",
            Self::Held => "what a state holds",
            Self::Data => "the data of a state",
            Self::Context => "the context",
            Self::Field => "a field of the context",
            Self::Signals => "the enum of events or outputs",
            Self::Signal => "an event or output",
            Self::Errors => "`enum Error`",
            Self::Error => "an error",
            Self::Payload => "what an event, output or error carries",
            Self::Trait => "a trait of host functions",
            Self::Function => "a host function",
            Self::Activities => "`trait Activities`",
            Self::Activity => "an activity",
            Self::Param => "a parameter",
            Self::Policy => "a policy",
            Self::Type => "a type",
        }
    }

    /// True for what has a place in the text, where annotations are judged as in a file.
    fn takes_annotations(self) -> bool {
        !matches!(
            self,
            Self::Root
                | Self::Held
                | Self::Data
                | Self::Signals
                | Self::Errors
                | Self::Payload
                | Self::Trait
                | Self::Activities
                | Self::Param
        )
    }

    fn takes_statements(self) -> bool {
        matches!(self, Self::Machine | Self::Root | Self::States | Self::State | Self::Region)
    }

    /// True if something comes of the attribute here.
    fn takes(self, name: &str) -> bool {
        match name {
            "state" => self == Self::State,
            "context" => self == Self::Context,
            "events" | "outputs" => self == Self::Signals,
            "errors" => self == Self::Errors,
            "logic" | "actions" => self == Self::Trait,
            "activities" => self == Self::Activities,
            "policy" => self == Self::Policy,
            "late" => self == Self::Field,
            // Elsewhere the compiler says that a default has no meaning.
            "init" => {
                matches!(self, Self::Field | Self::Data | Self::Payload | Self::Type)
            }
            "transient" => self == Self::Error,
            "raises" | "cache" | "coalesce" => self == Self::Activity,
            _ if statement::is_annotation(name) => self.takes_annotations(),
            _ => self.takes_statements(),
        }
    }
}

/// Where something comes of an attribute.
fn belongs(name: &str, place: Place) -> &'static str {
    match name {
        "id" | "was" if place == Place::Data => {
            "data of states are known by their names; `migrate from 1 { state Open(old) -> \
             Open(old) }` in the attribute of the machine carries over what had another one"
        }
        "id" | "was" => "it stands in front of states, regions, events and fields of the context",
        "allow_flow" if matches!(place, Place::Data | Place::Held) => {
            "put it in front of the state"
        }
        "allow_flow" if place == Place::Root => "put it in front of the module, or of a state",
        "allow_flow" => "put it in front of what it is about: an event, an error, a function",
        "strict" => "it stands in front of the module",
        "outcome" => "it stands in front of final states",
        "readonly" => "it stands in front of activities",
        "state" => "it stands in front of variants that are states",
        "context" => "it stands in front of `struct Context`",
        "events" => "it stands in front of `enum Event`",
        "outputs" => "it stands in front of `enum Output`",
        "errors" => "it stands in front of `enum Error`",
        "logic" => "it stands in front of `trait Logic`",
        "actions" => "it stands in front of `trait Actions`",
        "activities" => "it stands in front of `trait Activities`",
        "policy" => "it stands in front of a struct without fields, `struct Patient;`",
        "late" => "it stands in front of a field of the context",
        "init" => "it stands in front of fields of the context and data of states",
        "transient" => "it stands in front of an error",
        "raises" | "cache" | "coalesce" => "it stands in front of an activity",
        _ if place == Place::Module => "put it in front of `enum State`",
        _ => "it stands in front of states, regions and the enums that hold states",
    }
}

/// Attributes that only mark.
const MARKS: &[&str] = &[
    "context",
    "events",
    "outputs",
    "errors",
    "logic",
    "actions",
    "activities",
    "late",
    "transient",
];

/// Attributes of which one is read.
const SINGLE: &[&str] = &["init", "late", "transient", "policy", "raises", "cache", "coalesce"];

/// Looks at all attributes of a module.
pub(super) fn check_module(
    attributes: &[Attribute],
    parts: &[(&Item, Part<'_>)],
    refusals: &mut Refusals,
) {
    let states = parts.iter().filter_map(|(_, part)| match part {
        Part::States(name, _) => Some(name.to_string()),
        _ => None,
    });
    let mut looker = Looker { states: states.collect(), refusals };
    // rustc answers a `cfg` of the whole module.
    looker.placed(Place::Module, attributes);
    for (item, part) in parts {
        looker.part(item, part);
    }
}

/// Looks at all attributes of a flat machine.
pub(super) fn check_enum(attributes: &[Attribute], variants: &[Variant], refusals: &mut Refusals) {
    let mut looker = Looker { states: Vec::new(), refusals };
    looker.attributes(Place::Machine, attributes);
    looker.states(variants);
}

struct Looker<'r> {
    /// The names of the enums that hold states.
    states: Vec<String>,
    refusals: &'r mut Refusals,
}

impl Looker<'_> {
    fn part(&mut self, item: &Item, part: &Part<'_>) {
        let own = &item.attributes;
        match part {
            Part::Context(_, fields) => {
                self.attributes(Place::Context, own);
                self.fields(Place::Field, fields);
            }
            Part::Events(variants) | Part::Outputs(variants) => {
                self.attributes(Place::Signals, own);
                self.variants(Place::Signal, Place::Payload, variants);
            }
            Part::Errors(variants) => {
                self.attributes(Place::Errors, own);
                self.variants(Place::Error, Place::Payload, variants);
            }
            Part::Logic(functions) | Part::Actions(functions) => {
                self.attributes(Place::Trait, own);
                self.functions(Place::Function, functions);
            }
            Part::Activities(functions) => {
                self.attributes(Place::Activities, own);
                self.functions(Place::Activity, functions);
            }
            Part::Policy(..) => self.attributes(Place::Policy, own),
            Part::Root(variants) => {
                self.attributes(Place::Root, own);
                self.states(variants);
            }
            Part::States(_, variants) => {
                self.attributes(Place::States, own);
                self.states(variants);
            }
            Part::Enum(_, variants) => {
                self.attributes(Place::Type, own);
                self.variants(Place::Type, Place::Type, variants);
            }
            Part::Struct(_, fields) => {
                self.attributes(Place::Type, own);
                self.fields(Place::Type, fields);
            }
            // They stay as they were written, and rustc knows no attribute of ours.
            Part::Opaque(_) | Part::Use(_) | Part::Rust => {}
        }
    }

    fn variants(&mut self, place: Place, fields: Place, variants: &[Variant]) {
        for variant in variants {
            self.attributes(place, &variant.attributes);
            self.fields(fields, &variant.fields);
        }
    }

    fn states(&mut self, variants: &[Variant]) {
        for variant in variants {
            self.attributes(Place::State, &variant.attributes);
            let Fields::Named(fields) = &variant.fields else {
                self.fields(Place::Held, &variant.fields);
                continue;
            };
            for field in fields {
                let is_region = self.states.contains(&field.ty.to_string());
                let place = if is_region { Place::Region } else { Place::Data };
                self.attributes(place, &field.attributes);
            }
        }
    }

    fn functions(&mut self, place: Place, functions: &[Function]) {
        for function in functions {
            self.attributes(place, &function.attributes);
            self.attributes(Place::Param, &function.param_attributes);
        }
    }

    fn fields(&mut self, place: Place, fields: &Fields) {
        match fields {
            Fields::Unit => {}
            Fields::Named(fields) => {
                let attributes = |field: &Field| field.attributes.clone();
                fields.iter().map(attributes).for_each(|own| self.attributes(place, &own));
            }
            Fields::Tuple(_, group) => self.in_parentheses(place, group),
        }
    }

    fn in_parentheses(&mut self, place: Place, group: &Group) {
        let mut inside = Cursor::inside(group);
        while !inside.is_empty() {
            let own = rust::attributes(&mut inside);
            self.attributes(place, &own);
            inside.until_comma();
        }
    }

    fn attributes(&mut self, place: Place, attributes: &[Attribute]) {
        refuse_conditions(attributes, self.refusals);
        self.placed(place, attributes);
    }

    fn placed(&mut self, place: Place, attributes: &[Attribute]) {
        for (at, attribute) in attributes.iter().enumerate() {
            let name = attribute.name.as_str();
            let (span, bears) = (attribute.span, |other: &Attribute| other.name == name);
            if !statement::is_ours(name) {
                continue;
            }
            if !place.takes(name) {
                let message = format!("`#[{name}]` says nothing about {}", place.words());
                self.refusals.at(span, message, belongs(name, place));
            } else if attribute.given == Given::Assigned {
                let message = format!("what `#[{name}]` says stands in parentheses");
                self.refusals.at(span, message, format!("write `#[{name}( .. )]`"));
            } else if MARKS.contains(&name) && !attribute.args.is_empty() {
                let help = format!("write `#[{name}]`");
                self.refusals.at(span, format!("`#[{name}]` takes nothing"), help);
            } else if name == "init" && attribute.args.is_empty() {
                let help = "write the value, as `#[init(0)]`";
                self.refusals.at(span, "`#[init]` says no value", help);
            } else if SINGLE.contains(&name) && attributes[..at].iter().any(bears) {
                let message = format!("`#[{name}]` is given twice");
                self.refusals.at(span, message, "write one, with all that it says");
            }
        }
    }
}

/// Refuses `#[cfg(..)]`, which only rustc can answer.
fn refuse_conditions(attributes: &[Attribute], refusals: &mut Refusals) {
    for attribute in attributes.iter().filter(|a| a.name == "cfg" || a.name == "cfg_attr") {
        refusals.at(
            attribute.span,
            "a part of a machine cannot depend on `cfg`",
            "put `#[cfg(..)]` on the whole machine, and write one for each case",
        );
    }
}

/// Refuses what would be lost of a trait that is written anew: what stands behind its name, and what
/// is no function.
pub(super) fn check_activities(item: &Item, refusals: &mut Refusals) {
    let mut cursor = Cursor::new(item.body.clone(), proc_macro2::Span::call_site());
    cursor.next();
    cursor.eat_ident();
    let is_body = |t: &TokenTree| matches!(t, TokenTree::Group(g) if g.delimiter() == proc_macro2::Delimiter::Brace);
    let bounds = cursor.until(is_body);
    if !bounds.is_empty() && item.generics.is_none() {
        refusals.over(
            bounds,
            "nothing stands behind the name of `trait Activities`",
            "its functions say all that the machine asks for; bounds stand on the type of the host",
        );
    }
    let Some(body) = cursor.eat_group(proc_macro2::Delimiter::Brace) else { return };
    let mut inside = Cursor::inside(&body);
    while !inside.is_empty() {
        let start = inside.position();
        if rust::function(&mut inside).is_none() {
            let other: TokenStream = inside.since(start);
            refusals.over(
                other,
                "`trait Activities` has functions only",
                "declare it in another trait, or in `impl` of the host",
            );
        }
    }
}
