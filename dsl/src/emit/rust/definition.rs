//! Names and places for tools, and the shape.

use super::Emitter;
use crate::chart::{EntryStep, Plan, Trigger};
use crate::model::{StateId, StateKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::fmt::Write as _;

impl Emitter<'_> {
    /// The `Definition` of the machine.
    pub(super) fn definition(&self) -> TokenStream {
        let chart = self.chart;
        let (name, version) = (&chart.name.text, chart.version);
        let shape = crate::emit::shape::hash(chart);
        // Only stores keep it.
        let document = match chart.durable {
            true => crate::emit::shape::document(chart),
            false => String::new(),
        };
        let docs = chart.docs.join("\n");
        let states = self.ids().map(|id| self.state_definition(id));
        let events = chart.declarations.events.iter().map(|event| {
            let (name, docs) = (&event.name.text, event.docs.join("\n"));
            quote!(__p::EventDefinition { name: #name, docs: #docs })
        });
        let (timers, transitions) = (chart.timers.len() as u16, self.packed_transitions());
        quote! {
            static DEFINITION: __p::Definition = __p::Definition {
                name: #name,
                version: #version,
                shape: #shape,
                document: #document,
                docs: #docs,
                states: &[#(#states),*],
                events: &[#(#events),*],
                timers: #timers,
                packed_transitions: #transitions,
            };
        }
    }

    fn state_definition(&self, id: StateId) -> TokenStream {
        let state = self.chart.state(id);
        let (name, path, persistent) = (&state.name.text, &state.path, &state.id);
        let (kind, docs) = (self.kind(state.kind), state.docs.join("\n"));
        let line = self.line(state.span).1;
        let parent = match state.parent {
            Some(parent) => {
                let number = parent.0 as u16;
                quote!(__p::Option::Some(#number))
            }
            None => quote!(__p::Option::None),
        };
        quote!(__p::StateDefinition {
            name: #name, path: #path, id: #persistent, kind: #kind, parent: #parent,
            line: #line, docs: #docs,
        })
    }

    pub(super) fn kind(&self, kind: StateKind) -> TokenStream {
        let name = format_ident!("{kind:?}");
        quote!(__p::Kind::#name)
    }

    /// For each state where it stands.
    pub(super) fn shapes(&self) -> TokenStream {
        let shapes = self.ids().map(|id| {
            let state = self.chart.state(id);
            let parent = state.parent.map_or(u16::MAX, |parent| parent.0 as u16);
            let (end, slot) = (state.subtree.end as u16, state.slot.0 as u16);
            let (first, behind) = (state.leaves.start as u16, state.leaves.end as u16);
            let kind = self.kind(state.kind);
            quote!(__p::Shape {
                parent: #parent, end: #end, slot: #slot, first_leaf: #first, end_leaf: #behind,
                kind: #kind,
            })
        });
        quote!(&[#(#shapes),*])
    }

    /// A line for each branch: source, line, trigger, targets.
    fn packed_transitions(&self) -> String {
        let mut packed = String::new();
        for transition in &self.chart.transitions {
            let first = transition.triggers.first();
            let trigger = match first.map(|trigger| self.chart.triggers[trigger.index()]) {
                None if transition.eventless => "always",
                Some(Trigger::Event(event)) => {
                    &self.chart.declarations.events[event.index()].name.text
                }
                Some(Trigger::Timer(timer)) if self.chart.timers[timer.index()].repeats => "every",
                Some(Trigger::Timer(_)) => "after",
                Some(Trigger::Done(_) | Trigger::Result(_)) => "done",
                Some(Trigger::Error(..)) | None => "error",
            };
            for branch in &transition.branches {
                let line = self.line(branch.span).1;
                let _ = write!(packed, "{} {line} {trigger}", transition.source.0);
                for target in self.targets(&self.chart.plans[branch.plan.index()]) {
                    let _ = write!(packed, " {}", target.0);
                }
                packed.push('\n');
            }
        }
        packed
    }

    /// The states that a plan leads to: the innermost that it enters, or whose history it restores.
    fn targets(&self, plan: &Plan) -> Vec<StateId> {
        let entered = plan.entry.iter().filter_map(|step| match step {
            EntryStep::Enter { state, .. } => {
                self.chart.state(*state).kind.is_leaf().then_some(*state)
            }
            EntryStep::Restore { history, .. } => Some(self.chart.histories[history.index()].state),
            EntryStep::InitialEffects { .. } => None,
        });
        entered.collect()
    }
}
