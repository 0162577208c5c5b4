//! What all calls under one policy share: its circuit, its bulkhead, its rate, its budget.

use super::breaker::{Circuit, Permit, Phase};
use super::budget::Budget;
use super::rate::Rate;
use super::{Bulkhead, Policy};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until, timeout};

/// The gates of a program, by where a policy stands in it. Machines that import a policy have it once
/// each, and one gate; those of the same name that say different things under it, two versions side
/// by side, do not meet.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    gates: Mutex<BTreeMap<usize, Arc<Gate>>>,
}

impl Gates {
    /// The gate of a policy; `None` if its calls share nothing.
    pub(crate) fn of(&self, policy: &'static Policy) -> Option<Arc<Gate>> {
        let shares = policy.breaker.is_some()
            || policy.bulkhead.is_some()
            || policy.rate_limit.is_some()
            || policy.budget.is_some();
        shares.then(|| {
            let (mut gates, place) = (locked(&self.gates), std::ptr::from_ref(policy).addr());
            if let Some(gate) = gates.get(&place) {
                return Arc::clone(gate);
            }
            let alike = gates.values().find(|gate| gate.is_of(policy)).map(Arc::clone);
            let gate = alike.unwrap_or_else(|| Arc::new(Gate::new(policy)));
            gates.insert(place, Arc::clone(&gate));
            gate
        })
    }
}

/// What the calls under one policy share.
#[derive(Debug)]
pub(crate) struct Gate {
    policy: &'static Policy,
    zero: Instant,
    circuit: Option<Mutex<Circuit>>,
    bulkhead: Option<Room>,
    /// Locked by the first of those who wait for their turn; the others stand behind it.
    rate: Option<tokio::sync::Mutex<Rate>>,
    budget: Option<Mutex<Budget>>,
}

/// Places, and how many wait for one.
#[derive(Debug)]
struct Room {
    places: Semaphore,
    waiting: AtomicU32,
    queue: u32,
}

/// Why an attempt has given no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The circuit is open, for so long at least.
    Open(Duration),
    /// The bulkhead is full, and so is its queue.
    Full,
    /// It took too long.
    Late,
}

impl Gate {
    fn new(policy: &'static Policy) -> Self {
        Self {
            policy,
            zero: Instant::now(),
            circuit: policy.breaker.as_ref().map(|rule| Mutex::new(Circuit::new(rule))),
            bulkhead: policy.bulkhead.as_ref().map(Room::new),
            rate: policy.rate_limit.as_ref().map(|rule| tokio::sync::Mutex::new(Rate::new(rule))),
            budget: policy.budget.map(|percent| Mutex::new(Budget::new(percent))),
        }
    }

    fn is_of(&self, policy: &Policy) -> bool {
        let own = self.policy;
        own.name == policy.name
            && own.breaker == policy.breaker
            && own.bulkhead == policy.bulkhead
            && own.rate_limit == policy.rate_limit
            && own.budget == policy.budget
    }

    fn now(&self) -> Duration {
        self.zero.elapsed()
    }

    /// A first attempt begins.
    pub(crate) fn count_call(&self) {
        self.budget.iter().for_each(|budget| locked(budget).call());
    }

    /// True if the budget has something left for another attempt, which is then taken from it.
    pub(crate) fn can_retry(&self) -> bool {
        self.budget.as_ref().is_none_or(|budget| locked(budget).retry())
    }

    /// Leave from the circuit, if there is one.
    fn enter(&self) -> Result<Option<InCircuit<'_>>, Refusal> {
        let Some(circuit) = &self.circuit else { return Ok(None) };
        let (before, permit, after) = {
            let mut circuit = locked(circuit);
            (circuit.phase(), circuit.permit(self.now()), circuit.phase())
        };
        self.tell(before, after);
        let permit = permit.map_err(Refusal::Open)?;
        Ok(Some(InCircuit { gate: self, circuit, permit, went_well: None }))
    }

    /// Leave from the circuit as it is behind a time of waiting: what it was given before holds only as
    /// long as the circuit has not changed.
    fn enter_again<'g>(
        &'g self,
        entered: Option<InCircuit<'g>>,
    ) -> Result<Option<InCircuit<'g>>, Refusal> {
        match entered {
            Some(entered) if locked(entered.circuit).is_old(entered.permit) => self.enter(),
            entered => Ok(entered),
        }
    }

    /// Waits until the rate lets one more begin. Who does not wait any more takes no turn from others.
    async fn turn(&self) {
        let Some(rate) = &self.rate else { return };
        let mut rate = rate.lock().await;
        loop {
            let (now, turn) = (self.now(), rate.next());
            if turn <= now {
                return rate.begin(now);
            }
            sleep_until(self.zero + turn).await;
        }
    }

    /// Notes that a circuit has changed.
    fn tell(&self, before: Phase, after: Phase) {
        if before != after {
            let name = self.policy.name;
            #[cfg(feature = "engine")]
            super::meters::circuit_changed(name, after);
            #[cfg(not(feature = "engine"))]
            let _ = name;
        }
    }
}

