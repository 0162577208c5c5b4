//! Numbers what can happen, and gives every state its handlers, timers and what it invokes.

use crate::ast::{Part, Role};
use crate::chart::{
    Chart, FanOut, FanOutId, Handler, Invoke, InvokeId, Timer, TimerId, TransitionId, Trigger,
    TriggerId,
};
use crate::model::{self, ErrorKind, EventId, Model, StateId, TaskTimeout};

/// What [`number`] makes.
pub(super) struct Numbered {
    pub(super) triggers: Vec<Trigger>,
    /// State by state, in a state in document order.
    pub(super) timers: Vec<Timer>,
    /// In document order.
    pub(super) invokes: Vec<Invoke>,
    /// In document order.
    pub(super) fan_outs: Vec<FanOut>,
    /// For each reaction: none for `always`, several for an error that several activities can end
    /// with.
    pub(super) of_reaction: Vec<Vec<TriggerId>>,
}

/// External events first, so that their number is the trigger's; then timers, then completions, then
/// how activities end.
pub(super) fn number(model: &Model) -> Numbered {
    let events = 0..model.declarations.events.len() as u32;
    let mut numbered = Numbered {
        triggers: events.map(|e| Trigger::Event(EventId(e))).collect(),
        timers: Vec::new(),
        invokes: Vec::new(),
        fan_outs: Vec::new(),
        of_reaction: vec![Vec::new(); model.reactions.len()],
    };
    for state in &model.states {
        for id in &state.reactions {
            let reaction = &model.reactions[id.index()];
            let (delay, repeats) = match &reaction.trigger {
                model::Trigger::After(delay) => (delay, false),
                model::Trigger::Every(period) => (period, true),
                _ => continue,
            };
            let trigger = numbered.push(Trigger::Timer(TimerId(numbered.timers.len() as u32)));
            numbered.of_reaction[id.index()].push(trigger);
            let state = reaction.source;
            numbered.timers.push(Timer { state, delay: delay.clone(), repeats, trigger });
        }
    }
    for (index, reaction) in model.reactions.iter().enumerate() {
        match reaction.trigger {
            model::Trigger::Event(event) => numbered.of_reaction[index].push(TriggerId(event.0)),
            model::Trigger::Done => {
                let trigger = numbered.push(Trigger::Done(reaction.source));
                numbered.of_reaction[index].push(trigger);
            }
            _ => {}
        }
    }
    numbered.ends(model);
    numbered.undoes(model);
    numbered
}

impl Numbered {
    fn push(&mut self, trigger: Trigger) -> TriggerId {
        self.triggers.push(trigger);
        TriggerId(self.triggers.len() as u32 - 1)
    }

    /// How activities end, and who reacts: to a result the state that invoked, to an error also those
    /// around it.
    fn ends(&mut self, model: &Model) {
        for (index, state) in model.states.iter().enumerate() {
            if state.starts().is_none() {
                continue;
            }
            let (started, state, id) =
                (state, StateId(index as u32), InvokeId(self.invokes.len() as u32));
            let result = self.push(Trigger::Result(id));
            let kinds = model.declarations.ends_of(started).into_iter();
            let errors: Vec<(ErrorKind, TriggerId)> =
                kinds.map(|kind| (kind, self.push(Trigger::Error(id, kind)))).collect();
            let around = std::iter::successors(Some(state), |s| model.states[s.index()].parent);
            for reaction in around.flat_map(|id| &model.states[id.index()].reactions) {
                let wanted = match model.reactions[reaction.index()].trigger {
                    model::Trigger::Error(wanted) => wanted,
                    model::Trigger::Result if model.reactions[reaction.index()].source == state => {
                        self.of_reaction[reaction.index()].push(result);
                        continue;
                    }
                    _ => continue,
                };
                let meant = errors.iter().filter(|(kind, _)| {
                    wanted.is_none_or(|wanted| *kind == ErrorKind::Declared(wanted))
                });
                self.of_reaction[reaction.index()].extend(meant.map(|(_, trigger)| *trigger));
            }
            let fan_out = started.fan_out.as_ref().map(|fan_out| {
                let invokes = id.0..id.0 + fan_out.calls.len() as u32;
                self.fan_outs.push(FanOut { state, fan_out: fan_out.clone(), invokes, result });
                FanOutId(self.fan_outs.len() as u32 - 1)
            });
            for call in started.calls().cloned() {
                let (errors, timeout) = (errors.clone(), self.timeout(&call));
                let role = model.states[state.index()].part.as_ref().map(|part| part.role);
                self.invokes.push(Invoke {
                    state,
                    call,
                    timeout,
                    result,
                    errors,
                    fan_out,
                    role,
                    undoes: None,
                });
            }
        }
    }

