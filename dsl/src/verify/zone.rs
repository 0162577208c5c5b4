//! Which remaining times are possible together: the times that pending timers still have to run, as
//! bounds on each and on the differences of any two.
//!
//! After D. L. Dill, "Timing assumptions and verification of finite-state concurrent systems"
//! (1989): difference bound matrices; and B. Berthomieu, M. Menasche, "An enumerative approach for
//! analyzing time Petri nets" (1983): timers that run down belong to classes of states. Times are
//! whole milliseconds, so that "before" is "at least one earlier". A zone is closed under the
//! passing of time as long as nothing is due: events may come at any moment.
//!
//! An engine may be away when timers are due. It fires them when it is back, in the order of their
//! deadlines and as if it were then, but whoever is asked by one is asked when it is back. Until
//! then no event comes. The moment is one more of the times.

/// Bounds on the remaining times of timers, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Zone {
    /// How many timers.
    size: usize,
    /// The engine is away. It is back at the time behind those of the timers.
    is_away: bool,
    /// `bounds[i * width + j]`: no more than this is time `i` behind time `j`. Row and column 0
    /// are a time that is always 0. Always the tightest bounds.
    bounds: Vec<i64>,
}

/// A timer that a step sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct New {
    /// How long it runs.
    pub(super) millis: u64,
    /// It is for somebody whom the step asks: it begins when that can be.
    pub(super) asks: bool,
}

/// What a step leaves of the times before it.
#[derive(Clone, Debug)]
pub(super) struct Left {
    /// The times that pending timers still have to run.
    pub(super) zone: Zone,
    /// The step was due while the engine was away.
    pub(super) is_late: bool,
}

/// No bound. Sums of two stay below it, and longer times are as good as for ever.
const FREE: i64 = i64::MAX / 4;

impl Zone {
    /// No timers.
    pub(super) fn empty() -> Self {
        Self { size: 0, is_away: false, bounds: vec![0] }
    }

    /// As many times as there are: that which is always 0, timers, and when the engine is back.
    fn width(&self) -> usize {
        self.size + 1 + usize::from(self.is_away)
    }

    /// True if the engine is away.
    pub(super) fn is_away(&self) -> bool {
        self.is_away
    }

    /// Which of the times is when the engine is back.
    fn back(&self) -> Option<usize> {
        self.is_away.then_some(self.size + 1)
    }

    fn at(&self, i: usize, j: usize) -> i64 {
        self.bounds[i * self.width() + j]
    }

    fn set(&mut self, i: usize, j: usize, bound: i64) {
        let width = self.width();
        self.bounds[i * width + j] = bound;
    }

    fn tighten(&mut self, i: usize, j: usize, bound: i64) {
        if bound < self.at(i, j) {
            self.set(i, j, bound);
        }
    }

    /// The tightest bounds that say the same; false if no times fit.
    fn close(&mut self) -> bool {
        let width = self.width();
        for over in 0..width {
            for i in 0..width {
                let to = self.at(i, over);
                if to >= FREE {
                    continue;
                }
                for j in 0..width {
                    let way = to.saturating_add(self.at(over, j)).min(FREE);
                    self.tighten(i, j, way);
                }
            }
        }
        (0..width).all(|i| self.at(i, i) >= 0)
    }

    /// The times in which an event can come: nothing is due yet, and nobody is away. `None` if
    /// something always is.
    pub(super) fn before_all(&self) -> Option<Zone> {
        let mut zone = match self.back() {
            None => self.clone(),
            Some(back) => {
                let mut zone = self.clone();
                (1..=self.size).for_each(|timer| zone.tighten(back, timer, -1));
                if !zone.close() {
                    return None;
                }
                zone.from(back).present().later()
            }
        };
        for timer in 1..=zone.size {
            zone.tighten(0, timer, -1);
        }
        zone.close().then_some(zone)
    }

    /// What is left of the others at the moment when a timer is due and comes first. Of two that
    /// are due at once the one that was set first comes first. `None` if it cannot come first.
    pub(super) fn due(&self, timer: usize) -> Option<Left> {
        let mut zone = self.first(timer);
        if let Some(back) = self.back() {
            zone.tighten(back, timer + 1, 0);
        }
        let zone = zone.close().then(|| zone.from(timer + 1).present())?;
        Some(Left { zone, is_late: false })
    }

    /// The same where the engine is away at that moment.
    pub(super) fn overdue(&self, timer: usize) -> Option<Left> {
        let mut zone = self.first(timer);
        if let Some(back) = self.back() {
            zone.tighten(timer + 1, back, -1);
        }
        let zone = zone.close().then(|| zone.from(timer + 1))?;
        Some(Left { zone, is_late: true })
    }

    /// The times at which a timer comes first, not yet with the tightest bounds.
    fn first(&self, timer: usize) -> Zone {
        let mut zone = self.clone();
        for other in 1..=self.size {
            if other != timer + 1 {
                let earlier = i64::from(other < timer + 1);
                zone.tighten(timer + 1, other, -earlier);
            }
        }
        zone
    }

    /// The same times, counted from one of them.
    fn from(&self, moment: usize) -> Zone {
        let mut now = self.clone();
        for other in 1..self.width() {
            now.set(other, 0, self.at(other, moment));
            now.set(0, other, self.at(moment, other));
        }
        now
    }

    /// The same timers, in an engine that is there.
    fn present(&self) -> Zone {
        let all: Vec<usize> = (0..=self.size).collect();
        self.only(&all, false)
    }

