//! The inside of a machine: everything that a step reads and changes.

use crate::activity::Invocation;
use crate::chart::{Chart, NONE};
use crate::clock::millis;
use crate::definition::Kind;
use crate::error::{Place, StepError};
use crate::fan_out::FanOf;
use crate::few::Few;
use crate::timers::{Due, Timers};
use crate::undo::Taken;
use std::collections::VecDeque;
use std::time::Duration;

/// Configuration, data, queues and timers of a machine.
pub struct Core<C: Chart> {
    /// The active leaf of each slot.
    pub leaves: C::Leaves,
    /// The data that all states share.
    pub context: C::Context,
    /// The data of states; kept when a state is left, for its history.
    pub data: C::Data,
    /// What was active when a remembered state was last left.
    pub histories: C::Histories,
    /// Raised events and completions.
    pub queue: VecDeque<Internal<C::Event>>,
    /// Events put off.
    pub deferred: Vec<C::Event>,
    /// What is due later.
    pub timers: Timers<C::Event>,
    /// Activities that were asked for and have not ended, the oldest first.
    pub invocations: Few<Invocation<C::Request>>,
    /// Fan-outs whose joins are not decided; their branches that run are among the invocations.
    pub fans: Vec<FanOf<C>>,
    /// How many there were so far.
    pub(crate) visits: u64,
    /// Steps of sagas that may have to be taken back, the last call of each.
    pub(crate) taken: Vec<Taken>,
    /// Activities that nobody waits for any more.
    pub(crate) revoked: Vec<u64>,
    /// What `emit` gave and nobody has taken.
    pub outputs: Vec<C::Output>,
    /// What was sent to other machines and nobody has taken.
    pub messages: Vec<C::Message>,
    /// The machine's time.
    pub now: Duration,
    /// The configuration has changed since deferred events were last tried.
    pub changed: bool,
    /// The final state of the machine has been entered.
    pub finished: bool,
    /// While a microstep is made: for each slot whose leaf has been left, the innermost state in it
    /// that stays.
    pub(crate) staying: C::Leaves,
    /// Room for the transitions that are chosen in a microstep.
    pub(crate) chosen: Vec<u32>,
}

/// What waits in the internal queue.
#[derive(Clone, Debug)]
pub enum Internal<E> {
    /// A raised event, or a deferred one that is tried again.
    Event(E),
    /// A state is complete.
    Done {
        /// Which.
        state: u16,
        /// The trigger of its `on done`.
        trigger: u32,
    },
    /// A fan-out was decided when it began.
    Joined {
        /// Which.
        fan_out: u16,
        /// The number that its first branch has, or would have.
        first: u64,
    },
}

impl<C: Chart> Core<C> {
    /// A machine in which nothing is active yet.
    #[inline]
    pub(crate) fn new(context: C::Context, now: Duration) -> Self {
        Self {
            leaves: C::NO_LEAVES,
            context,
            data: C::Data::default(),
            histories: C::NO_HISTORIES,
            queue: VecDeque::new(),
            deferred: Vec::new(),
            timers: Timers::default(),
            invocations: Few::None,
            fans: Vec::new(),
            visits: 0,
            taken: Vec::new(),
            revoked: Vec::new(),
            outputs: Vec::new(),
            messages: Vec::new(),
            now,
            changed: false,
            finished: false,
            staying: C::NO_LEAVES,
            chosen: Vec::new(),
        }
    }

    /// True if a state is active.
    #[inline]
    pub fn is_active(&self, state: u16) -> bool {
        is_active_in::<C>(&self.leaves, state)
    }

    /// The same while a microstep is made: a state counts until its exit effects have run, also if
    /// what is inside it has been left already.
    pub fn is_active_now(&self, state: u16) -> bool {
        let shape = &C::SHAPES[usize::from(state)];
        let slot = usize::from(shape.slot);
        let stays = || {
            let staying = self.staying.as_ref()[slot];
            staying != NONE && state <= staying && staying < shape.end
        };
        self.is_active(state) || (self.leaves.as_ref()[slot] == NONE && stays())
    }