    /// Which step of a saga each compensation takes back.
    fn undoes(&mut self, model: &Model) {
        let part = |state: StateId| model.states[state.index()].part.as_ref();
        let saga = |state: StateId| {
            let mut around = std::iter::successors(Some(state), |s| model.states[s.index()].parent);
            around.find(|id| part(*id).is_some_and(|part| part.role == Role::Saga))
        };
        let steps: Vec<(StateId, InvokeId, &Part)> = (0..)
            .zip(&self.invokes)
            .filter_map(|(at, invoke)| Some((invoke.state, InvokeId(at), part(invoke.state)?)))
            .collect();
        for invoke in &mut self.invokes {
            let Some(Part { role: Role::Undo, step: Some(name), .. }) = part(invoke.state) else {
                continue;
            };
            let own = saga(invoke.state);
            let step = steps.iter().find(|(state, _, part)| {
                part.role.is_step() && part.step.as_ref() == Some(name) && saga(*state) == own
            });
            invoke.undoes = step.map(|(_, id, _)| (name.text.clone(), *id));
        }
    }
}

impl Numbered {
    /// The timer of `on timeout`.
    fn timeout(&self, invoke: &model::Invoke) -> Option<TimerId> {
        let TaskTimeout::After(reaction) = invoke.task.as_ref()?.timeout else { return None };
        let trigger = self.of_reaction[reaction.index()].first()?;
        match self.triggers[trigger.index()] {
            Trigger::Timer(timer) => Some(timer),
            _ => None,
        }
    }
}

/// Writes handlers, `always`, `on done`, timers and invoked activities into the states of the chart.
pub(super) fn attach(model: &Model, of_reaction: &[Vec<TriggerId>], chart: &mut Chart) {
    for (index, state) in model.states.iter().enumerate() {
        let of_chart = &mut chart.states[index];
        for id in &state.reactions {
            let transition = TransitionId(id.0);
            let trigger = &model.reactions[id.index()].trigger;
            if *trigger == model::Trigger::Always {
                of_chart.always.push(transition);
            }
            for number in &of_reaction[id.index()] {
                of_chart.handlers.push((*number, Handler::Transition(transition)));
                if *trigger == model::Trigger::Done {
                    of_chart.on_done = Some(*number);
                }
            }
        }
        let defers = state.defer.iter().map(|(e, _)| (TriggerId(e.0), Handler::Defer));
        let ignores = state.ignore.iter().map(|(e, _)| (TriggerId(e.0), Handler::Ignore));
        of_chart.handlers.extend(defers.chain(ignores));
        // Stable, so a transition stays ahead of a `defer` of the same event; one for an error by
        // name comes ahead of one for all.
        let is_for_all = |handler: &Handler| match handler {
            Handler::Transition(id) => {
                model.reactions[id.index()].trigger == model::Trigger::Error(None)
            }
            Handler::Defer | Handler::Ignore => false,
        };
        of_chart.handlers.sort_by_key(|(trigger, handler)| (*trigger, is_for_all(handler)));
    }
    for (index, timer) in chart.timers.iter().enumerate() {
        let timers = &mut chart.states[timer.state.index()].timers;
        if timers.start == timers.end {
            timers.start = index as u32;
        }
        timers.end = index as u32 + 1;
    }
    for (index, invoke) in chart.invokes.iter().enumerate() {
        let state = &mut chart.states[invoke.state.index()];
        match invoke.fan_out {
            Some(fan_out) => state.fan_out = Some(fan_out),
            None => state.invoke = Some(InvokeId(index as u32)),
        }
    }
}
