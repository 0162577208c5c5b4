//! Machines that a machine starts, and how it ends for the one that has started it.

use super::Emitter;
use crate::model::{ActivityKind, StateId, StateKind, Ty};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The part of `impl Chart` that says which requests are for other machines; nothing if none is.
    pub(super) fn chart_children(&self) -> TokenStream {
        let children = self.chart.declarations.activities.iter().filter_map(|activity| {
            let ActivityKind::Machine(key) = activity.kind else { return None };
            let (variant, machine) = (self.activity_variant(activity), &activity.name.text);
            let param = activity.params.get(key)?;
            let name = self.ident(&param.name);
            let key = match param.ty {
                Ty::String => quote!(__p::Clone::clone(#name)),
                _ => quote!(__p::ToString::to_string(#name)),
            };
            Some(quote!(Request::#variant { #name, .. } => (#machine, #key)))
        });
        let children: Vec<TokenStream> = children.collect();
        if children.is_empty() {
            return TokenStream::new();
        }
        quote! {
            fn child(request: &Request) -> __p::Option<(&'static str, __p::String)> {
                __p::Option::Some(match request {
                    #(#children,)*
                    _ => return __p::Option::None,
                })
            }
        }
    }

    /// Which final states of the machine are failures; nothing if none is.
    pub(super) fn failures(&self) -> TokenStream {
        let failures = self.ids().filter(|id| {
            let state = self.chart.state(*id);
            let is_end = state.kind == StateKind::Final && state.parent == Some(StateId::ROOT);
            is_end && state.failure
        });
        let failures: Vec<u16> = failures.map(|id| id.0 as u16).collect();
        if failures.is_empty() || !self.chart.durable {
            return TokenStream::new();
        }
        quote! {
            fn is_failure(state: u16) -> bool {
                match state {
                    #(#failures)|* => true,
                    _ => false,
                }
            }
        }
    }
}
