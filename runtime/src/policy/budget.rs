//! A retry budget: attempts behind the first are at most a share of all calls, so that a service that
//! is down gets a little more work than usual, and not many times as much.

/// What is left of a budget, in hundredths of an attempt.
#[derive(Debug)]
pub(super) struct Budget {
    percent: u32,
    left: u32,
}

/// So many attempts can be saved up, and are there at the start: a program that has just begun has
/// made no calls that could have paid for them.
const RESERVE: u32 = 10;

impl Budget {
    pub(super) fn new(percent: u8) -> Self {
        Self { percent: u32::from(percent), left: RESERVE * 100 }
    }

    /// A first attempt pays in.
    pub(super) fn call(&mut self) {
        self.left = (self.left + self.percent).min(RESERVE * 100);
    }

    /// Another attempt, if there is enough for it.
    pub(super) fn retry(&mut self) -> bool {
        let left = self.left.checked_sub(100);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_a_share_of_the_calls() {
        let mut budget = Budget::new(20);
        let saved = (0..20).filter(|_| budget.retry()).count();
        assert_eq!(saved, 10);
        let mut retries = 0;
        for _ in 0..100 {
            budget.call();
            retries += usize::from(budget.retry());
        }
        assert_eq!(retries, 20);
    }
}
