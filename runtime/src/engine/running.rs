//! An instance with its types: its steps, and what they have decided.

use super::cancellation;
use super::courses::place;
use super::edit::Failing;
use super::error::{EngineError, Stuck};
use super::exact;
use super::family::{Child, Ending, Parent};
use super::finite::Finite;
use super::guard::{guarded, guarded_too};
use super::held::{self, Owed, Storable};
use super::kind::{Input, Live, Payload, Performed, Performing, Step, downcast};
use super::letters::Sending;
use super::part::Noted;
use super::record::{Asked, Writer};
use super::room::Later;
use super::tasks::{self, Given};
use crate::activity::{Cx, Failure, Invocation, Perform, caught};
use crate::chart::{Answer, Durable, NONE};
use crate::clock::millis;
use crate::core::Core;
use crate::error::StepError;
use crate::policy::{Commons, Course, Next};
use crate::snapshot;
use crate::step::{self, Dispatch, Scratch};
use crate::store::{Millis, TaskData};
use crate::timers;
use crate::undo::Back;
use serde_json::{Map, Value};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// An instance with its types.
pub(super) struct Running<C: Storable, H> {
    pub(super) core: Core<C>,
    scratch: Scratch<C>,
    host: Arc<H>,
    pub(super) owed: Owed<C>,
    commons: Commons,
    /// The error that an activity has ended with last, if nothing has caught it.
    uncaught: Option<Failure>,
    /// What the step is at that is made, or has failed last.
    failing: Option<Failing>,
    /// How much it may keep for later.
    allowed: Later,
}

