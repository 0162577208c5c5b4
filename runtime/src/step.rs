//! One macrostep: an event or timer, then eventless transitions and the internal queue until
//! nothing is enabled.

use crate::activity::Failure;
use crate::chart::{Answer, Chart, Flat, Run, code};
use crate::core::{Core, Internal};
use crate::error::StepError;
use crate::fan_out;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// More microsteps than this in one macrostep mean an eventless loop that nobody meant.
pub const MICROSTEP_LIMIT: usize = 1000;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dispatch {
    /// A transition was taken.
    Handled,
    /// It is kept until the configuration has changed.
    Deferred,
    /// A state says that it is to be dropped.
    Ignored,
    /// Nothing handles it here, or no guard was true.
    Unhandled,
    /// An activity has failed, and what stands in for it was asked for; or it is a branch of a fan-out
    /// that goes on: nothing else has happened.
    Pending,
}

/// Why a step is made.
#[derive(Debug)]
pub enum Cause<'r, E, R> {
    /// The machine starts.
    Start,
    /// An event.
    Event(E),
    /// A timer.
    Timer(u32),
    /// An instance goes on with another program: what waits in it is looked at with the eyes of this one.
    Carried,
    /// An activity has ended.
    Reply {
        /// Its place among those that run.
        at: usize,
        /// What that leads to.
        answer: Answer,
        /// How it has ended; taken out by the transition that needs all of it. Behind a reference,
        /// since a large value that is moved about costs more than the rest of a step.
        reply: &'r mut Option<R>,
    },
}

/// Room for recorded steps, kept from step to step.
pub struct Scratch<C: Chart> {
    saved: Option<Box<Saved<C>>>,
    /// What is saved is what was before the present step.
    is_saved: bool,
    pub(crate) calls: C::Calls,
}

/// What a step that fails is put back to.
struct Saved<C: Chart> {
    core: Core<C>,
    /// How many outputs there were.
    outputs: usize,
    /// How many messages there were.
    messages: usize,
}

impl<C: Chart> Scratch<C>
where
    C::Context: Clone,
    C::Data: Clone,
    C::Event: Clone,
    C::Request: Clone,
{
    /// There is no step that could be taken back: a new one begins.
    #[cfg(feature = "engine")]
    pub(crate) fn forget(&mut self) {
        self.is_saved = false;
    }

    /// Puts a machine back to where it was before the step that was tried last.
    pub(crate) fn take_back(&mut self, core: &mut Core<C>) {
        if let Some(saved) = self.saved.as_ref().filter(|_| self.is_saved) {
            core.copy_from(&saved.core);
            core.outputs.truncate(saved.outputs);
            core.messages.truncate(saved.messages);
        }
        self.calls = C::Calls::default();
    }
}

impl<C: Chart> Default for Scratch<C> {
    fn default() -> Self {
        Self { saved: None, is_saved: false, calls: C::Calls::default() }
    }
}

/// A step whose effects happen at once. Right where nothing can fail behind the first effect.
///
/// # Errors
/// A value that cannot be calculated.
#[inline(always)]
pub fn direct<C: Run<H, H>, H>(
    core: &mut Core<C>,
    host: &mut H,
    cause: Cause<'_, C::Event, C::Reply>,
) -> Result<Dispatch, StepError> {
    macrostep::<C, H, H>(core, host, cause)
}

/// A step whose actions are recorded, and called when all of it has succeeded.
///
/// # Errors
/// A value that cannot be calculated, too many microsteps, a violated invariant.
pub fn recorded<C, H, K: Default>(
    core: &mut Core<C>,
    scratch: &mut Scratch<C>,
    host: &mut H,
    cause: Cause<'_, C::Event, C::Reply>,
    play: impl FnOnce(&mut K, &mut H),
) -> Result<Dispatch, StepError>
where
    C: Chart<Calls = K> + Run<H, K>,
    C::Context: Clone,
    C::Data: Clone,
    C::Event: Clone,
    C::Request: Clone,
{
    let dispatch = decided::<C, H, K>(core, scratch, cause)?;
    play(&mut scratch.calls, host);
    Ok(dispatch)
}

