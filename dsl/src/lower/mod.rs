//! Decides the meaning, once: works out for every transition what it leaves, does and enters.
//!
//! [`tree`] lays out states, slots and leaves; [`triggers`] numbers what can happen; [`plan`]
//! works out domains and exit sets; [`entry`] works out what is entered and in which order.

mod entry;
mod plan;
mod tree;
mod triggers;

use crate::chart::{Branch, Chart, History, HistoryId, PlanId, Transition, TransitionId};
use crate::model::{self, Model, StateId, Target, Valid};

/// Works out the meaning of a checked machine.
pub fn lower(model: &Valid<Model>) -> Chart {
    let model: &Model = model;
    let layout = tree::layout(model);
    let numbered = triggers::number(model);
    let histories = histories(model);
    let mut chart = Chart {
        name: model.name.clone(),
        docs: model.docs.clone(),
        version: model.version,
        durable: model.durable.is_some(),
        key: model.key.map(|(field, _)| field),
        declarations: model.declarations.clone(),
        states: layout.states,
        slots: layout.slots,
        leaves: layout.leaves,
        triggers: numbered.triggers,
        timers: numbered.timers,
        invokes: numbered.invokes,
        fan_outs: numbered.fan_outs,
        transitions: Vec::with_capacity(model.reactions.len()),
        plans: Vec::new(),
        histories,
        start: Vec::new(),
        invariants: model.invariants.clone(),
        migrations: model.migrations.clone(),
    };
    triggers::attach(model, &numbered.of_reaction, &mut chart);
    for (index, history) in chart.histories.iter().enumerate() {
        chart.states[history.state.index()].history = Some(HistoryId(index as u32));
    }
    // A state's default entry is made of those of the states in it, so the last comes first.
    for index in (0..model.states.len()).rev() {
        chart.states[index].default_entry =
            entry::default_entry(model, &chart, StateId(index as u32));
    }
    chart.start = entry::whole(model, &chart);
    transitions(model, &numbered.of_reaction, &mut chart);
    chart
}

/// The states that some target asks to be remembered, in document order.
fn histories(model: &Model) -> Vec<History> {
    let targets = model.reactions.iter().flat_map(|r| &r.branches).map(|b| &b.target);
    let mut states: Vec<StateId> = targets
        .filter_map(|target| match target {
            Target::History { state, .. } => Some(*state),
            _ => None,
        })
        .collect();
    states.sort();
    states.dedup();
    states.into_iter().map(|state| History { state }).collect()
}

fn transitions(model: &Model, triggers: &[Vec<crate::chart::TriggerId>], chart: &mut Chart) {
    for (index, reaction) in model.reactions.iter().enumerate() {
        let id = TransitionId(index as u32);
        let mut branches = Vec::with_capacity(reaction.branches.len());
        for branch in &reaction.branches {
            let plan = plan::plan(model, chart, id, reaction.source, branch);
            branches.push(Branch {
                guard: branch.guard.clone(),
                plan: PlanId(chart.plans.len() as u32),
                span: branch.span,
            });
            chart.plans.push(plan);
        }
        chart.transitions.push(Transition {
            source: reaction.source,
            eventless: reaction.trigger == model::Trigger::Always,
            triggers: triggers[index].clone(),
            reaction: crate::model::ReactionId(index as u32),
            bindings: reaction.bindings.clone(),
            effects: reaction.effects.clone(),
            branches,
            span: reaction.span,
        });
    }
}
