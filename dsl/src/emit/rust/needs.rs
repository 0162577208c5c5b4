//! What a chart uses: nothing is written for the rest.

use crate::chart::{Chart, EntryData, EntryStep, Handler, Trigger};
use crate::model::{Builtin, Effect, EffectKind, EventId, Expr, ExprKind, StateId, elapsed_of};
use std::collections::BTreeSet;

/// What a chart uses.
pub(super) struct Needs {
    /// Some state puts events off.
    pub(super) defers: bool,
    /// There are eventless transitions.
    pub(super) always: bool,
    /// The events that are raised later.
    pub(super) delayed: BTreeSet<EventId>,
    /// The events that are raised at once.
    pub(super) raised: BTreeSet<EventId>,
    /// The states that are asked how long ago they were entered.
    pub(super) timed: Vec<bool>,
}

/// Finds out what a chart uses.
pub(super) fn of(chart: &Chart) -> Needs {
    let mut needs = Needs {
        defers: handlers(chart).any(|handler| *handler == Handler::Defer),
        always: chart.states.iter().any(|state| !state.always.is_empty()),
        delayed: BTreeSet::new(),
        raised: BTreeSet::new(),
        timed: vec![false; chart.states.len()],
    };
    for state in &chart.states {
        if let Some(around) = state.parent {
            let defaults = state.data.iter().filter_map(|param| param.default.as_ref());
            defaults.for_each(|default| needs.read(around, default));
        }
    }
    for (index, state) in chart.states.iter().enumerate() {
        let id = StateId(index as u32);
        needs.effects(id, &state.entry);
        needs.effects(id, &state.exit);
        needs.entry(chart, id, &state.default_entry);
    }
    for timer in &chart.timers {
        needs.read(timer.state, &timer.delay);
    }
    for invoke in &chart.invokes {
        invoke.call.all_args().for_each(|arg| needs.read(invoke.state, arg));
    }
    for of in &chart.fan_outs {
        of.fan_out.all_args().chain(of.fan_out.ballots()).for_each(|e| needs.read(of.state, e));
    }
    needs.entry(chart, StateId::ROOT, &chart.start);
    for transition in &chart.transitions {
        needs.effects(transition.source, &transition.effects);
        for branch in &transition.branches {
            let plan = &chart.plans[branch.plan.index()];
            branch.guard.iter().for_each(|guard| needs.read(transition.source, guard));
            needs.effects(transition.source, &plan.effects);
            needs.entry(chart, transition.source, &plan.entry);
        }
    }
    for invariant in &chart.invariants {
        needs.read(invariant.state, &invariant.expr);
    }
    needs
}

fn handlers(chart: &Chart) -> impl Iterator<Item = &Handler> {
    chart.states.iter().flat_map(|state| state.handlers.iter().map(|(_, handler)| handler))
}

impl Needs {
    fn effects(&mut self, owner: StateId, effects: &[Effect]) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Raise(event, _) => {
                    self.raised.insert(*event);
                }
                EffectKind::RaiseAfter(event, ..) => {
                    self.delayed.insert(*event);
                }
                _ => {}
            }
            effect.exprs().into_iter().for_each(|expr| self.read(owner, expr));
        }
    }

    fn entry(&mut self, chart: &Chart, owner: StateId, steps: &[EntryStep]) {
        for step in steps {
            match step {
                EntryStep::InitialEffects { state, effects } => self.effects(*state, effects),
                EntryStep::Enter { data: EntryData::Target(values), .. } => {
                    values.iter().for_each(|value| self.read(owner, value));
                }
                EntryStep::Enter { state, data: EntryData::Initial(values) } => {
                    let around = chart.state(*state).parent.unwrap_or(StateId::ROOT);
                    values.iter().for_each(|value| self.read(around, value));
                }
                _ => {}
            }
        }
    }

    fn read(&mut self, owner: StateId, expr: &Expr) {
        walk(expr, &mut |expr| {
            if let ExprKind::Builtin(Builtin::Elapsed, args) = &expr.kind {
                self.timed[elapsed_of(args, owner).index()] = true;
            }
        });
    }
}

/// The states that are asked how long ago they were entered, so that it is kept.
pub(crate) fn timed(chart: &Chart) -> Vec<bool> {
    of(chart).timed
}

/// The events that an instance can have put off or delayed.
pub(crate) fn kept(chart: &Chart) -> BTreeSet<EventId> {
    let mut kept = of(chart).delayed;
    for (trigger, handler) in chart.states.iter().flat_map(|state| &state.handlers) {
        if let (Trigger::Event(event), Handler::Defer) = (chart.triggers[trigger.index()], handler)
        {
            kept.insert(event);
        }
    }
    kept
}

/// Visits an expression and all in it.
pub(super) fn walk(expr: &Expr, visit: &mut impl FnMut(&Expr)) {
    visit(expr);
    expr.parts().into_iter().for_each(|part| walk(part, visit));
}
