//! Activities: what happens outside of a step, asked for as data and answered as data.

use crate::chart::Chart;
use crate::people::Asked;
use crate::policy::Sharing;
use crate::undo::{Back, Undoing};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// An error as the machine sees it where it catches any.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Failure {
    /// The name of the error as the machine declares it; `Unexpected` for any other.
    pub name: String,
    /// What it says.
    pub message: String,
}

impl Failure {
    /// The name of errors that the machine does not declare.
    pub const UNEXPECTED: &'static str = "Unexpected";

    /// The name of the failure of an attempt that took longer than its policy lets it.
    pub const TIMEOUT: &'static str = "Timeout";

    /// The name of the failure of an attempt that was not made, since what is called fails all the
    /// time.
    pub const CIRCUIT_OPEN: &'static str = "CircuitOpen";

    /// The name of the failure of an attempt that was not made, since too many run and wait already.
    pub const OVERLOADED: &'static str = "Overloaded";

    /// The name of the failure of a call whose attempts together took longer than its policy lets
    /// them.
    pub const DEADLINE: &'static str = "DeadlineExceeded";

    /// The name of the failure of a step of a saga that is cut short, since nobody waits for the
    /// instance any more.
    pub const CANCELLED: &'static str = "Cancelled";

    /// The name of the failure of a fan-out over a list that is too long.
    pub const TOO_MANY: &'static str = "TooManyBranches";

    /// The name of the failure of a fan-out whose join needs more branches than there are.
    pub const TOO_FEW: &'static str = "TooFewBranches";

    /// A declared error.
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }

    /// An error that the machine does not declare, with what caused it.
    pub fn unexpected(error: &dyn std::error::Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self::new(Self::UNEXPECTED, message)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.name == self.message {
            true => write!(f, "{}", self.name),
            false => write!(f, "{}: {}", self.name, self.message),
        }
    }
}

/// Nothing: there is no value of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Never {}

/// An activity that a machine has asked for and that has not ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invocation<Request> {
    /// Its number among all of its machine, from 1: each time that a state is entered it is another.
    pub id: u64,
    /// Which `invoke` of the chart.
    pub invoke: u16,
    /// What is asked.
    pub request: Request,
    /// Which of its calls that is: 0 is the first, then come the fallbacks.
    #[serde(default, skip_serializing_if = "is_first")]
    pub call: u16,
    /// What is asked if that fails, the next one last.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub fallbacks: Vec<Request>,
    /// What is told with it, if a person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<Asked>>,
    /// The step of a saga that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Box<Back>>,
    /// It was told to whoever carries it out.
    #[serde(skip)]
    pub(crate) told: bool,
}

impl<Request> Invocation<Request> {
    /// Asks for what stands in for what has failed, if something is left.
    pub(crate) fn fall_back(&mut self) {
        if let Some(request) = self.fallbacks.pop() {
            self.request = request;
            self.call += 1;
            self.told = false;
        }
    }

    /// As if nobody had been told of it.
    pub(crate) fn untold(self) -> Self {
        Self { told: false, ..self }
    }
}

fn is_first(call: &u16) -> bool {
    *call == 0
}

/// What an activity knows of the call that it is in.
#[derive(Clone, Debug)]
pub struct Cx {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    key: String,
    undoing: Option<Undoing>,
    attempt: AtomicU32,
    cancelled: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

impl Cx {
    /// For a call under a key.
    pub fn new(idempotency_key: impl Into<String>) -> Self {
        Self::of(idempotency_key.into(), None)
    }

    /// For a call under a key that takes a step of a saga back: what a test gives a compensation.
    pub fn for_undoing(idempotency_key: impl Into<String>, undoing: Undoing) -> Self {
        Self::of(idempotency_key.into(), Some(undoing))
    }

    pub(crate) fn of(key: String, undoing: Option<Undoing>) -> Self {
        let (attempt, cancelled) = (AtomicU32::new(1), AtomicBool::new(false));
        let wakers = Mutex::default();
        Self { inner: Arc::new(Inner { key, undoing, attempt, cancelled, wakers }) }
    }

    /// The attempt that begins with this.
    #[cfg(feature = "tokio")]
    pub(crate) fn set_attempt(&self, attempt: u32) {
        self.inner.attempt.store(attempt, Ordering::Relaxed);
    }

    /// Which attempt this is, counted by the policy of the call: 1 is the first. An attempt that was
    /// cut off by the end of the program is made again under the same number.
    pub fn attempt(&self) -> u32 {
        self.inner.attempt.load(Ordering::Relaxed)
    }

    /// The same for every attempt at the same thing, and another for every other thing, also of
    /// other instances: the service that is called can tell a repeated call by it.
    pub fn idempotency_key(&self) -> &str {
        &self.inner.key
    }

    /// The step of a saga that this call takes back; `None` for every other call.
    pub fn undoing(&self) -> Option<&Undoing> {
        self.inner.undoing.as_ref()
    }

    /// True when the state has been left, or the program stops: nobody waits for the result.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::Acquire)
    }

    /// Waits until nobody waits for the result any more. The activity itself is dropped at its next
    /// `.await` then; this is for what it has started elsewhere.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + 'static {
        Cancelled(self.clone())
    }

    /// Says that nobody waits for the result.
    pub fn cancel(&self) {
        self.inner.cancelled.store(true, Ordering::Release);
        let wakers =
            std::mem::take(&mut *self.inner.wakers.lock().unwrap_or_else(PoisonError::into_inner));
        wakers.into_iter().for_each(Waker::wake);
    }
}

struct Cancelled(Cx);

impl Future for Cancelled {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut wakers = self.0.inner.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        if self.0.is_cancelled() {
            return Poll::Ready(());
        }
        if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

/// Carries out what a machine asks. Implemented by generated code, and for machines that ask nothing.
pub trait Perform<H>: Chart {
    /// The host as it is shared with what runs beside the machine.
    type Shared: Clone + Send + Sync + 'static;

    /// Shares the host.
    fn share(host: &H) -> Self::Shared;

    /// Calls the activity.
    fn perform(
        host: &Self::Shared,
        cx: &Cx,
        request: &Self::Request,
    ) -> impl Future<Output = Self::Reply> + Send;

    /// The reply of an activity that has not ended by itself.
    fn unexpected(request: &Self::Request, failure: Failure) -> Self::Reply;

    /// For which other calls the result of this one stands.
    fn sharing(_request: &Self::Request) -> Sharing {
        Sharing::default()
    }
}

impl<C: Chart<Request = Never, Reply = Never>, H> Perform<H> for C {
    type Shared = ();

    fn share(_: &H) {}

    async fn perform((): &(), _: &Cx, request: &Never) -> Never {
        match *request {}
    }

    fn unexpected(request: &Never, _: Failure) -> Never {
        match *request {}
    }
}

/// A panic of a future as an error with its text.
#[cfg(feature = "tokio")]
pub(crate) async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let mut future = std::pin::pin!(future);
    // What has panicked is not polled again, so nobody sees what it may have broken.
    std::future::poll_fn(|context| {
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(said(&*panic))),
        }
    })
    .await
}

/// The text of a panic.
#[cfg(feature = "tokio")]
pub(crate) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "without a message".to_owned())
}
