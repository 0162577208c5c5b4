//! The result of an activity, as the transition that it triggers has it.

use super::Emitter;
use super::needs::walk;
use crate::chart::{EntryData, EntryStep, Invoke, Plan, Transition, Trigger};
use crate::model::{Binding, Effect, Expr, ExprKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter<'_> {
    /// The binding of a result, as a reference.
    pub(super) fn result_binding(&self, invoke: &Invoke, binding: &Binding) -> TokenStream {
        self.result_from(invoke, binding, quote!(event.reply()))
    }

    /// The same as a value, for a plan that uses it up.
    pub(super) fn moved_result(&self, plan: &Plan) -> TokenStream {
        let transition = &self.chart.transitions[plan.transition.index()];
        match (self.result_of(transition), transition.bindings.as_slice()) {
            (Some(invoke), [binding]) if self.moves_result(plan) => {
                self.result_from(invoke, binding, quote!(event.into_reply()))
            }
            _ => TokenStream::new(),
        }
    }

    /// True if a plan uses a result once, and nobody needs it behind that: it is moved, not copied.
    /// With parallel states several transitions look at what a microstep is given.
    pub(super) fn moves_result(&self, plan: &Plan) -> bool {
        let transition = &self.chart.transitions[plan.transition.index()];
        self.is_flat() && self.result_of(transition).is_some() && uses(plan) == 1
    }

    /// True if a transition reads a result otherwise than in a plan that moves it.
    pub(super) fn borrows_result(&self, transition: &Transition) -> bool {
        let plans = || transition.branches.iter().map(|b| &self.chart.plans[b.plan.index()]);
        let ahead = transition.effects.iter().flat_map(Effect::exprs);
        let guards = transition.branches.iter().filter_map(|branch| branch.guard.as_ref());
        ahead.chain(guards).any(|expr| bound(expr) > 0)
            || plans().any(|plan| uses(plan) > 0 && !self.moves_result(plan))
    }

    /// The activity whose result triggers a transition.
    fn result_of(&self, transition: &Transition) -> Option<&Invoke> {
        match self.chart.triggers[transition.triggers.first()?.index()] {
            Trigger::Result(invoke) => {
                Some(&self.chart.invokes[invoke.index()]).filter(|i| i.fan_out.is_none())
            }
            _ => None,
        }
    }

    fn result_from(&self, invoke: &Invoke, binding: &Binding, from: TokenStream) -> TokenStream {
        let variants = self.asked_by(invoke);
        let name = self.binding(&binding.name);
        quote! {
            let __p::Option::Some(#(Reply::#variants(__p::Result::Ok(#name)))|*) = #from else {
                return __p::unhandled();
            };
        }
    }
}

/// How often a plan reads what its transition binds.
fn uses(plan: &Plan) -> usize {
    let entered = plan.entry.iter().flat_map(|step| match step {
        EntryStep::Enter { data: EntryData::Target(values), .. } => values.as_slice(),
        _ => &[],
    });
    plan.effects.iter().flat_map(Effect::exprs).chain(entered).map(bound).sum()
}

/// How often an expression does.
fn bound(expr: &Expr) -> usize {
    let mut count = 0;
    walk(expr, &mut |expr| count += usize::from(matches!(expr.kind, ExprKind::Binding(..))));
    count
}
