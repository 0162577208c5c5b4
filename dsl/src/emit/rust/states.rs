//! The configuration as an algebraic data type: exclusive states are variants, regions are fields.

use super::names::{ident, snake_case};
use super::{Emitter, Types, docs};
use crate::ast::Role;
use crate::model::{Param, StateId, StateKind, Ty};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// An enum for the machine and for each composite and region.
    pub(super) fn state_types(&self) -> TokenStream {
        if let Some(given) = &self.options.state_type {
            return quote!(pub type State = #given;);
        }
        let all = self.ids().filter(|id| self.chart.state(*id).kind.is_exclusive());
        all.map(|id| self.state_enum(id)).collect()
    }

    /// The enum of the states in a state.
    pub(super) fn state_enum(&self, id: StateId) -> TokenStream {
        let (name, docs) = (self.enum_name(id), docs(&self.chart.state(id).docs));
        let children = &self.chart.state(id).children;
        let derives = self.derives(children.iter().all(|child| self.is_unit(*child)));
        let variants = children.iter().map(|child| self.variant(*child));
        quote!(#docs #derives pub enum #name { #(#variants),* })
    }

    /// What every machine has: its chart, the names of its states, and its own `Machine`.
    pub(super) fn types_of_machine(&self) -> TokenStream {
        let private = self.private();
        // Rust wants it no more visible than the types of the program that it stands for.
        let visibility = match self.options.visibility.is_empty() {
            true => quote!(pub(super)),
            false => self.options.visibility.clone(),
        };
        let states: Vec<StateId> = self.ids().skip(1).collect();
        let variants: Vec<Ident> = states.iter().map(|id| self.within(*id)).collect();
        let numbers = states.iter().map(|id| id.0 as u16);
        let all_docs = states.iter().map(|id| docs(&self.chart.state(*id).docs));
        let never = quote!(#private::Never);
        let item = match self.has_fan_outs() {
            true => quote!(<Chart as #private::Chart>::Item),
            false => never.clone(),
        };
        let sends = !self.chart.declarations.messages.is_empty();
        let request = match (self.has_activities(), sends) {
            (false, false) => TokenStream::new(),
            (false, true) => quote!(, #never, #never, #never, Message),
            (true, true) => quote!(, Request, Reply, #item, Message),
            (true, false) if self.has_fan_outs() => quote!(, Request, Reply, #item),
            (true, false) => quote!(, Request, Reply),
        };
        quote! {
            /// The machine's tables and code.
            #[derive(#private::Clone, #private::Copy, #private::Debug)]
            #visibility struct Chart;

            /// A running machine with its host.
            #[allow(dead_code)]
            pub type Machine<H = ()> = #private::Machine<Chart, H>;

            /// The machine as data.
            #[allow(dead_code)]
            pub type Snapshot =
                #private::Snapshot<Context, <Chart as #private::Chart>::Data, Event, Output #request>;

            /// Names the states, for asking which are active.
            #[derive(
                #private::Debug, #private::Clone, #private::Copy, #private::PartialEq,
                #private::Eq, #private::Hash
            )]
            #[repr(u16)]
            #[allow(dead_code)]
            pub enum In { #(#all_docs #variants = #numbers),* }

            impl #private::From<In> for u16 {
                fn from(state: In) -> u16 {
                    state as u16
                }
            }
        }
    }

    pub(super) fn within(&self, id: StateId) -> Ident {
        ident(&self.names.within[id.index()], self.span(self.chart.state(id).name.span))
    }

    pub(super) fn enum_name(&self, id: StateId) -> Ident {
        let name = self.names.enums[id.index()].as_deref().unwrap_or("State");
        let span = match id {
            StateId::ROOT => proc_macro2::Span::call_site(),
            _ => self.span(self.chart.state(id).name.span),
        };
        ident(name, span)
    }

    /// True if the variant of a state has no fields.
    fn is_unit(&self, id: StateId) -> bool {
        self.chart.state(id).kind.is_leaf() && self.has_no_data(id)
    }

    /// True if there is nothing to see of its data.
    fn has_no_data(&self, id: StateId) -> bool {
        self.chart.state(id).data.iter().all(Param::is_hidden)
    }

    fn variant(&self, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let (name, docs) = (self.ident(&state.name), docs(&state.docs));
        let form = self.variant_form(id);
        quote!(#docs #name #form)
    }

    /// What stands behind the name of a variant.
    pub(super) fn variant_form(&self, id: StateId) -> TokenStream {
        if self.chart.state(id).kind == StateKind::Composite && self.has_no_data(id) {
            let inner = self.enum_name(id);
            return quote!((#inner));
        }
        let fields = self.variant_fields(id);
        let fields = fields.iter().map(|(name, ty)| quote!(#name: #ty));
        if fields.len() == 0 { TokenStream::new() } else { quote!({ #(#fields),* }) }
    }

    /// The fields of a variant: data, and what is inside.
    pub(super) fn variant_fields(&self, id: StateId) -> Vec<(Ident, TokenStream)> {
        let state = self.chart.state(id);
        let enumeration = |id| {
            let name = self.enum_name(id);
            quote!(#name)
        };
        let seen = state.data.iter().filter(|param| !param.is_hidden());
        let mut fields: Vec<(Ident, TokenStream)> =
            seen.map(|param| (self.ident(&param.name), self.ty(&param.ty))).collect();
        match state.kind {
            StateKind::Composite => fields.push((self.inner_field(id), enumeration(id))),
            StateKind::Parallel => fields
                .extend(state.children.iter().map(|of| (self.region_field(*of), enumeration(*of)))),
            _ => {}
        }
        fields
    }

    /// The field for the states inside a composite with data: `state`, unless the data has one.
    fn inner_field(&self, id: StateId) -> Ident {
        let taken = self.chart.state(id).data.iter().any(|param| param.name.text == "state");
        format_ident!("{}", if taken { "state_inside" } else { "state" })
    }

    fn region_field(&self, region: StateId) -> Ident {
        let name = &self.chart.state(region).name;
        ident(&snake_case(&name.text), self.span(name.span))
    }

    /// Functions that read the configuration, one for each enum, and the call of the outermost.
    pub(super) fn state_readers(&self) -> (TokenStream, TokenStream) {
        let enums = self.ids().filter(|id| self.chart.state(*id).kind.is_exclusive());
        let readers = enums.filter(|id| !self.is_closed_over(*id)).map(|id| {
            let (function, ty) = (super::function("state", id), self.enum_type(id));
            let slot = self.chart.state(id).slot.index();
            let children = &self.chart.state(id).children;
            let arms = children.iter().enumerate().map(|(at, child)| {
                let leaves = self.leaf_pattern(*child, at + 1 == children.len());
                let value = self.state_value(id, *child);
                quote!(#leaves => #value)
            });
            quote! {
                fn #function(core: &__p::Core<Chart>) -> #ty {
                    match core.leaves[#slot] { #(#arms),* }
                }
            }
        });
        (quote!(#(#readers)*), quote!(state_0(core)))
    }

    pub(super) fn state_type(&self) -> TokenStream {
        self.enum_type(StateId::ROOT)
    }

    fn enum_type(&self, id: StateId) -> TokenStream {
        if let (StateId::ROOT, Some(given)) = (id, &self.options.state_type) {
            return given.clone();
        }
        let name = self.enum_name(id);
        quote!(#name)
    }

    /// The leaves that make a child active, as a pattern; the last child takes what is left.
    fn leaf_pattern(&self, child: StateId, last: bool) -> TokenStream {
        let leaves = &self.chart.state(child).leaves;
        let (first, behind) = (leaves.start as u16, leaves.end as u16 - 1);
        match (last, first == behind) {
            (true, _) => quote!(_),
            (false, true) => quote!(#first),
            (false, false) => quote!(#first..=#behind),
        }
    }

    fn state_value(&self, outer: StateId, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let (ty, name) = (self.enum_type(outer), self.ident(&state.name));
        let mut fields: Vec<TokenStream> = Vec::new();
        let is_closed = self.is_closed(id);
        let is_shown = |param: &Param| !(param.is_hidden() || is_closed && param.made);
        let shown = state.data.iter().enumerate().filter(|(_, param)| is_shown(param));
        for (at, param) in shown {
            let (name, field) = (self.ident(&param.name), self.data_field(id, at));
            fields.push(quote!(#name: __p::Clone::clone(__p::there(&core.data.#field))));
        }
        match state.kind {
            _ if is_closed => {}
            StateKind::Composite => {
                let inner = super::function("state", id);
                if self.has_no_data(id) {
                    return quote!(#ty::#name(#inner(core)));
                }
                let field = self.inner_field(id);
                fields.push(quote!(#field: #inner(core)));
            }
            StateKind::Parallel => {
                for region in &state.children {
                    let (field, inner) =
                        (self.region_field(*region), super::function("state", *region));
                    fields.push(quote!(#field: #inner(core)));
                }
            }
            _ => {}
        }
        if fields.is_empty() { quote!(#ty::#name) } else { quote!(#ty::#name { #(#fields),* }) }
    }

    /// True for a saga in an annotated enum: that is the program's own, and has one variant for all of
    /// it.
    fn is_closed(&self, id: StateId) -> bool {
        let is_saga = self.chart.state(id).role == Some(Role::Saga);
        is_saga && self.options.state_type.is_some()
    }

    /// True for such a saga and for what is made in it.
    fn is_closed_over(&self, id: StateId) -> bool {
        self.chart.ancestors(id).any(|around| self.is_closed(around))
    }

    /// Where a piece of state data is kept.
    pub(super) fn data_field(&self, state: StateId, index: usize) -> Ident {
        format_ident!("data_{}_{}", state.0, index)
    }

    /// The data of all states, and when those were entered that are asked.
    pub(super) fn data_type(&self) -> TokenStream {
        let given =
            matches!(self.options.types, Types::Given(_)) && self.options.state_type.is_some();
        let mut fields = Vec::new();
        for id in self.ids() {
            let state = self.chart.state(id);
            for (at, param) in state.data.iter().enumerate() {
                let (field, ty) = (self.data_field(id, at), self.ty(&param.ty));
                let name = format!("{}.{}", state.id, param.name.text);
                // What is written as null is a value of these.
                let option = matches!(param.ty, Ty::Option(_));
                let with = option.then(|| quote!(, deserialize_with = "__p::written"));
                let serde = (!given).then(|| {
                    quote!(#[serde(rename = #name, default = "__p::none", skip_serializing_if = "__p::is_none" #with)])
                });
                fields.push(quote!(#serde pub #field: __p::Option<#ty>));
            }
        }
        let timed = self.ids().filter(|id| self.needs.timed[id.index()]).map(|id| {
            let field = super::function("entered", id);
            let name = format!("entered {}", self.chart.state(id).id);
            let serde = (!given).then(|| quote!(#[serde(rename = #name, default)]));
            quote!(#serde pub #field: __p::Duration)
        });
        let derives = if given && !fields.is_empty() {
            quote!(#[derive(__p::Clone)])
        } else {
            self.derives(false)
        };
        quote! {
            #derives
            #[derive(__p::Default)]
            pub struct __Data { #(#fields,)* #(#timed),* }
        }
    }
}
