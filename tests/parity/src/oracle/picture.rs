//! What is to be seen of it.

use super::values::{Value, number};
use super::{Due, Memory, Oracle, Running};
use crate::Seen;
use crate::interpreted::{asking, invoked, request};
use serde_json::{Value as Json, json};
use statewright_dsl::model::{ContextDecl, EventId, StateId, Target, Ty};
use std::collections::BTreeSet;
use std::time::Duration;

impl Oracle<'_> {
    pub(super) fn seen(&mut self, outcome: String) -> Seen {
        let state = if self.started { self.picture() } else { Json::Null };
        let calls = std::mem::take(&mut self.calls);
        let is_news = |id: u64| id > self.before || self.replaced == Some(id);
        let new = self.now.running.iter().filter(|running| is_news(running.number));
        let asked = new.map(|running| {
            let (name, _) = self.called(running.state, running.failed);
            asking(running.number, name, running.args[running.failed].iter().map(number))
        });
        let asked = asked.collect();
        // What is asked for and taken back on the way is no news.
        let mut revoked = std::mem::take(&mut self.revoked);
        revoked.retain(|id| *id <= self.before);
        Seen { outcome, calls, asked, revoked, state }
    }

    fn context(&self) -> Json {
        let ContextDecl::Declared(fields) = &self.model.declarations.context else {
            return Json::Null;
        };
        let values = fields.iter().zip(&self.now.context).map(|(field, value)| {
            let value = match field.param.ty {
                Ty::Duration => millis(number(value)),
                _ => json!(number(value)),
            };
            (field.param.name.text.clone(), value)
        });
        Json::Object(values.collect())
    }

    fn invocations(&self) -> Vec<Json> {
        let states = || self.model.states.iter().enumerate();
        let running = self.now.running.iter();
        let picture = running.map(|Running { number: id, state, failed, args }| {
            let before = states().take(state.index()).filter(|(_, s)| s.invoke.is_some());
            let asked = |call: usize| {
                let (name, params) = self.called(*state, call);
                request(name, params, args[call].iter().map(number))
            };
            let left = (failed + 1..args.len()).map(asked).collect();
            invoked((*id, before.count() as u32), asked(*failed), *failed, left)
        });
        picture.collect()
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
        let Memory { deferred, outputs, .. } = &self.now;
        let mut timers: Vec<&(i64, Due)> = self.now.timers.iter().collect();
        timers.sort_by_key(|(deadline, _)| *deadline);
        json!({
            "now": millis(self.now.now),
            "configuration": self.ids(&self.now.active),
            "histories": histories.collect::<serde_json::Map<_, _>>(),
            "context": self.context(),
            "deferred": deferred.iter().map(|(e, payload)| event(*e, payload)).collect::<Vec<_>>(),
            "timers": timers.into_iter().map(timer).collect::<Vec<_>>(),
            "outputs": outputs,
            "invocations": self.invocations(),
            "visits": self.now.visits,
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
