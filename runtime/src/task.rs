//! A machine in a task of its own, driven by real time.
//!
//! ```text
//!  Handle --+                          +--> state: watch
//!  Handle --+--> mailbox --> task owns the Machine
//!  Handle --+                          +--> outputs: broadcast
//! ```
//! One task owns the machine, so events are taken one after the other and nothing is locked. The
//! handle can be cloned and sent anywhere. Activities run in tasks of their own, which share the
//! host, and are aborted when their state is left or the machine stops.

use crate::activity::{Cx, Perform};
use crate::chart::{Chart, Step};
use crate::clock::Clock;
use crate::error::StepError;
use crate::machine::Machine;
use crate::ongoing::{GivenUp, Ongoing};
use crate::people::{AnswerError, Open};
use crate::policy::{Commons, Course, Next as Behind, Place};
use crate::step::Dispatch;
use std::any::Any;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

/// So many events wait for a machine before senders do: enough to ride out a burst, few enough that
/// what waits is still fresh when its turn comes.
pub const MAILBOX_SIZE: usize = 64;

/// So many outputs are kept for a receiver that is slow; then it misses the oldest and is told so.
pub const OUTPUTS_KEPT: usize = 256;

/// Why an event was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The machine has been stopped, or its host has panicked.
    #[error("the machine has been stopped")]
    Stopped,
    /// The mailbox is full.
    #[error("{MAILBOX_SIZE} events wait already")]
    Overloaded,
    /// The step of this event failed; the machine is as it was before.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The step of a timer, or of the end of an activity, has failed before. The machine takes no
    /// events any more; stopping it gives it back as it was before that.
    #[error("the machine has failed: {0}")]
    Failed(StepError),
}

/// A machine that runs in a task. When the last handle is dropped, the task ends.
pub struct Handle<C: Chart, H> {
    mailbox: mpsc::Sender<Message<C, H>>,
    state: watch::Receiver<C::State>,
    outputs: broadcast::Sender<C::Output>,
}

enum Message<C: Chart, H> {
    Event(C::Event, Option<oneshot::Sender<Result<Dispatch, SendError>>>),
    Tasks(oneshot::Sender<Vec<Open<C::Request>>>),
    Answer(u64, Box<dyn Any + Send>, oneshot::Sender<Result<Dispatch, AnswerError>>),
    Stop(oneshot::Sender<Machine<C, H>>),
}

impl<C: Chart, H> Clone for Handle<C, H> {
    fn clone(&self) -> Self {
        Self {
            mailbox: self.mailbox.clone(),
            state: self.state.clone(),
            outputs: self.outputs.clone(),
        }
    }
}

impl<C: Step<H> + Perform<H>, H> Machine<C, H>
where
    Self: Send + 'static,
    C::Event: Send,
    C::State: PartialEq + Send + Sync + 'static,
    C::Output: Clone + Send + 'static,
    C::Request: Clone + Send + Sync + 'static,
    C::Reply: Clone + Send + Sync + 'static,
{
    /// Moves the machine into a task. Its time goes on from where it stands. Outputs that were not
    /// taken before are lost, since nobody can listen yet. What a durable machine sends to others goes to
    /// nobody: instances of an engine have others that it can reach.
    ///
    /// The host of a machine with activities is shared with them, so it has to be `Clone`: put it
    /// into an [`Arc`](std::sync::Arc). Circuits, limits and caches are shared with all machines of
    /// the runtime, in tasks and in engines ([`Commons`]).
    ///
    /// # Panics
    /// Outside of a tokio runtime with time enabled.
    pub fn spawn(self) -> Handle<C, H> {
        self.spawn_with(&Commons::current())
    }

    /// As [`spawn`](Self::spawn), but circuits, limits and caches are shared with those machines
    /// only that are given the same.
    ///
    /// # Panics
    /// Outside of a tokio runtime with time enabled.
    pub fn spawn_with(self, commons: &Commons) -> Handle<C, H> {
        let (mailbox, messages) = mpsc::channel(MAILBOX_SIZE);
        let (state, seen) = watch::channel(self.state());
        let outputs = broadcast::Sender::new(OUTPUTS_KEPT);
        let clock = TaskClock { zero: self.now(), start: Instant::now() };
        let (ends, ended) = mpsc::unbounded_channel();
        let task = Task {
            host: C::share(self.host()),
            machine: self,
            clock,
            messages,
            ends,
            ended,
            running: Vec::new(),
            given_up: GivenUp::default(),
            courses: BTreeMap::new(),
            salt: RandomState::new().hash_one(()),
            commons: commons.clone(),
            state,
            outputs: outputs.clone(),
            failed: None,
        };
        tokio::spawn(task.run());
        Handle { mailbox, state: seen, outputs }
    }
}