impl<C, H> Running<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    pub(super) fn new(core: Core<C>, owed: Owed<C>, host: &Arc<H>, commons: &Commons) -> Self {
        let (host, commons) = (Arc::clone(host), commons.clone());
        let (scratch, uncaught, failing) = (Scratch::default(), None, None);
        Self { core, scratch, host, owed, commons, uncaught, failing, allowed: Later::ANY }
    }

    pub(super) fn decide(
        &mut self,
        cause: step::Cause<'_, C::Event, C::Reply>,
    ) -> Result<Dispatch, EngineError> {
        let later = (self.allowed, Later::of(&self.core));
        decided::<C, H>(&mut self.core, &mut self.scratch, later, cause)
    }

    pub(super) fn set_time(&mut self, now: Millis) {
        self.core.now = self.core.now.max(Duration::from_millis(now));
    }

    pub(super) fn written(
        &mut self,
        writer: Writer,
        dispatch: Dispatch,
    ) -> Result<Step, EngineError> {
        let (core, scratch) = (&mut self.core, &mut self.scratch);
        written::<C, H>(core, scratch, &mut self.owed, (writer, None), dispatch)
    }

    /// The same where nothing but a call has changed: if there are branches, what has is enough.
    fn noted(&mut self, writer: Writer, noted: Noted) -> Result<Step, EngineError> {
        let owes = !self.owed.calls.is_empty() || !self.owed.children.is_empty();
        let is_part = !self.core.fans.is_empty() && !owes;
        let (core, scratch) = (&mut self.core, &mut self.scratch);
        let noted = is_part.then_some(noted);
        written::<C, H>(core, scratch, &mut self.owed, (writer, noted), Dispatch::Pending)
    }

    /// What comes behind the end of an attempt. Whether the budget allows another one is asked, or
    /// known if it was asked before.
    fn behind(
        &mut self,
        (now, is_affordable): (Millis, Option<bool>),
        at: usize,
        reply: &C::Reply,
    ) -> Next {
        let asked = &self.core.invocations[at];
        let (id, place) = (asked.id, place(asked));
        let Some(course) = self.owed.courses.of(id) else { return Next::Over };
        let key = C::key(&self.core.context).unwrap_or_default();
        let spread = spread(&key, id, course.attempt);
        let now = Duration::from_millis(now);
        self.commons.behind::<C>(course, place, reply, (now, spread), is_affordable)
    }

    /// What it has asked for and does not hold back.
    fn begun(&self) -> impl Iterator<Item = &Invocation<C::Request>> {
        let cancelled = self.owed.cancelled;
        let is_held_back = move |asked: &Invocation<C::Request>| {
            cancelled.is_some_and(|cancelled| cancelled.holds_back::<C>(asked))
        };
        self.core.invocations.iter().filter(move |asked| !is_held_back(asked))
    }

    /// The step with an event or a reply; `None` for a reply that nobody waits for.
    fn taken(&mut self, now: Millis, input: Input) -> Result<Option<Step>, EngineError> {
        let mut writer = Writer::new();
        let mut taken;
        let mut branch = None;
        let mut dropped = None;
        let cancelled = self.owed.cancelled;
        let cause = match input {
            Input::Event { event, message, sender } => {
                let event = downcast::<C::Event>(event)?;
                writer.value("event", &event)?;
                if let Some(message) = message {
                    writer.value("message", &message)?;
                }
                if let Some(sender) = sender {
                    writer.value("from", &sender)?;
                }
                step::Cause::Event(event)
            }
            Input::Reply { id, reply, is_affordable, by } => {
                let running = &self.core.invocations;
                let Some(at) = running.iter().position(|running| running.id == id) else {
                    return Ok(None);
                };
                self.failing = Some(Failing::Call { id, record: None });
                let reply = downcast::<C::Reply>(reply)?;
                let (invoke, call) = (running[at].invoke, running[at].call);
                let answer = C::answer(invoke, call, &reply);
                let answer = answer.ok_or(StepError::WrongReply)?;
                writer.value("to", &id)?;
                writer.value("reply", &reply)?;
                if let Some(by) = by {
                    writer.value("by", &by)?;
                }
                match self.behind((now, is_affordable), at, &reply) {
                    Next::Again => {
                        self.set_time(now);
                        return self.tried_again(id, writer).map(Some);
                    }
                    Next::Spent => writer.value("spent", &true)?,
                    Next::Over => {}
                }
                self.uncaught = C::failure(&reply);
                branch = self.core.branch(at).map(|(fan, branch)| {
                    let place = (self.core.fans[fan].fan_out, branch);
                    (id, place, answer == Answer::FallBack)
                });
                if let Some(cancelled) = &mut self.owed.cancelled {
                    cancelled.note::<C>(invoke, answer, C::is_error(&reply));
                }
                taken = Some(reply);
                step::Cause::Reply { at, answer, reply: &mut taken }
            }
            Input::Cut { id } => {
                // What it has started is not waited for either.
                dropped = self.owed.children.get(&id).map(|child| child.cancel(id));
                let running = &self.core.invocations;
                let at = running.iter().position(|running| running.id == id);
                let Some((at, (reply, answer))) = at.and_then(|at| Some((at, self.cut(at)?)))
                else {
                    return Ok(None);
                };
                self.failing = Some(Failing::Call { id, record: None });
                writer.value("to", &id)?;
                writer.value("cut", &true)?;
                writer.value("reply", &reply)?;
                taken = Some(reply);
                step::Cause::Reply { at, answer, reply: &mut taken }
            }
        };
        let before = self.core.now;
        self.set_time(now);
        let dispatch = match self.decide(cause) {
            Ok(dispatch) => dispatch,
            Err(error) => {
                (self.core.now, self.owed.cancelled) = (before, cancelled);
                if let Some(Failing::Call { record, .. }) = &mut self.failing {
                    *record = Some(writer.finish());
                }
                return Err(error);
            }
        };
        let written = match branch.filter(|_| dispatch == Dispatch::Pending) {
            None => self.written(writer, dispatch),
            Some((id, place, is_calculated)) => {
                let runs = self.core.invocations.iter().any(|running| running.id == id);
                let branch = (!runs).then_some(place);
                self.noted(writer, Noted { id, branch, is_calculated })
            }
        };
        match written {
            Ok(mut step) => {
                step.sends.extend(dropped);
                Ok(Some(step))
            }
            Err(error) => {
                self.scratch.take_back(&mut self.core);
                (self.core.now, self.owed.cancelled) = (before, cancelled);
                Err(error)
            }
        }
    }

    /// The reply that an answer is, and the answer as JSON.
    fn reply_of(&self, invocation: u64, answer: Given) -> Result<(Payload, Value), EngineError> {
        let open = self.core.open().find(|(open, _)| open.id == invocation);
        let asked = open.and_then(|(open, _)| Some((open.invoke, C::question(open.invoke)?)));
        let (invoke, question) = asked.ok_or(EngineError::Step(StepError::WrongReply))?;
        let wrong = |why: Option<String>| EngineError::WrongAnswer {
            name: question.name.to_owned(),
            answer: question.answer.to_owned(),
            why,
        };
        let reply = match answer {
            Given::Typed(mut answer) => C::answered(invoke, &mut *answer),
            Given::Json(json) => {
                let mut json = serde_json::Deserializer::from_str(&json);
                C::read_answer(invoke, &mut json).map_err(|error| wrong(Some(error.to_string())))?
            }
        };
        let reply = reply.ok_or_else(|| wrong(None))?;
        // As `{"Approve": {"Ok": answer}}`.
        let mut value = exact::shown(&reply).map_err(undecodable)?;
        let of_variant = value.as_object_mut().and_then(|object| object.values_mut().next());
        let answer = of_variant.and_then(|result| result.get_mut("Ok")).map(Value::take);
        Ok((Box::new(reply), answer.unwrap_or_default()))
    }

    /// Makes the step for which something waits inside: a join that is decided, since it is another in this
    /// program.
    fn queued(&mut self, now: Millis) -> Result<Step, EngineError> {
        let mut writer = Writer::new();
        writer.value("due", &now)?;
        self.set_time(now);
        let dispatch = self.decide(step::Cause::Carried)?;
        let written = self.written(writer, dispatch);
        written.inspect_err(|_| self.scratch.take_back(&mut self.core))
    }

    /// Writes that what an invocation asks for is tried again, when that is due.
    fn tried_again(&mut self, id: u64, mut writer: Writer) -> Result<Step, EngineError> {
        if let Some(course) = self.owed.courses.of(id) {
            writer.value("again", course)?;
        }
        self.owed.courses.wait(id);
        self.noted(writer, Noted { id, branch: None, is_calculated: false })
    }
}

