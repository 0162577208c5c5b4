//! Entering states, and effects.

use super::fault::{Fault, FaultKind};
use super::instance::{Due, Internal, Occurrence, Pending};
use super::microstep::Run;
use super::record::Act;
use super::value::Value;
use crate::chart::{EntryData, EntryStep, HistoryId, TimerId};
use crate::model::{Effect, EffectKind, Expr, ExprKind, StateId, StateKind};
use crate::span::Span;
use std::time::Duration;

impl Run<'_> {
    /// Steps of an entry, in order.
    pub(super) fn entries<'s>(
        &mut self,
        steps: impl IntoIterator<Item = &'s EntryStep>,
    ) -> Result<(), Fault> {
        for step in steps {
            match step {
                EntryStep::Enter { state, data } => {
                    self.data(*state, data)?;
                    self.enter(*state)?;
                }
                EntryStep::InitialEffects { state, effects } => {
                    self.effects(effects, *state, &[])?;
                }
                EntryStep::Restore { history, deep } => self.restore(*history, *deep)?,
            }
        }
        Ok(())
    }

    /// Data of an `initial`, or defaults. What a target gives is there already.
    fn data(&mut self, state: StateId, data: &EntryData) -> Result<(), Fault> {
        let shape = self.chart.state(state);
        let around = shape.parent.unwrap_or(StateId::ROOT);
        let values = match data {
            EntryData::Target(_) => return Ok(()),
            EntryData::Initial(values) => self.values(values, around, &[])?,
            EntryData::Defaults => {
                let mut values = Vec::new();
                for default in shape.data.iter().filter_map(|param| param.default.as_ref()) {
                    values.push(self.value(default, around, &[])?);
                }
                values
            }
        };
        if !shape.data.is_empty() {
            self.instance.data.insert(state, values);
        }
        Ok(())
    }

    /// Enters one state: entry effects, timers, what it invokes, completion of what is around it.
    fn enter(&mut self, state: StateId) -> Result<(), Fault> {
        let shape = self.chart.state(state);
        self.instance.active.insert(state);
        self.instance.entered.insert(state, self.instance.now);
        self.acts.push(Act::Enter(state));
        if !shape.data.is_empty() {
            self.host.moved();
        }
        self.effects(&shape.entry, state, &[])?;
        for id in shape.timers.clone().map(TimerId) {
            let timer = &self.chart.timers[id.index()];
            let delay = self.duration(&timer.delay, state, &[])?;
            if timer.repeats && delay.is_zero() {
                return Err(FaultKind::DurationOutOfRange.at(timer.delay.span));
            }
            let deadline = self.deadline(delay, &timer.delay)?;
            let due = Due::Timer(id, timer.repeats.then_some(delay));
            self.instance.timers.push(Pending { deadline, due });
        }
        self.invoke(state)?;
        self.fan_out(state)?;
        if shape.kind == StateKind::Final {
            self.complete(state);
        }
        Ok(())
    }

    /// A final state completes the state around it, which may complete a parallel state.
    fn complete(&mut self, last: StateId) {
        let Some(around) = self.chart.state(last).parent else { return };
        if around == StateId::ROOT {
            self.instance.finished = true;
            return;
        }
        let shape = self.chart.state(around);
        let parallel = shape.parent.filter(|_| shape.kind == StateKind::Region);
        let all = parallel.filter(|p| self.instance.is_complete(self.chart, *p));
        for done in [Some(around), all].into_iter().flatten() {
            if self.chart.state(done).on_done.is_some() {
                self.instance.queue.push_back(Internal::Done(done));
            }
        }
    }

    /// Enters what was active inside the state when it was last left, or its default.
    fn restore(&mut self, history: HistoryId, deep: bool) -> Result<(), Fault> {
        let outer = self.chart.histories[history.index()].state;
        let Some(inside) = self.instance.histories.get(&history).cloned() else {
            return self.entries(&self.chart.state(outer).default_entry);
        };
        // Shallow: the children, and the child of each child that is a region.
        let is_near = |state: StateId| {
            let parent = self.chart.state(state).parent;
            let region = parent.filter(|p| self.chart.state(*p).kind == StateKind::Region);
            parent == Some(outer)
                || region.is_some_and(|r| self.chart.state(r).parent == Some(outer))
        };
        let near: Vec<(StateId, bool)> = inside.iter().map(|s| (*s, is_near(*s))).collect();
        for (state, near) in near {
            if deep {
                self.enter(state)?;
            } else if near {
                self.enter(state)?;
                if self.chart.state(state).kind != StateKind::Region {
                    self.entries(&self.chart.state(state).default_entry)?;
                }
            }
        }
        Ok(())
    }

    /// Drops the timers of a state.
    pub(super) fn cancel_timers(&mut self, state: StateId) {
        let timers = self.chart.state(state).timers.clone();
        let is_own = |pending: &Pending| match pending.due {
            Due::Timer(id, _) => timers.contains(&id.0),
            Due::Event(_) => false,
        };
        self.instance.timers.retain(|pending| !is_own(pending));
    }

    /// Effects in order, each reading its values when its turn comes.
    pub(super) fn effects(
        &mut self,
        effects: &[Effect],
        owner: StateId,
        bindings: &[Value],
    ) -> Result<(), Fault> {
        effects.iter().try_for_each(|effect| self.effect(effect, owner, bindings))
    }

    fn effect(&mut self, effect: &Effect, owner: StateId, bindings: &[Value]) -> Result<(), Fault> {
        let act = match &effect.kind {
            EffectKind::Set(field, value) => {
                let value = self.value(value, owner, bindings)?;
                self.instance.context[field.index()] = Some(value.clone());
                Act::Set(*field, value)
            }
            EffectKind::SetData(state, at, value) => {
                let value = self.value(value, owner, bindings)?;
                let data = self.instance.data.get_mut(state);
                let place = data.and_then(|data| data.get_mut(*at as usize));
                *place.ok_or_else(|| FaultKind::Unknown.at(effect.span))? = value.clone();
                Act::SetData(*state, *at, value)
            }
            EffectKind::SetExternal(..) => return Err(FaultKind::Unknown.at(effect.span)),
            EffectKind::Raise(event, args) => {
                let payload = self.values(args, owner, bindings)?;
                let occurrence = Occurrence { event: *event, payload: payload.clone() };
                self.instance.queue.push_back(Internal::Event(occurrence));
                Act::Raise(*event, payload)
            }
            EffectKind::RaiseAfter(event, args, delay) => {
                let payload = self.values(args, owner, bindings)?;
                let wait = self.duration(delay, owner, bindings)?;
                let deadline = self.deadline(wait, delay)?;
                let due = Due::Event(Occurrence { event: *event, payload: payload.clone() });
                self.instance.timers.push(Pending { deadline, due });
                Act::RaiseAfter(*event, payload, wait)
            }
            EffectKind::Cancel(event) => {
                let drops =
                    |p: &Pending| matches!(&p.due, Due::Event(pending) if pending.event == *event);
                self.instance.timers.retain(|pending| !drops(pending));
                Act::Cancel(*event)
            }
            EffectKind::Emit(output, args) => {
                Act::Emit(*output, self.values(args, owner, bindings)?)
            }
            EffectKind::Send(message, args) => {
                Act::Send(*message, self.values(args, owner, bindings)?)
            }
            EffectKind::Action(function, args) => {
                Act::Call(*function, self.values(args, owner, bindings)?)
            }
            EffectKind::Remind(state) => return self.remind(*state),
            EffectKind::Escalate(state, to) => return self.escalate(*state, to, bindings),
        };
        self.acts.push(act);
        self.host.moved();
        Ok(())
    }

    fn duration(
        &mut self,
        expr: &Expr,
        owner: StateId,
        bindings: &[Value],
    ) -> Result<Duration, Fault> {
        match self.value(expr, owner, bindings)? {
            Value::Duration(millis) => Ok(Duration::from_millis(millis)),
            _ => Err(FaultKind::Unknown.at(expr.span)),
        }
    }

    /// The deadlines of literal durations stop at the end of time; others must not reach it.
    fn deadline(&self, delay: Duration, expr: &Expr) -> Result<Duration, Fault> {
        let deadline = self.instance.now.checked_add(delay);
        match expr.kind {
            ExprKind::Duration(_) => Ok(deadline.unwrap_or(Duration::MAX)),
            _ => deadline.ok_or_else(|| FaultKind::DurationOutOfRange.at(expr.span)),
        }
    }

    /// The invariants of active states, one after the other.
    pub(super) fn invariants(&mut self) -> Result<(), Fault> {
        let chart = self.chart;
        for invariant in &chart.invariants {
            if self.instance.is_active(invariant.state)
                && !self.holds(&invariant.expr, invariant.state, &[])?
            {
                return Err(violated(&invariant.text, invariant.span));
            }
        }
        Ok(())
    }
}

fn violated(text: &str, span: Span) -> Fault {
    FaultKind::Invariant(text.into()).at(span)
}
