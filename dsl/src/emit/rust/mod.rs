//! Rust for charts: types, traits, tables, and straight-line code for what tables cannot say.
//!
//! [`types`] and [`states`] write what users see, [`host`] the traits they implement, [`table`] the
//! dispatch table, [`flat`] and [`regions`] the transitions of machines without and with parallel
//! states, out of the parts in [`plans`], [`effects`] and [`expr`]. [`needs`] and [`fallible`] find out what a
//! chart does not use and which steps have to be recorded, [`chart_impl`] puts it together.
//! [`scenarios`] are tests of what comes of it.

mod activities;
mod chart_impl;
mod children;
mod definition;
mod durable;
mod effects;
mod expr;
mod fallible;
mod fan_out;
mod flat;
mod grown;
mod history;
mod host;
mod invariants;
mod messages;
mod migrations;
mod names;
mod needs;
mod outside;
mod people;
mod plans;
mod policies;
mod regions;
mod renewal;
mod results;
mod scenarios;
mod scope;
mod states;
mod table;
mod types;

pub use grown::{Grown, grown};
pub(crate) use needs::{kept, timed};
pub use scenarios::{TestPlace, tests};

use crate::chart::Chart;
use crate::model::{Name, StateId};
use crate::source::Sources;
use crate::span::Span;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// How Rust is written.
pub struct RustOptions<'a> {
    /// The path of the runtime crate, as `::statewright`.
    pub crate_path: TokenStream,
    /// What a place becomes in Rust: for macros, the tokens that the user wrote.
    pub span: &'a dyn Fn(Span) -> proc_macro2::Span,
    /// The texts, for lines in errors and definitions.
    pub sources: Option<&'a Sources>,
    /// Who writes the types.
    pub types: Types,
    /// The user's own enum of states, if it stands for the whole configuration, as seen from inside
    /// the module.
    pub state_type: Option<TokenStream>,
    /// Who sees the modules.
    pub visibility: TokenStream,
    /// Goes in front of the items of every module, as `use super::*;`.
    pub prelude: TokenStream,
    /// The Mermaid diagram of each chart: for its `DIAGRAM`, and for the docs of its module.
    pub diagrams: Vec<String>,
    /// Stands in front of the trait `Activities` in place of words of the compiler: what its author has
    /// written there.
    pub activities: TokenStream,
    /// For each chart, in its module: what other machines may know of it.
    pub protocols: Vec<TokenStream>,
    /// Other machines that a chart may name, with the paths of their modules: rustc is asked whether
    /// they are what they were taken for.
    pub outside: Vec<(String, TokenStream)>,
}

/// Who writes the types of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Types {
    /// The compiler, in a module for each machine.
    Emitted,
    /// The user, who declares these; the rest is written without a module around it.
    Given(Vec<String>),
}

impl Default for RustOptions<'_> {
    fn default() -> Self {
        Self {
            crate_path: quote!(::statewright),
            span: &|_| proc_macro2::Span::call_site(),
            sources: None,
            types: Types::Emitted,
            state_type: None,
            visibility: quote!(pub),
            prelude: TokenStream::new(),
            diagrams: Vec::new(),
            activities: TokenStream::new(),
            protocols: Vec::new(),
            outside: Vec::new(),
        }
    }
}

/// Writes the machines of one file. The types that the file declares stand in the module of the
/// first machine; those of the others re-export them.
pub fn rust(charts: &[Chart], options: &RustOptions) -> TokenStream {
    let first = charts.first().map(module_name);
    let modules = charts.iter().enumerate().map(|(index, chart)| {
        let names = names::states(chart);
        let needs = needs::of(chart);
        let emitter = Emitter { chart, options, names, needs };
        let shared = first.as_ref().filter(|_| index > 0);
        emitter.module(options.diagrams.get(index), options.protocols.get(index), shared)
    });
    quote!(#(#modules)*)
}

/// The enums of states inside states: the path of each state that holds some, as
/// `Operating.Cars`, and the name of the enum.
pub fn state_enums(chart: &Chart) -> Vec<(&str, String)> {
    let enums = names::states(chart).enums.into_iter().zip(&chart.states).skip(1);
    enums.filter_map(|(name, state)| Some((state.path.as_str(), name?))).collect()
}

pub(crate) fn module_name(chart: &Chart) -> Ident {
    names::ident(&names::snake_case(&chart.name.text), proc_macro2::Span::call_site())
}

/// One chart on its way to Rust.
struct Emitter<'a> {
    chart: &'a Chart,
    options: &'a RustOptions<'a>,
    names: names::StateNames,
    needs: needs::Needs,
}