/// One of the program's types cannot be written.
// As `map_err` hands it over.
#[allow(clippy::needless_pass_by_value)]
fn undecodable(error: serde_json::Error) -> EngineError {
    EngineError::Undecodable(error.to_string())
}

/// Another number for each attempt of each instance, and the same again in a replay.
fn spread(key: &str, invocation: u64, attempt: u32) -> u64 {
    // FNV-1a.
    let of_key = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    of_key ^ (invocation << 32) ^ u64::from(attempt)
}

/// What a step that was just made has done. An error if one of the user's own types refuses to be
/// written; the step is to be taken back then.
fn written<C: Storable + Durable<H>, H>(
    core: &mut Core<C>,
    scratch: &mut Scratch<C>,
    owed: &mut Owed<C>,
    (mut writer, noted): (Writer, Option<Noted>),
    dispatch: Dispatch,
) -> Result<Step, EngineError> {
    let before = owed.calls.len();
    // Not for each branch of many: what cannot be noted parks the instance.
    let whole = noted.is_none().then(|| (owed.courses.clone(), owed.children.clone()));
    let cancelled = owed.cancelled;
    let mut write = || {
        let calls = std::mem::take(&mut scratch.calls);
        if C::has_calls(&calls) {
            writer.value("calls", &calls)?;
            owed.calls.push(calls);
        }
        let (mut told, mut started, now) = (Vec::new(), Vec::new(), core.now);
        let depth = owed.parent.as_ref().map_or(0, |parent| parent.depth) + 1;
        match &noted {
            None => owed.courses.keep(&core.invocations),
            Some(noted) => noted.branch.iter().for_each(|_| owed.courses.end(noted.id)),
        }
        let released = cancellation::released(core, owed);
        let is_held_back = |asked: &Invocation<C::Request>| {
            owed.cancelled.is_some_and(|cancelled| cancelled.holds_back::<C>(asked))
        };
        let begins = |asked: &Invocation<C::Request>| {
            !asked.told || released.is_some_and(|since| asked.id > since)
        };
        for invocation in core.invocations.iter_mut().filter(|asked| begins(asked)) {
            let was_told = std::mem::replace(&mut invocation.told, true);
            if !was_told {
                let asked = Asked { id: invocation.id, request: &invocation.request };
                writer.item("asks", &asked)?;
            }
            if is_held_back(invocation) {
                continue;
            }
            // What was held back has all its time now.
            owed.courses.begin::<C>(invocation, now);
            match C::child(&invocation.request) {
                Some((machine, key)) => {
                    let child = Child { machine: machine.to_owned(), key };
                    let request = serde_json::to_string(&Finite(&invocation.request));
                    let request = request.map_err(undecodable)?;
                    started.push(child.start(invocation.id, depth, &request)?);
                    owed.children.insert(invocation.id, child);
                }
                None => told.push(invocation.id),
            }
        }
        let revoked = std::mem::take(&mut core.revoked);
        let outputs = std::mem::take(&mut core.outputs);
        let texts = outputs.iter().map(|output| serde_json::to_string(&Finite(output)));
        let outputs = texts.collect::<Result<Vec<_>, _>>().map_err(undecodable)?;
        let messages = std::mem::take(&mut core.messages);
        let texts = messages.iter().map(|message| serde_json::to_string(&Finite(message)));
        let texts = texts.collect::<Result<Vec<_>, _>>().map_err(undecodable)?;
        let sends = texts.iter().map(|text| Sending::message(text));
        let mut sends = sends.collect::<Result<Vec<_>, _>>()?;
        sends.extend(started);
        for id in &revoked {
            sends.extend(owed.children.remove(id).map(|child| child.cancel(*id)));
        }
        owed.children.retain(|id, _| core.invocations.iter().any(|asked| asked.id == *id));
        writer.end(dispatch, &revoked, &outputs);
        writer.sends(&texts);
        match &noted {
            None => writer.after(|into| held::write(core, owed, into))?,
            Some(noted) => writer.value("part", &noted.part(core, owed, &told))?,
        }
        Ok((told, revoked, outputs, sends))
    };
    match guarded_too(&mut write) {
        Ok((told, revoked, outputs, sends)) => {
            let state = snapshot::configuration_of::<C>(&core.leaves).join(" & ");
            let body = writer.finish();
            Ok(Step { body, state, dispatch, outputs, sends, told, revoked, due: None })
        }
        Err(error) => {
            owed.calls.truncate(before);
            owed.cancelled = cancelled;
            if let Some((courses, children)) = whole {
                (owed.courses, owed.children) = (courses, children);
            }
            Err(error)
        }
    }
}

