//! What goes wrong, and when.

use crate::store::{InstanceId, StoreError};
use std::time::Duration;

/// What becomes of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not written, and this is told. Batches of the same moment are not concerned.
    Refused(StoreError),
    /// It is durable, but this is told: as when a disk fails after it has written.
    Denied(StoreError),
    /// It is written only after this time, and those behind it wait.
    Late(Duration),
    /// It is durable at once, but that is told only after this time.
    ToldLate(Duration),
    /// The process ends. This batch is durable or not, none behind it is, and none is ever answered.
    Dead {
        /// It got as far as the disk.
        durable: bool,
    },
}

/// Says what goes wrong. By itself, nothing does.
///
/// A closure from the number of a batch, from 1, to what becomes of it is a plan too.
pub trait Plan: Send {
    /// What becomes of the batch with this number, from 1.
    fn commit(&mut self, number: u64) -> Option<Fault> {
        let _ = number;
        None
    }

    /// How a call fails, of any method but [`commit`](crate::store::Store::commit); it is not done
    /// then.
    fn call(&mut self, method: &'static str) -> Option<StoreError> {
        let _ = method;
        None
    }

    /// Why an instance that is loaded cannot be read.
    fn corrupt(&mut self, instance: InstanceId) -> Option<String> {
        let _ = instance;
        None
    }
}

impl<F: FnMut(u64) -> Option<Fault> + Send> Plan for F {
    fn commit(&mut self, number: u64) -> Option<Fault> {
        self(number)
    }
}

/// How often something goes wrong, in a thousand times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// [`Fault::Refused`], with any error.
    pub refused: u32,
    /// [`Fault::Denied`], with any error.
    pub denied: u32,
    /// [`Fault::Late`], by up to a second.
    pub late: u32,
    /// [`Fault::ToldLate`], by up to a second.
    pub told_late: u32,
    /// [`Fault::Dead`], with the batch durable or not.
    pub dead: u32,
    /// Another call than a commit fails, with any error.
    pub calls: u32,
    /// An instance cannot be read.
    pub corrupt: u32,
}

/// A plan by chance: the same seed gives the same one.
#[derive(Clone, Debug)]
pub struct Seeded {
    rates: Rates,
    state: u64,
}

impl Seeded {
    /// A plan with these rates.
    #[must_use]
    pub fn new(seed: u64, rates: Rates) -> Self {
        Self { rates, state: seed }
    }

    /// Splitmix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Below a bound.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn happens(&mut self, rate: u32) -> bool {
        self.below(1000) < u64::from(rate)
    }

    fn delay(&mut self) -> Duration {
        Duration::from_millis(1 + self.below(1000))
    }

    fn error(&mut self) -> StoreError {
        let why = "by plan".to_string();
        match self.below(5) {
            0 => StoreError::Full(why),
            1 => StoreError::ReadOnly(why),
            2 => StoreError::Gone(why),
            3 => StoreError::Corrupt(why),
            _ => StoreError::Failed(why),
        }
    }
}

impl Plan for Seeded {
    fn commit(&mut self, _: u64) -> Option<Fault> {
        let Rates { refused, denied, late, told_late, dead, .. } = self.rates;
        // One throw decides, so that a rate of one fault does not shift the others.
        let thrown = u32::try_from(self.below(1000)).unwrap_or(0);
        let ends = [refused, denied, late, told_late, dead].into_iter().scan(0, |end, rate| {
            *end += rate;
            Some(*end)
        });
        match ends.take_while(|end| *end <= thrown).count() {
            0 => Some(Fault::Refused(self.error())),
            1 => Some(Fault::Denied(self.error())),
            2 => Some(Fault::Late(self.delay())),
            3 => Some(Fault::ToldLate(self.delay())),
            4 => Some(Fault::Dead { durable: self.below(2) == 0 }),
            _ => None,
        }
    }

    fn call(&mut self, _: &'static str) -> Option<StoreError> {
        let happens = self.happens(self.rates.calls);
        happens.then(|| self.error())
    }

    fn corrupt(&mut self, _: InstanceId) -> Option<String> {
        self.happens(self.rates.corrupt).then(|| "by plan".to_string())
    }
}