impl<C: Chart, H> Handle<C, H> {
    /// Sends an event and waits until its step is made. Waits too while the mailbox is full.
    ///
    /// # Errors
    /// The machine has been stopped, or its step failed.
    pub async fn send(&self, event: C::Event) -> Result<Dispatch, SendError> {
        let (answer, answered) = oneshot::channel();
        let message = Message::Event(event, Some(answer));
        self.mailbox.send(message).await.map_err(|_| SendError::Stopped)?;
        answered.await.map_err(|_| SendError::Stopped)?
    }

    /// Sends an event and does not wait, neither for room nor for the answer.
    ///
    /// # Errors
    /// The mailbox is full, or the machine has been stopped.
    pub fn try_send(&self, event: C::Event) -> Result<(), SendError> {
        self.mailbox.try_send(Message::Event(event, None)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SendError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => SendError::Stopped,
        })
    }

    /// What people were asked and have not answered, the oldest first.
    ///
    /// # Errors
    /// The machine has been stopped.
    pub async fn tasks(&self) -> Result<Vec<Open<C::Request>>, SendError> {
        let (answer, answered) = oneshot::channel();
        self.mailbox.send(Message::Tasks(answer)).await.map_err(|_| SendError::Stopped)?;
        answered.await.map_err(|_| SendError::Stopped)
    }

    /// Answers what a person was asked, by the number of the invocation, and waits until the step is
    /// made.
    ///
    /// # Errors
    /// Nobody waits for the answer any more; it is of another type; the step fails; the machine has
    /// been stopped.
    pub async fn answer<T: Send + 'static>(
        &self,
        id: u64,
        answer: T,
    ) -> Result<Dispatch, AnswerError> {
        let (said, waited) = oneshot::channel();
        let message = Message::Answer(id, Box::new(Some(answer)), said);
        self.mailbox.send(message).await.map_err(|_| AnswerError::Stopped)?;
        waited.await.map_err(|_| AnswerError::Stopped)?
    }

    /// The configuration: the present one, and whenever it changes.
    pub fn state(&self) -> watch::Receiver<C::State> {
        self.state.clone()
    }

    /// The outputs from now on. The receiver ends when the machine has stopped and all handles are
    /// gone.
    pub fn outputs(&self) -> broadcast::Receiver<C::Output>
    where
        C::Output: Clone,
    {
        self.outputs.subscribe()
    }

    /// Stops the machine and gives it back: what waits in the mailbox is still taken, later events
    /// are refused. `None` if somebody else has stopped it, or its host has panicked.
    pub async fn stop(self) -> Option<Machine<C, H>> {
        let (answer, answered) = oneshot::channel();
        self.mailbox.send(Message::Stop(answer)).await.ok()?;
        answered.await.ok()
    }
}

/// The time of the machine at the start of the task, and how long that is ago.
struct TaskClock {
    zero: Duration,
    start: Instant,
}

impl Clock for TaskClock {
    fn now(&self) -> Duration {
        self.zero.saturating_add(self.start.elapsed())
    }
}

impl TaskClock {
    /// When it is so late; `None` if that is farther away than can be said.
    fn instant(&self, time: Duration) -> Option<Instant> {
        self.start.checked_add(time.saturating_sub(self.zero))
    }
}