/// Makes a step; one that leaves more for later than is allowed, and than there was before, and a panic
/// of the host leave the instance as it was.
fn decided<C, H>(
    core: &mut Core<C>,
    scratch: &mut Scratch<C>,
    (allowed, before): (Later, Later),
    cause: step::Cause<'_, C::Event, C::Reply>,
) -> Result<Dispatch, EngineError>
where
    C: Storable + Durable<H>,
{
    let made = guarded(|| C::decide(core, scratch, cause));
    let dispatch = made.map_err(EngineError::Panicked).and_then(|made| {
        let dispatch = made?;
        allowed.has_room(before, Later::of(core)).map(|()| dispatch)
    });
    dispatch.inspect_err(|_| scratch.take_back(core))
}

impl<C, H> Live for Running<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    fn machine(&self) -> &'static str {
        C::definition().name
    }

    fn take(&mut self, now: Millis, input: Input) -> Result<Option<Step>, EngineError> {
        self.scratch.forget();
        self.failing = None;
        let before = (self.core.now, self.owed.cancelled);
        let taken = guarded(|| self.taken(now, input));
        let taken = taken.unwrap_or_else(|panic| {
            self.scratch.take_back(&mut self.core);
            (self.core.now, self.owed.cancelled) = before;
            Err(EngineError::Panicked(panic))
        });
        taken.inspect(|_| self.failing = None)
    }

    fn allow(&mut self, later: Later) {
        self.allowed = later;
    }

    fn next_due(&self, now: Millis) -> Option<(Duration, usize)> {
        let core = &self.core;
        let timer = || core.timers.next_deadline().filter(|due| *due <= Duration::from_millis(now));
        let due = if core.queue.is_empty() { timer() } else { Some(core.now) };
        due.map(|due| (due, core.timers.len() + core.queue.len()))
    }

    fn fire(&mut self, now: Millis) -> Option<Result<Step, EngineError>> {
        self.failing = None;
        if !self.core.queue.is_empty() {
            return Some(self.queued(now));
        }
        let later = (self.allowed, Later::of(&self.core));
        let pending = self.core.timers.take_due(Duration::from_millis(now))?;
        let mut writer = Writer::new();
        let due = millis(pending.deadline);
        if let Err(error) = writer.value("due", &due) {
            self.core.timers.put_back(pending);
            return Some(Err(error));
        }
        self.failing = Some(Failing::Timer(due));
        let (scratch, owed) = (&mut self.scratch, &mut self.owed);
        // What went wrong, or the step: a timer whose step cannot be written has not fired.
        let mut made = Err(EngineError::Step(StepError::Uncaught));
        let asked = self.core.visits;
        let _ = timers::fire(&mut self.core, pending, |core, cause| {
            made = decided::<C, H>(core, scratch, later, cause).and_then(|_| {
                let now = Duration::from_millis(now);
                core.ask_later(asked, now.saturating_sub(core.now));
                core.now = core.now.max(now);
                let writer = (writer, None);
                let step = written::<C, H>(core, scratch, owed, writer, Dispatch::Handled);
                step.inspect_err(|_| scratch.take_back(core))
            });
            match &made {
                Ok(step) => Ok(step.dispatch),
                Err(EngineError::Step(error)) => Err(*error),
                Err(_) => Err(StepError::Uncaught),
            }
        });
        Some(made.map(|step| {
            self.failing = None;
            Step { due: Some(due), ..step }
        }))
    }

    fn cut_off(&mut self, by: Millis) {
        self.owed.courses.cut_off(by);
    }

    fn deadline(&self) -> Option<Millis> {
        if !self.core.queue.is_empty() {
            return Some(0);
        }
        let (timer, attempt) = (self.core.timers.next_deadline(), self.owed.courses.deadline());
        let deadline = timer.into_iter().chain(attempt).min()?.as_nanos().div_ceil(1_000_000);
        Some(Millis::try_from(deadline).unwrap_or(Millis::MAX))
    }

    fn has_calls(&self) -> bool {
        !self.owed.calls.is_empty()
    }

    fn forget_calls(&mut self) {
        self.owed.calls.clear();
    }

    fn settle(&mut self) -> Result<(), EngineError> {
        self.decide(step::Cause::Carried).map(|_| ())
    }

    fn note(&mut self, name: &'static str, json: &str) -> Result<Step, EngineError> {
        let mut writer = Writer::new();
        let json = serde_json::value::RawValue::from_string(json.to_owned());
        writer.value(name, &json.map_err(|error| EngineError::Undecodable(error.to_string()))?)?;
        self.written(writer, Dispatch::Handled)
    }

    fn blame(&mut self, error: &EngineError) -> String {
        match (error, self.uncaught.take()) {
            (EngineError::Step(StepError::Uncaught), Some(failure)) => {
                format!("an activity has ended with an error that no state catches: {failure}")
            }
            (EngineError::Overloaded(most), _) => {
                format!(
                    "{most} events are put off, or delayed, already: the settings allow no more"
                )
            }
            _ => error.to_string(),
        }
    }

    fn stuck(&mut self, key_of: &dyn Fn(u64) -> String) -> Option<Stuck> {
        let failing = self.failing.take()?;
        guarded(|| self.stuck_at(failing, key_of)).ok().flatten()
    }

    fn waits_for(&self, at: Option<u64>, name: &str) -> Result<u64, EngineError> {
        guarded_too(|| self.call_named(at, name, true))
    }

    fn amend_request(&mut self, at: Option<u64>, request: &Value) -> Result<u64, EngineError> {
        guarded_too(|| self.request_amended(at, request))
    }

    fn amend_delayed(&mut self, at: Option<Millis>, event: &Value) -> Result<Millis, EngineError> {
        guarded_too(|| self.delayed_amended(at, event))
    }

    fn act(&mut self) -> Result<(), String> {
        let mut panicked = Ok(());
        for mut calls in self.owed.calls.drain(..) {
            // One by one: those behind one that panics were decided too.
            while C::has_calls(&calls) {
                if let Err(panic) = guarded(|| C::act(&mut calls, &self.host)) {
                    panicked = Err(panic);
                }
            }
        }
        panicked
    }

    fn pending(&self) -> Vec<u64> {
        // A person is not started, nor is an instance that was.
        let all = self.begun().filter(|asked| asked.asked.is_none());
        let own = all.map(|asked| asked.id).filter(|id| !self.owed.children.contains_key(id));
        own.filter(|id| !self.owed.courses.is_waiting(*id)).collect()
    }

    fn take_due_attempts(&mut self, now: Millis) -> Vec<u64> {
        self.owed.courses.take_due(now)
    }

    fn renew(&mut self, now: Millis) {
        self.owed.courses.renew(&self.core.invocations, Duration::from_millis(now));
    }

    fn call(&self, id: u64) -> Option<(u16, u32)> {
        let asked = self.core.invocations.iter().find(|running| running.id == id)?;
        Some((asked.call, self.owed.courses.get(id).map_or(1, |course| course.attempt)))
    }

    fn undoes(&self, id: u64) -> Option<Box<Back>> {
        let asked = self.core.invocations.iter().find(|running| running.id == id)?;
        asked.undoes.clone()
    }

    fn perform(&self, id: u64, cx: &Cx, now: Millis) -> Option<Performing> {
        let mut asked = self.core.invocations.iter();
        let invocation = asked.find(|running| running.id == id && running.asked.is_none())?;
        let panicked =
            |text: String| Failure::new(Failure::UNEXPECTED, format!("panicked: {text}"));
        let request = match guarded(|| invocation.request.clone()) {
            Ok(request) => request,
            Err(text) => {
                let reply = Box::new(C::unexpected(&invocation.request, panicked(text)));
                return Some(Box::pin(async { Performed { reply, is_error: true } }));
            }
        };
        let (host, cx, place) = (C::share(&self.host), cx.clone(), place(invocation));
        let now = Duration::from_millis(now);
        let course = self.owed.courses.get(id).copied().unwrap_or(Course::new(now));
        let commons = self.commons.clone();
        Some(Box::pin(async move {
            let of = (place, &course);
            let attempt = commons.attempt::<C, Arc<H>>(&host, &cx, &request, of, now);
            // The keys by which results are shared are the program's too.
            let attempt = caught(attempt).await;
            let reply = attempt.unwrap_or_else(|text| C::unexpected(&request, panicked(text)));
            let is_error = C::is_error(&reply);
            Performed { reply: Box::new(reply), is_error }
        }))
    }

    fn tasks(&self) -> Vec<TaskData> {
        let open = self.begun().filter_map(|open| {
            let asked = open.asked.as_deref()?;
            let question = C::question(open.invoke)?;
            // What cannot be written here could not be written with the step either.
            guarded(|| tasks::written(open.id, question, &open.request, asked)).ok()?.ok()
        });
        open.collect()
    }

    fn claimed(&self, invocation: u64) -> Option<Option<String>> {
        let open = self.core.open().find(|(open, _)| open.id == invocation);
        open.map(|(_, asked)| asked.claimed_by.clone())
    }

    fn answered(&self, invocation: u64, answer: Given) -> Result<(Payload, Value), EngineError> {
        guarded_too(|| self.reply_of(invocation, answer))
    }

    fn claim(
        &mut self,
        now: Millis,
        invocation: u64,
        by: Option<&str>,
    ) -> Result<Option<Step>, EngineError> {
        let mut all = self.core.invocations.iter_mut();
        let open = all.find(|open| open.id == invocation);
        let Some(asked) = open.and_then(|open| open.asked.as_deref_mut()) else { return Ok(None) };
        let before = std::mem::replace(&mut asked.claimed_by, by.map(str::to_owned));
        let time = self.core.now;
        self.set_time(now);
        let mut writer = Writer::new();
        let name = if by.is_some() { "claimed" } else { "released" };
        let who = by.or(before.as_deref());
        let note = serde_json::json!({ "task": invocation, "by": who });
        let written =
            writer.value(name, &note).and_then(|()| self.written(writer, Dispatch::Handled));
        if written.is_err() {
            self.core.now = time;
            let mut all = self.core.invocations.iter_mut();
            let open = all.find(|open| open.id == invocation);
            if let Some(asked) = open.and_then(|open| open.asked.as_deref_mut()) {
                asked.claimed_by = before;
            }
        }
        written.map(Some)
    }

    fn snapshot(&self) -> Result<String, EngineError> {
        let mut bytes = Vec::new();
        guarded_too(|| held::write(&self.core, &self.owed, &mut bytes).map_err(undecodable))?;
        String::from_utf8(bytes).map_err(|error| EngineError::Undecodable(error.to_string()))
    }

    fn state(&self) -> String {
        snapshot::configuration_of::<C>(&self.core.leaves).join(" & ")
    }

    fn is_finished(&self) -> bool {
        self.core.finished
    }

    fn parent(&self) -> Option<&Parent> {
        self.owed.parent.as_ref()
    }

    fn child(&self, invocation: u64) -> Option<&Child> {
        self.owed.children.get(&invocation)
    }

    fn cancel_children(&mut self) -> Vec<Sending> {
        let children = std::mem::take(&mut self.owed.children).into_iter();
        children.map(|(id, child)| child.cancel(id)).collect()
    }

    fn cancel(&mut self, now: Millis) -> Result<Step, EngineError> {
        self.note_cancelled(now)
    }

    fn is_cancelled(&self) -> bool {
        self.owed.cancelled.is_some()
    }

    fn is_in_saga(&self) -> bool {
        match self.owed.cancelled {
            Some(_) => !self.is_unbound(),
            None => self.is_in_any_saga(),
        }
    }

    fn next_cut(&self) -> Option<u64> {
        self.first_cut()
    }

    fn ending(&self) -> Ending {
        let leaf = self.core.leaves.as_ref().first().copied().unwrap_or(NONE);
        let state = C::LEAVES.get(usize::from(leaf)).copied().unwrap_or(0);
        let definition = &C::definition().states[usize::from(state)];
        let all = match guarded_too(|| exact::of(&self.core.data).map_err(undecodable)) {
            Ok(all) => all,
            // It could be written with the step.
            Err(error) => {
                let failure = Failure::new(Failure::UNEXPECTED, error.to_string());
                return Ending::Otherwise(failure);
            }
        };
        let own = format!("{}.", definition.id);
        let data =
            all.as_object().into_iter().flatten().filter_map(|(name, value)| {
                Some((name.strip_prefix(&own)?.to_owned(), value.clone()))
            });
        let data: Map<String, Value> = data.collect();
        match C::is_failure(state) {
            true => Ending::Failed(definition.name.to_owned(), data),
            false => Ending::Done(data),
        }
    }

    fn core(&self) -> &dyn Any {
        &self.core
    }
}
