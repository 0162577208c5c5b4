//! With `rust-fsm`, which has neither guards nor actions: the guard is read before, the output
//! acted on behind.

use super::{Event, Tally};
use rust_fsm::state_machine;

state_machine! {
    turnstile(Locked)

    Locked => {
        Enough => Unlocked [Pay],
        Little => Locked [Refuse],
        Push => Locked [Warn],
        Kick => Broken,
    },
    Unlocked => {
        Push => Locked [Pass],
        Enough => Unlocked [Warn],
        Little => Unlocked [Warn],
        Kick => Broken,
    },
    Broken(Fix) => Locked,
}

pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
    use turnstile::{Input, Output, StateMachine};
    let mut machine = StateMachine::new();
    let mut tally = Tally::default();
    move || {
        for event in &events {
            let input = match *event {
                Event::Coin(value) if value >= 50 => Input::Enough,
                Event::Coin(_) => Input::Little,
                Event::Push => Input::Push,
                Event::Kick => Input::Kick,
                Event::Fix => Input::Fix,
            };
            match machine.consume(&input) {
                Ok(Some(Output::Pay)) => {
                    tally.coins += 1;
                    tally.beeps += 1;
                }
                Ok(Some(Output::Refuse)) => tally.beeps += 3,
                Ok(Some(Output::Warn)) => tally.beeps += 2,
                Ok(Some(Output::Pass)) => tally.passed += 1,
                Ok(None) | Err(_) => {}
            }
        }
        tally.checksum()
    }
}
