//! Machines without parallel states: every row is straight-line code.

use super::Emitter;
use super::effects::PlanEffects;
use super::scope::Scope;
use super::table::{Candidate, Code, ROWS_IN_FUNCTION, Row, Table};
use crate::chart::{Branch, Plan, Transition, Trigger};
use crate::model::{Binding, BindingField, ErrorKind, Param, StateId, StateKind, Ty};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// From so many leaves on a `match` is compiled to a table of jumps, which has to know that a leaf
/// lies in it.
const LEAVES_IN_JUMP_TABLE: usize = 5;

impl Emitter<'_> {
    /// The body of `Run::react` of a small machine: the table as a `match`. That costs one jump less
    /// than a table does, and the processor foresees the leaf from the way it came.
    pub(super) fn flat_match(&self, table: &Table) -> TokenStream {
        let mut leaves = Vec::new();
        for (leaf, cells) in table.cells().into_iter().enumerate() {
            let leaf = leaf as u16;
            let triggers = cells.into_iter().map(|(trigger, code)| {
                let body = self.cell(table, code);
                quote!(#trigger => #body,)
            });
            leaves.push((quote!(#leaf), quote!(match trigger { #(#triggers)* _ => {} })));
        }
        // There are no other leaves, and the processor need not look whether there are.
        if let Some((last, _)) = leaves.last_mut() {
            *last = quote!(_);
        }
        let mask = (leaves.len().next_power_of_two() - 1) as u16;
        let mask = (leaves.len() >= LEAVES_IN_JUMP_TABLE).then(|| quote!(& #mask));
        let (leaves, bodies): (Vec<_>, Vec<_>) = leaves.into_iter().unzip();
        quote! {
            match core.leaves[0] #mask { #(#leaves => #bodies,)* }
            __p::Result::Ok(__p::Dispatch::Unhandled)
        }
    }

    fn cell(&self, table: &Table, code: Code) -> TokenStream {
        match code {
            Code::Goto(leaf) => {
                let changed = self.needs.defers.then(|| quote!(core.changed = true;));
                quote!({
                    core.leaves[0] = #leaf;
                    #changed
                    return __p::Result::Ok(__p::Dispatch::Handled);
                })
            }
            Code::Unhandled => quote!({}),
            Code::Ignored => quote!(return __p::Result::Ok(__p::Dispatch::Ignored)),
            Code::Deferred => quote!(return __p::Result::Ok(__p::Dispatch::Deferred)),
            Code::Row(row) => self.row(&table.rows[row]),
        }
    }

    /// `impl Flat`, with functions for the rows if there are many.
    pub(super) fn flat_impl(&self, table: &Table) -> TokenStream {
        let generics = self.generics();
        let (functions, body) = self.flat_rows(table);
        let given = self.given_type();
        quote! {
            #functions
            impl #generics __p::Flat<__L, __A> for Chart {
                #[inline]
                fn row(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    row: u32,
                    event: #given,
                ) -> __p::Reaction {
                    #body
                }
            }
        }
    }

    /// The functions of the rows, and the body of `Flat::row`.
    fn flat_rows(&self, table: &Table) -> (TokenStream, TokenStream) {
        let bodies: Vec<TokenStream> = table.rows.iter().map(|row| self.row(row)).collect();
        if bodies.len() <= ROWS_IN_FUNCTION {
            let numbers = 0..bodies.len() as u32;
            let body = quote! {
                match row { #(#numbers => #bodies,)* _ => {} }
                __p::Result::Ok(__p::Dispatch::Unhandled)
            };
            return (TokenStream::new(), body);
        }
        let (generics, given) = (self.generics(), self.given_type());
        let mut functions = TokenStream::new();
        let mut calls = TokenStream::new();
        for (at, chunk) in bodies.chunks(ROWS_IN_FUNCTION).enumerate() {
            let name = format_ident!("rows_{at}");
            let first = (at * ROWS_IN_FUNCTION) as u32;
            let numbers = first..first + chunk.len() as u32;
            let at = at as u32;
            functions.extend(quote! {
                fn #name #generics(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    row: u32,
                    event: #given,
                ) -> __p::Reaction {
                    match row { #(#numbers => #chunk,)* _ => {} }
                    __p::Result::Ok(__p::Dispatch::Unhandled)
                }
            });
            calls.extend(quote!(#at => #name::<__L, __A>(core, actions, row, event),));
        }
        let size = ROWS_IN_FUNCTION as u32;
        let body = quote! {
            match row / #size { #calls _ => __p::Result::Ok(__p::Dispatch::Unhandled) }
        };
        (functions, body)
    }

    fn row(&self, row: &Row) -> TokenStream {
        let candidates = row.candidates.iter().map(|candidate| match candidate {
            Candidate::Defer => quote!(return __p::Result::Ok(__p::Dispatch::Deferred);),
            Candidate::Ignore => quote!(return __p::Result::Ok(__p::Dispatch::Ignored);),
            Candidate::Transition(id, left) => {
                let transition = &self.chart.transitions[*id as usize];
                self.attempt(transition, left)
            }
        });
        quote!({ #(#candidates)* })
    }

    fn attempt(&self, transition: &Transition, left: &[Vec<StateId>]) -> TokenStream {
        let bindings = self.bindings(transition);
        let quiet = Scope::quiet(transition.source);
        let before = self.effects(&transition.effects, &quiet);
        let branches = transition.branches.iter().zip(left).map(|(branch, left)| {
            let plan = self.flat_plan(&self.chart.plans[branch.plan.index()], left);
            let taken = quote!(#plan return __p::Result::Ok(__p::Dispatch::Handled););
            self.guarded(branch, &quiet, taken)
        });
        quote!({ #bindings #before #(#branches)* })
    }

    /// `if guard { .. }`
    pub(super) fn guarded(&self, branch: &Branch, scope: &Scope, then: TokenStream) -> TokenStream {
        match &branch.guard {
            None => then,
            Some(guard) => {
                let guard = self.read(guard, scope);
                quote!(if #guard { #then })
            }
        }
    }

    fn flat_plan(&self, plan: &Plan, left: &[StateId]) -> TokenStream {
        let scope = Scope::between(self.source_of(plan.transition), plan);
        let PlanEffects { ahead, then } = match self.can_read_ahead(plan) {
            true => self.effects_ahead(&plan.effects, &scope),
            false => PlanEffects::in_order(self.effects(&plan.effects, &scope)),
        };
        let records = left.iter().filter_map(|id| {
            let history = self.chart.state(*id).history?.index();
            Some(quote!(core.histories[#history] = core.leaves;))
        });
        let exits = left.iter().filter(|id| self.has_exit(**id)).map(|id| self.exit_call(*id));
        let data = self.given_data(plan);
        let entry = self.entry_steps(&plan.entry);
        let moves = !plan.entry.is_empty() && self.needs.defers;
        let changed = moves.then(|| quote!(core.changed = true;));
        let result = self.moved_result(plan);
        quote!(#result #ahead #(#records)* #(#exits)* #then #data #entry #changed)
    }

    /// The names that the pattern binds, as references.
    pub(super) fn bindings(&self, transition: &Transition) -> TokenStream {
        let bindings = &transition.bindings;
        let Some(trigger) = transition.triggers.first() else { return TokenStream::new() };
        match self.chart.triggers[trigger.index()] {
            Trigger::Event(event) if !bindings.is_empty() => {
                let declarations = &self.chart.declarations;
                let declared = &declarations.events[event.index()];
                let (name, pattern) =
                    (self.ident(&declared.name), self.pattern(bindings, &declared.params));
                let event = self.given_event(quote!(Event::#name #pattern));
                quote!(let #event = event else { return __p::unhandled(); };)
            }
            Trigger::Done(state) => {
                let all = bindings.iter().map(|binding| self.done_binding(state, binding));
                quote!(#(#all)*)
            }
            Trigger::Result(invoke) if self.chart.invokes[invoke.index()].fan_out.is_some() => {
                let fan_out = self.chart.invokes[invoke.index()].fan_out;
                fan_out.map(|id| self.joined_bindings(id, bindings)).unwrap_or_default()
            }
            Trigger::Result(invoke) if self.borrows_result(transition) || !self.is_flat() => {
                let invoke = &self.chart.invokes[invoke.index()];
                let all = bindings.iter().map(|binding| self.result_binding(invoke, binding));
                quote!(#(#all)*)
            }
            Trigger::Error(_, kind) => self.error_bindings(transition, kind),
            Trigger::Event(_) | Trigger::Timer(_) | Trigger::Result(_) => TokenStream::new(),
        }
    }

    /// What an error carries; of any error, itself.
    fn error_bindings(&self, transition: &Transition, kind: ErrorKind) -> TokenStream {
        let Some(first) = transition.bindings.first() else { return TokenStream::new() };
        let declared = match kind {
            ErrorKind::Declared(error) if first.ty != Ty::Failure => {
                &self.chart.declarations.errors[error.index()]
            }
            _ => {
                let name = self.binding(&first.name);
                if self.has_fan_outs() {
                    return quote! {
                        let __p::Option::Some(#name) = &event.failure() else {
                            return __p::unhandled();
                        };
                    };
                }
                return quote! {
                    let __p::Option::Some(error) = event.error() else {
                        return __p::unhandled();
                    };
                    let #name = &__p::Failure::from(error);
                };
            }
        };
        let name = self.ident(&declared.name);
        let pattern = self.pattern(&transition.bindings, &declared.params);
        quote! {
            let __p::Option::Some(Error::#name #pattern) = event.error() else {
                return __p::unhandled();
            };
        }
    }

    fn pattern(&self, bindings: &[Binding], params: &[Param]) -> TokenStream {
        if let Some(BindingField::Position(_, count)) = bindings.first().map(|b| &b.field) {
            let fields = (0..*count).map(|at| {
                let bound = bindings
                    .iter()
                    .find(|b| matches!(b.field, BindingField::Position(p, _) if p == at));
                match bound {
                    Some(binding) => {
                        let name = self.binding(&binding.name);
                        quote!(#name)
                    }
                    None => quote!(_),
                }
            });
            return quote!((#(#fields),*));
        }
        let fields = bindings.iter().map(|binding| {
            let name = self.binding(&binding.name);
            let field = match &binding.field {
                BindingField::Declared(index) => &params[*index as usize].name,
                BindingField::Named(field) => field,
                BindingField::Position(..) => &binding.name,
            };
            let field = self.ident(field);
            quote!(#field: #name)
        });
        quote!({ #(#fields,)* .. })
    }

    /// A part of the data of the final state that completed `state`: it has no other one, where data is
    /// taken.
    fn done_binding(&self, state: StateId, binding: &Binding) -> TokenStream {
        let BindingField::Declared(index) = binding.field else { return TokenStream::new() };
        let name = self.binding(&binding.name);
        let mut ends = self.chart.state(state).children.iter();
        let end = ends.find(|id| self.chart.state(**id).kind == StateKind::Final);
        let field = end.map(|end| self.data_field(*end, index as usize));
        quote!(let #name = &__p::Clone::clone(__p::there(&core.data.#field));)
    }
}