impl Emitter<'_> {
    fn module(
        &self,
        diagram: Option<&String>,
        protocol: Option<&TokenStream>,
        shared: Option<&Ident>,
    ) -> TokenStream {
        let (of_machine, glue) = (self.types_of_machine(), self.chart_impl());
        if matches!(self.options.types, Types::Given(_)) {
            let (start, activities, messages, named) =
                (self.start(), self.activity_types(), self.message_types(), self.named_chart());
            let (host, states, outside) = (self.missing_host(), self.grown_enums(), self.outside());
            // The author's items stand in the same module, and their warnings are theirs.
            let allow = allow();
            let diagram = diagram.map(constant);
            return quote! {
                #states #start #activities #messages #host #of_machine #named #diagram #outside
                #allow #glue
            };
        }
        let (name, allow) = (module_name(self.chart), allow());
        let drawn = diagram.map(|text| format!("\n```mermaid\n{text}```"));
        let docs = docs(self.chart.docs.iter().chain(&drawn));
        let diagram = diagram.map(constant);
        let (visibility, prelude) = (&self.options.visibility, &self.options.prelude);
        let (declared, types, state, host) =
            (self.declared_types(shared), self.types(), self.state_types(), self.host_traits());
        let named = self.named_chart();
        quote! {
            #docs
            #allow
            #visibility mod #name {
                #prelude
                #protocol
                #declared
                #types
                #state
                #host
                #of_machine
                #named
                #diagram
                #glue
            }
        }
    }

    /// True if the user declares this name in the module that the code goes to.
    fn is_given(&self, name: &str) -> bool {
        matches!(&self.options.types, Types::Given(names) if names.iter().any(|n| n == name))
    }

    /// In front of a generated type that stands among the user's own.
    fn quiet(&self) -> TokenStream {
        match self.options.types {
            Types::Emitted => TokenStream::new(),
            Types::Given(_) => allow(),
        }
    }

    /// The hidden module of the runtime crate, from outside of the glue.
    fn private(&self) -> TokenStream {
        let krate = &self.options.crate_path;
        quote!(#krate::__private)
    }

    fn span(&self, span: Span) -> proc_macro2::Span {
        (self.options.span)(span)
    }

    fn ident(&self, name: &Name) -> Ident {
        names::ident(&name.text, self.span(name.span))
    }

    /// All states.
    fn ids(&self) -> impl Iterator<Item = StateId> + use<> {
        (0..self.chart.states.len() as u32).map(StateId)
    }

    /// `&Place { .. }` with the text of a span.
    fn place(&self, span: Span) -> TokenStream {
        let (file, line) = self.line(span);
        let text = self.options.sources.map_or("", |sources| sources.slice(span)).trim();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = proc_macro2::Literal::u32_unsuffixed(line);
        quote!(&__p::Place { file: #file, line: #line, text: #text })
    }

    /// The file and the line of a span; empty and 0 if they are not known.
    fn line(&self, span: Span) -> (String, u32) {
        let source = self.options.sources.and_then(|sources| sources.get(span.source));
        source.map_or((String::new(), 0), |source| {
            (source.name.clone(), source.position(span.start as usize).line as u32)
        })
    }
}

/// Silences the lints that generated code may offend.
fn allow() -> TokenStream {
    quote! {
        #[allow(
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction, dead_code,
            irrefutable_let_patterns, missing_docs, nonstandard_style, private_interfaces,
            unexpected_cfgs, unreachable_code, unreachable_patterns, unreachable_pub,
            unused_braces, unused_comparisons, unused_imports, unused_mut, unused_parens,
            unused_variables
        )]
    }
}

/// The diagram, for programs that print it.
fn constant(diagram: &String) -> TokenStream {
    quote! {
        /// The diagram of the machine, as Mermaid draws it.
        pub const DIAGRAM: &str = #diagram;
    }
}

/// `///` lines.
fn docs<'a>(lines: impl IntoIterator<Item = &'a String>) -> TokenStream {
    let lines = lines.into_iter();
    quote!(#(#[doc = #lines])*)
}

/// The function for a state, as `enter_3`.
fn function(what: &str, state: StateId) -> Ident {
    format_ident!("{what}_{}", state.0)
}
