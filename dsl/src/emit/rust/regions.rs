//! Machines with parallel states: the runtime chooses and orders, here are the pieces.

use super::Emitter;
use super::scope::Scope;
use super::table::{Candidate, Row};
use crate::chart::{EntryStep, Plan, Transition, Trigger};
use crate::model::{BindingField, EffectKind, StateKind};
use proc_macro2::TokenStream;
use quote::quote;
use std::ops::Range;

/// What a plan does between exits and entries.
struct Effects {
    /// The names that its transition binds.
    bindings: TokenStream,
    /// What it does with them.
    then: TokenStream,
}

impl Emitter<'_> {
    /// `impl Regions`
    pub(super) fn regions_impl(&self, rows: &[Row]) -> TokenStream {
        let generics = self.generics();
        let choices = self.choices();
        let plans = self.chart.plans.iter().map(|plan| self.plan_shape(plan));
        let shapes = choices.iter().map(|transition| self.choice_shape(transition));
        let plan_count = self.chart.plans.len() as u32;
        let numbers = 0..rows.len() as u32;
        let selects = rows.iter().map(|row| self.select(row, &choices));
        let (exits, effects, entries) = (self.exits(), self.plan_effects(), self.plan_entries());
        let pass = self.pass();
        let choose = self.choose(&choices);
        let given = self.given_reference();
        quote! {
            impl #generics __p::Regions<__L, __A> for Chart {
                const PLANS: &'static [__p::PlanShape] = &[#(#plans,)* #(#shapes,)*];
                const CHOICES: u32 = #plan_count;

                fn select(
                    core: &__p::Core<Chart>,
                    row: u32,
                    event: #given,
                ) -> __p::Selection {
                    match row { #(#numbers => #selects,)* _ => {} }
                    __p::unhandled()
                }

                fn choose(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    choice: u32,
                    event: #given,
                ) -> __p::Result<u32, __p::StepError> {
                    #choose
                }

                fn exit(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    state: u16,
                ) -> __p::Done {
                    #exits
                }

                #pass

                fn effects(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    plan: u32,
                    event: #given,
                ) -> __p::Done {
                    #effects
                }

                fn entry(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    plan: u32,
                    part: u16,
                ) -> __p::Done {
                    #entries
                }
            }
        }
    }

    /// Transitions with effects in front of their guards.
    fn choices(&self) -> Vec<&Transition> {
        let happens = self.chart.transitions.iter().filter(|transition| transition.can_happen());
        happens.filter(|transition| !transition.effects.is_empty()).collect()
    }

    fn plan_shape(&self, plan: &Plan) -> TokenStream {
        let source = self.source_of(plan.transition).0 as u16;
        let exit = ranges(&plan.exit);
        let parts = self.parts(plan).into_iter().map(|part| part[0].state(self.chart).0 as u16);
        quote!(__p::PlanShape { source: #source, exit: &[#exit], parts: &[#(#parts),*] })
    }

    /// A choice may leave what any of its branches leaves.
    fn choice_shape(&self, transition: &Transition) -> TokenStream {
        let source = transition.source.0 as u16;
        let plans = transition.branches.iter().map(|b| &self.chart.plans[b.plan.index()]);
        let all: Vec<Range<u32>> = plans.flat_map(|plan| plan.exit.iter().cloned()).collect();
        let exit = ranges(&all);
        quote!(__p::PlanShape { source: #source, exit: &[#exit], parts: &[] })
    }

    fn select(&self, row: &Row, choices: &[&Transition]) -> TokenStream {
        let candidates = row.candidates.iter().map(|candidate| match candidate {
            Candidate::Defer => {
                quote!(return __p::Result::Ok(__p::Selected::Nothing(__p::Dispatch::Deferred));)
            }
            Candidate::Ignore => {
                quote!(return __p::Result::Ok(__p::Selected::Nothing(__p::Dispatch::Ignored));)
            }
            Candidate::Transition(id, _) => {
                let transition = &self.chart.transitions[*id as usize];
                let choice = choices.iter().position(|c| c.reaction == transition.reaction);
                match choice {
                    Some(choice) => {
                        let number = (self.chart.plans.len() + choice) as u32;
                        quote!(return __p::Result::Ok(__p::Selected::Take(#number));)
                    }
                    None => self.guards(
                        transition,
                        |plan| quote!(return __p::Result::Ok(__p::Selected::Take(#plan));),
                    ),
                }
            }
        });
        quote!({ #(#candidates)* })
    }

    fn guards(&self, transition: &Transition, taken: impl Fn(u32) -> TokenStream) -> TokenStream {
        let guarded = transition.branches.iter().any(|branch| branch.guard.is_some());
        let bindings = guarded.then(|| self.bindings(transition));
        let scope = Scope::quiet(transition.source);
        let branches = transition
            .branches
            .iter()
            .map(|branch| self.guarded(branch, &scope, taken(branch.plan.0)));
        quote!({ #bindings #(#branches)* })
    }

    fn choose(&self, choices: &[&Transition]) -> TokenStream {
        let arms = choices.iter().enumerate().map(|(at, transition)| {
            let at = at as u32;
            let (bindings, scope) = (self.bindings(transition), Scope::quiet(transition.source));
            let effects = self.effects(&transition.effects, &scope);
            let guards = self.guards(transition, |plan| quote!(return __p::Result::Ok(#plan);));
            quote!(#at => { #bindings #effects #guards })
        });
        // A choice ends with `else`, so one of its plans has been returned.
        quote!(match choice { #(#arms)* _ => {} } __p::unhandled())
    }

    fn exits(&self) -> TokenStream {
        let arms = self.ids().filter(|id| self.has_exit(*id)).map(|id| {
            let (number, exit) = (id.0 as u16, self.exit_call(id));
            quote!(#number => { #exit })
        });
        quote!(match state { #(#arms)* _ => {} } __p::Result::Ok(()))
    }

    /// The way between exits and entries, if plans bind what the exits change.
    fn pass(&self) -> Option<TokenStream> {
        let plans = self.chart.plans.iter().enumerate();
        let arms = plans.filter(|(_, plan)| self.binds_ahead(plan)).filter_map(|(at, plan)| {
            let (at, Effects { bindings, then }) = (at as u32, self.effects_of(plan)?);
            // Only the state that is completed reacts, and one leaf is active in it: no plan beside it.
            Some(quote! {
                [#at] => {
                    #bindings
                    __p::leave::<Chart, __L, __A>(core, actions, chosen)?;
                    #then
                    __p::Result::Ok(())
                }
            })
        });
        let arms: Vec<_> = arms.collect();
        let given = self.given_reference();
        (!arms.is_empty()).then(|| {
            quote! {
                fn pass(
                    core: &mut __p::Core<Chart>,
                    actions: &mut __A,
                    chosen: &[u32],
                    event: #given,
                ) -> __p::Done {
                    match chosen {
                        #(#arms)*
                        _ => __p::pass::<Chart, __L, __A>(core, actions, chosen, event),
                    }
                }
            }
        })
    }

    /// True if a plan has from a completion what the final state changes as it is left.
    fn binds_ahead(&self, plan: &Plan) -> bool {
        let transition = &self.chart.transitions[plan.transition.index()];
        let trigger = transition.triggers.first().map(|id| self.chart.triggers[id.index()]);
        let Some(Trigger::Done(around)) = trigger else { return false };
        let is_bound = |at: u32| {
            let declared = BindingField::Declared(at);
            transition.bindings.iter().any(|binding| binding.field == declared)
        };
        let mut ends = self.chart.state(around).children.iter().copied().filter(|id| {
            let is_left = plan.exit.iter().any(|range| range.contains(&id.0));
            is_left && self.chart.state(*id).kind == StateKind::Final
        });
        ends.any(|end| {
            self.chart.state(end).exit.iter().any(|effect| match effect.kind {
                EffectKind::SetData(of, at, _) => of == end && is_bound(at),
                _ => false,
            })
        })
    }

    fn plan_effects(&self) -> TokenStream {
        let plans = self.chart.plans.iter().enumerate();
        let arms = plans.filter(|(_, plan)| !self.binds_ahead(plan)).filter_map(|(at, plan)| {
            let (at, Effects { bindings, then }) = (at as u32, self.effects_of(plan)?);
            Some(quote!(#at => { #bindings #then }))
        });
        quote!(match plan { #(#arms)* _ => {} } __p::Result::Ok(()))
    }

    /// What a plan does between exits and entries, if it does anything.
    fn effects_of(&self, plan: &Plan) -> Option<Effects> {
        let transition = &self.chart.transitions[plan.transition.index()];
        if !transition.can_happen() {
            return None;
        }
        let scope = Scope::between(transition.source, plan);
        let (effects, data) = (self.effects(&plan.effects, &scope), self.given_data(plan));
        if effects.is_empty() && data.is_empty() {
            return None;
        }
        let bindings = self.bindings(transition);
        Some(Effects { bindings, then: quote!(#effects #data) })
    }

    /// The steps of an entry, those inside each of the states that stay apart.
    fn parts<'p>(&self, plan: &'p Plan) -> Vec<&'p [EntryStep]> {
        let domain = |step: &EntryStep| {
            let state = step.state(self.chart);
            plan.domain.iter().position(|domain| self.chart.contains(*domain, state))
        };
        plan.entry.chunk_by(|a, b| domain(a) == domain(b)).collect()
    }

    fn plan_entries(&self) -> TokenStream {
        let mut arms = TokenStream::new();
        for (at, plan) in self.chart.plans.iter().enumerate() {
            for (part, steps) in self.parts(plan).into_iter().enumerate() {
                let code = self.entry_steps(steps);
                let (at, part) = (at as u32, part as u16);
                if !code.is_empty() {
                    arms.extend(quote!((#at, #part) => { #code }));
                }
            }
        }
        quote!(match (plan, part) { #arms _ => {} } __p::Result::Ok(()))
    }
}

fn ranges(ranges: &[Range<u32>]) -> TokenStream {
    let all = ranges.iter().map(|range| {
        let (start, end) = (range.start as u16, range.end as u16);
        quote!((#start, #end))
    });
    quote!(#(#all),*)
}
