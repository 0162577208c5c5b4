//! Numbers what can happen, and gives every state its handlers and timers.

use crate::chart::{Chart, Handler, Timer, TimerId, TransitionId, Trigger, TriggerId};
use crate::model::{self, EventId, Model};

/// What [`number`] makes.
pub(super) struct Numbered {
    pub(super) triggers: Vec<Trigger>,
    /// State by state, in a state in document order.
    pub(super) timers: Vec<Timer>,
    /// For each reaction; `None` for `always`.
    pub(super) of_reaction: Vec<Option<TriggerId>>,
}

/// External events first, so that their number is the trigger's; then timers, then completions.
pub(super) fn number(model: &Model) -> Numbered {
    let events = 0..model.declarations.events.len() as u32;
    let mut numbered = Numbered {
        triggers: events.map(|e| Trigger::Event(EventId(e))).collect(),
        timers: Vec::new(),
        of_reaction: vec![None; model.reactions.len()],
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
            numbered.of_reaction[id.index()] = Some(trigger);
            let state = reaction.source;
            numbered.timers.push(Timer { state, delay: delay.clone(), repeats, trigger });
        }
    }
    for (index, reaction) in model.reactions.iter().enumerate() {
        match reaction.trigger {
            model::Trigger::Event(event) => numbered.of_reaction[index] = Some(TriggerId(event.0)),
            model::Trigger::Done => {
                let trigger = numbered.push(Trigger::Done(reaction.source));
                numbered.of_reaction[index] = Some(trigger);
            }
            _ => {}
        }
    }
    numbered
}

impl Numbered {
    fn push(&mut self, trigger: Trigger) -> TriggerId {
        self.triggers.push(trigger);
        TriggerId(self.triggers.len() as u32 - 1)
    }
}

/// Writes handlers, `always`, `on done` and timers into the states of the chart.
pub(super) fn attach(model: &Model, of_reaction: &[Option<TriggerId>], chart: &mut Chart) {
    for (index, state) in model.states.iter().enumerate() {
        let of_chart = &mut chart.states[index];
        for id in &state.reactions {
            let transition = TransitionId(id.0);
            match of_reaction[id.index()] {
                Some(trigger) => {
                    of_chart.handlers.push((trigger, Handler::Transition(transition)));
                    if model.reactions[id.index()].trigger == model::Trigger::Done {
                        of_chart.on_done = Some(trigger);
                    }
                }
                None => of_chart.always.push(transition),
            }
        }
        let defers = state.defer.iter().map(|(e, _)| (TriggerId(e.0), Handler::Defer));
        let ignores = state.ignore.iter().map(|(e, _)| (TriggerId(e.0), Handler::Ignore));
        of_chart.handlers.extend(defers.chain(ignores));
        // Stable, so a transition stays ahead of a `defer` of the same event.
        of_chart.handlers.sort_by_key(|(trigger, _)| *trigger);
    }
    for (index, timer) in chart.timers.iter().enumerate() {
        let timers = &mut chart.states[timer.state.index()].timers;
        if timers.start == timers.end {
            timers.start = index as u32;
        }
        timers.end = index as u32 + 1;
    }
}