    /// True if the child of the state, or of each of its regions, is final.
    pub fn is_complete(&self, state: u16) -> bool {
        let shape = &C::SHAPES[usize::from(state)];
        if shape.kind == Kind::Parallel {
            let mut region = state + 1;
            while region < shape.end {
                if !self.is_complete(region) {
                    return false;
                }
                region = C::SHAPES[usize::from(region)].end;
            }
            return true;
        }
        let leaf = self.leaves.as_ref()[usize::from(shape.slot)];
        C::LEAVES.get(usize::from(leaf)).is_some_and(|&leaf| {
            let leaf = &C::SHAPES[usize::from(leaf)];
            leaf.kind == Kind::Final && leaf.parent == state
        })
    }

    /// Raises an event.
    #[inline]
    pub fn raise(&mut self, event: C::Event) {
        self.queue.push_back(Internal::Event(event));
    }

    /// Deferred events are tried next, in their order.
    #[inline]
    pub(crate) fn try_deferred(&mut self) {
        for event in self.deferred.drain(..).rev() {
            self.queue.push_front(Internal::Event(event));
        }
    }

    /// Queues the completion of a state.
    #[inline]
    pub fn done(&mut self, state: u16, trigger: u32) {
        self.queue.push_back(Internal::Done { state, trigger });
    }

    /// Queues the completion of a parallel state if all of its regions are complete.
    #[inline]
    pub fn done_if_complete(&mut self, state: u16, trigger: u32) {
        if self.is_complete(state) {
            self.done(state, trigger);
        }
    }

    /// Raises an event later.
    ///
    /// # Errors
    /// The deadline does not fit.
    pub fn raise_after(
        &mut self,
        event: C::Event,
        delay: Duration,
        place: &'static Place,
    ) -> Result<(), StepError> {
        let deadline = self.deadline(delay, place)?;
        self.timers.set(deadline, Due::Event(event));
        Ok(())
    }

    /// Raises an event later; the deadline stops at the end of time.
    pub fn raise_surely_after(&mut self, event: C::Event, delay: Duration) {
        self.timers.set(self.now.saturating_add(delay), Due::Event(event));
    }

    /// Sends an event to another machine.
    pub fn send(&mut self, message: C::Message) {
        self.messages.push(message);
    }

    /// Drops what `raise .. after` has pending of an event.
    pub fn cancel(&mut self, trigger: u32) {
        self.timers.cancel_events(|event| C::trigger(event) == trigger);
    }

    /// Starts `after`.
    ///
    /// # Errors
    /// The deadline does not fit.
    pub fn after(
        &mut self,
        id: u16,
        delay: Duration,
        place: &'static Place,
    ) -> Result<(), StepError> {
        let deadline = self.deadline(delay, place)?;
        self.timers.set(deadline, Due::Timer { id, period: None });
        Ok(())
    }

    /// Starts `every`.
    ///
    /// # Errors
    /// The deadline does not fit, or the period is zero.
    pub fn every(
        &mut self,
        id: u16,
        period: Duration,
        place: &'static Place,
    ) -> Result<(), StepError> {
        if period.is_zero() {
            return Err(StepError::DurationOutOfRange(place));
        }
        let deadline = self.deadline(period, place)?;
        self.timers.set(deadline, Due::Timer { id, period: Some(period) });
        Ok(())
    }

    /// Starts `after`; the deadline stops at the end of time.
    pub fn surely_after(&mut self, id: u16, delay: Duration) {
        let due = Due::Timer { id, period: None };
        self.timers.set(self.now.saturating_add(delay), due);
    }

    /// Starts `every` with a period that is not zero; the deadline stops at the end of time.
    pub fn surely_every(&mut self, id: u16, period: Duration) {
        let due = Due::Timer { id, period: Some(period) };
        self.timers.set(self.now.saturating_add(period), due);
    }

