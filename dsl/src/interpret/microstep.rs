//! One microstep: what the active states choose for a trigger, and what that does. Exits and
//! entries are those of the plans.

use super::activity::Reply;
use super::eval::Scope;
use super::fault::Fault;
use super::host::Host;
use super::instance::{Instance, Occurrence};
use super::record::{Act, Outcome};
use super::value::Value;
use crate::chart::{
    Chart, EntryData, EntryStep, Handler, Plan, PlanId, Transition, TransitionId, TriggerId,
};
use crate::model::{BindingField, Expr, StateId, StateKind};

/// A step that is being made.
pub(super) struct Run<'a> {
    pub(super) chart: &'a Chart,
    pub(super) instance: Instance,
    pub(super) host: &'a mut dyn Host,
    pub(super) acts: Vec<Act>,
}

/// What happens, for a microstep.
#[derive(Clone, Copy)]
pub(super) enum Cause<'a> {
    /// An event.
    Event(&'a Occurrence),
    /// A timer, or a completion.
    Trigger(TriggerId),
    /// An activity has ended.
    Reply(TriggerId, &'a Reply),
    /// A fan-out has succeeded, and gives this.
    Joined(TriggerId, &'a [Value]),
    /// A fan-out has failed: how the branch has ended that decided it, name and message.
    Failed(TriggerId, Option<&'a Reply>, &'a (String, String)),
    /// Nothing: `always`.
    Always,
}

/// A transition that is going to be taken.
struct Chosen<'a> {
    transition: &'a Transition,
    bindings: Vec<Value>,
    /// Not known before the effects in front of a choice have run.
    plan: Option<PlanId>,
}

impl Chosen<'_> {
    /// The plans that it may come to: one, or those of all branches of a choice.
    fn plans<'c>(&self, chart: &'c Chart) -> impl Iterator<Item = &'c Plan> {
        let known = self.plan;
        let branches = self.transition.branches.iter().map(|branch| branch.plan);
        let ids = branches.filter(move |id| known.is_none_or(|plan| plan == *id));
        ids.map(|id| &chart.plans[id.index()])
    }

    /// True if both may leave a common state.
    fn meets(&self, other: &Chosen, chart: &Chart) -> bool {
        self.plans(chart).any(|a| other.plans(chart).any(|b| a.conflicts(b)))
    }
}

impl<'a> Run<'a> {
    /// One microstep, if the cause enables one.
    pub(super) fn react(&mut self, cause: Cause) -> Result<Outcome, Fault> {
        if !matches!(cause, Cause::Always) {
            self.host.moved();
        }
        let mut chosen: Vec<Chosen<'a>> = Vec::new();
        let mut otherwise = Outcome::Unhandled;
        let leaves: Vec<StateId> = self.instance.leaves(self.chart).collect();
        for leaf in leaves {
            match self.select(leaf, cause)? {
                Some(Selected::Take(new)) => self.add(new, &mut chosen),
                Some(Selected::Defer) => otherwise = Outcome::Deferred,
                Some(Selected::Ignore) if otherwise == Outcome::Unhandled => {
                    otherwise = Outcome::Ignored;
                }
                Some(Selected::Ignore) | None => {}
            }
        }
        if chosen.is_empty() {
            return Ok(otherwise);
        }
        self.take(chosen)?;
        Ok(Outcome::Handled)
    }

