//! What a durable machine is to the engine: steps that are decided before anything is done, actions
//! as data that can be kept, and the key of an instance.

use super::Emitter;
use crate::model::ContextDecl;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    pub(super) fn durable(&self) -> TokenStream {
        if !self.chart.durable {
            return TokenStream::new();
        }
        let activities = self.asks_host().then(|| quote!(Activities+));
        let logic = self.has_logic().then(|| quote!(Logic+));
        let actions = self.has_actions().then(|| quote!(Actions+));
        let (has_calls, act) = match self.has_actions() {
            true => (
                quote!(!calls.0.borrow().is_empty()),
                quote! {
                    let list = calls.0.get_mut();
                    if !list.is_empty() {
                        let first = list.drain(..1).collect();
                        __Calls::play(&mut __Calls(__p::RefCell::new(first)), host);
                    }
                },
            ),
            false => (quote!(false), quote!({})),
        };
        let key = self.key();
        let reply = if self.has_activities() { quote!(Reply) } else { quote!(__p::Never) };
        let (supply, renewal) = (self.supply(), self.renewal());
        let (migrations, migrate) = (self.migrations(), self.migrate());
        quote! {
            #supply
            #migrations

            impl<__H: #activities #logic #actions __p::Send + __p::Sync + 'static> __p::Durable<__H>
                for Chart
            {
                fn decide(
                    core: &mut __p::Core<Chart>,
                    scratch: &mut __p::Scratch<Chart>,
                    cause: __p::Cause<'_, Event, #reply>,
                ) -> __p::Reaction {
                    __p::decided::<Chart, __H, __Calls>(core, scratch, cause)
                }

                fn has_calls(calls: &__Calls) -> bool {
                    #has_calls
                }

                fn act(calls: &mut __Calls, host: &__H) {
                    #act
                }

                fn key(context: &Context) -> __p::Option<__p::String> {
                    #key
                }

                #renewal

                #migrate
            }
        }
    }

    fn key(&self) -> TokenStream {
        match (self.chart.key, &self.chart.declarations.context) {
            (Some(key), ContextDecl::Declared(fields)) => {
                let name = self.ident(&fields[key.index()].param.name);
                quote!(__p::Option::Some(__p::ToString::to_string(&context.#name)))
            }
            _ => quote!(__p::Option::None),
        }
    }

    /// The chart under the name of its machine, for `register::<Order>(..)`, if the name is free.
    pub(super) fn named_chart(&self) -> TokenStream {
        let name = &self.chart.name.text;
        let declarations = &self.chart.declarations;
        let taken = self.is_given(name)
            || crate::model::GENERATED.contains(&name.as_str())
            || self.names.enums.iter().flatten().any(|taken| taken == name)
            || declarations.types.iter().any(|taken| taken.name.text == *name)
            || declarations.activity_types().any(|(taken, _)| taken == *name)
            || declarations.message_types().any(|(taken, _)| taken == *name)
            || declarations.uses.iter().any(|item| {
                item.alias.as_ref().or(item.path.last()).is_some_and(|taken| taken == name)
            });
        if !self.chart.durable || taken {
            return TokenStream::new();
        }
        let name = self.ident(&self.chart.name);
        quote! {
            /// The machine, for registering it at an engine.
            pub type #name = Chart;
        }
    }
}
