//! An instance, as its steps tell of it.

use crate::journal::Journal;
use serde_json::Value;
use std::collections::BTreeSet;

/// What its steps were.
#[derive(Default)]
pub(super) struct Steps {
    /// Events that were taken, in order.
    pub(super) added: u64,
    /// Actions that were decided: the numbers they were called with.
    pub(super) called: BTreeSet<u64>,
    /// Timers that have fired.
    pub(super) timers: u64,
    messages: BTreeSet<String>,
    /// Deadlines that are open behind the last step.
    open: Vec<u64>,
}

impl Steps {
    pub(super) fn of(journal: &Journal) -> Self {
        let mut steps = Self::default();
        for (number, (at, step)) in journal.steps.iter().enumerate() {
            steps.step(*at, step, &format!("step {} of `{}`", number + 1, journal.of.key));
        }
        steps
    }

    fn step(&mut self, at: u64, body: &Value, place: &str) {
        if let Some(n) = body["event"]["Add"]["n"].as_u64() {
            assert_eq!(n, self.added + 1, "{place}: an event is lost, repeated or out of order");
            self.added = n;
        }
        if let Some(message) = body["message"].as_str() {
            assert!(self.messages.insert(message.to_owned()), "{place}: {message} is taken twice");
        }
        for call in body["calls"].as_array().into_iter().flatten() {
            let n = call["report"][1].as_u64().expect("the only action of the machine");
            assert!(self.called.insert(n), "{place}: an action is decided twice");
        }
        if let Some(due) = body["due"].as_u64() {
            self.timers += 1;
            assert!(at >= due, "{place}: a timer has fired early");
            let is_open = self.open.contains(&due);
            assert!(is_open, "{place}: a timer that was not set, or has fired before");
        }
        let timers = body["after"]["timers"].as_array().into_iter().flatten();
        self.open = timers.map(|timer| deadline(&timer["deadline"])).collect();
    }
}

fn deadline(duration: &Value) -> u64 {
    let part = |name: &str| duration[name].as_u64().expect("a number");
    part("secs") * 1000 + part("nanos") / 1_000_000
}
