//! With `statig`.

use super::{Event, Tally};
use statig::prelude::*;

#[derive(Default)]
pub struct Turnstile {
    tally: Tally,
}

#[state_machine(initial = "State::locked()")]
impl Turnstile {
    #[state]
    fn locked(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Coin(value) if *value >= 50 => {
                self.tally.coins += 1;
                self.tally.beeps += 1;
                Transition(State::unlocked())
            }
            Event::Coin(_) => {
                self.tally.beeps += 3;
                Handled
            }
            Event::Push => {
                self.tally.beeps += 2;
                Handled
            }
            Event::Kick => Transition(State::broken()),
            Event::Fix => Super,
        }
    }

    #[state]
    fn unlocked(&mut self, event: &Event) -> Outcome<State> {
        match event {
            Event::Push => {
                self.tally.passed += 1;
                Transition(State::locked())
            }
            Event::Coin(_) => {
                self.tally.beeps += 2;
                Handled
            }
            Event::Kick => Transition(State::broken()),
            Event::Fix => Super,
        }
    }

    #[state]
    fn broken(event: &Event) -> Outcome<State> {
        match event {
            Event::Fix => Transition(State::locked()),
            _ => Super,
        }
    }
}

pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
    let mut machine = Turnstile::default().state_machine();
    move || {
        for event in &events {
            machine.handle(event);
        }
        machine.inner().tally.checksum()
    }
}
