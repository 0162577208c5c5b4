//! A registered machine and its instances, with their types forgotten: so one shard runs instances
//! of all machines.

use super::error::{Cause, EngineError, Stuck};
use super::family::{Child, Ending, Parent};
use super::letters::Sending;
use super::room::Later;
use super::tasks::Given;
use crate::activity::Cx;
use crate::step::Dispatch;
use crate::store::{Instance, Millis, Sender, Shape, ShapeId, TaskData};
use crate::undo::Back;
use serde_json::Value;
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// A value whose type only the kind knows: a start, an event, a reply.
pub(super) type Payload = Box<dyn Any + Send>;

/// An activity on its way to its reply.
pub(super) type Performing = Pin<Box<dyn Future<Output = Performed> + Send>>;

/// How an activity has ended.
pub(super) struct Performed {
    pub(super) reply: Payload,
    pub(super) is_error: bool,
}

/// A registered machine.
pub(super) trait Kind: Send + Sync {
    fn name(&self) -> &'static str;
    fn shape(&self) -> ShapeId;
    /// A new instance, and its first step.
    fn begin(
        &self,
        start: Payload,
        key: &str,
        now: Millis,
        parent: Option<Parent>,
    ) -> Result<(Box<dyn Live>, Step), EngineError>;
    /// An instance as it was kept.
    fn load(&self, stored: &Instance) -> Result<Box<dyn Live>, Cause>;
    /// An instance as another shape of the machine has kept it.
    fn renew(
        &self,
        stored: &Instance,
        old: Option<&Shape>,
        now: Millis,
    ) -> Result<Box<dyn Live>, Cause>;
    /// Why an instance of another shape of the machine is not carried over.
    fn cannot_go_on(&self, old: Option<&Shape>, why: &str) -> Cause;
    /// An event that came as JSON.
    fn event(&self, json: &str) -> Result<Payload, EngineError>;
    /// A start as it was kept.
    fn start(&self, json: &str) -> Result<Payload, EngineError>;
    /// A reply as it was kept.
    fn reply(&self, json: &str) -> Result<Payload, EngineError>;
    /// The reply that the end of another machine is, if it has a place for all that a failure carries.
    fn end(&self, json: &str) -> Option<Payload>;
}

/// What an instance takes.
pub(super) enum Input {
    Event {
        event: Payload,
        message: Option<String>,
        /// The instance that has sent it, if one has.
        sender: Option<Sender>,
    },
    Reply {
        id: u64,
        reply: Payload,
        /// Whether the retry budget allows another attempt, if that is known.
        is_affordable: Option<bool>,
        /// Who has answered, if a person was asked and said so.
        by: Option<String>,
    },
    /// What a saga does, which is cut short.
    Cut { id: u64 },
}

/// What one step of an instance did.
pub(super) struct Step {
    /// The record of it, JSON.
    pub(super) body: String,
    /// The active states after it.
    pub(super) state: String,
    pub(super) dispatch: Dispatch,
    /// JSON.
    pub(super) outputs: Vec<String>,
    /// What is sent to other instances when it is durable.
    pub(super) sends: Vec<Sending>,
    /// Activities to be started when it is durable.
    pub(super) told: Vec<u64>,
    /// Activities that nobody waits for any more.
    pub(super) revoked: Vec<u64>,
    /// When it was due, if a timer has asked for it.
    pub(super) due: Option<Millis>,
}

