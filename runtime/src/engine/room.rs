//! How much an instance may keep for later. All of it is written with each of its steps, so it has to
//! be bounded, whoever causes it: what is sent, what has ended, what was due.

use super::error::EngineError;
use super::settings::Settings;
use crate::chart::Chart;
use crate::core::Core;

/// What an instance keeps for later, or may keep.
#[derive(Clone, Copy)]
pub(super) struct Later {
    /// Events that are put off.
    deferred: usize,
    /// Events that are delayed.
    delayed: usize,
}

impl Later {
    /// As much as there is: for steps that were made, and are made again.
    pub(super) const ANY: Self = Self { deferred: usize::MAX, delayed: usize::MAX };

    pub(super) fn allowed(settings: &Settings) -> Self {
        Self { deferred: settings.deferred, delayed: settings.delayed }
    }

    pub(super) fn of<C: Chart>(core: &Core<C>) -> Self {
        Self { deferred: core.deferred.len(), delayed: core.timers.events() }
    }

    /// Whether there is room for what a step has left, or it has at least not left more than there was
    /// before it.
    pub(super) fn has_room(self, before: Self, behind: Self) -> Result<(), EngineError> {
        let is_too_much = |most: usize, before: usize, behind: usize| {
            (behind > most && behind > before).then_some(EngineError::Overloaded(most))
        };
        let deferred = is_too_much(self.deferred, before.deferred, behind.deferred);
        let delayed = is_too_much(self.delayed, before.delayed, behind.delayed);
        deferred.or(delayed).map_or(Ok(()), Err)
    }
}
