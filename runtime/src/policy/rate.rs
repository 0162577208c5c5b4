//! A rate limit: in any time of its length, at most so many begin.

use super::RateLimit;
use std::collections::VecDeque;
use std::time::Duration;

/// When the last calls began.
#[derive(Debug)]
pub(super) struct Rate {
    rule: &'static RateLimit,
    begins: VecDeque<Duration>,
}

impl Rate {
    pub(super) fn new(rule: &'static RateLimit) -> Self {
        Self { rule, begins: VecDeque::new() }
    }

    /// When the next call may begin.
    pub(super) fn next(&self) -> Duration {
        let before = self.begins.len().checked_sub(self.rule.max as usize);
        before.map_or(Duration::ZERO, |at| self.begins[at].saturating_add(self.rule.per))
    }

    /// A call begins.
    pub(super) fn begin(&mut self, now: Duration) {
        self.begins.push_back(now);
        if self.begins.len() > self.rule.max as usize {
            self.begins.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_begin_in_any_time_of_its_length() {
        static RULE: RateLimit = RateLimit { max: 3, per: Duration::from_secs(10) };
        let mut rate = Rate::new(&RULE);
        let mut turn = |second| {
            let turn = rate.next().max(Duration::from_secs(second));
            rate.begin(turn);
            turn.as_secs()
        };
        let turns = [turn(0), turn(0), turn(4), turn(5), turn(5), turn(5), turn(5)];
        assert_eq!(turns, [0, 0, 4, 10, 10, 14, 20]);
        assert_eq!([turn(40), turn(40), turn(41), turn(41)], [40, 40, 41, 50]);
    }
}
