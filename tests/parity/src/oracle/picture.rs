//! What is to be seen of it.

use super::values::{Value, number};
use super::{Due, Memory, Oracle};
use crate::Seen;
use serde_json::{Value as Json, json};
use statewright_dsl::model::{EventId, StateId, Target};
use std::collections::BTreeSet;
use std::time::Duration;

impl Oracle<'_> {
    pub(super) fn seen(&mut self, outcome: String) -> Seen {
        let state = if self.started { self.picture() } else { Json::Null };
        Seen { outcome, calls: std::mem::take(&mut self.calls), state }
    }

    pub(super) fn picture(&self) -> Json {
        let remembered: BTreeSet<StateId> = self
            .model
            .reactions
            .iter()
            .flat_map(|reaction| &reaction.branches)
            .filter_map(|branch| match &branch.target {
                Target::History { state, .. } => Some(*state),
                _ => None,
            })
            .collect();
        let histories = self.now.left.iter().filter(|(state, _)| remembered.contains(state));
        let histories =
            histories.map(|(state, inside)| (self.path(*state), json!(self.ids(inside))));
        let Memory { context, deferred, outputs, .. } = &self.now;
        let mut timers: Vec<&(i64, Due)> = self.now.timers.iter().collect();
        timers.sort_by_key(|(deadline, _)| *deadline);
        json!({
            "now": millis(self.now.now),
            "configuration": self.ids(&self.now.active),
            "histories": histories.collect::<serde_json::Map<_, _>>(),
            "context": {
                "a": number(&context[0]), "b": number(&context[1]), "c": number(&context[2]),
                "d": millis(number(&context[3])),
            },
            "deferred": deferred.iter().map(|(e, payload)| event(*e, payload)).collect::<Vec<_>>(),
            "timers": timers.into_iter().map(timer).collect::<Vec<_>>(),
            "outputs": outputs,
        })
    }

    pub(super) fn ids(&self, states: &BTreeSet<StateId>) -> Vec<String> {
        let leaves = states.iter().filter(|id| self.state(**id).kind.is_leaf());
        leaves.map(|id| self.path(*id)).collect()
    }

    pub(super) fn path(&self, id: StateId) -> String {
        let mut names: Vec<&str> =
            self.around(id).iter().map(|id| &*self.state(*id).name.text).collect();
        names.pop();
        names.reverse();
        names.join(".")
    }
}

pub(super) fn millis(millis: i64) -> Json {
    let duration = Duration::from_millis(millis as u64);
    json!({ "secs": duration.as_secs(), "nanos": duration.subsec_nanos() })
}

pub(super) fn event(event: EventId, payload: &[Value]) -> Json {
    let name = format!("E{}", event.0);
    match payload.first() {
        Some(n) => json!({ name: { "n": number(n) } }),
        None => json!(name),
    }
}

pub(super) fn timer((deadline, due): &(i64, Due)) -> Json {
    let due = match due {
        Due::After(number, _) => json!({ "after": number }),
        Due::Every(number, _, period) => json!({ "every": [number, millis(*period)] }),
        Due::Raise(e, payload) => json!({ "raise": event(*e, payload) }),
    };
    json!({ "deadline": millis(*deadline), "due": due })
}
