//! With Statewright.

use super::{Event, Tally};

include!(concat!(env!("OUT_DIR"), "/turnstile.rs"));

/// The host: it counts.
#[derive(Default)]
struct Beeper {
    beeps: u64,
}

impl turnstile::Actions for Beeper {
    #[inline]
    fn beep(&mut self, times: u32) {
        self.beeps += u64::from(times);
    }
}

pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
    let start = turnstile::Start {};
    let mut machine = turnstile::Machine::new(Beeper::default(), start).expect("it starts");
    let own = |event| match event {
        Event::Coin(value) => turnstile::Event::Coin { value },
        Event::Push => turnstile::Event::Push,
        Event::Kick => turnstile::Event::Kick,
        Event::Fix => turnstile::Event::Fix,
    };
    let events: Vec<turnstile::Event> = events.into_iter().map(own).collect();
    move || {
        for event in &events {
            // No step of this machine fails within the events of a run.
            let _ = machine.dispatch(event.clone());
        }
        let context = machine.context();
        let beeps = machine.host().beeps;
        Tally { coins: context.coins, passed: context.passed, beeps }.checksum()
    }
}