    /// Some of the times, in this order.
    fn only(&self, kept: &[usize], is_away: bool) -> Zone {
        let bounds = kept.iter().flat_map(|i| kept.iter().map(|j| self.at(*i, *j)));
        Zone { size: kept.len() - 1 - usize::from(is_away), is_away, bounds: bounds.collect() }
    }

    /// Any time passes: only differences and upper bounds stay.
    fn later(mut self) -> Zone {
        (1..self.width()).for_each(|time| self.set(0, time, 0));
        self.close();
        self
    }
}

impl Left {
    /// The timers that are kept, in order, and new ones; then any time passes in which nothing is due.
    pub(super) fn then(&self, kept: &[usize], new: &[New]) -> Zone {
        let before = &self.zone;
        // Nobody can tell when those are asked who have only each other's timers beside them.
        let is_alone = kept.is_empty() && new.iter().all(|timer| timer.asks);
        let asks_later = self.is_late && new.iter().any(|timer| timer.asks) && !is_alone;
        let is_away = asks_later || before.is_away && !is_alone;
        let size = kept.len() + new.len();
        let width = size + 1 + usize::from(is_away);
        let mut zone = Zone { size, is_away, bounds: vec![FREE; width * width] };
        let back = size + 1;
        // Times from before, with where they stand now.
        let old = kept.iter().zip(1..).map(|(at, now)| (at + 1, now));
        let mut old: Vec<(usize, usize)> = std::iter::once((0, 0)).chain(old).collect();
        old.extend(before.back().filter(|_| is_away).map(|before| (before, back)));
        for (i, now_i) in &old {
            for (j, now_j) in &old {
                zone.set(*now_i, *now_j, before.at(*i, *j));
            }
        }
        if asks_later {
            // It is back then or, as it may go away once more, later.
            (0..width).for_each(|time| zone.set(back, time, FREE));
            zone.set(back, back, 0);
            zone.tighten(0, back, -1);
        }
        for (timer, at) in new.iter().zip(kept.len() + 1..) {
            let millis = i64::try_from(timer.millis).unwrap_or(FREE).min(FREE / 2);
            let begins = if timer.asks && asks_later { back } else { 0 };
            zone.set(at, at, 0);
            zone.set(at, begins, millis);
            zone.set(begins, at, -millis);
        }
        zone.close();
        zone.later()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn then(zone: Zone, kept: &[usize], new: &[u64]) -> Zone {
        let new: Vec<New> = new.iter().map(|millis| New { millis: *millis, asks: false }).collect();
        Left { zone, is_late: false }.then(kept, &new)
    }

    fn set(new: &[u64]) -> Zone {
        then(Zone::empty(), &[], new)
    }

    const ASKS: New = New { millis: 60, asks: true };

    #[test]
    fn the_shorter_of_two_comes_first() {
        let zone = set(&[5, 20]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_none());
    }

    #[test]
    fn of_two_at_once_the_first_set_comes_first() {
        let zone = set(&[5, 5]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_none());
    }

    #[test]
    fn what_is_set_later_can_be_due_earlier_or_later() {
        // 5 is set at any moment of the 20.
        let zone = then(set(&[20]).before_all().expect("time can pass"), &[0], &[5]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_some());
        // 20 more always come later.
        let zone = then(set(&[20]).before_all().expect("time can pass"), &[0], &[20]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_none());
    }

    #[test]
    fn differences_stay_while_time_passes() {
        let left = set(&[5, 20]).due(0).expect("it is first").zone;
        let zone = then(left, &[1], &[14]);
        assert!(zone.due(0).is_none());
        assert!(zone.due(1).is_some());
    }

    #[test]
    fn nothing_comes_between_when_something_is_due_now() {
        assert!(set(&[0]).before_all().is_none());
        assert!(set(&[1]).before_all().is_some());
    }

    #[test]
    fn a_timer_alone_is_the_same_at_every_moment() {
        let zone = set(&[20]);
        assert_eq!(then(zone.before_all().expect("time can pass"), &[0], &[]), zone);
    }

    #[test]
    fn who_is_asked_late_answers_late() {
        // At 60 somebody is asked for 60; the other timer is due at 150.
        let zone = set(&[60, 150]);
        let in_time = zone.due(0).expect("it is first").then(&[1], &[ASKS]);
        assert!(in_time.due(0).is_none());
        let late = zone.overdue(0).expect("it is first").then(&[1], &[ASKS]);
        assert!(late.due(0).is_some());
        assert!(late.due(1).is_some());
    }

    #[test]
    fn nobody_answers_before_the_engine_is_back() {
        // At 60 somebody is asked for 60; 10 later another timer is due. Who then waits for more than 80
        // was asked behind it: no event came before.
        let late = set(&[60, 70, 140]).overdue(0).expect("it is first").then(&[1, 2], &[ASKS]);
        let before = then(late.before_all().expect("it is back"), &[0, 1, 2], &[]);
        assert!(before.due(0).is_some());
        assert!(before.due(0).expect("it is first").then(&[1, 2], &[]).due(0).is_none());
        // An engine that is still away when it is due can be back so late.
        let still = late.overdue(0).expect("it is away").then(&[1, 2], &[]);
        assert!(still.due(0).is_some());
        let back = late.due(0).expect("it is back").then(&[1, 2], &[]);
        assert!(back.due(0).is_none());
    }

    #[test]
    fn nobody_tells_when_the_only_one_is_asked() {
        let zone = set(&[60]);
        let in_time = zone.due(0).expect("it is first").then(&[], &[ASKS]);
        let late = zone.overdue(0).expect("it is first").then(&[], &[ASKS]);
        assert_eq!(in_time, late);
    }
}
