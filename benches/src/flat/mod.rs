//! A flat machine with a guard, an action and counters in its context.

mod by_hand;
mod by_rust_fsm;
mod by_smlang;
mod by_statewright;
mod by_statig;

use crate::contest::Contest;
use crate::random::Random;

/// What happens to a turnstile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    Coin(u32),
    Push,
    Kick,
    Fix,
}

/// What is left behind, to show that all contenders did the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub coins: u64,
    pub passed: u64,
    pub beeps: u64,
}

impl Tally {
    fn checksum(self) -> u64 {
        self.coins
            .wrapping_mul(31)
            .wrapping_add(self.passed)
            .wrapping_mul(31)
            .wrapping_add(self.beeps)
    }
}

/// Kicks are rare, and a broken turnstile is soon mended.
fn events() -> Vec<Event> {
    let mut random = Random::new(7);
    (0..crate::contest::EVENTS)
        .map(|_| match random.below(32) {
            0 => Event::Kick,
            1..=6 => Event::Fix,
            7..=19 => Event::Push,
            _ => Event::Coin(random.below(100)),
        })
        .collect()
}

/// All contenders over the same events.
pub fn contest() -> Contest {
    let events = events();
    Contest::new("flat: guard and action", events.len())
        .contender("by hand", by_hand::run::<false>(events.clone()))
        .contender("by hand, checked", by_hand::run::<true>(events.clone()))
        .contender("statewright", by_statewright::run(events.clone()))
        .contender("statig", by_statig::run(events.clone()))
        .contender("smlang", by_smlang::run(events.clone()))
        .contender("rust-fsm", by_rust_fsm::run(events))
}
