//! The workloads: an order goes through Reserve, Charge, Ship and Notify, then it is done; or nobody
//! can be notified, and all is taken back in reverse.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// What is done for an order, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Reserve,
    Charge,
    Ship,
    Notify,
    /// Takes back Ship.
    Recall,
    /// Takes back Charge.
    Refund,
    /// Takes back Reserve.
    Release,
}

pub const STEPS: [Step; 4] = [Step::Reserve, Step::Charge, Step::Ship, Step::Notify];

/// Of an order whose Notify is refused.
pub const SAGA: [Step; 7] = [
    Step::Reserve,
    Step::Charge,
    Step::Ship,
    Step::Notify,
    Step::Recall,
    Step::Refund,
    Step::Release,
];

impl Step {
    pub fn name(self) -> &'static str {
        ["Reserve", "Charge", "Ship", "Notify", "Recall", "Refund", "Release"][self as usize]
    }

    /// What it takes back.
    fn undoes(self) -> Option<Self> {
        match self {
            Self::Recall => Some(Self::Ship),
            Self::Refund => Some(Self::Charge),
            Self::Release => Some(Self::Reserve),
            Self::Reserve | Self::Charge | Self::Ship | Self::Notify => None,
        }
    }

    /// What the activity gives for an order.
    fn output(self, order: u64) -> String {
        const WORDS: [&str; 7] =
            ["reserved", "charged", "shipped", "notified", "recalled", "refunded", "released"];
        let word = WORDS[self as usize];
        format!("{word}-{order:07}")
    }
}

/// What an order has to leave behind: the four outputs.
pub(crate) fn outputs(order: u64) -> String {
    STEPS.map(|step| step.output(order)).join(" ")
}

/// What an order has to leave behind that was taken back: why.
#[must_use]
pub fn refusal(order: u64) -> String {
    Step::Notify.output(order)
}

/// The activities, which no engine sees into, and what their calls tell about it.
pub struct Activities {
    /// A bit for every step of an order that was run.
    ran: Vec<AtomicU8>,
    durable: AtomicU64,
    repeated: AtomicU64,
}

/// More orders than any run has.
const ORDERS: usize = 1 << 22;

impl Activities {
    pub(crate) fn new() -> Self {
        let ran = std::iter::repeat_with(AtomicU8::default).take(ORDERS).collect();
        Self { ran, durable: AtomicU64::new(0), repeated: AtomicU64::new(0) }
    }

    /// Gives the output of a step without waiting for anything.
    ///
    /// That it is called tells that the step before is on stable storage, if the engine holds what
    /// it promises.
    pub fn run(&self, step: Step, order: u64) -> String {
        let bit = 1 << step as u8;
        let ran = self.ran.get(order as usize).map_or(0, |ran| ran.fetch_or(bit, Relaxed));
        if ran & bit != 0 {
            self.repeated.fetch_add(1, Relaxed);
        } else if step != Step::Reserve {
            self.durable.fetch_add(1, Relaxed);
        }
        step.output(order)
    }

    /// Takes back a step, if the engine knows what that has given.
    ///
    /// # Errors
    /// It does not.
    pub fn undo(&self, step: Step, order: u64, given: &str) -> Result<(), String> {
        if step.undoes().is_none_or(|undone| undone.output(order) != given) {
            return Err(format!("{step:?} of order {order} is told {given:?}"));
        }
        self.run(step, order);
        Ok(())
    }

    /// True if all these steps of an order were run.
    pub(crate) fn have_run(&self, steps: &[Step], order: u64) -> bool {
        let all = steps.iter().fold(0, |all, step| all | 1 << *step as u8);
        self.ran.get(order as usize).is_none_or(|ran| ran.load(Relaxed) == all)
    }

    /// The engine says that the order is done: its last step is durable too.
    pub(crate) fn done(&self) {
        self.durable.fetch_add(1, Relaxed);
    }

    /// Steps that are known to be durable.
    pub(crate) fn durable(&self) -> u64 {
        self.durable.load(Relaxed)
    }

    /// Calls beyond the first of a step of an order.
    pub(crate) fn repeated(&self) -> u64 {
        self.repeated.load(Relaxed)
    }
}
