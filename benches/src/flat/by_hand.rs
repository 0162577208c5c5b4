//! The `match` that one would write.

use super::{Event, Tally};

#[derive(Clone, Copy)]
enum State {
    Locked,
    Unlocked,
    Broken,
}

struct Turnstile {
    state: State,
    tally: Tally,
}

impl Turnstile {
    fn beep(&mut self, times: u32) {
        self.tally.beeps += u64::from(times);
    }

    #[inline]
    fn dispatch(&mut self, event: Event) {
        match (self.state, event) {
            (State::Locked, Event::Coin(value)) if value >= 50 => {
                self.tally.coins += 1;
                self.beep(1);
                self.state = State::Unlocked;
            }
            (State::Locked, Event::Coin(_)) => self.beep(3),
            (State::Locked, Event::Push) => self.beep(2),
            (State::Unlocked, Event::Push) => {
                self.tally.passed += 1;
                self.state = State::Locked;
            }
            (State::Unlocked, Event::Coin(_)) => self.beep(2),
            (State::Locked | State::Unlocked, Event::Kick) => self.state = State::Broken,
            (State::Broken, Event::Fix) => self.state = State::Locked,
            _ => {}
        }
    }
}

pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
    let mut machine = Turnstile { state: State::Locked, tally: Tally::default() };
    move || {
        for event in &events {
            machine.dispatch(*event);
        }
        machine.tally.checksum()
    }
}
