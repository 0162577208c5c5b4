//! What tests of scenarios say of activities: how they end.

use crate::activity::Invocation;
use crate::chart::{Chart, Step};
use crate::error::StepError;
use crate::machine::Machine;
use crate::step::{Dispatch, MICROSTEP_LIMIT};
use std::time::Duration;

/// A way to see what is asked for.
type Asks<C> = fn(&Invocation<<C as Chart>::Request>) -> bool;

/// How activities end, as far as the scenario has said it.
pub struct Answers<C: Chart> {
    /// The newest last.
    noted: Vec<Noted<C>>,
}

struct Noted<C: Chart> {
    /// How much of the call it says: what says most counts, and of these the newest.
    says: u8,
    asks: Asks<C>,
    reply: C::Reply,
}

impl<C: Chart> Default for Answers<C> {
    fn default() -> Self {
        Self { noted: Vec::new() }
    }
}

impl<C: Chart<Reply: Clone>> Answers<C> {
    /// From now on what is asked for ends so.
    pub fn note(&mut self, says: u8, asks: Asks<C>, reply: C::Reply) {
        self.noted.push(Noted { says, asks, reply });
    }

    /// Ends what runs, if it is meant; else it is noted. Gives what became of the end.
    ///
    /// # Errors
    /// Those of the steps that are made.
    pub fn give<H>(
        &mut self,
        machine: &mut Machine<C, H>,
        now: Duration,
        says: u8,
        asks: Asks<C>,
        reply: C::Reply,
    ) -> Result<Option<Dispatch>, StepError>
    where
        C: Step<H>,
    {
        let running = machine.running().iter().find(|running| asks(running));
        let Some(id) = running.map(|running| running.id) else {
            self.note(says, asks, reply);
            return Ok(None);
        };
        self.advance(machine, now)?;
        let dispatch = machine.resume(id, reply)?;
        self.settle(machine)?;
        Ok(Some(dispatch))
    }

    /// Lets time pass. What is known to end does so behind all that is due at the same time.
    ///
    /// # Errors
    /// Those of the steps that are made.
    pub fn advance<H>(&self, machine: &mut Machine<C, H>, until: Duration) -> Result<(), StepError>
    where
        C: Step<H>,
    {
        let (mut time, mut rounds) = (None, 0);
        while let Some(deadline) = machine.next_deadline().filter(|deadline| *deadline <= until) {
            rounds = if time == Some(deadline) { rounds + 1 } else { 0 };
            if rounds > MICROSTEP_LIMIT {
                return Err(StepError::TimerLimit(MICROSTEP_LIMIT));
            }
            time = Some(deadline);
            machine.advance(&deadline)?;
            self.settle(machine)?;
        }
        machine.advance(&until).map(|_| ())
    }

    /// The ends that are known, the oldest first, until none is left.
    ///
    /// # Errors
    /// Those of the steps that are made; activities that are asked for again without end.
    pub fn settle<H>(&self, machine: &mut Machine<C, H>) -> Result<(), StepError>
    where
        C: Step<H>,
    {
        for _ in 0..MICROSTEP_LIMIT {
            let mut running = machine.running().iter();
            let Some((id, reply)) = running.find_map(|running| self.find(running)) else {
                return Ok(());
            };
            machine.resume(id, reply)?;
        }
        Err(StepError::MicrostepLimit(MICROSTEP_LIMIT))
    }

    fn find(&self, running: &Invocation<C::Request>) -> Option<(u64, C::Reply)> {
        let meant = self.noted.iter().filter(|noted| (noted.asks)(running));
        meant.max_by_key(|noted| noted.says).map(|noted| (running.id, noted.reply.clone()))
    }
}
