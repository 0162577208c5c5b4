//! A machine that runs: the generated chart, its host, and where it stands.

use crate::activity::Invocation;
use crate::chart::{Chart, Step};
use crate::clock::Clock;
use crate::core::Core;
use crate::definition::Definition;
use crate::error::{RestoreError, StepError};
use crate::people::{AnswerError, Asked};
use crate::snapshot;
use crate::step::{Cause, Dispatch, MICROSTEP_LIMIT, Scratch};
use crate::timers::fire;
use std::any::Any;
use std::time::Duration;

/// A running machine. Each generated module has the type for its machine, called `Machine` there.
///
/// It is a plain value: nothing runs by itself. Events go in through [`Machine::dispatch`], time
/// through [`Machine::advance`].
pub struct Machine<C: Chart, H> {
    core: Core<C>,
    scratch: Scratch<C>,
    host: H,
}

impl<C: Step<H>, H> Machine<C, H> {
    /// Starts a machine at time zero: enters its initial states.
    ///
    /// # Errors
    /// A value that cannot be calculated, or too many microsteps.
    #[inline]
    pub fn new(host: H, start: C::Start) -> Result<Self, StepError> {
        Self::new_at(host, start, &Duration::ZERO)
    }

    /// Starts a machine at the clock's time.
    ///
    /// # Errors
    /// A value that cannot be calculated, or too many microsteps.
    #[inline]
    pub fn new_at(host: H, start: C::Start, clock: &impl Clock) -> Result<Self, StepError> {
        let core = Core::new(C::begin(start)?, clock.now());
        // Made where it is returned: moving it costs more than starting it.
        let mut made = Ok(Self { core, scratch: Scratch::default(), host });
        if let Ok(machine) = &mut made
            && let Err(error) = machine.step(Cause::Start)
        {
            made = Err(error);
        }
        made
    }

    /// Takes one event through one macrostep, at the machine's present time.
    ///
    /// # Errors
    /// A value that cannot be calculated, too many microsteps, in debug builds a violated
    /// invariant. The machine is then as it was before, and no action was called.
    #[inline]
    pub fn dispatch(&mut self, event: C::Event) -> Result<Dispatch, StepError> {
        self.step(Cause::Event(event))
    }

    /// Puts the machine's time forward to the clock's. What is due up to then happens on the way,
    /// in the order of deadlines, each at its own time. Gives the number of timers and delayed
    /// events that were due. A clock that is behind the machine's time changes nothing.
    ///
    /// # Errors
    /// As for [`Machine::dispatch`]. The timer whose step failed is still due, and the time is
    /// that of the one before it. Timers without delay that set each other without end are an
    /// error too.
    pub fn advance(&mut self, clock: &impl Clock) -> Result<usize, StepError> {
        let until = clock.now().max(self.core.now);
        let (mut fired, mut at, mut left) = (0, None, 0_usize);
        while let Some(pending) = self.core.timers.take_due(until) {
            if at != Some(pending.deadline) {
                at = Some(pending.deadline);
                left = MICROSTEP_LIMIT + self.core.timers.len();
            } else if left == 0 {
                self.core.timers.put_back(pending);
                return Err(StepError::TimerLimit(MICROSTEP_LIMIT));
            }
            left -= 1;
            let (scratch, host) = (&mut self.scratch, &mut self.host);
            fire(&mut self.core, pending, |core, cause| C::step(core, scratch, host, cause))?;
            fired += 1;
        }
        self.core.now = until;
        Ok(fired)
    }

    /// The next activity that the machine asks for, if there is one: carry it out, and give its end to
    /// [`Machine::resume`]. Each is told once, in the order in which their states were entered, and
    /// again under the same id when it has failed and the request is that of its fallback; a
    /// machine that was restored tells those again that had not ended.
    #[inline]
    pub fn next_request(&mut self) -> Option<&Invocation<C::Request>> {
        self.core.tell_next()
    }

    /// Takes those activities that were told and that nobody waits for any more, since their state was
    /// left: by the id of the invocation.
    pub fn revoked(&mut self) -> impl Iterator<Item = u64> + '_ {
        self.core.revoked.drain(..)
    }

    /// Takes the end of an activity through one macrostep. That of one that nobody waits for is
    /// `Ignored`.
    ///
    /// # Errors
    /// As for [`Machine::dispatch`]; an error that no state catches; a reply to another activity. The
    /// machine goes on waiting for the activity then.
    #[inline]
    pub fn resume(&mut self, id: u64, reply: C::Reply) -> Result<Dispatch, StepError> {
        let mut reply = Some(reply);
        let Some(at) = self.core.invocations.iter().position(|running| running.id == id) else {
            return Ok(Dispatch::Ignored);
        };
        let asked = &self.core.invocations[at];
        let answer = reply.as_ref().and_then(|reply| C::answer(asked.invoke, asked.call, reply));
        let answer = answer.ok_or(StepError::WrongReply)?;
        self.step(Cause::Reply { at, answer, reply: &mut reply })
    }

    /// Takes the answer of a person to an invocation through one macrostep.
    ///
    /// # Errors
    /// Nobody waits for it any more; it is of another type; the step fails. See [`AnswerError`].
    pub fn answer<T: 'static>(&mut self, id: u64, answer: T) -> Result<Dispatch, AnswerError> {
        self.answer_any(id, &mut Some(answer))
    }

    /// The same for an answer whose type is not known here: an `Option` of it, which is taken.
    pub(crate) fn answer_any(
        &mut self,
        id: u64,
        answer: &mut dyn Any,
    ) -> Result<Dispatch, AnswerError> {
        let reply = self.core.reply_of(id, answer)?;
        Ok(self.resume(id, reply)?)
    }

    #[inline(always)]
    fn step(&mut self, cause: Cause<'_, C::Event, C::Reply>) -> Result<Dispatch, StepError> {
        C::step(&mut self.core, &mut self.scratch, &mut self.host, cause)
    }
}