/// A step whose actions are recorded and left in the scratch.
///
/// # Errors
/// A value that cannot be calculated, too many microsteps, a violated invariant.
pub fn decided<C, L, K: Default>(
    core: &mut Core<C>,
    scratch: &mut Scratch<C>,
    cause: Cause<'_, C::Event, C::Reply>,
) -> Result<Dispatch, StepError>
where
    C: Chart<Calls = K> + Run<L, K>,
    C::Context: Clone,
    C::Data: Clone,
    C::Event: Clone,
    C::Request: Clone,
{
    scratch.is_saved = false;
    let cause = match noted::<C, L, K>(core, cause)? {
        ControlFlow::Break(dispatch) => return Ok(dispatch),
        ControlFlow::Continue(cause) => cause,
    };
    let (outputs, messages) = (core.outputs.len(), core.messages.len());
    match &mut scratch.saved {
        Some(saved) => {
            saved.core.copy_from(core);
            (saved.outputs, saved.messages) = (outputs, messages);
        }
        None => scratch.saved = Some(Box::new(Saved { core: core.fork(), outputs, messages })),
    }
    scratch.is_saved = true;
    let done = macrostep::<C, L, K>(core, &mut scratch.calls, cause).and_then(|dispatch| {
        match dispatch {
            // Nothing has happened that they could hold for.
            Dispatch::Pending => Ok(dispatch),
            _ => C::invariants(core).map(|()| dispatch),
        }
    });
    if done.is_err() {
        scratch.take_back(core);
    }
    done
}

#[inline(always)]
fn macrostep<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    cause: Cause<'_, C::Event, C::Reply>,
) -> Result<Dispatch, StepError> {
    let dispatch = match cause {
        Cause::Start => {
            C::start(core, actions)?;
            Dispatch::Handled
        }
        Cause::Carried => {
            core.try_deferred();
            settle::<C, L, A>(core, actions)?;
            return Ok(Dispatch::Handled);
        }
        Cause::Timer(trigger) => C::react(core, actions, trigger, C::nothing())?,
        Cause::Reply { at, answer: Answer::End(trigger), reply } => {
            accept::<C, L, A>(core, actions, at, trigger, reply)?
        }
        Cause::Reply { at, answer: Answer::FallBack, .. } => {
            match fall_back::<C, L, A>(core, actions, at)? {
                Dispatch::Pending => return Ok(Dispatch::Pending),
                dispatch => dispatch,
            }
        }
        Cause::Reply { at, answer: Answer::Branch(trigger), reply } => {
            join::<C, L, A>(core, actions, at, trigger, reply)?
        }
        Cause::Event(event) => offer::<C, L, A>(core, actions, event)?,
    };
    if C::ALWAYS.is_some() || C::HAS_QUEUE || C::HAS_DEFER {
        settle::<C, L, A>(core, actions)?;
    } else if C::ENDS_TIMERS && core.finished {
        core.drop_pending();
    }
    Ok(dispatch)
}

/// One microstep with an event, or puts it off.
#[inline(always)]
fn offer<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    event: C::Event,
) -> Result<Dispatch, StepError> {
    let dispatch = C::react(core, actions, C::trigger(&event), C::given(&event))?;
    if C::HAS_DEFER && dispatch == Dispatch::Deferred {
        core.deferred.push(event);
    }
    Ok(dispatch)
}

/// One microstep with the end of an activity. An error that nothing catches is one of the step: the
/// machine goes on waiting for the activity.
#[inline(always)]
fn accept<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    at: usize,
    trigger: u32,
    reply: &mut Option<C::Reply>,
) -> Result<Dispatch, StepError> {
    let is_error = reply.as_ref().is_some_and(C::is_error);
    let invocation = core.invocations.remove(at);
    if !C::UNDOES.is_empty() && !is_error {
        invocation.iter().for_each(|invocation| core.note_done(invocation.id));
    }
    let made = C::react(core, actions, trigger, C::given_reply(reply)).and_then(|dispatch| {
        let uncaught = is_error && dispatch == Dispatch::Unhandled;
        if uncaught { Err(StepError::Uncaught) } else { Ok(dispatch) }
    });
    if made.is_err() {
        // What fails behind its first change is put back as a whole, whatever stands here.
        if let Some(invocation) = invocation {
            core.invocations.insert(at, invocation);
        }
    }
    made
}

