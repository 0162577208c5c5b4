//! What is to be seen of it.

use super::activities::{End, Said};
use super::sagas::Course;
use super::values::{Value, number, plain};
use super::{Asks, Due, Memory, Oracle, Running};
use crate::Seen;
use crate::interpreted::{asking, failed, fanned, invoked, request};
use serde_json::{Value as Json, json};
use statewright_dsl::model::{ContextDecl, EventId, StateId, Target, Ty};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

impl Oracle<'_> {
    pub(super) fn seen(&mut self, outcome: String) -> Seen {
        let state = if self.started { self.picture() } else { Json::Null };
        let calls = std::mem::take(&mut self.calls);
        let sent = std::mem::take(&mut self.sent);
        let new = std::mem::take(&mut self.asked);
        let running = |(id, failed): &(u64, usize)| {
            let mut running = self.now.running.iter();
            running.find(|running| running.number == *id && running.failed == *failed)
        };
        let asked = new.iter().filter_map(running);
        let asked = asked.map(|running| {
            let Running { number, failed, args, .. } = running;
            let child = self.starts(self.call(running), &args[*failed]);
            asking(*number, &self.request(running, *failed), child)
        });
        let asked = asked.collect();
        // What is asked for and taken back on the way is no news.
        let mut revoked = std::mem::take(&mut self.revoked);
        revoked.retain(|id| !new.contains(&(*id, 0)));
        Seen { outcome, calls, asked, sent, revoked, state }
    }

    fn context(&self) -> Json {
        let ContextDecl::Declared(fields) = &self.model().declarations.context else {
            return Json::Null;
        };
        let values = fields.iter().zip(&self.now.context).map(|(field, value)| {
            let value = match field.param.ty {
                Ty::Duration => millis(number(value)),
                _ => plain(value),
            };
            (field.param.name.text.clone(), value)
        });
        Json::Object(values.collect())
    }

    fn invocations(&self) -> Vec<Json> {
        let picture = self.now.running.iter().map(|running| {
            let Running { number, failed, args, .. } = running;
            let left = (failed + 1..args.len()).map(|call| self.request(running, call)).collect();
            let asked = self.request(running, *failed);
            let mut all = invoked((*number, &self.asking_state(running)), asked, *failed, left);
            if let Some(told) = self.told(*number) {
                all["asked"] = told;
            }
            if let Some((step, id, known)) = &running.undoes {
                all["undoes"] = json!({ "step": step, "id": id });
                if *known {
                    all["undoes"]["known"] = json!(true);
                }
            }
            all
        });
        picture.collect()
    }

    fn request(&self, running: &Running, call: usize) -> Json {
        let (name, params) = self.called(self.call(running), call);
        request(name, params.into_iter(), running.args[call].iter().map(plain))
    }

    /// The state that asks; in a saga that of the step.
    fn asking_state(&self, running: &Running) -> String {
        let state = self.path(running.state);
        match running.asks {
            Asks::Invoke | Asks::Branch(_) => state,
            asks => format!("{state}.{}", self.asks_in(running.state, asks)),
        }
    }

    fn fans(&self) -> Vec<Json> {
        let picture = self.now.fans.iter().map(|fan| {
            let waiting = fan.waiting.iter().map(|waits| waits.number).collect();
            let ended = fan.ended.iter().map(|end| match end {
                None => Json::Null,
                Some(End::Done(value)) => json!({ "Ok": value.as_ref().map(plain) }),
                Some(End::Error(said)) => self.error(said),
            });
            fanned((fan.first, &self.path(fan.state)), waiting, ended.collect())
        });
        picture.collect()
    }

    fn error(&self, said: &Said) -> Json {
        if said.name == "Unexpected" {
            let parts = json!({ "name": said.name, "message": said.message });
            return failed(said.name, parts);
        }
        let errors = &self.model().declarations.errors;
        let params = errors.iter().find(|error| error.name.text == said.name);
        let params = params.map(|error| &error.params[..]).unwrap_or_default().iter();
        let names = params.map(|param| param.name.text.clone());
        let parts = names.zip(said.payload.iter().map(plain)).collect();
        failed(said.name, Json::Object(parts))
    }

    pub(super) fn picture(&self) -> Json {
        let remembered: BTreeSet<StateId> = self
            .model()
            .reactions
            .iter()
            .flat_map(|reaction| &reaction.branches)
            .filter_map(|branch| match &branch.target {
                Target::History { state, .. } => Some(*state),
                _ => None,
            })
            .collect();
        let histories = self.now.left.iter().filter(|(state, _)| remembered.contains(state));
        let histories = histories.map(|(state, inside)| {
            (self.path(*state), json!(self.ids(inside, &self.now.left_courses[state])))
        });
        let Memory { deferred, outputs, .. } = &self.now;
        let mut timers: Vec<&(i64, Due)> = self.now.timers.iter().collect();
        timers.sort_by_key(|(deadline, _)| *deadline);
        json!({
            "now": millis(self.now.now),
            "configuration": self.ids(&self.now.active, &self.now.courses),
            "histories": histories.collect::<serde_json::Map<_, _>>(),
            "context": self.context(),
            "deferred": deferred.iter().map(|(e, payload)| event(*e, payload)).collect::<Vec<_>>(),
            "timers": timers.into_iter().map(|pending| self.timer(pending)).collect::<Vec<_>>(),
            "outputs": outputs,
            "invocations": self.invocations(),
            "fans": self.fans(),
            "visits": self.now.visits,
        })
    }

    fn ids(&self, states: &BTreeSet<StateId>, courses: &BTreeMap<StateId, Course>) -> Vec<String> {
        let leaves = states.iter().filter(|id| self.state(**id).kind.is_leaf());
        let inside = leaves.flat_map(|id| {
            let path = self.path(*id);
            match courses.get(id) {
                None => vec![path],
                Some(course) => self
                    .inside_saga(*id, course)
                    .iter()
                    .map(|step| format!("{path}.{step}"))
                    .collect(),
            }
        });
        inside.collect()
    }

    fn timer(&self, (deadline, due): &(i64, Due)) -> Json {
        let due = match due {
            Due::After(timer) => json!({ "after": self.timer_name(*timer) }),
            Due::Every(timer, period) => {
                json!({ "every": [self.timer_name(*timer), millis(*period)] })
            }
            Due::Raise(e, payload) => json!({ "raise": event(*e, payload) }),
        };
        json!({ "deadline": millis(*deadline), "due": due })
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