/// An instance in memory.
pub(super) trait Live: Send {
    /// The name of its machine.
    fn machine(&self) -> &'static str;
    /// Takes an event or a reply; `None` for a reply that nobody waits for.
    fn take(&mut self, now: Millis, input: Input) -> Result<Option<Step>, EngineError>;
    /// It may keep so much for later; any amount, if nothing is said.
    fn allow(&mut self, later: Later);
    /// When what is to be fired next was due, and how much is pending; `None` if nothing is due.
    fn next_due(&self, now: Millis) -> Option<(Duration, usize)>;
    /// Fires what is due next, if it is.
    fn fire(&mut self, now: Millis) -> Option<Result<Step, EngineError>>;
    fn deadline(&self) -> Option<Millis>;
    /// It was read: attempts that were due by then were cut off.
    fn cut_off(&mut self, by: Millis);
    /// True if it has decided actions that were not called.
    fn has_calls(&self) -> bool;
    /// Takes for called what was decided.
    fn forget_calls(&mut self);
    /// Looks at what waits in an instance that was just carried over, with the eyes of this machine:
    /// states that are complete, eventless transitions, deferred events. What comes of it is written with
    /// the record that says that it was carried over.
    fn settle(&mut self) -> Result<(), EngineError>;
    /// Writes a record of something that is no step.
    fn note(&mut self, name: &'static str, json: &str) -> Result<Step, EngineError>;
    /// An error in words, with what is known of it here.
    fn blame(&mut self, error: &EngineError) -> String;
    /// What the step was at that has failed last; `key_of` a call is the key under which it is made.
    fn stuck(&mut self, key_of: &dyn Fn(u64) -> String) -> Option<Stuck>;
    /// The number of the call with this name that is waited for: `at`, or the only one.
    fn waits_for(&self, at: Option<u64>, name: &str) -> Result<u64, EngineError>;
    /// Changes what such a call asks for; gives its number.
    fn amend_request(&mut self, at: Option<u64>, request: &Value) -> Result<u64, EngineError>;
    /// Changes what a delayed event says, that which is due `at`, or the only one with its name; gives
    /// when it is due.
    fn amend_delayed(&mut self, at: Option<Millis>, event: &Value) -> Result<Millis, EngineError>;
    /// Calls the actions that were decided; an error if one has panicked, and the others were called.
    fn act(&mut self) -> Result<(), String>;
    /// The activities that have not ended and do not wait for their next attempt.
    fn pending(&self) -> Vec<u64>;
    /// Takes the activities whose next attempt is due.
    fn take_due_attempts(&mut self, now: Millis) -> Vec<u64>;
    /// Forgets how often its activities were tried.
    fn renew(&mut self, now: Millis);
    /// Which call of its chain an activity is, and which attempt.
    fn call(&self, id: u64) -> Option<(u16, u32)>;
    /// The step of a saga that an invocation takes back.
    fn undoes(&self, id: u64) -> Option<Box<Back>>;
    /// Starts an attempt of an activity.
    fn perform(&self, id: u64, cx: &Cx, now: Millis) -> Option<Performing>;
    /// What people were asked and have not answered.
    fn tasks(&self) -> Vec<TaskData>;
    /// Who has claimed a task, if anybody has; `None` if it is not open.
    fn claimed(&self, invocation: u64) -> Option<Option<String>>;
    /// The reply that an answer is, and the answer as JSON.
    fn answered(&self, invocation: u64, answer: Given) -> Result<(Payload, Value), EngineError>;
    /// Says who answers a task, or that nobody does any more; `None` if it is not open.
    fn claim(
        &mut self,
        now: Millis,
        invocation: u64,
        by: Option<&str>,
    ) -> Result<Option<Step>, EngineError>;
    /// All of it, JSON.
    fn snapshot(&self) -> Result<String, EngineError>;
    /// Its active states as text.
    fn state(&self) -> String;
    fn is_finished(&self) -> bool;
    /// Who has started it, if an instance has.
    fn parent(&self) -> Option<&Parent>;
    /// An instance that it has started and waits for.
    fn child(&self, invocation: u64) -> Option<&Child>;
    /// Cancels all of them.
    fn cancel_children(&mut self) -> Vec<Sending>;
    /// Nobody waits for it any more: takes no events from now on, and begins nothing but what its sagas
    /// need to come to their end. If none of them runs, it is over.
    fn cancel(&mut self, now: Millis) -> Result<Step, EngineError>;
    /// True if it is, and is not over yet.
    fn is_cancelled(&self) -> bool;
    /// True if one of its sagas is under way.
    fn is_in_saga(&self) -> bool;
    /// The step of a saga that is to be cut short next.
    fn next_cut(&self) -> Option<u64>;
    /// How it has ended for the one that has started it: in a final state.
    fn ending(&self) -> Ending;
    /// The `Core` of its chart.
    fn core(&self) -> &dyn Any;
}

/// A value of a type that only its machine knows.
pub(super) fn downcast<T: 'static>(payload: Payload) -> Result<T, EngineError> {
    let wrong = |_| {
        let name = std::any::type_name::<T>();
        EngineError::Undecodable(format!("this is no `{name}`: it is of another machine"))
    };
    payload.downcast::<T>().map(|value| *value).map_err(wrong)
}
