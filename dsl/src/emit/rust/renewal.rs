//! What instances of another shape lack: defaults, timers that are new, activities to be asked for.

use super::scope::Scope;
use super::{Emitter, function};
use crate::chart::{InvokeId, TimerId};
use crate::model::{ContextDecl, StateId};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The functions of `Durable` that give it.
    pub(super) fn renewal(&self) -> TokenStream {
        let defaults = self.defaults();
        quote! {
            #defaults

            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    }

    /// Defaults are constants: they see nothing of an instance.
    fn defaults(&self) -> TokenStream {
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return TokenStream::new();
        };
        let values = fields.iter().filter_map(|field| {
            let value = self.owned(field.param.default.as_ref()?, &Scope::quiet(StateId::ROOT));
            let (name, ty) = (&field.param.name.text, self.ty(&field.param.ty));
            Some(quote!({
                let value: #ty = #value;
                values.value(#name, &value);
            }))
        });
        quote! {
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                #(#values)*
                __p::Result::Ok(())
            }
        }
    }

    pub(super) fn supply(&self) -> TokenStream {
        let generics = self.generics();
        let data = self.ids().filter_map(|id| self.supply_data(id));
        let entered = self.ids().filter(|id| self.needs.timed[id.index()]).map(|id| {
            let (number, field) = (id.0 as u16, function("entered", id));
            quote!(__p::Lack::Entered(#number) => core.data.#field = core.now,)
        });
        let timers = (0..self.chart.timers.len() as u32).map(|index| {
            let (number, start) = (index as u16, self.start_timer(index));
            let mut asked = self.chart.invokes.iter().zip(0_u16..);
            let ends = asked.find(|(asked, _)| asked.timeout == Some(TimerId(index)));
            let told = ends.map(|(_, invoke)| quote!(core.wait_until(#invoke, #number);));
            quote!(__p::Lack::Timer(#number) => { #start #told })
        });
        let invokes = self.chart.invokes.iter().zip(0_u32..).filter_map(|(invoke, index)| {
            let scope = Scope::passing(invoke.state);
            let ask = match invoke.fan_out {
                None => self.ask(InvokeId(index), &scope),
                // The first call stands for all.
                Some(id) if self.chart.fan_outs[id.index()].invokes.start == index => {
                    self.ask_branches(id, &scope)
                }
                Some(_) => return None,
            };
            let number = index as u16;
            Some(quote!(__p::Lack::Invoke(#number) => { #ask }))
        });
        let completions = self.ids().filter_map(|id| {
            let (number, completion) = (id.0 as u16, self.completion(id));
            (!completion.is_empty())
                .then(|| quote!(__p::Lack::Completion(#number) => { #completion }))
        });
        quote! {
            fn supply #generics(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                match lack {
                    #(#data)*
                    #(#entered)*
                    #(#timers)*
                    #(#invokes)*
                    #(#completions)*
                    _ => {}
                }
                __p::Result::Ok(())
            }
        }
    }

    /// The defaults of a state's data, where there is none.
    fn supply_data(&self, id: StateId) -> Option<TokenStream> {
        let scope = Scope::passing(self.chart.state(id).parent.unwrap_or(StateId::ROOT));
        let data = self.chart.state(id).data.iter().enumerate();
        let mut values = data
            .filter_map(|(at, param)| {
                let field = self.data_field(id, at);
                let value = self.owned(param.default.as_ref()?, &scope);
                Some(quote! {
                    if core.data.#field.is_none() {
                        core.data.#field = __p::Option::Some(#value);
                    }
                })
            })
            .peekable();
        values.peek()?;
        let number = id.0 as u16;
        Some(quote!(__p::Lack::Data(#number) => { #(#values)* }))
    }
}
