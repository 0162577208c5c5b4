//! Which remaining times are possible together: the times that pending timers still have to run, as
//! bounds on each and on the differences of any two.
//!
//! After D. L. Dill, "Timing assumptions and verification of finite-state concurrent systems"
//! (1989): difference bound matrices; and B. Berthomieu, M. Menasche, "An enumerative approach for
//! analyzing time Petri nets" (1983): timers that run down belong to classes of states. Times are
//! whole milliseconds, so that "before" is "at least one earlier". A zone is closed under the
//! passing of time as long as nothing is due: events may come at any moment.

/// Bounds on the remaining times of timers, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Zone {
    /// How many timers.
    size: usize,
    /// `bounds[i * (size + 1) + j]`: no more than this is time `i` behind time `j`. Row and column 0
    /// are a time that is always 0. Always the tightest bounds.
    bounds: Vec<i64>,
}

/// No bound. Sums of two stay below it, and longer times are as good as for ever.
const FREE: i64 = i64::MAX / 4;

impl Zone {
    /// No timers.
    pub(super) fn empty() -> Self {
        Self { size: 0, bounds: vec![0] }
    }

    fn at(&self, i: usize, j: usize) -> i64 {
        self.bounds[i * (self.size + 1) + j]
    }

    fn set(&mut self, i: usize, j: usize, bound: i64) {
        let width = self.size + 1;
        self.bounds[i * width + j] = bound;
    }

    fn tighten(&mut self, i: usize, j: usize, bound: i64) {
        if bound < self.at(i, j) {
            self.set(i, j, bound);
        }
    }

    /// The tightest bounds that say the same; false if no times fit.
    fn close(&mut self) -> bool {
        let width = self.size + 1;
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

    /// The times in which an event can come: nothing is due yet. `None` if something always is.
    pub(super) fn before_all(&self) -> Option<Zone> {
        let mut zone = self.clone();
        for timer in 1..=self.size {
            zone.tighten(0, timer, -1);
        }
        zone.close().then_some(zone)
    }

    /// What is left of the others at the moment when a timer is due and comes first. Of two that
    /// are due at once the one that was set first comes first. `None` if it cannot come first.
    pub(super) fn due(&self, timer: usize) -> Option<Zone> {
        let mut zone = self.clone();
        for other in 1..=self.size {
            if other != timer + 1 {
                let earlier = i64::from(other < timer + 1);
                zone.tighten(timer + 1, other, -earlier);
            }
        }
        if !zone.close() {
            return None;
        }
        // From now on times count from this moment.
        let mut now = zone.clone();
        for other in 1..=self.size {
            now.set(other, 0, zone.at(other, timer + 1));
            now.set(0, other, zone.at(timer + 1, other));
        }
        Some(now)
    }

    /// The timers that are kept, in order, and new ones that run for so many milliseconds; then
    /// any time passes in which nothing is due.
    pub(super) fn then(&self, kept: &[usize], new: &[u64]) -> Zone {
        let size = kept.len() + new.len();
        let mut zone = Zone { size, bounds: vec![FREE; (size + 1) * (size + 1)] };
        let old: Vec<usize> = std::iter::once(0).chain(kept.iter().map(|at| at + 1)).collect();
        for (i, a) in old.iter().enumerate() {
            for (j, b) in old.iter().enumerate() {
                zone.set(i, j, self.at(*a, *b));
            }
        }
        for (at, millis) in new.iter().enumerate() {
            let at = kept.len() + 1 + at;
            let millis = i64::try_from(*millis).unwrap_or(FREE).min(FREE / 2);
            zone.set(at, at, 0);
            zone.set(at, 0, millis);
            zone.set(0, at, -millis);
        }
        zone.close();
        // Time passes: only differences and upper bounds stay.
        for timer in 1..=size {
            zone.set(0, timer, 0);
        }
        zone.close();
        zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(new: &[u64]) -> Zone {
        Zone::empty().then(&[], new)
    }

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
        let zone = set(&[20]).before_all().expect("time can pass").then(&[0], &[5]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_some());
        // 20 more always come later.
        let zone = set(&[20]).before_all().expect("time can pass").then(&[0], &[20]);
        assert!(zone.due(0).is_some());
        assert!(zone.due(1).is_none());
    }

    #[test]
    fn differences_stay_while_time_passes() {
        let zone = set(&[5, 20]).due(0).expect("it is first").then(&[1], &[14]);
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
        assert_eq!(zone.before_all().expect("time can pass").then(&[0], &[]), zone);
    }
}
