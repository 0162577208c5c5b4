//! Records that say what has changed instead of how all of it is: those of branches of a fan-out, of
//! which there are too many for each to hold the whole instance.
//!
//! ```json
//! {"to":7,"reply":{..},"asks":[{"id":9,"request":{..}}],"said":"Pending","part":{"now":5,"ended":[0,3]}}
//! ```
//! `part` stands in the place of `after`: the time, the branch that has ended (the number of the
//! fan-out, and which branch), what it gives where that is not the reply (a `fn` at the end of its
//! chain), and the courses that have changed. What follows from it is plain: the branch is over, and
//! what is asked for does not wait any more. So no code of a machine is needed to go on from there.

use super::courses::Courses;
use super::exact;
use super::held::{Owed, Storable};
use crate::clock::millis;
use crate::core::Core;
use crate::policy::Course;
use crate::store::{Instance, Record};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// What has changed.
#[derive(Serialize)]
pub(super) struct Part<'p, Reply> {
    /// The time.
    pub(super) now: u64,
    /// The fan-out and the branch that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<(u16, u64)>,
    /// How, if not with the reply of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gives: Option<&'p Reply>,
    /// The courses that have changed; none for those that are over.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) courses: BTreeMap<u64, Option<&'p Course>>,
}

/// What the end of an attempt has changed, where that is not much.
pub(super) struct Noted {
    /// The call.
    pub(super) id: u64,
    /// The fan-out that it is a branch of, and which, if it has ended.
    pub(super) branch: Option<(u16, usize)>,
    /// A function at the end of its chain stands in for the reply.
    pub(super) is_calculated: bool,
}

impl Noted {
    /// What the record says of it; `told` are the calls that have been asked for.
    pub(super) fn part<'p, C: Storable>(
        &self,
        core: &'p Core<C>,
        owed: &'p Owed<C>,
        told: &[u64],
    ) -> Part<'p, C::Reply> {
        let fan = self.branch.and_then(|(fan_out, branch)| {
            let own = core.fans.iter().find(|fan| fan.fan_out == fan_out)?;
            own.reply(branch)
        });
        Part {
            now: millis(core.now),
            ended: self.branch.map(|(fan_out, branch)| (fan_out, branch as u64)),
            gives: fan.filter(|_| self.is_calculated),
            courses: courses_of(&owed.courses, told.iter().copied().chain([self.id])),
        }
    }
}

/// The courses of these calls, where there are any.
fn courses_of(
    courses: &Courses,
    calls: impl Iterator<Item = u64>,
) -> BTreeMap<u64, Option<&Course>> {
    match courses.were_any() {
        true => calls.map(|id| (id, courses.get(id))).collect(),
        false => BTreeMap::new(),
    }
}

/// What is needed of a record to go on from it.
#[derive(Deserialize)]
struct Whole<'r> {
    #[serde(borrow)]
    after: Option<&'r RawValue>,
    #[serde(borrow)]
    part: Option<&'r RawValue>,
}

impl<'r> Whole<'r> {
    fn read(record: &'r Record) -> Result<Self, String> {
        let whole: Self = serde_json::from_str(&record.body).map_err(|why| unread(record, &why))?;
        match (whole.after, whole.part) {
            (None, None) => Err(format!("step {} does not say what is behind it", record.seq)),
            _ => Ok(whole),
        }
    }
}

/// All of an instance behind its last step, as JSON.
///
/// # Errors
/// What is kept cannot be read.
pub fn last_state(stored: &Instance) -> Result<Cow<'_, str>, String> {
    let mut parts = 0;
    let mut whole = None;
    for record in stored.records.iter().rev() {
        if let Some(after) = Whole::read(record)?.after {
            whole = Some(after.get());
            break;
        }
        parts += 1;
    }
    let whole = whole.or(stored.snapshot.as_deref());
    let whole = whole.ok_or("there is neither a step nor a snapshot")?;
    if parts == 0 {
        return Ok(Cow::Borrowed(whole));
    }
    let mut state = exact::read(whole)
        .map_err(|error| format!("the state before the branches cannot be read: {error}"))?;
    let Some(before) = state.as_object_mut() else {
        return Err("the state before the branches is none".to_owned());
    };
    let mut following = Following::new(std::mem::take(before));
    for record in &stored.records[stored.records.len() - parts..] {
        let part = exact::read(&record.body).map_err(|why| unread(record, &why))?;
        following.follow(&part);
    }
    *before = following.finish();
    Ok(Cow::Owned(exact::write(&state)))
}

fn unread(record: &Record, why: &serde_json::Error) -> String {
    format!("step {} cannot be read: {why}", record.seq)
}

/// Makes the state before a record the one behind it.
pub fn follow(state: &mut Value, record: &Value) {
    if let Some(after) = record.get("after") {
        state.clone_from(after);
        return;
    }
    let (Some(state), Some(_)) = (state.as_object_mut(), record.get("part")) else { return };
    let mut following = Following::new(std::mem::take(state));
    following.follow(record);
    *state = following.finish();
}

/// The state of an instance on the way through records of branches. What runs is found by its number:
/// each record costs the same, however many run.
struct Following {
    state: Map<String, Value>,
    /// In their order; none where one has ended.
    running: Vec<Option<Value>>,
    /// By number.
    places: HashMap<u64, usize>,
    fans: Vec<Value>,
    courses: Map<String, Value>,
}

impl Following {
    fn new(mut state: Map<String, Value>) -> Self {
        let running = take_list(&mut state, "invocations");
        let fans = take_list(&mut state, "fans");
        let courses = match state.remove("courses") {
            Some(Value::Object(courses)) => courses,
            _ => Map::new(),
        };
        let (places, all) = (HashMap::new(), Vec::new());
        let mut following = Self { state, running: all, places, fans, courses };
        running.into_iter().for_each(|asked| following.push(asked));
        following
    }

