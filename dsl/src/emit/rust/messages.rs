//! What is sent to other machines: a type for the events of each that are sent, and one for all.
//!
//! Written by serde they are what the receivers read as their own events, so that machines of
//! different crates need not see each other.

use super::{Emitter, docs};
use crate::model::{MessageId, Name, Ty, Variant};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

impl Emitter<'_> {
    /// `Message`, and for each receiver its events; nothing if the machine sends nothing.
    pub(super) fn message_types(&self) -> TokenStream {
        let receivers = self.chart.declarations.receivers();
        if receivers.is_empty() {
            return TokenStream::new();
        }
        let (private, derives) = (self.private(), self.derives(false));
        let of_each = receivers.iter().map(|(machine, messages)| {
            let variants: Vec<Variant> = messages
                .iter()
                .map(|message| Variant {
                    name: message.event.name.clone(),
                    docs: message.event.docs.clone(),
                    fields: message.event.params.clone(),
                })
                .collect();
            let text = [format!(" What is sent to `{}`.", machine.text)];
            self.enumeration(&self.messages_to(machine), docs(&text), &variants)
        });
        let all = receivers.iter().map(|(machine, _)| {
            let (name, of) = (self.ident(machine), self.messages_to(machine));
            let text = [format!(" To a `{}`.", machine.text)];
            let docs = docs(&text);
            quote! {
                #docs
                #name {
                    /// The key of the instance.
                    key: #private::String,
                    /// The event.
                    event: #of,
                }
            }
        });
        quote! {
            #(#of_each)*

            /// What is sent to other machines.
            #derives
            pub enum Message { #(#all),* }
        }
    }

    fn messages_to(&self, machine: &Name) -> proc_macro2::Ident {
        format_ident!("{}Message", machine.text, span = self.span(machine.span))
    }

    /// The type of what is sent.
    pub(super) fn message_type(&self) -> TokenStream {
        match self.chart.declarations.messages.is_empty() {
            true => quote!(__p::Never),
            false => quote!(Message),
        }
    }

    /// A message, with the key in front of the payload.
    pub(super) fn message_value(&self, id: MessageId, values: &[TokenStream]) -> TokenStream {
        let declared = &self.chart.declarations.messages[id.index()];
        let (machine, of) = (self.ident(&declared.machine), self.messages_to(&declared.machine));
        let Some((key, values)) = values.split_first() else { return TokenStream::new() };
        let key = match declared.key.ty {
            Ty::String => key.clone(),
            _ => quote!(__p::ToString::to_string(&#key)),
        };
        let name = self.ident(&declared.event.name);
        let fields = declared.event.params.iter().map(|param| self.ident(&param.name));
        let fields = (!values.is_empty()).then(|| quote!({ #(#fields: #values),* }));
        quote!(Message::#machine { key: #key, event: #of::#name #fields })
    }
}