/// Looking.
impl<C: Chart, H> Machine<C, H> {
    /// The configuration: which states are active, with their data.
    pub fn state(&self) -> C::State {
        C::state(&self.core)
    }

    /// True if a state is active, be it innermost or around others.
    pub fn is_in(&self, state: C::In) -> bool {
        self.core.is_active(state.into())
    }

    /// The data that all states share.
    pub fn context(&self) -> &C::Context {
        &self.core.context
    }

    /// True if the machine's final state has been entered: every event is `Unhandled` from then on.
    pub fn is_finished(&self) -> bool {
        self.core.finished
    }

    /// The machine's time: that of its start, or of the last [`Machine::advance`].
    pub fn now(&self) -> Duration {
        self.core.now
    }

    /// When the next timer or delayed event is due.
    pub fn next_deadline(&self) -> Option<Duration> {
        self.core.timers.next_deadline()
    }

    /// Activities that were asked for and have not ended, the oldest first.
    pub fn running(&self) -> &[Invocation<C::Request>] {
        &self.core.invocations
    }

    /// What people were asked and have not answered, the oldest first; how with each.
    pub fn tasks(&self) -> impl Iterator<Item = (&Invocation<C::Request>, &Asked)> {
        self.core.open()
    }

    /// The number of events that are put off.
    pub fn deferred(&self) -> usize {
        self.core.deferred.len()
    }

    /// The host.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// The host, to change it.
    pub fn host_mut(&mut self) -> &mut H {
        &mut self.host
    }

    /// Gives the host back.
    pub fn into_host(self) -> H {
        self.host
    }

    /// The data that all states share, when the machine is not needed any more.
    #[inline]
    pub fn into_context(self) -> C::Context {
        self.core.context
    }

    /// Takes the outputs that were emitted since they were last taken, first in front. They are
    /// kept until then.
    pub fn outputs(&mut self) -> impl Iterator<Item = C::Output> + '_ {
        self.core.outputs.drain(..)
    }

    /// Takes the messages to other machines, first in front. An engine delivers those of its
    /// instances; those of a machine that is a plain value are for whoever drives it.
    pub fn messages(&mut self) -> impl Iterator<Item = C::Message> + '_ {
        self.core.messages.drain(..)
    }

    /// Names and places for tools.
    pub fn definition(&self) -> &'static Definition {
        C::definition()
    }
}

/// Saving.
impl<C: Chart, H> Machine<C, H> {
    /// The machine as data, without its host.
    pub fn snapshot(&self) -> snapshot::Of<C>
    where
        C::Context: Clone,
        C::Data: Clone,
        C::Event: Clone,
        C::Output: Clone,
        C::Request: Clone,
        C::Message: Clone,
    {
        snapshot::take(&self.core)
    }

    /// A machine that goes on where a snapshot was taken, at the same time. No state is entered.
    ///
    /// # Errors
    /// The snapshot does not fit this machine.
    pub fn restore(host: H, snapshot: snapshot::Of<C>) -> Result<Self, RestoreError> {
        let core = snapshot::restore::<C>(snapshot, None)?;
        Ok(Self { core, scratch: Scratch::default(), host })
    }

    /// The same at the clock's time: what was due in so long is due in so long from now. For a
    /// clock that has another zero than the one before.
    ///
    /// # Errors
    /// The snapshot does not fit this machine.
    pub fn restore_at(
        host: H,
        snapshot: snapshot::Of<C>,
        clock: &impl Clock,
    ) -> Result<Self, RestoreError> {
        let core = snapshot::restore::<C>(snapshot, Some(&clock.now()))?;
        Ok(Self { core, scratch: Scratch::default(), host })
    }
}

impl<C: Chart, H> std::fmt::Debug for Machine<C, H>
where
    C::State: std::fmt::Debug,
    C::Context: std::fmt::Debug,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct(C::definition().name)
            .field("state", &self.state())
            .field("context", self.context())
            .finish_non_exhaustive()
    }
}