impl Room {
    fn new(rule: &Bulkhead) -> Self {
        let places = Semaphore::new(rule.max as usize);
        Self { places, waiting: AtomicU32::new(0), queue: rule.queue }
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let more = |waiting| (waiting < self.queue).then_some(waiting + 1);
        let joined = self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        joined.map_err(|_| Refusal::Full)?;
        let _waits = Waits(&self.waiting);
        // The places are never closed.
        self.places.acquire().await.map_err(|_| Refusal::Full)
    }
}

/// One that waits, until it does not any more.
struct Waits<'a>(&'a AtomicU32);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A call that has leave from the circuit, and gives it back.
struct InCircuit<'a> {
    gate: &'a Gate,
    circuit: &'a Mutex<Circuit>,
    permit: Permit,
    went_well: Option<bool>,
}

impl Drop for InCircuit<'_> {
    fn drop(&mut self) {
        let (before, after) = {
            let mut circuit = locked(self.circuit);
            let before = circuit.phase();
            circuit.end(self.permit, self.went_well, self.gate.now());
            (before, circuit.phase())
        };
        self.gate.tell(before, after);
    }
}

/// One attempt: through the circuit and the bulkhead, at its turn, and no longer than the policy lets
/// it run. `went_well` says if the service has answered, be it that it refuses.
pub(crate) async fn attempt<T>(
    policy: &Policy,
    gate: Option<&Gate>,
    run: impl Future<Output = T>,
    went_well: impl FnOnce(&T) -> bool,
) -> Result<T, Refusal> {
    let mut circuit = gate.map(Gate::enter).transpose()?.flatten();
    let room = gate.and_then(|gate| gate.bulkhead.as_ref());
    let _place = match room {
        Some(room) => Some(room.place().await?),
        None => None,
    };
    if let Some(gate) = gate {
        // Who finds the circuit open takes no turn.
        circuit = gate.enter_again(circuit)?;
        gate.turn().await;
        circuit = gate.enter_again(circuit)?;
    }
    let ended = match policy.timeout {
        Some(limit) => timeout(limit, run).await.map_err(|_| Refusal::Late),
        None => Ok(run.await),
    };
    if let Some(circuit) = &mut circuit {
        circuit.went_well = Some(ended.as_ref().is_ok_and(went_well));
    }
    ended
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic leaves a number too high or too low for a while, and nothing broken.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Breaker, RateLimit, Trip};
    use std::future::pending;

    const NOTHING: Policy = Policy {
        name: "Test/nothing",
        timeout: None,
        deadline: None,
        retry: None,
        budget: None,
        breaker: None,
        bulkhead: None,
        rate_limit: None,
    };

    async fn run(
        policy: &'static Policy,
        gate: &Gate,
        ends: Option<bool>,
    ) -> Result<bool, Refusal> {
        let run = async {
            match ends {
                Some(ends) => ends,
                None => pending().await,
            }
        };
        attempt(policy, Some(gate), run, |well| *well).await
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_ended_and_opens_the_circuit() {
        static POLICY: Policy = Policy {
            timeout: Some(Duration::from_secs(5)),
            breaker: Some(Breaker {
                trip: Trip::Failures(2),
                within: Duration::from_secs(30),
                open: Duration::from_secs(60),
                probes: 1,
            }),
            ..NOTHING
        };
        let gate = Gates::default().of(&POLICY).unwrap();
        let begun = Instant::now();
        assert_eq!(run(&POLICY, &gate, None).await, Err(Refusal::Late));
        assert_eq!(begun.elapsed(), Duration::from_secs(5));
        assert_eq!(run(&POLICY, &gate, Some(false)).await, Ok(false));
        assert_eq!(
            run(&POLICY, &gate, Some(true)).await,
            Err(Refusal::Open(Duration::from_secs(60)))
        );
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(run(&POLICY, &gate, Some(true)).await, Ok(true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_bulkhead_lets_some_wait_and_refuses_the_rest() {
        static POLICY: Policy = Policy { bulkhead: Some(Bulkhead { max: 1, queue: 1 }), ..NOTHING };
        let gate = Gates::default().of(&POLICY).unwrap();
        let of = |gate: &Arc<Gate>, ends| {
            let gate = gate.clone();
            tokio::spawn(async move { run(&POLICY, &gate, ends).await })
        };
        let first = of(&gate, None);
        tokio::task::yield_now().await;
        let second = of(&gate, Some(true));
        tokio::task::yield_now().await;
        assert_eq!(run(&POLICY, &gate, Some(true)).await, Err(Refusal::Full));
        // What is dropped makes room.
        first.abort();
        assert_eq!(second.await.unwrap(), Ok(true));
        assert_eq!(run(&POLICY, &gate, Some(true)).await, Ok(true));
    }

    #[tokio::test(start_paused = true)]
    async fn calls_wait_for_their_turn() {
        static POLICY: Policy = Policy {
            rate_limit: Some(RateLimit { max: 2, per: Duration::from_secs(60) }),
            ..NOTHING
        };
        let gate = Gates::default().of(&POLICY).unwrap();
        let begun = Instant::now();
        for _ in 0..5 {
            assert_eq!(run(&POLICY, &gate, Some(true)).await, Ok(true));
        }
        assert_eq!(begun.elapsed(), Duration::from_secs(120));
    }

    #[tokio::test(start_paused = true)]
    async fn who_may_go_at_once_does_not_wait_for_a_tick_of_the_clock() {
        static POLICY: Policy = Policy {
            rate_limit: Some(RateLimit { max: 2, per: Duration::from_secs(60) }),
            ..NOTHING
        };
        let gate = Gates::default().of(&POLICY).unwrap();
        tokio::time::advance(Duration::from_micros(1300)).await;
        let mut call = std::pin::pin!(run(&POLICY, &gate, Some(true)));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_ready());
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_no_turn_from_others() {
        static POLICY: Policy = Policy {
            rate_limit: Some(RateLimit { max: 2, per: Duration::from_secs(60) }),
            ..NOTHING
        };
        let gate = Gates::default().of(&POLICY).unwrap();
        // Thirty times as many as may, each for twenty seconds.
        for _ in 0..100 {
            let gate = gate.clone();
            let call = async move { run(&POLICY, &gate, Some(true)).await };
            tokio::spawn(timeout(Duration::from_secs(20), call));
            tokio::task::yield_now().await;
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        // Nobody of these waits any more than that, and two have begun in the last minute.
        let next = timeout(Duration::from_secs(60), run(&POLICY, &gate, Some(true)));
        assert_eq!(next.await, Ok(Ok(true)));
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_when_the_circuit_opens_does_not_call() {
        static POLICY: Policy = Policy {
            breaker: Some(Breaker {
                trip: Trip::Failures(2),
                within: Duration::from_secs(30),
                open: Duration::from_secs(60),
                probes: 1,
            }),
            bulkhead: Some(Bulkhead { max: 1, queue: 100 }),
            ..NOTHING
        };
        let gate = Gates::default().of(&POLICY).unwrap();
        let called = Arc::new(AtomicU32::new(0));
        let calls = (0..10).map(|_| {
            let (gate, called) = (gate.clone(), called.clone());
            tokio::spawn(async move {
                let run = async {
                    called.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    false
                };
                attempt(&POLICY, Some(&gate), run, |well| *well).await
            })
        });
        let calls: Vec<_> = calls.collect();
        let mut refused = 0;
        for call in calls {
            refused += u32::from(matches!(call.await.unwrap(), Err(Refusal::Open(_))));
        }
        assert_eq!((called.load(Ordering::Relaxed), refused), (2, 8));
        // One probe of those that come later, and the circuit is closed.
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(run(&POLICY, &gate, Some(true)).await, Ok(true));
    }

    #[test]
    fn policies_share_a_gate_that_have_the_same_name_and_say_the_same() {
        const TWO: Policy = Policy { bulkhead: Some(Bulkhead { max: 2, queue: 0 }), ..NOTHING };
        static FIRST: Policy = TWO;
        static IMPORTED: Policy = Policy { timeout: Some(Duration::from_secs(1)), ..TWO };
        static CHANGED: Policy = Policy { bulkhead: Some(Bulkhead { max: 3, queue: 0 }), ..TWO };
        static OTHER: Policy = Policy { name: "Test/other", ..TWO };
        let gates = Gates::default();
        let [first, imported, changed, other] =
            [&FIRST, &IMPORTED, &CHANGED, &OTHER].map(|policy| gates.of(policy).unwrap());
        assert!(Arc::ptr_eq(&first, &imported));
        assert!(!Arc::ptr_eq(&first, &changed) && !Arc::ptr_eq(&first, &other));
        assert!(Arc::ptr_eq(&changed, &gates.of(&CHANGED).unwrap()));
    }

    #[test]
    fn a_policy_that_shares_nothing_has_no_gate() {
        static POLICY: Policy = NOTHING;
        assert!(Gates::default().of(&POLICY).is_none());
    }
}
