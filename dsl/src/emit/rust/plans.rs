//! What plans are made of: leaving a state, entering a state, the steps of an entry.

use super::Emitter;
use super::effects::is_certain;
use super::function;
use super::scope::Scope;
use crate::chart::{EntryData, EntryStep, Plan};
use crate::model::{Expr, StateId, StateKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// True if there is something to do when the state is left, beside forgetting it.
    pub(super) fn has_exit(&self, id: StateId) -> bool {
        let state = self.chart.state(id);
        !state.exit.is_empty()
            || !state.timers.is_empty()
            || state.invoke.is_some()
            || state.fan_out.is_some()
    }

    /// True if there is something to do when the state is entered, beside noting it.
    pub(super) fn has_entry(&self, id: StateId) -> bool {
        let state = self.chart.state(id);
        !state.entry.is_empty()
            || !state.timers.is_empty()
            || state.invoke.is_some()
            || state.fan_out.is_some()
            || self.needs.timed[id.index()]
            || !self.completion(id).is_empty()
    }

    /// `enter_3` and `exit_3` of all states that have something to do.
    pub(super) fn passages(&self) -> TokenStream {
        let generics = self.generics();
        let passages = self.ids().map(|id| {
            let enter = self.has_entry(id).then(|| {
                let (name, body) = (function("enter", id), self.entry_body(id));
                quote!(#[inline] fn #name #generics(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                    #body
                    __p::Result::Ok(())
                })
            });
            let exit = self.has_exit(id).then(|| {
                let (name, body) = (function("exit", id), self.exit_body(id));
                quote!(#[inline] fn #name #generics(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                    #body
                    __p::Result::Ok(())
                })
            });
            quote!(#enter #exit)
        });
        quote!(#(#passages)*)
    }

    pub(super) fn exit_call(&self, id: StateId) -> TokenStream {
        let name = function("exit", id);
        quote!(#name::<__L, __A>(core, actions)?;)
    }

    fn exit_body(&self, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let effects = self.effects(&state.exit, &Scope::passing(id));
        let (first, end) = (state.timers.start as u16, state.timers.end as u16);
        let cancel = (first < end).then(|| quote!(core.timers.cancel(#first..#end);));
        let revoke = state.invoke.map(|invoke| {
            let number = invoke.0 as u16;
            quote!(core.revoke(#number);)
        });
        let fan_out = state.fan_out.map(|fan_out| {
            let number = fan_out.0 as u16;
            quote!(core.revoke_fan(#number);)
        });
        quote!(#effects #cancel #revoke #fan_out)
    }

    fn entry_body(&self, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let scope = Scope::passing(id);
        let timed = self.needs.timed[id.index()].then(|| {
            let field = function("entered", id);
            quote!(core.data.#field = core.now;)
        });
        let effects = self.effects(&state.entry, &scope);
        let timers = state.timers.clone().map(|index| self.start_timer(index));
        let invoke = state.invoke.map(|invoke| self.ask(invoke, &scope));
        let fan_out = state.fan_out.map(|fan_out| self.ask_branches(fan_out, &scope));
        let completion = self.completion(id);
        quote!(#timed #effects #(#timers)* #invoke #fan_out #completion)
    }

    /// Starts a timer.
    pub(super) fn start_timer(&self, index: u32) -> TokenStream {
        let timer = &self.chart.timers[index as usize];
        let scope = Scope::passing(timer.state);
        let (number, delay) = (index as u16, self.owned(&timer.delay, &scope));
        let place = self.place(timer.delay.span);
        match (is_certain(&timer.delay), timer.repeats) {
            (true, false) => quote!(core.surely_after(#number, #delay);),
            (true, true) => quote!(core.surely_every(#number, #delay);),
            (false, false) => quote!(core.after(#number, #delay, #place)?;),
            (false, true) => quote!(core.every(#number, #delay, #place)?;),
        }
    }

    /// What entering a final state completes.
    pub(super) fn completion(&self, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let (StateKind::Final, Some(parent)) = (state.kind, state.parent) else {
            return TokenStream::new();
        };
        if parent == StateId::ROOT {
            return quote!(core.finished = true;);
        }
        let around = self.chart.state(parent);
        let number = parent.0 as u16;
        let own = around.on_done.map(|trigger| {
            let trigger = trigger.0;
            quote!(core.done(#number, #trigger);)
        });
        let parallel = around.parent.filter(|_| around.kind == StateKind::Region);
        let all = parallel.and_then(|parallel| {
            let (number, trigger) = (parallel.0 as u16, self.chart.state(parallel).on_done?.0);
            Some(quote!(core.done_if_complete(#number, #trigger);))
        });
        quote!(#own #all)
    }

    /// The leaf, if the state is one, and its entry.
    pub(super) fn enter(&self, id: StateId) -> TokenStream {
        let leaf = self.chart.leaf(id).map(|leaf| {
            let (slot, leaf) = (self.chart.state(id).slot.index(), leaf.0 as u16);
            quote!(core.leaves[#slot] = #leaf;)
        });
        let entry = self.has_entry(id).then(|| {
            let name = function("enter", id);
            quote!(#name::<__L, __A>(core, actions)?;)
        });
        quote!(#leaf #entry)
    }

    /// Data that the target of the transition gives: all is read, then all is stored.
    pub(super) fn given_data(&self, plan: &Plan) -> TokenStream {
        let scope = Scope::between(self.source_of(plan.transition), plan);
        let given = plan.entry.iter().filter_map(|step| match step {
            EntryStep::Enter { state, data: EntryData::Target(values) } => Some((*state, values)),
            _ => None,
        });
        let (mut reads, mut stores) = (TokenStream::new(), TokenStream::new());
        for (state, values) in given {
            let (read, store) = self.data(state, values, &scope);
            reads.extend(read);
            stores.extend(store);
        }
        quote!(#reads #stores)
    }

    fn data(&self, state: StateId, values: &[Expr], scope: &Scope) -> (TokenStream, TokenStream) {
        let (mut reads, mut stores) = (TokenStream::new(), TokenStream::new());
        for (index, value) in values.iter().enumerate() {
            let (field, value) = (self.data_field(state, index), self.owned(value, scope));
            reads.extend(quote!(let #field = #value;));
            stores.extend(quote!(core.data.#field = __p::Option::Some(#field);));
        }
        (reads, stores)
    }

    /// Steps of an entry, in order. Data from a target is there already, by
    /// [`given_data`](Self::given_data).
    pub(super) fn entry_steps(&self, steps: &[EntryStep]) -> TokenStream {
        let steps = steps.iter().map(|step| match step {
            EntryStep::Enter { state, data } => {
                let data = self.data_on_entry(*state, data);
                let enter = self.enter(*state);
                quote!(#data #enter)
            }
            EntryStep::InitialEffects { state, effects } => {
                self.effects(effects, &Scope::passing(*state))
            }
            EntryStep::Restore { history, deep } => {
                let name = self.restore_name(*history, *deep);
                quote!(#name::<__L, __A>(core, actions)?;)
            }
        });
        quote!(#(#steps)*)
    }

    fn data_on_entry(&self, id: StateId, data: &EntryData) -> TokenStream {
        let state = self.chart.state(id);
        if state.data.is_empty() {
            return TokenStream::new();
        }
        let scope = Scope::passing(state.parent.unwrap_or(StateId::ROOT));
        let values: Vec<Expr> = match data {
            EntryData::Target(_) => return TokenStream::new(),
            EntryData::Initial(values) => values.clone(),
            EntryData::Defaults => {
                state.data.iter().filter_map(|param| param.default.clone()).collect()
            }
        };
        let (reads, stores) = self.data(id, &values, &scope);
        quote!({ #reads #stores })
    }
}