    fn deadline(&self, delay: Duration, place: &'static Place) -> Result<Duration, StepError> {
        self.now.checked_add(delay).ok_or(StepError::DurationOutOfRange(place))
    }

    /// Time since `then`, in whole milliseconds.
    pub fn since(&self, then: Duration) -> Duration {
        Duration::from_millis(millis(self.now.saturating_sub(then)))
    }

    /// Asks for an activity.
    #[inline(always)]
    pub fn invoke(&mut self, invoke: u16, request: C::Request) {
        self.ask(invoke, request, Vec::new());
    }

    /// Asks for an activity that others stand in for if it fails.
    pub fn invoke_chain<const N: usize>(
        &mut self,
        invoke: u16,
        request: C::Request,
        fallbacks: [C::Request; N],
    ) {
        let mut fallbacks = Vec::from(fallbacks);
        fallbacks.reverse();
        self.ask(invoke, request, fallbacks);
    }

    #[inline(always)]
    fn ask(&mut self, invoke: u16, request: C::Request, fallbacks: Vec<C::Request>) {
        self.visits += 1;
        let (id, call, asked, told) = (self.visits, 0, None, false);
        let undoes = if C::UNDOES.is_empty() { None } else { self.note_asked(invoke, id) };
        self.invocations.push_with(|| Invocation {
            id,
            invoke,
            request,
            call,
            fallbacks,
            asked,
            undoes,
            told,
        });
    }

    /// Nobody waits any more for what an `invoke` has asked for.
    #[inline]
    pub fn revoke(&mut self, invoke: u16) {
        let at = self.invocations.iter().position(|running| running.invoke == invoke);
        let revoked = at.and_then(|at| self.invocations.remove(at));
        self.revoked.extend(revoked.filter(|revoked| revoked.told).map(|revoked| revoked.id));
    }

    /// The next activity that has not been told yet.
    #[inline]
    pub(crate) fn tell_next(&mut self) -> Option<&Invocation<C::Request>> {
        let next = self.invocations.iter_mut().find(|invocation| !invocation.told)?;
        next.told = true;
        Some(next)
    }

    /// Drops everything that is still to come: the machine is finished.
    pub(crate) fn drop_pending(&mut self) {
        let running = self.invocations.iter().filter(|invocation| invocation.told);
        self.revoked.extend(running.map(|invocation| invocation.id));
        self.invocations.clear();
        self.fans.clear();
        self.queue.clear();
        self.deferred.clear();
        self.timers.clear();
    }
}

/// True if a state is active in a configuration.
#[inline]
pub fn is_active_in<C: Chart>(leaves: &C::Leaves, state: u16) -> bool {
    let shape = &C::SHAPES[usize::from(state)];
    let leaf = leaves.as_ref()[usize::from(shape.slot)];
    leaf != NONE && shape.first_leaf <= leaf && leaf < shape.end_leaf
}

/// Copying, for putting a machine back when a step fails.
impl<C: Chart> Core<C>
where
    C::Context: Clone,
    C::Data: Clone,
    C::Event: Clone,
    C::Request: Clone,
{
    /// A copy without the outputs and messages.
    pub(crate) fn fork(&self) -> Self {
        let mut copy = Self::new(self.context.clone(), self.now);
        copy.copy_from(self);
        copy
    }

    /// Takes over all but the outputs and messages; lists keep their room.
    pub(crate) fn copy_from(&mut self, source: &Self) {
        self.leaves = source.leaves;
        self.context.clone_from(&source.context);
        self.data.clone_from(&source.data);
        self.histories.clone_from(&source.histories);
        self.queue.clone_from(&source.queue);
        self.deferred.clone_from(&source.deferred);
        self.timers.clone_from(&source.timers);
        self.invocations.clone_from(&source.invocations);
        self.fans.clone_from(&source.fans);
        self.visits = source.visits;
        self.taken.clone_from(&source.taken);
        self.revoked.clone_from(&source.revoked);
        self.now = source.now;
        self.changed = source.changed;
        self.finished = source.finished;
        self.staying = source.staying;
    }
}