/// What became of an end that may be one of many: all that is to be said of it, or what is to be done.
type Noted<'r, C> = ControlFlow<Dispatch, Cause<'r, <C as Chart>::Event, <C as Chart>::Reply>>;

/// The end of a branch of a fan-out that goes on, which is noted and nothing else: so a machine with
/// many branches is not copied for each of them.
fn noted<'r, C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    cause: Cause<'r, C::Event, C::Reply>,
) -> Result<Noted<'r, C>, StepError> {
    let Cause::Reply { at, mut answer, reply } = cause else {
        return Ok(ControlFlow::Continue(cause));
    };
    let branch = if C::FAN_OUTS.is_empty() { None } else { core.branch(at) };
    let Some((fan, branch)) = branch else {
        return Ok(ControlFlow::Continue(Cause::Reply { at, answer, reply }));
    };
    if answer == Answer::FallBack {
        let next = core.invocations[at].fallbacks.last().ok_or(StepError::WrongReply)?;
        let calculated = C::calculate(next);
        let invocation = &mut core.invocations[at];
        let Some(calculated) = calculated else {
            invocation.fall_back();
            return Ok(ControlFlow::Break(Dispatch::Pending));
        };
        let call = invocation.call + 1;
        answer = C::answer(invocation.invoke, call, &calculated).ok_or(StepError::WrongReply)?;
        *reply = Some(calculated);
    }
    if reply.as_ref().is_some_and(|reply| !core.decides(fan, C::is_error(reply)))
        && let Some(reply) = reply.take()
    {
        core.branch_ended(at, (fan, branch), reply);
        return Ok(ControlFlow::Break(Dispatch::Pending));
    }
    Ok(ControlFlow::Continue(Cause::Reply { at, answer, reply }))
}

/// One microstep with the end of a fan-out, which one of its branches has decided. The step is
/// recorded, so that what fails is put back.
fn join<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    at: usize,
    trigger: u32,
    reply: &mut Option<C::Reply>,
) -> Result<Dispatch, StepError> {
    let (Some((fan, branch)), Some(decided)) = (core.branch(at), reply.as_ref()) else {
        return Err(StepError::WrongReply);
    };
    core.branch_ended(at, (fan, branch), decided.clone());
    if core.has_succeeded(fan) {
        return succeed::<C, L, A>(core, actions, fan);
    }
    let closed = core.close(fan);
    let failure = fan_out::failure::<C>(&closed, decided);
    caught::<C, L, A>(core, actions, trigger, reply, &failure)
}

/// One microstep with what a fan-out gives.
fn succeed<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    fan: usize,
) -> Result<Dispatch, StepError> {
    let closed = core.close(fan);
    let joined = C::joined(core, &closed)?;
    let trigger = C::FAN_OUTS[usize::from(closed.fan_out)].result;
    C::react(core, actions, trigger, C::given_joined(&mut Some(joined)))
}

/// One microstep with the failure of a fan-out.
fn caught<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    trigger: u32,
    reply: &mut Option<C::Reply>,
    failure: &Failure,
) -> Result<Dispatch, StepError> {
    match C::react(core, actions, trigger, C::given_failed(reply, failure))? {
        Dispatch::Unhandled => Err(StepError::Uncaught),
        dispatch => Ok(dispatch),
    }
}

