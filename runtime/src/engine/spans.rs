//! What is traced of a step: a span `step` with its instance and what caused it.
//!
//! What joins spans is what the journal has too, so that it is the same after a restart: the id of the
//! message, the instance that has sent a letter, and the idempotency key of the activity whose end it
//! is, which the span of the activity has as well.

use super::error::EngineError;
use super::kind::{Input, Step};
use super::resident::Resident;
use crate::store::Millis;
use tracing::{Span, debug_span, field::Empty};

impl Resident {
    /// Makes the step with an event or a reply; `None` for a reply that nobody waits for.
    pub(super) fn take(&mut self, now: Millis, input: Input) -> Result<Option<Step>, EngineError> {
        let cause = match &input {
            Input::Event { sender: Some(_), .. } => "letter",
            Input::Event { .. } => "event",
            Input::Reply { by: Some(_), .. } => "answer",
            Input::Reply { .. } => "end",
            Input::Cut { .. } => "cut",
        };
        let span = self.span(cause);
        match &input {
            _ if span.is_disabled() => {}
            Input::Event { message, sender, .. } => {
                if let Some(id) = message {
                    span.record("message", id.as_str());
                }
                if let Some(from) = sender {
                    span.record("from", format!("{}/{}", from.machine, from.key));
                }
            }
            Input::Reply { id, .. } | Input::Cut { id } => {
                span.record("activity", self.idempotency_key(*id));
            }
        }
        let made = span.in_scope(|| self.live.take(now, input));
        self.made(made)
    }

    /// Fires what is due next, if it is.
    pub(super) fn fire(&mut self, now: Millis) -> Option<Result<Step, EngineError>> {
        self.live.next_due(now)?;
        let span = self.span("timer");
        let made = span.in_scope(|| self.live.fire(now))?;
        Some(self.made(made))
    }

    fn span(&self, cause: &'static str) -> Span {
        debug_span!(
            "step",
            machine = self.live.machine(),
            key = &*self.key,
            instance = self.id,
            seq = self.seq + 1,
            cause,
            message = Empty,
            from = Empty,
            activity = Empty,
        )
    }

    fn made<T>(&self, made: Result<T, EngineError>) -> Result<T, EngineError> {
        if let Err(EngineError::Panicked(panic)) = &made {
            let (machine, key) = (self.live.machine(), &*self.key);
            tracing::error!(machine, key, instance = self.id, panic, "the host has panicked");
        }
        made
    }
}
