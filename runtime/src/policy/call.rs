//! One attempt of a call, with all that its policy puts around it.

use super::course::{Course, End, Next};
use super::gate::{Refusal, attempt};
use super::{Commons, Fault, FaultKind, Policy};
use crate::activity::{Cx, Failure, Perform, caught};
use crate::chart::Chart;
use std::time::Duration;
use tokio::time::timeout;

/// A call of an `invoke`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) invoke: u16,
    pub(crate) call: u16,
    /// There is something to fall back on.
    pub(crate) has_fallback: bool,
}

impl Place {
    fn policy<C: Chart>(self) -> Option<&'static Policy> {
        C::policy(self.invoke, self.call)
    }

    /// The policies of the call, and of the first of its chain.
    fn policies<C: Chart>(self) -> (Option<&'static Policy>, Option<&'static Policy>) {
        (self.policy::<C>(), C::policy(self.invoke, 0))
    }
}

impl Commons {
    /// Makes one attempt.
    pub(crate) async fn attempt<C: Perform<H>, H>(
        &self,
        host: &C::Shared,
        cx: &Cx,
        request: &C::Request,
        (place, course): (Place, &Course),
        now: Duration,
    ) -> C::Reply
    where
        C::Reply: Clone + Send + Sync + 'static,
    {
        let sharing = C::sharing(request);
        if let Some(kept) = sharing.cache.as_ref().and_then(|(key, _)| self.all().shared.find(key))
        {
            return kept;
        }
        let (own, first) = place.policies::<C>();
        let run = self.limited::<C, H>(host, cx, request, own, course.attempt);
        let run = async {
            match &sharing.coalesce {
                Some(key) => self.all().shared.together(key, run).await,
                None => run.await,
            }
        };
        // Around all of it: who waits for the call of another has a deadline too.
        let late = || {
            let failure = Failure::new(Failure::DEADLINE, "the time for all attempts is over");
            C::unexpected(request, failure)
        };
        let reply = match course.deadline(own, first).map(|deadline| deadline.checked_sub(now)) {
            None => run.await,
            Some(Some(left)) if !left.is_zero() => {
                timeout(left, run).await.unwrap_or_else(|_| late())
            }
            Some(_) => late(),
        };
        let reply = match course.unsure && C::STEPS.contains(&place.invoke) {
            true => unsure::<C, H>(request, reply),
            false => reply,
        };
        if let Some((key, time)) = sharing.cache
            && C::failure(&reply).is_none()
        {
            self.all().shared.keep(key, reply.clone(), time);
        }
        reply
    }

    /// The attempt through the gate of its policy; what does not get through fails.
    async fn limited<C: Perform<H>, H>(
        &self,
        host: &C::Shared,
        cx: &Cx,
        request: &C::Request,
        policy: Option<&'static Policy>,
        number: u32,
    ) -> C::Reply {
        let run = async {
            let panicked = |text: String| {
                let failure = Failure::new(Failure::UNEXPECTED, format!("panicked: {text}"));
                C::unexpected(request, failure)
            };
            caught(C::perform(host, cx, request)).await.unwrap_or_else(panicked)
        };
        let Some(policy) = policy else { return run.await };
        let gate = self.all().gates.of(policy);
        if number == 1 {
            gate.iter().for_each(|gate| gate.count_call());
        }
        let went_well = |reply: &C::Reply| {
            C::fault(reply).is_none_or(|fault| fault.kind == FaultKind::Permanent)
        };
        let ended = attempt(policy, gate.as_deref(), run, went_well).await;
        #[cfg(feature = "engine")]
        super::meters::attempt(policy.name, outcome::<C>(&ended));
        let refusal = match ended {
            Ok(reply) => return reply,
            Err(refusal) => refusal,
        };
        let failure = match refusal {
            Refusal::Late => Failure::new(Failure::TIMEOUT, "took too long"),
            Refusal::Full => Failure::new(Failure::OVERLOADED, "too many run and wait already"),
            Refusal::Open(Duration::ZERO) => {
                Failure::new(Failure::CIRCUIT_OPEN, "nothing is called until its probes have ended")
            }
            Refusal::Open(left) => Failure::new(
                Failure::CIRCUIT_OPEN,
                format!("nothing is called for {} ms", left.as_millis()),
            ),
        };
        C::unexpected(request, failure)
    }

    /// What comes behind an attempt that has ended now. `spread` is another number for each attempt;
    /// whether the budget allows one more is asked if it is not known.
    pub(crate) fn behind<C: Chart>(
        &self,
        course: &mut Course,
        place: Place,
        reply: &C::Reply,
        (now, spread): (Duration, u64),
        is_affordable: Option<bool>,
    ) -> Next {
        let (Some(failure), Some(fault)) = (C::failure(reply), C::fault(reply)) else {
            return Next::Over;
        };
        let (own, first) = place.policies::<C>();
        let end = end(failure, fault, place.has_fallback);
        let gate = || own.and_then(|policy| self.all().gates.of(policy));
        let asked = || gate().is_none_or(|gate| gate.can_retry());
        let is_affordable = || is_affordable.unwrap_or_else(asked);
        course.failed((own, first), &end, now, spread, is_affordable)
    }
}

/// The end of an attempt at a step of a saga when an earlier one may have done it: an error that says
/// that the service cannot be asked now does not say that it has not been done.
fn unsure<C: Perform<H>, H>(request: &C::Request, reply: C::Reply) -> C::Reply {
    let is_transient = C::fault(&reply).is_some_and(|fault| fault.kind == FaultKind::Transient);
    match C::failure(&reply).filter(|_| is_transient) {
        Some(failure) => {
            let words = format!("{failure}; an earlier attempt may have been done");
            C::unexpected(request, Failure::new(Failure::TIMEOUT, words))
        }
        None => reply,
    }
}

/// The end of an attempt as its course sees it.
fn end(failure: Failure, fault: Fault, has_fallback: bool) -> End {
    let built_in = [Failure::TIMEOUT, Failure::CIRCUIT_OPEN, Failure::OVERLOADED];
    let is_built_in = || built_in.contains(&failure.name.as_str());
    let is_transient = match fault.kind {
        FaultKind::Transient => true,
        FaultKind::Permanent => false,
        FaultKind::Unexpected => is_built_in(),
    };
    End { failure, is_transient, retry_after: fault.retry_after, has_fallback }
}

#[cfg(feature = "engine")]
fn outcome<C: Chart>(ended: &Result<C::Reply, Refusal>) -> &'static str {
    match ended {
        Ok(reply) if C::failure(reply).is_none() => "ok",
        Ok(_) => "error",
        Err(Refusal::Late) => "timeout",
        Err(Refusal::Full) => "overloaded",
        Err(Refusal::Open(_)) => "circuit_open",
    }
}
