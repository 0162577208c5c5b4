//! Entering again what was active before.

use super::{Emitter, function};
use crate::chart::{EntryStep, HistoryId};
use crate::model::{StateId, StateKind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

impl Emitter<'_> {
    pub(super) fn restore_name(&self, history: HistoryId, deep: bool) -> Ident {
        format_ident!("restore_{}_{}", history.0, if deep { "deep" } else { "shallow" })
    }

    /// Functions that enter a state as it was left.
    pub(super) fn restores(&self) -> TokenStream {
        let mut wanted = BTreeSet::new();
        for step in self.chart.plans.iter().flat_map(|plan| &plan.entry) {
            if let EntryStep::Restore { history, deep } = step {
                wanted.insert((*history, *deep));
            }
        }
        if wanted.is_empty() {
            return TokenStream::new();
        }
        let mut defaults = BTreeSet::new();
        let mut again = BTreeSet::new();
        let mut restores = TokenStream::new();
        for (history, deep) in wanted {
            let state = self.chart.histories[history.index()].state;
            defaults.insert(state);
            again.extend(self.chart.state(state).subtree.clone().skip(1).map(StateId));
            let body = match deep {
                true => self.deep(state),
                false => self.shallow(state, &mut defaults),
            };
            restores.extend(self.restore(history, deep, body));
        }
        let defaults = defaults.into_iter().map(|id| self.default_function(id));
        let again = self.again(again);
        quote!(#restores #(#defaults)* #again)
    }

    fn restore(&self, history: HistoryId, deep: bool, body: TokenStream) -> TokenStream {
        let (name, generics) = (self.restore_name(history, deep), self.generics());
        let default = function("default", self.chart.histories[history.index()].state);
        let index = history.index();
        quote! {
            fn #name #generics(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                let __p::Option::Some(leaves) = __p::remembered(core, #index) else {
                    return #default::<__L, __A>(core, actions);
                };
                #body
                __p::Result::Ok(())
            }
        }
    }

    fn deep(&self, state: StateId) -> TokenStream {
        let subtree = &self.chart.state(state).subtree;
        let (first, end) = (subtree.start as u16 + 1, subtree.end as u16);
        quote! {
            let mut state = #first;
            while state < #end {
                if __p::is_active_in::<Chart>(&leaves, state) {
                    again::<__L, __A>(core, actions, state)?;
                }
                state += 1;
            }
        }
    }

    fn shallow(&self, state: StateId, defaults: &mut BTreeSet<StateId>) -> TokenStream {
        let around = self.chart.state(state);
        let child = |child: &StateId, defaults: &mut BTreeSet<StateId>| {
            let number = child.0 as u16;
            let inside = (!self.chart.state(*child).kind.is_leaf()).then(|| {
                defaults.insert(*child);
                let default = function("default", *child);
                quote!(#default::<__L, __A>(core, actions)?;)
            });
            quote! {
                if __p::is_active_in::<Chart>(&leaves, #number) {
                    again::<__L, __A>(core, actions, #number)?;
                    #inside
                }
            }
        };
        let mut body = TokenStream::new();
        if around.kind != StateKind::Parallel {
            body.extend(around.children.iter().map(|id| child(id, defaults)));
            return body;
        }
        for region in &around.children {
            let number = region.0 as u16;
            body.extend(quote!(again::<__L, __A>(core, actions, #number)?;));
            let children = &self.chart.state(*region).children;
            body.extend(children.iter().map(|id| child(id, defaults)));
        }
        body
    }

    fn default_function(&self, id: StateId) -> TokenStream {
        let (name, generics) = (function("default", id), self.generics());
        let steps = self.entry_steps(&self.chart.state(id).default_entry);
        quote! {
            fn #name #generics(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                #steps
                __p::Result::Ok(())
            }
        }
    }

    /// Enters one state with the data that it had.
    fn again(&self, states: BTreeSet<StateId>) -> TokenStream {
        let generics = self.generics();
        let arms = states.into_iter().filter_map(|id| {
            let (number, enter) = (id.0 as u16, self.enter(id));
            (!enter.is_empty()).then(|| quote!(#number => { #enter }))
        });
        quote! {
            fn again #generics(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                state: u16,
            ) -> __p::Done {
                match state { #(#arms)* _ => {} }
                __p::Result::Ok(())
            }
        }
    }
}
