//! What is due later: timers of states and delayed events.

use crate::chart::Chart;
use crate::core::Core;
use crate::error::StepError;
use crate::step::{Cause, Dispatch};
use std::time::Duration;

/// Timers and delayed events of one machine. Few are pending at a time, so a list that is searched
/// beats a heap, and nothing is allocated before the first is set.
#[derive(Debug)]
pub struct Timers<E> {
    pending: Vec<Pending<E>>,
    /// The number of the next timer: equal deadlines fire in the order they were set.
    next: u64,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Pending<E> {
    /// When it is due.
    pub deadline: Duration,
    /// Its place among those with the same deadline.
    pub order: u64,
    /// What then happens.
    pub due: Due<E>,
}

/// What happens at a deadline.
#[derive(Clone, Debug)]
pub enum Due<E> {
    /// `after` and `every`.
    Timer {
        /// Which, by its number in the chart.
        id: u16,
        /// `every`: how long it waits each time.
        period: Option<Duration>,
    },
    /// `raise .. after`
    Event(E),
}

impl<E> Default for Timers<E> {
    fn default() -> Self {
        Self { pending: Vec::new(), next: 0 }
    }
}

impl<E: Clone> Clone for Timers<E> {
    fn clone(&self) -> Self {
        Self { pending: self.pending.clone(), next: self.next }
    }

    fn clone_from(&mut self, source: &Self) {
        self.pending.clone_from(&source.pending);
        self.next = source.next;
    }
}

impl<E> Timers<E> {
    /// Sets one.
    pub fn set(&mut self, deadline: Duration, due: Due<E>) {
        let order = self.next;
        self.next += 1;
        self.pending.push(Pending { deadline, order, due });
    }

    /// Drops the timers with these numbers.
    pub fn cancel(&mut self, ids: std::ops::Range<u16>) {
        self.pending.retain(|p| !matches!(&p.due, Due::Timer { id, .. } if ids.contains(id)));
    }

    /// Drops the delayed events that `drops` says.
    pub fn cancel_events(&mut self, drops: impl Fn(&E) -> bool) {
        self.pending.retain(|p| !matches!(&p.due, Due::Event(event) if drops(event)));
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.pending.clear();
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// How many delayed events there are.
    #[cfg(feature = "engine")]
    pub(crate) fn events(&self) -> usize {
        self.pending.iter().filter(|p| matches!(p.due, Due::Event(_))).count()
    }

    /// The earliest deadline.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.pending.iter().map(|p| p.deadline).min()
    }

    /// When the last one with this number is due that was set.
    pub(crate) fn deadline_of(&self, timer: u16) -> Option<Duration> {
        let own = |p: &&Pending<E>| matches!(&p.due, Due::Timer { id, .. } if *id == timer);
        self.pending.iter().rev().find(own).map(|p| p.deadline)
    }

    /// Puts those with these numbers off.
    #[cfg(feature = "engine")]
    pub(crate) fn postpone(&mut self, ids: &std::ops::Range<u16>, by: Duration) {
        for pending in &mut self.pending {
            if matches!(&pending.due, Due::Timer { id, .. } if ids.contains(id)) {
                pending.deadline = pending.deadline.saturating_add(by);
            }
        }
    }

    /// Takes the first that is due at `now`.
    pub fn take_due(&mut self, now: Duration) -> Option<Pending<E>> {
        let due = self.pending.iter().enumerate().filter(|(_, p)| p.deadline <= now);
        let (at, _) = due.min_by_key(|(_, p)| (p.deadline, p.order))?;
        Some(self.pending.swap_remove(at))
    }

    /// Takes back the last [`Timers::set`].
    pub(crate) fn unset(&mut self) {
        if self.pending.pop().is_some() {
            self.next -= 1;
        }
    }

    /// Puts back what was taken, in its old place.
    pub(crate) fn put_back(&mut self, pending: Pending<E>) {
        self.pending.push(pending);
    }

    /// Gives a delayed event, by its place among those with the same deadline, another content.
    #[cfg(feature = "engine")]
    pub(crate) fn replace(&mut self, order: u64, event: E) {
        let mut all = self.pending.iter_mut();
        let found = all.find(|p| p.order == order && matches!(p.due, Due::Event(_)));
        if let Some(pending) = found {
            pending.due = Due::Event(event);
        }
    }

    /// All, in the order they are due.
    pub fn in_order(&self) -> Vec<&Pending<E>> {
        let mut all: Vec<_> = self.pending.iter().collect();
        all.sort_by_key(|p| (p.deadline, p.order));
        all
    }
}

/// Makes the step of something that was due, at its time. If that fails, it is due again.
///
/// # Errors
/// The step failed; the machine is as it was before.
pub(crate) fn fire<C: Chart>(
    core: &mut Core<C>,
    pending: Pending<C::Event>,
    step: impl FnOnce(&mut Core<C>, Cause<'_, C::Event, C::Reply>) -> Result<Dispatch, StepError>,
) -> Result<(), StepError> {
    let Pending { deadline, order, due } = pending;
    let before = core.now;
    // One of several that are overdue is a step at its time, as if those before it had been in time.
    core.now = deadline;
    let (made, due) = match due {
        Due::Timer { id, period } => {
            let next = period.and_then(|period| deadline.checked_add(period));
            let set = next.map(|next| core.timers.set(next, Due::Timer { id, period }));
            let made = step(core, Cause::Timer(C::FIRST_TIMER + u32::from(id)));
            if made.is_err() && set.is_some() {
                core.timers.unset();
            }
            (made, Some(Due::Timer { id, period }))
        }
        Due::Event(event) => {
            let again = C::repeat(&event).map(Due::Event);
            (step(core, Cause::Event(event)), again)
        }
    };
    if made.is_err() {
        if let Some(due) = due {
            core.timers.put_back(Pending { deadline, order, due });
        }
        core.now = before;
    }
    made.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(timers: &mut Timers<char>, now: Duration) -> String {
        let mut ids = String::new();
        while let Some(pending) = timers.take_due(now) {
            match pending.due {
                Due::Timer { id, .. } => ids.push_str(&id.to_string()),
                Due::Event(event) => ids.push(event),
            }
        }
        ids
    }

    #[test]
    fn equal_deadlines_fire_in_the_order_they_were_set() {
        let mut timers = Timers::default();
        for (deadline, id) in [(3, 1), (2, 2), (3, 3), (2, 4), (9, 5)] {
            timers.set(Duration::from_secs(deadline), Due::Timer { id, period: None });
        }
        timers.set(Duration::from_secs(3), Due::Event('e'));
        assert_eq!(timers.next_deadline(), Some(Duration::from_secs(2)));
        assert_eq!(ids(&mut timers, Duration::from_secs(3)), "2413e");
        assert_eq!(timers.next_deadline(), Some(Duration::from_secs(9)));
    }

    #[test]
    fn timers_and_events_are_cancelled_apart() {
        let mut timers = Timers::default();
        for id in 0..4 {
            timers.set(Duration::ZERO, Due::Timer { id, period: None });
        }
        timers.set(Duration::ZERO, Due::Event('a'));
        timers.set(Duration::ZERO, Due::Event('b'));
        timers.cancel(1..3);
        timers.cancel_events(|event| *event == 'a');
        assert_eq!(ids(&mut timers, Duration::ZERO), "03b");
    }
}