    fn push(&mut self, asked: Value) {
        self.places.extend(asked["id"].as_u64().map(|id| (id, self.running.len())));
        self.running.push(Some(asked));
    }

    fn finish(mut self) -> Map<String, Value> {
        let running: Vec<Value> = self.running.into_iter().flatten().collect();
        for (name, value) in [
            ("invocations", Value::Array(running)),
            ("fans", Value::Array(self.fans)),
            ("courses", Value::Object(self.courses)),
        ] {
            self.state.insert(name.to_owned(), value);
            leave_out_empty(&mut self.state, name);
        }
        self.state
    }

    fn follow(&mut self, record: &Value) {
        let part = &record["part"];
        self.state.insert("now".to_owned(), part["now"].clone());
        // Nothing is noted so while actions wait.
        self.state.remove("calls");
        if let Some((fan_out, branch)) = part.get("ended").and_then(Value::as_array).and_then(pair)
        {
            let place = record["to"].as_u64().and_then(|id| self.places.remove(&id));
            place.into_iter().for_each(|at| self.running[at] = None);
            let own = self.fans.iter_mut().find(|fan| fan["fan_out"].as_u64() == Some(fan_out));
            if let Some(ended) = own.and_then(|fan| fan["ended"].get_mut(branch)) {
                ended.clone_from(part.get("gives").unwrap_or(&record["reply"]));
            }
        }
        for asked in record["asks"].as_array().into_iter().flatten() {
            self.begin(&asked["id"]);
        }
        for (id, course) in part["courses"].as_object().into_iter().flatten() {
            match course {
                Value::Null => drop(self.courses.remove(id)),
                course => drop(self.courses.insert(id.clone(), course.clone())),
            }
        }
    }

    /// A branch that waited begins, or a call falls back.
    fn begin(&mut self, id: &Value) {
        let place = id.as_u64().and_then(|id| self.places.get(&id));
        if let Some(asked) = place.and_then(|at| self.running[*at].as_mut()) {
            let Some(asked) = asked.as_object_mut() else { return };
            if let Some(next) = pop(asked, "fallbacks") {
                let call = asked.get("call").and_then(Value::as_u64).unwrap_or(0) + 1;
                asked.insert("request".to_owned(), next);
                asked.insert("call".to_owned(), call.into());
            }
            return;
        }
        let is_next = |fan: &Map<String, Value>| {
            // The next one is last.
            let next = fan.get("waiting").and_then(Value::as_array).and_then(|list| list.last());
            next.is_some_and(|next| next["id"] == *id)
        };
        let mut fans = self.fans.iter_mut().filter_map(Value::as_object_mut);
        if let Some(next) = fans.find(|fan| is_next(fan)).and_then(|fan| pop(fan, "waiting")) {
            self.push(next);
        }
    }
}

/// Takes away what a whole instance would be written without.
fn leave_out_empty(object: &mut Map<String, Value>, name: &str) {
    let is_empty = match object.get(name) {
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Object(object)) => object.is_empty(),
        _ => false,
    };
    if is_empty {
        object.remove(name);
    }
}

/// The last of a list, which is left away when it is empty.
fn pop(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let last = object.get_mut(name)?.as_array_mut()?.pop();
    leave_out_empty(object, name);
    last
}

fn take_list(state: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match state.get_mut(name).map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn pair(pair: &Vec<Value>) -> Option<(u64, usize)> {
    match pair.as_slice() {
        [first, second] => Some((first.as_u64()?, usize::try_from(second.as_u64()?).ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{InstanceId, Status};
    use serde_json::json;

    const BRANCHES: u64 = 10_000;

    /// As many as run at once, ended one by one in an order of their own.
    #[test]
    fn each_record_is_followed_however_many_run() {
        let running: Vec<Value> =
            (1..=BRANCHES).map(|id| json!({ "id": id, "invoke": 0, "request": id })).collect();
        let ended = vec![Value::Null; BRANCHES as usize];
        let snapshot = json!({ "now": 0, "invocations": running, "fans": [
            { "fan_out": 0, "first": 1, "ended": ended, "waiting": [{ "id": BRANCHES + 1 }] },
        ] });
        let record = |seq: u64| {
            // 7 has no divisor in common with the number of branches.
            let branch = seq * 7 % BRANCHES;
            let mut body = json!({
                "to": branch + 1, "reply": branch, "part": { "now": seq, "ended": [0, branch] },
            });
            if seq == 1 {
                body["asks"] = json!([{ "id": BRANCHES + 1 }]);
            }
            Record { seq, at: seq, state: String::new(), body: body.to_string() }
        };
        let stored = Instance {
            id: 1 as InstanceId,
            machine: "Crowd".to_owned(),
            key: "c".to_owned(),
            status: Status::Running,
            shape: 1,
            seq: 0,
            snapshot: Some(snapshot.to_string()),
            cause: None,
            records: (1..BRANCHES).map(record).collect(),
            outputs: 0,
        };
        let state = last_state(&stored).expect("it can be read");
        let state: Value = serde_json::from_str(&state).expect("it is JSON");
        let left = state["invocations"].as_array().into_iter().flatten();
        let left: Vec<Option<u64>> = left.map(|asked| asked["id"].as_u64()).collect();
        assert_eq!(
            left,
            [Some(1), Some(BRANCHES + 1)],
            "the one that has not ended, then the one that waited"
        );
        let fan = &state["fans"][0];
        assert_eq!((&fan["ended"][0], &fan["ended"][7]), (&Value::Null, &json!(7)));
        assert_eq!((&fan["waiting"], &state["now"]), (&Value::Null, &json!(BRANCHES - 1)));
    }
}
