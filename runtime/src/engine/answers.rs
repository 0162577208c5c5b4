//! The answers that messages with an id got, as an instance in memory knows them.

use crate::step::Dispatch;
use crate::store::Millis;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Answers that messages with an id got.
pub(super) enum Answers {
    /// They are in the store.
    Unknown,
    /// The store has been asked.
    Asked,
    Known(Known),
}

/// All that are kept. What the store has is here too, and so is forgotten here only after the store
/// has.
#[derive(Default)]
pub(super) struct Known {
    said: HashMap<Arc<str>, Dispatch>,
    /// When each was learned, the first in front.
    learned: VecDeque<(Millis, Arc<str>)>,
}

impl Known {
    pub(super) fn get(&self, message: &str) -> Option<Dispatch> {
        self.said.get(message).copied()
    }

    /// Learns answers; `now` is when they were given, or later.
    pub(super) fn learn(
        &mut self,
        answers: impl IntoIterator<Item = (String, Dispatch)>,
        now: Millis,
    ) {
        for (message, said) in answers {
            let message: Arc<str> = Arc::from(message);
            self.said.insert(Arc::clone(&message), said);
            self.learned.push_back((now, message));
        }
    }

    /// Forgets what was learned before this time.
    pub(super) fn forget(&mut self, before: Millis) {
        while let Some((_, message)) = self.learned.front().filter(|(at, _)| *at < before) {
            self.said.remove(message);
            self.learned.pop_front();
        }
        // A burst long ago is no reason to hold its room for ever.
        if self.learned.len() < self.learned.capacity() / 4 {
            self.learned.shrink_to(2 * self.learned.len());
            self.said.shrink_to(2 * self.said.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_forgotten_and_its_room_given_back() {
        let mut known = Known::default();
        let messages = |from: u64| (from..from + 10_000).map(|n| n.to_string());
        known.learn(messages(0).map(|id| (id, Dispatch::Handled)), 1);
        known.learn([("last".to_owned(), Dispatch::Ignored)], 2);
        known.forget(1);
        assert_eq!(known.get("0"), Some(Dispatch::Handled));
        known.forget(2);
        assert_eq!(known.get("0"), None);
        assert_eq!(known.get("last"), Some(Dispatch::Ignored));
        assert!(known.said.capacity() < 100 && known.learned.capacity() < 100);
    }
}
