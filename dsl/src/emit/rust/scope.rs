//! What an expression or effect can see from where it stands.

use super::Emitter;
use crate::chart::{Plan, TransitionId};
use crate::model::{FieldId, StateId, StateKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The surroundings of an expression.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    /// The state that it stands in.
    pub(super) owner: StateId,
    /// When it is read.
    pub(super) moment: Moment<'a>,
    /// Fields of the context and data of states whose new value has been calculated but not yet set.
    pub(super) ahead: Vec<(Field, Ident)>,
}

/// A field of the context, or data of a state.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
    /// Of a declared context.
    Declared(FieldId),
    /// Of an external one.
    External(String),
    /// Data of a state.
    Data(StateId, u32),
}

/// When an expression is read, which decides what `in(S)` says.
#[derive(Clone, Copy)]
pub(super) enum Moment<'a> {
    /// Between microsteps.
    Quiet,
    /// While a state is entered or left.
    Passing(StateId),
    /// Between the exits and the entries of a plan.
    Between(&'a Plan),
    /// In a test, which sees the machine from outside.
    Outside,
}

impl<'a> Scope<'a> {
    /// Guards and effects that stand in front of exits.
    pub(super) fn quiet(owner: StateId) -> Self {
        Self { owner, moment: Moment::Quiet, ahead: Vec::new() }
    }

    /// Entry, exit and initial effects, timers.
    pub(super) fn passing(state: StateId) -> Self {
        Self { owner: state, moment: Moment::Passing(state), ahead: Vec::new() }
    }

    /// Tests.
    pub(super) fn outside() -> Self {
        Self { owner: StateId::ROOT, moment: Moment::Outside, ahead: Vec::new() }
    }

    /// Effects of a transition.
    pub(super) fn between(owner: StateId, plan: &'a Plan) -> Self {
        Self { owner, moment: Moment::Between(plan), ahead: Vec::new() }
    }
}

impl Emitter<'_> {
    pub(super) fn source_of(&self, transition: TransitionId) -> StateId {
        self.chart.transitions[transition.index()].source
    }

    /// `in(S)`. While a microstep is being made, a state counts until its exit effects are run and
    /// from when its entry effects are about to run.
    pub(super) fn is_in(&self, state: StateId, scope: &Scope) -> TokenStream {
        let known = match scope.moment {
            Moment::Quiet => None,
            Moment::Outside if state == StateId::ROOT => Some(true),
            Moment::Outside => {
                let state = self.within(state);
                return quote!(machine.is_in(In::#state));
            }
            Moment::Passing(passing) => self.seen_from(state, passing),
            Moment::Between(plan) => self.seen_between(state, plan),
        };
        match (known, scope.moment) {
            (Some(known), _) => quote!(#known),
            (None, Moment::Quiet) => self.is_in_now(state),
            (None, _) if self.chart.leaf(state).is_some() => self.is_in_now(state),
            (None, _) => {
                let state = state.0 as u16;
                quote!(core.is_active_now(#state))
            }
        }
    }

    /// What a state that is being entered or left knows without looking.
    fn seen_from(&self, state: StateId, passing: StateId) -> Option<bool> {
        if self.chart.contains(state, passing) {
            return Some(true);
        }
        let apart = self.chart.contains(passing, state) || self.exclude(state, passing);
        apart.then_some(false)
    }

    fn seen_between(&self, state: StateId, plan: &Plan) -> Option<bool> {
        if plan.exit.iter().any(|range| range.contains(&state.0)) {
            return Some(false);
        }
        if plan.domain.iter().any(|domain| self.chart.contains(state, *domain)) {
            return Some(true);
        }
        let apart = plan.domain.iter().any(|domain| self.exclude(state, *domain));
        apart.then_some(false)
    }

    /// True if the innermost state around both lets only one of its children be active.
    fn exclude(&self, a: StateId, b: StateId) -> bool {
        let around = self.chart.ancestors(a).find(|outer| self.chart.contains(*outer, b));
        around.is_some_and(|outer| {
            outer != a && outer != b && self.chart.state(outer).kind != StateKind::Parallel
        })
    }

    fn is_in_now(&self, state: StateId) -> TokenStream {
        let shape = self.chart.state(state);
        let slot = &self.chart.slots[shape.slot.index()];
        let index = shape.slot.index();
        let (first, end) = (shape.leaves.start as u16, shape.leaves.end as u16);
        if slot.leaves == shape.leaves {
            return match slot.parent {
                None => quote!(true),
                Some(_) => quote!((core.leaves[#index] != __p::NONE)),
            };
        }
        if end - first == 1 {
            return quote!((core.leaves[#index] == #first));
        }
        quote!((core.leaves[#index] >= #first && core.leaves[#index] < #end))
    }
}
