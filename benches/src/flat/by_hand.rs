//! The `match` that one would write; also with the counters checked for overflow, which is what
//! Statewright does.

use super::{Event, Tally};

#[derive(Clone, Copy)]
enum State {
    Locked,
    Unlocked,
    Broken,
}

struct Turnstile<const CHECKED: bool> {
    state: State,
    tally: Tally,
}

#[derive(Debug)]
struct Overflow;

impl<const CHECKED: bool> Turnstile<CHECKED> {
    fn next(n: u64) -> Result<u64, Overflow> {
        if CHECKED { n.checked_add(1).ok_or(Overflow) } else { Ok(n.wrapping_add(1)) }
    }

    fn beep(&mut self, times: u32) {
        self.tally.beeps += u64::from(times);
    }

    #[inline]
    fn dispatch(&mut self, event: Event) -> Result<(), Overflow> {
        match (self.state, event) {
            (State::Locked, Event::Coin(value)) if value >= 50 => {
                self.tally.coins = Self::next(self.tally.coins)?;
                self.beep(1);
                self.state = State::Unlocked;
            }
            (State::Locked, Event::Coin(_)) => self.beep(3),
            (State::Locked, Event::Push) => self.beep(2),
            (State::Unlocked, Event::Push) => {
                self.tally.passed = Self::next(self.tally.passed)?;
                self.state = State::Locked;
            }
            (State::Unlocked, Event::Coin(_)) => self.beep(2),
            (State::Locked | State::Unlocked, Event::Kick) => self.state = State::Broken,
            (State::Broken, Event::Fix) => self.state = State::Locked,
            _ => {}
        }
        Ok(())
    }
}

pub fn run<const CHECKED: bool>(events: Vec<Event>) -> impl FnMut() -> u64 {
    let mut machine = Turnstile::<CHECKED> { state: State::Locked, tally: Tally::default() };
    move || {
        for event in &events {
            // No counter overflows within the events of a run.
            let _ = machine.dispatch(*event);
        }
        machine.tally.checksum()
    }
}