struct Task<C: Perform<H>, H> {
    machine: Machine<C, H>,
    /// The host as activities share it.
    host: C::Shared,
    clock: TaskClock,
    messages: mpsc::Receiver<Message<C, H>>,
    /// Where activities say how they have ended, and by which invocation.
    ends: mpsc::UnboundedSender<(u64, C::Reply)>,
    ended: mpsc::UnboundedReceiver<(u64, C::Reply)>,
    /// Activities that run, by invocation.
    running: Vec<(u64, Ongoing)>,
    /// Those that nobody waits for any more.
    given_up: GivenUp,
    /// How far those have come that have something to fall back on.
    courses: BTreeMap<u64, Course>,
    /// For spreading pauses.
    salt: u64,
    commons: Commons,
    state: watch::Sender<C::State>,
    outputs: broadcast::Sender<C::Output>,
    /// The error of a timer or of an activity, behind which nothing goes on.
    failed: Option<StepError>,
}

/// What a task waits for.
enum Next<C: Chart, H> {
    Time,
    Ended(u64, C::Reply),
    Message(Option<Message<C, H>>),
}

impl<C: Step<H> + Perform<H>, H> Task<C, H>
where
    C::State: PartialEq,
    C::Output: Clone,
    C::Request: Clone + Send + Sync + 'static,
    C::Reply: Clone + Send + Sync + 'static,
{
    async fn run(mut self) {
        let mut stopper = None;
        self.perform();
        loop {
            let next = self.next().await;
            // Timers that are due come before what came later.
            self.advance();
            match next {
                Next::Time => {}
                Next::Ended(id, reply) => self.resume(id, reply),
                Next::Message(Some(Message::Event(event, answer))) => self.take(event, answer),
                Next::Message(Some(Message::Tasks(answer))) => {
                    // Somebody who has gone away does not want to know.
                    let _ = answer.send(self.open());
                }
                Next::Message(Some(Message::Answer(id, given, answer))) => {
                    let _ = answer.send(self.answer(id, given));
                }
                Next::Message(Some(Message::Stop(answer))) => {
                    self.messages.close();
                    // Only the first who stops the machine gets it.
                    stopper.get_or_insert(answer);
                }
                Next::Message(None) => break,
            }
            self.perform();
        }
        self.running.clear();
        if let Some(stopper) = stopper {
            // Nobody waits for the machine any more if this fails, so it is dropped.
            let _ = stopper.send(self.machine);
        }
    }

    async fn next(&mut self) -> Next<C, H> {
        let deadline = self.deadline();
        let (ended, messages) = (&mut self.ended, &mut self.messages);
        let next = poll_fn(|context| {
            if let Poll::Ready(Some((id, reply))) = ended.poll_recv(context) {
                return Poll::Ready(Next::Ended(id, reply));
            }
            messages.poll_recv(context).map(Next::Message)
        });
        match deadline {
            Some(at) => tokio::time::timeout_at(at, next).await.unwrap_or(Next::Time),
            None => next.await,
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let deadline = self.machine.next_deadline().filter(|_| self.failed.is_none())?;
        self.clock.instant(deadline)
    }

    fn advance(&mut self) {
        if self.failed.is_none() {
            self.failed = self.machine.advance(&self.clock).err();
            self.tell();
        }
    }

    /// The end of an activity; the step fails if nothing catches its error.
    fn resume(&mut self, id: u64, reply: C::Reply) {
        self.running.retain(|(running, _)| *running != id);
        if self.failed.is_none() {
            self.failed = self.machine.resume(id, reply).err();
            self.tell();
        }
    }

    /// Drops the activities that nobody waits for any more, and starts those that are asked for.
    fn perform(&mut self) {
        let revoked: Vec<u64> = self.machine.revoked().collect();
        self.given_up.add(self.running.extract_if(.., |(id, _)| revoked.contains(id)));
        for id in revoked {
            self.courses.remove(&id);
        }
        while let Some(invocation) = self.machine.next_request() {
            if invocation.asked.is_some() {
                // A person answers, or does not.
                continue;
            }
            let (id, request) = (invocation.id, invocation.request.clone());
            let has_fallback = !invocation.fallbacks.is_empty();
            let place = Place { invoke: invocation.invoke, call: invocation.call, has_fallback };
            let now = self.clock.start.elapsed();
            let begun = self.courses.remove(&id);
            let course = begun.map_or(Course::new(now), |c| c.of_fallback(place.call, now));
            if has_fallback {
                self.courses.insert(id, course);
            }
            let undoes = invocation.undoes.as_ref();
            let before = undoes.and_then(|back| self.given_up.end_of(back.id));
            let of_step = |id: u64| id.to_string();
            let key = if place.call == 0 { id.to_string() } else { format!("{id}/{}", place.call) };
            let cx = Cx::of(key, undoes.map(|back| back.undoing(of_step)));
            let (host, ends, of_task) = (self.host.clone(), self.ends.clone(), cx.clone());
            let (start, salt, commons) = (self.clock.start, self.salt, self.commons.clone());
            let task = tokio::spawn(async move {
                if let Some(before) = before {
                    before.await;
                }
                let way = Way { commons, place, course, start, salt };
                let reply = way.go::<C, H>(&host, &of_task, &request).await;
                // A machine that has stopped waits for no reply.
                let _ = ends.send((id, reply));
            });
            self.running.push((id, Ongoing { cx, task }));
        }
    }

    fn open(&self) -> Vec<Open<C::Request>> {
        let open = self.machine.tasks().filter_map(|(open, asked)| {
            let (question, request) = (C::question(open.invoke)?, open.request.clone());
            Some(Open { id: open.id, question, request, asked: asked.clone() })
        });
        open.collect()
    }

    fn answer(&mut self, id: u64, mut given: Box<dyn Any + Send>) -> Result<Dispatch, AnswerError> {
        if self.failed.is_some() {
            return Err(AnswerError::Stopped);
        }
        let said = self.machine.answer_any(id, &mut *given);
        self.tell();
        said
    }

    fn take(
        &mut self,
        event: C::Event,
        answer: Option<oneshot::Sender<Result<Dispatch, SendError>>>,
    ) {
        let result = match self.failed {
            Some(error) => Err(SendError::Failed(error)),
            None => self.machine.dispatch(event).map_err(SendError::Step),
        };
        self.tell();
        if let Some(answer) = answer {
            // A sender that has gone away does not want to know.
            let _ = answer.send(result);
        }
    }

    /// Tells state and outputs to those who listen, if there are any.
    fn tell(&mut self) {
        for output in self.machine.outputs() {
            let _ = self.outputs.send(output);
        }
        // Nobody delivers them.
        drop(self.machine.messages());
        let state = self.machine.state();
        self.state.send_if_modified(|seen| {
            let changed = *seen != state;
            *seen = state;
            changed
        });
    }
}

/// The way of a call through its attempts.
struct Way {
    commons: Commons,
    place: Place,
    course: Course,
    /// What its times are counted from.
    start: Instant,
    /// Another for each machine, so that those that fail together do not come back together.
    salt: u64,
}

impl Way {
    /// All attempts, until one has a result or there is no other.
    async fn go<C: Perform<H>, H>(
        mut self,
        host: &C::Shared,
        cx: &Cx,
        request: &C::Request,
    ) -> C::Reply
    where
        C::Reply: Clone + Send + Sync + 'static,
    {
        loop {
            let (now, number) = (self.start.elapsed(), self.course.attempt);
            cx.set_attempt(number);
            let of = (self.place, &self.course);
            let reply = self.commons.attempt::<C, H>(host, cx, request, of, now).await;
            let spread = self.salt ^ u64::from(number);
            let now = self.start.elapsed();
            match self.commons.behind::<C>(
                &mut self.course,
                self.place,
                &reply,
                (now, spread),
                None,
            ) {
                Behind::Again => sleep_until(self.start + self.course.due).await,
                Behind::Over | Behind::Spent => return reply,
            }
        }
    }
}
