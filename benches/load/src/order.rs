//! The workload: an order goes through Reserve, Charge, Ship and Notify, then it is done.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// What is done for an order, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Reserve,
    Charge,
    Ship,
    Notify,
}

pub const STEPS: [Step; 4] = [Step::Reserve, Step::Charge, Step::Ship, Step::Notify];

impl Step {
    pub fn name(self) -> &'static str {
        ["Reserve", "Charge", "Ship", "Notify"][self as usize]
    }

    /// What the activity gives for an order.
    fn output(self, order: u64) -> String {
        let word = ["reserved", "charged", "shipped", "notified"][self as usize];
        format!("{word}-{order:07}")
    }
}

/// What an order has to leave behind: the four outputs.
pub(crate) fn outputs(order: u64) -> String {
    STEPS.map(|step| step.output(order)).join(" ")
}

/// The four activities, which no engine sees into, and what their calls tell about it.
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
