//! Conditions that always have to hold: looked at behind every macrostep of a debug build.

use super::Emitter;
use super::scope::Scope;
use crate::model::StateId;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The body of `Run::invariants`.
    pub(super) fn invariants(&self) -> TokenStream {
        let checks = self.chart.invariants.iter().map(|invariant| {
            let holds = self.read(&invariant.expr, &Scope::quiet(invariant.state));
            let (file, line) = self.line(invariant.span);
            let (text, state) = (&invariant.text, invariant.state.0 as u16);
            let active =
                (invariant.state != StateId::ROOT).then(|| quote!(core.is_active(#state) &&));
            quote! {
                if #active !#holds {
                    return __p::Result::Err(__p::StepError::Invariant(
                        &__p::Place { file: #file, line: #line, text: #text },
                    ));
                }
            }
        });
        quote!(#[cfg(debug_assertions)] { #(#checks)* } __p::Result::Ok(()))
    }
}
