//! What one input does: the step that it makes, those that are due before it, and those that follow
//! at once because it is known how an activity ends.

use super::answers::Asking;
use crate::chart::Chart;
use crate::interpret::{
    Cause, Fault, FaultKind, Instance, Interpreter, MICROSTEP_LIMIT, Outcome, Step, ending,
};
use std::time::Duration;

/// What was done.
pub(super) struct Did {
    /// The machine behind it.
    pub(super) instance: Instance,
    /// The steps; those in which an activity has ended, with how.
    pub(super) steps: Vec<(Option<String>, Step)>,
    pub(super) outcome: Outcome,
    /// Why it stopped. What was done before stays done.
    pub(super) fault: Option<Fault>,
}

impl Did {
    /// Nothing yet.
    pub(super) fn of(instance: Instance) -> Self {
        Self { instance, steps: Vec::new(), outcome: Outcome::Unhandled, fault: None }
    }

    /// The machine could not be started, so nothing can be done.
    pub(super) fn not_started(chart: &Chart) -> Self {
        let fault = FaultKind::Unknown.at(chart.name.span);
        Self { fault: Some(fault), ..Self::of(Instance::new(chart, Duration::ZERO)) }
    }

    /// A step that was made.
    pub(super) fn add(&mut self, step: Step) {
        self.outcome = step.outcome;
        self.steps.push((None, step));
    }

    /// Makes a step; what becomes of it is what becomes of the input.
    pub(super) fn step(
        &mut self,
        interpreter: &Interpreter<'_>,
        cause: &Cause,
        host: &mut Asking<'_>,
    ) {
        match interpreter.step(&self.instance, cause, host) {
            Ok((next, step)) => {
                self.instance = next;
                self.add(step);
            }
            Err(fault) => self.fault = Some(fault),
        }
    }

    /// Everything that is due up to a time. What is known to end does so behind all that is due at
    /// the same time.
    pub(super) fn due(
        &mut self,
        interpreter: &Interpreter<'_>,
        until: Duration,
        host: &mut Asking<'_>,
    ) {
        // As many as a machine allows at one time, counted anew when time passes.
        let (mut time, mut left) = (None, 0);
        let mut handled = false;
        while let Some(at) = self.instance.due(until) {
            let deadline = self.instance.timers[at].deadline;
            if time != Some(deadline) {
                (time, left) = (Some(deadline), MICROSTEP_LIMIT + self.instance.timers.len());
            }
            if left == 0 {
                self.fault = Some(FaultKind::TimerLimit.at(interpreter.chart().name.span));
                return;
            }
            left -= 1;
            self.step(interpreter, &Cause::Due(at), host);
            handled |= self.outcome == Outcome::Handled;
            if self.fault.is_none() && self.instance.due(deadline).is_none() {
                self.settle(interpreter, host);
            }
            if self.fault.is_some() {
                break;
            }
        }
        self.outcome = if handled { Outcome::Handled } else { Outcome::Unhandled };
    }

    /// The ends of activities that are known, the oldest first, until none is left.
    pub(super) fn settle(&mut self, interpreter: &Interpreter<'_>, host: &mut Asking<'_>) {
        let chart = interpreter.chart();
        for _ in 0..MICROSTEP_LIMIT {
            if self.fault.is_some() {
                return;
            }
            let Some((id, reply)) = host.answers.next_end(chart, &self.instance) else { return };
            let running = self.instance.invocations.iter().find(|running| running.id == id);
            let text = running.map(|running| {
                let of = running.activity(chart);
                ending(&chart.declarations, (of, None), Some(&running.args), &reply)
            });
            match interpreter.step(&self.instance, &Cause::Reply(id, reply), host) {
                Ok((next, step)) => {
                    self.instance = next;
                    self.steps.push((text, step));
                }
                Err(fault) => self.fault = Some(fault),
            }
        }
        self.fault = Some(FaultKind::ReplyLimit.at(chart.name.span));
    }
}
