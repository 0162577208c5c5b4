//! A rate limit: in any time of its length, at most so many begin.

use super::RateLimit;
use std::collections::VecDeque;
use std::time::Duration;

/// When the last calls began, and when those that wait will.
#[derive(Debug)]
pub(super) struct Rate {
    rule: &'static RateLimit,
    begins: VecDeque<Duration>,
}

impl Rate {
    pub(super) fn new(rule: &'static RateLimit) -> Self {
        Self { rule, begins: VecDeque::new() }
    }

    /// Takes the next turn, and says when it is. A turn that is not used is lost.
    pub(super) fn turn(&mut self, now: Duration) -> Duration {
        let is_over = |begun: &Duration| begun.saturating_add(self.rule.per) <= now;
        while self.begins.front().is_some_and(is_over) {
            self.begins.pop_front();
        }
        let before = self.begins.len().checked_sub(self.rule.max as usize);
        let turn = before.map_or(now, |at| self.begins[at].saturating_add(self.rule.per));
        self.begins.push_back(turn);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_begin_in_any_time_of_its_length() {
        static RULE: RateLimit = RateLimit { max: 3, per: Duration::from_secs(10) };
        let mut rate = Rate::new(&RULE);
        let mut turn = |second| rate.turn(Duration::from_secs(second)).as_secs();
        let turns = [turn(0), turn(0), turn(4), turn(5), turn(5), turn(5), turn(5)];
        assert_eq!(turns, [0, 0, 4, 10, 10, 14, 20]);
        assert_eq!([turn(40), turn(40), turn(41), turn(41)], [40, 40, 41, 50]);
    }
}