/// Asks for what stands in for an activity that has failed. A function gives its result at once.
fn fall_back<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    at: usize,
) -> Result<Dispatch, StepError> {
    let invocation = &mut core.invocations[at];
    // The chart falls back only where there is something to fall back on.
    let Some(request) = invocation.fallbacks.pop() else { return Err(StepError::WrongReply) };
    let calculated = C::calculate(&request);
    let before = std::mem::replace(&mut invocation.request, request);
    invocation.call += 1;
    let Some(calculated) = calculated else {
        invocation.told = false;
        return Ok(Dispatch::Pending);
    };
    let answer = C::answer(invocation.invoke, invocation.call, &calculated);
    let made = match answer {
        Some(Answer::End(trigger)) => {
            accept::<C, L, A>(core, actions, at, trigger, &mut Some(calculated))
        }
        _ => Err(StepError::WrongReply),
    };
    if made.is_err()
        && let Some(invocation) = core.invocations.get_mut(at)
    {
        invocation.call -= 1;
        let request = std::mem::replace(&mut invocation.request, before);
        invocation.fallbacks.push(request);
    }
    made
}

/// Eventless transitions, then deferred events if the configuration has changed, then the internal
/// queue, until all is quiet.
fn settle<C: Run<L, A>, L, A>(core: &mut Core<C>, actions: &mut A) -> Result<(), StepError> {
    // Deferred events that are tried again are no loop, however many have piled up.
    let limit = MICROSTEP_LIMIT + core.deferred.len() + core.queue.len();
    for _ in 0..limit {
        if core.finished {
            core.drop_pending();
            return Ok(());
        }
        if let Some(always) = C::ALWAYS
            && C::react(core, actions, always, C::nothing())? == Dispatch::Handled
        {
            continue;
        }
        if C::HAS_DEFER && core.changed {
            core.changed = false;
            core.try_deferred();
        }
        match core.queue.pop_front() {
            Some(next) => take::<C, L, A>(core, actions, next)?,
            None => return Ok(()),
        }
    }
    Err(StepError::MicrostepLimit(MICROSTEP_LIMIT))
}

fn take<C: Run<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    next: Internal<C::Event>,
) -> Result<(), StepError> {
    match next {
        Internal::Event(event) => offer::<C, L, A>(core, actions, event).map(|_| ()),
        // The state may have been left, or gone on, since.
        Internal::Done { state, trigger } if core.is_active(state) && core.is_complete(state) => {
            C::react(core, actions, trigger, C::nothing()).map(|_| ())
        }
        Internal::Done { .. } => Ok(()),
        Internal::Joined { fan_out, first } => {
            let own = core.fans.iter().enumerate();
            let mut own = own.filter(|(_, f)| f.fan_out == fan_out && f.first == first);
            // Its state may have been left since.
            let Some((at, fan)) = own.next() else { return Ok(()) };
            let failure = fan.failure.clone();
            if let Some(failure) = failure {
                core.close(at);
                let trigger = C::FAN_OUTS[usize::from(fan_out)].unexpected;
                return caught::<C, L, A>(core, actions, trigger, &mut None, &failure).map(|_| ());
            }
            match core.failed(at) {
                None => succeed::<C, L, A>(core, actions, at).map(|_| ()),
                Some((trigger, reply)) => {
                    let failure = fan_out::failure::<C>(&core.close(at), &reply);
                    let reply = &mut Some(reply);
                    caught::<C, L, A>(core, actions, trigger, reply, &failure).map(|_| ())
                }
            }
        }
    }
}

/// A microstep of a machine without parallel states: one look at the table, and code only where
/// there is something to do besides going to another leaf.
///
/// # Errors
/// A value that cannot be calculated.
#[inline]
pub fn react_flat<C: Flat<L, A>, L, A>(
    core: &mut Core<C>,
    actions: &mut A,
    trigger: u32,
    given: C::Given<'_>,
) -> Result<Dispatch, StepError> {
    let leaf = &mut core.leaves.as_mut()[0];
    let found = C::code(*leaf, trigger);
    let leaves = C::LEAVES.len() as u32;
    if found < leaves {
        // The table holds numbers of leaves here, which fit.
        *leaf = found as u16;
        if C::HAS_DEFER {
            core.changed = true;
        }
        return Ok(Dispatch::Handled);
    }
    match found - leaves {
        code::UNHANDLED => Ok(Dispatch::Unhandled),
        code::IGNORED => Ok(Dispatch::Ignored),
        code::DEFERRED => Ok(Dispatch::Deferred),
        row => C::row(core, actions, row - code::ROWS, given),
    }
}