    /// What one active leaf chooses: the first, from inside outwards, whose guards allow it.
    fn select(&mut self, leaf: StateId, cause: Cause) -> Result<Option<Selected<'a>>, Fault> {
        for handler in self.candidates(leaf, cause) {
            match handler {
                Handler::Defer => return Ok(Some(Selected::Defer)),
                Handler::Ignore => return Ok(Some(Selected::Ignore)),
                Handler::Transition(id) => {
                    let transition = &self.chart.transitions[id.index()];
                    let bindings = self.bindings(transition, cause);
                    let is_choice = !transition.effects.is_empty();
                    let plan = match is_choice {
                        true => None,
                        false => self.branch(transition, &bindings)?,
                    };
                    if is_choice || plan.is_some() {
                        return Ok(Some(Selected::Take(Chosen { transition, bindings, plan })));
                    }
                }
            }
        }
        Ok(None)
    }

    fn candidates(&self, leaf: StateId, cause: Cause) -> Vec<Handler> {
        let trigger = match cause {
            Cause::Always => {
                let always = self.chart.ancestors(leaf).flat_map(|s| &self.chart.state(s).always);
                return always.map(|id| Handler::Transition(*id)).collect();
            }
            Cause::Event(occurrence) => TriggerId(occurrence.event.0),
            Cause::Trigger(trigger)
            | Cause::Reply(trigger, _)
            | Cause::Joined(trigger, _)
            | Cause::Failed(trigger, ..) => trigger,
        };
        let leaf = self.chart.leaf(leaf);
        leaf.map(|leaf| self.chart.candidates(leaf, trigger)).unwrap_or_default()
    }

    /// The values that the pattern of a transition binds.
    fn bindings(&self, transition: &Transition, cause: Cause) -> Vec<Value> {
        let payload = match cause {
            Cause::Event(occurrence) => &occurrence.payload[..],
            Cause::Joined(_, values) => values,
            Cause::Reply(_, reply) => {
                return self.reply_bindings(transition, Some(reply), None);
            }
            Cause::Failed(_, reply, failure) => {
                return self.reply_bindings(transition, reply, Some(failure));
            }
            Cause::Trigger(_) | Cause::Always => {
                let children = self.chart.state(transition.source).children.iter();
                let mut finals = children.filter(|child| {
                    self.chart.state(**child).kind == StateKind::Final
                        && self.instance.is_active(**child)
                });
                finals.next().and_then(|id| self.instance.data.get(id)).map_or(&[][..], |d| d)
            }
        };
        bound(transition, payload)
    }

    /// The first branch whose guard holds.
    fn branch(&mut self, of: &Transition, bindings: &[Value]) -> Result<Option<PlanId>, Fault> {
        for branch in &of.branches {
            let holds = match &branch.guard {
                Some(guard) => self.holds(guard, of.source, bindings)?,
                None => true,
            };
            if holds {
                return Ok(Some(branch.plan));
            }
        }
        Ok(None)
    }

    /// Adds a transition unless one that was chosen before wins over it: of two that leave a common
    /// state the inner one wins, else the first.
    fn add(&self, new: Chosen<'a>, chosen: &mut Vec<Chosen<'a>>) {
        let same = |other: &Chosen| std::ptr::eq(other.transition, new.transition);
        let loses = |other: &Chosen| {
            let (inner, outer) = (new.transition.source, other.transition.source);
            inner != outer && self.chart.contains(outer, inner)
        };
        if chosen.iter().any(|other| same(other) || (new.meets(other, self.chart) && !loses(other)))
        {
            return;
        }
        chosen.retain(|other| !new.meets(other, self.chart));
        chosen.push(new);
    }

    /// All exits, all effects, all entries.
    fn take(&mut self, mut chosen: Vec<Chosen<'a>>) -> Result<(), Fault> {
        chosen.sort_by_key(|chosen| chosen.transition.source);
        let mut plans: Vec<(&Plan, Vec<Value>)> = Vec::new();
        for Chosen { transition, bindings, plan } in chosen {
            self.effects(&transition.effects, transition.source, &bindings)?;
            let plan = match plan {
                Some(plan) => Some(plan),
                None => self.branch(transition, &bindings)?,
            };
            // A choice ends with `else`, so there is always one.
            if let Some(plan) = plan {
                self.acts.push(Act::Take(plan));
                plans.push((&self.chart.plans[plan.index()], bindings));
            }
        }
        self.exits(&plans)?;
        for (plan, bindings) in &plans {
            let source = self.source(plan.transition);
            self.effects(&plan.effects, source, bindings)?;
            self.target_data(plan, bindings)?;
        }
        let mut steps: Vec<&EntryStep> = plans.iter().flat_map(|(plan, _)| &plan.entry).collect();
        steps.sort_by_key(|step| step.state(self.chart));
        self.entries(steps)
    }

    fn source(&self, transition: TransitionId) -> StateId {
        self.chart.transitions[transition.index()].source
    }

    fn exits(&mut self, plans: &[(&Plan, Vec<Value>)]) -> Result<(), Fault> {
        let exits = |state: StateId| {
            plans.iter().any(|(plan, _)| plan.exit.iter().any(|range| range.contains(&state.0)))
        };
        let left: Vec<StateId> =
            self.instance.active.iter().rev().copied().filter(|state| exits(*state)).collect();
        for state in &left {
            if let Some(history) = self.chart.state(*state).history {
                let inside = self.instance.active.iter().copied();
                let inside = inside.filter(|s| s != state && self.chart.contains(*state, *s));
                let inside = inside.collect();
                self.instance.histories.insert(history, inside);
            }
        }
        for state in &left {
            self.acts.push(Act::Exit(*state));
            self.effects(&self.chart.state(*state).exit, *state, &[])?;
            self.cancel_timers(*state);
            self.revoke(*state);
            self.revoke_fan(*state);
            self.instance.active.remove(state);
            self.instance.changed = true;
        }
        Ok(())
    }

    /// Data that targets give: all values are read, then all are stored.
    fn target_data(&mut self, plan: &Plan, bindings: &[Value]) -> Result<(), Fault> {
        let source = self.source(plan.transition);
        let mut given = Vec::new();
        for step in &plan.entry {
            if let EntryStep::Enter { state, data: EntryData::Target(values) } = step {
                given.push((*state, self.values(values, source, bindings)?));
            }
        }
        self.instance.data.extend(given);
        Ok(())
    }

    pub(super) fn values(
        &mut self,
        exprs: &[Expr],
        owner: StateId,
        bindings: &[Value],
    ) -> Result<Vec<Value>, Fault> {
        let scope = Scope { chart: self.chart, instance: &self.instance, owner, bindings };
        scope.all(exprs, self.host)
    }

    pub(super) fn value(
        &mut self,
        expr: &Expr,
        owner: StateId,
        bindings: &[Value],
    ) -> Result<Value, Fault> {
        let scope = Scope { chart: self.chart, instance: &self.instance, owner, bindings };
        scope.eval(expr, self.host)
    }

    pub(super) fn holds(
        &mut self,
        expr: &Expr,
        owner: StateId,
        bindings: &[Value],
    ) -> Result<bool, Fault> {
        let scope = Scope { chart: self.chart, instance: &self.instance, owner, bindings };
        scope.holds(expr, self.host)
    }
}

/// The parts of a payload that the pattern of a transition names.
pub(super) fn bound(transition: &Transition, payload: &[Value]) -> Vec<Value> {
    let value = |field: &BindingField| match field {
        BindingField::Declared(index) | BindingField::Position(index, _) => {
            payload.get(*index as usize).cloned()
        }
        BindingField::Named(_) => None,
    };
    let unknown = || Value::Rust("_".into());
    transition.bindings.iter().map(|b| value(&b.field).unwrap_or_else(unknown)).collect()
}

/// What a leaf chooses.
enum Selected<'a> {
    Take(Chosen<'a>),
    Defer,
    Ignore,
}
