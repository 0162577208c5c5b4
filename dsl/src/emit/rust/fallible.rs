//! Which steps have to be recorded: those where something can fail behind the first effect.

use super::Emitter;
use super::effects::{can_fail, field_set};
use super::expr::is_fallible;
use super::needs::walk;
use super::scope::Field;
use crate::chart::{EntryStep, Plan, Transition, Trigger, TriggerId};
use crate::model::{Effect, EffectKind, ExprKind, StateId};
use std::collections::BTreeSet;

/// How the machine makes its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Effects happen at once.
    Direct,
    /// Only debug builds can fail: they look at invariants.
    RecordedInDebug,
    /// Effects are recorded and the machine is saved before.
    Recorded,
}

impl Emitter<'_> {
    pub(super) fn mode(&self) -> Mode {
        // What is durable is committed before anything is done.
        if self.chart.durable || self.has_fan_outs() || self.fails_late() {
            Mode::Recorded
        } else if !self.chart.invariants.is_empty() {
            Mode::RecordedInDebug
        } else {
            Mode::Direct
        }
    }

    fn fails_late(&self) -> bool {
        let inside = self.chart.states.iter().any(|state| {
            let timers = &self.chart.timers[state.timers.start as usize..state.timers.end as usize];
            any_fails(&state.entry)
                || any_fails(&state.exit)
                || state.default_entry.iter().any(step_fails)
                || state.data.iter().filter_map(|p| p.default.as_ref()).any(is_fallible)
                || timers.iter().any(|timer| !super::effects::is_certain(&timer.delay))
                || state.invoke.is_some_and(|invoke| {
                    self.chart.invokes[invoke.index()].call.all_args().any(is_fallible)
                })
        });
        inside
            || self.chart.start.iter().any(step_fails)
            || self.chart.transitions.iter().any(|transition| self.transition_fails(transition))
            || self.can_loop()
    }

    fn transition_fails(&self, transition: &Transition) -> bool {
        let plans = || transition.branches.iter().map(|b| &self.chart.plans[b.plan.index()]);
        let guards = transition.branches.iter().filter_map(|b| b.guard.as_ref()).any(is_fallible);
        let effects = plans().any(|plan| any_fails(&plan.effects));
        let entries = plans().any(|plan| plan.entry.iter().any(step_fails));
        let first = any_fails(&transition.effects);
        if entries || first || (!transition.effects.is_empty() && (guards || effects)) {
            return true;
        }
        // A later microstep of a step, or one of several transitions in it, is behind an effect.
        let later = self.is_internal(transition) || self.needs.defers;
        if (guards || effects) && later {
            return true;
        }
        effects && (!self.is_flat() || plans().any(|plan| !self.can_read_ahead(plan)))
    }

    /// True if the values of a plan can be read before its exits.
    pub(super) fn can_read_ahead(&self, plan: &Plan) -> bool {
        if plan.effects.iter().any(can_fail) {
            return false;
        }
        let left = plan.exit.iter().flat_map(|range| range.clone());
        let exits = left.flat_map(|id| &self.chart.state(StateId(id)).exit);
        let set: Vec<Field> = exits.filter_map(field_set).collect();
        let mut reads = false;
        for value in plan.effects.iter().flat_map(Effect::exprs) {
            walk(value, &mut |expr| {
                reads |= match &expr.kind {
                    ExprKind::Context(field) => set.contains(&Field::Declared(*field)),
                    ExprKind::StateData(state, at) => set.contains(&Field::Data(*state, *at)),
                    ExprKind::ExternalContext(name) => {
                        set.contains(&Field::External(name.text.clone()))
                    }
                    _ => false,
                };
            });
        }
        !reads
    }

    /// True if the transition is taken in a microstep that is not the first: an eventless one, a
    /// completion, a raised event.
    fn is_internal(&self, transition: &Transition) -> bool {
        let triggers =
            transition.triggers.iter().map(|trigger| self.chart.triggers[trigger.index()]);
        transition.eventless
            || triggers.into_iter().any(|trigger| match trigger {
                Trigger::Done(_) => true,
                Trigger::Timer(_) | Trigger::Result(_) | Trigger::Error(..) => false,
                Trigger::Event(event) => self.needs.raised.contains(&event),
            })
    }

    /// True if nothing from outside is needed for it: `always`, or a completion.
    fn is_eventless(&self, transition: &Transition) -> bool {
        let done =
            |trigger: &TriggerId| matches!(self.chart.triggers[trigger.index()], Trigger::Done(_));
        transition.eventless || transition.triggers.iter().any(done)
    }

    /// True if microsteps could follow each other without end.
    fn can_loop(&self) -> bool {
        let internal: Vec<&Transition> =
            self.chart.transitions.iter().filter(|t| self.is_internal(t)).collect();
        if internal.is_empty() {
            return false;
        }
        let plans = || {
            let branches = internal.iter().flat_map(|t| &t.branches);
            branches.map(|branch| &self.chart.plans[branch.plan.index()])
        };
        let raise = |effect: &Effect| matches!(effect.kind, EffectKind::Raise(..));
        let effects = internal.iter().flat_map(|t| &t.effects).any(raise)
            || plans().flat_map(|plan| &plan.effects).any(raise);
        let passing = self.chart.states.iter().any(|s| s.entry.iter().chain(&s.exit).any(raise));
        let initial = plans().flat_map(|plan| &plan.entry).any(|step| {
            matches!(step, EntryStep::InitialEffects { effects, .. } if effects.iter().any(raise))
        });
        effects || passing || initial || self.has_eventless_cycle(&internal)
    }

    /// True if transitions lead from a leaf back to it. Raised events are not counted here: where
    /// nothing raises in between, they come to an end.
    fn has_eventless_cycle(&self, internal: &[&Transition]) -> bool {
        let mut edges = BTreeSet::new();
        let eventless = internal.iter().filter(|transition| self.is_eventless(transition));
        for transition in eventless {
            let from = self.leaves_in(transition.source);
            for branch in &transition.branches {
                let plan = &self.chart.plans[branch.plan.index()];
                if plan.entry.is_empty() && transition.eventless {
                    return true;
                }
                let entered = plan.entry.iter().flat_map(|step| match step {
                    EntryStep::Enter { state, .. } => {
                        self.chart.leaf(*state).map(|leaf| leaf.0).into_iter().collect()
                    }
                    EntryStep::Restore { history, .. } => {
                        self.leaves_in(self.chart.histories[history.index()].state)
                    }
                    EntryStep::InitialEffects { .. } => Vec::new(),
                });
                for to in entered {
                    edges.extend(from.iter().map(|from| (*from, to)));
                }
            }
        }
        is_cyclic(edges)
    }

    fn leaves_in(&self, state: StateId) -> Vec<u32> {
        let leaves = self.chart.leaves.iter().enumerate();
        leaves.filter(|(_, l)| self.chart.contains(state, **l)).map(|(at, _)| at as u32).collect()
    }
}

fn any_fails(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| can_fail(effect) || effect.exprs().into_iter().any(is_fallible))
}

fn step_fails(step: &EntryStep) -> bool {
    match step {
        EntryStep::Enter { data, .. } => data.given().iter().any(is_fallible),
        EntryStep::InitialEffects { effects, .. } => any_fails(effects),
        EntryStep::Restore { .. } => false,
    }
}

/// Takes away edges out of nodes that nothing leads to until none is left, or a cycle is.
fn is_cyclic(mut edges: BTreeSet<(u32, u32)>) -> bool {
    while !edges.is_empty() {
        let reached: BTreeSet<u32> = edges.iter().map(|(_, to)| *to).collect();
        let before = edges.len();
        edges.retain(|(from, _)| reached.contains(from));
        if edges.len() == before {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_cyclic;

    #[test]
    fn cycles_are_found() {
        assert!(!is_cyclic([(0, 1), (1, 2), (0, 2)].into()));
        assert!(is_cyclic([(0, 1), (1, 2), (2, 1)].into()));
        assert!(is_cyclic([(3, 3)].into()));
    }
}
