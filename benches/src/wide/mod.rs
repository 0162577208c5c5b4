//! 64 states by 64 events, on random events.

use crate::contest::Contest;
use crate::random::Random;
use by_hand::{EVENTS, EVENTS_OF_WIDE, Event, State};

/// The same transitions, written out by the build script.
mod by_hand {
    include!(concat!(env!("OUT_DIR"), "/wide_by_hand.rs"));
}

fn events() -> Vec<Event> {
    let mut random = Random::new(13);
    (0..crate::contest::EVENTS)
        .map(|_| EVENTS[random.below(EVENTS.len() as u32) as usize])
        .collect()
}

fn run_by_hand(events: Vec<Event>) -> impl FnMut() -> u64 {
    let mut state = State::S0;
    let mut unhandled = 0u64;
    move || {
        for event in &events {
            match by_hand::next(state, *event) {
                Some(next) => state = next,
                None => unhandled += 1,
            }
        }
        unhandled * 64 + state as u64
    }
}

include!(concat!(env!("OUT_DIR"), "/wide.rs"));

/// The same event in the machine's own type.
fn own(event: Event) -> wide::Event {
    EVENTS_OF_WIDE[event as usize]
}

fn run_by_statewright(events: Vec<Event>) -> impl FnMut() -> u64 {
    let events: Vec<wide::Event> = events.into_iter().map(own).collect();
    let mut machine = wide::Machine::new((), wide::Start {}).expect("it starts");
    let mut unhandled = 0u64;
    move || {
        for event in &events {
            // No step of this machine can fail.
            if machine.dispatch(*event) == Ok(statewright::Dispatch::Unhandled) {
                unhandled += 1;
            }
        }
        unhandled * 64 + machine.state() as u64
    }
}

/// All contenders over the same events.
pub fn contest() -> Contest {
    let events = events();
    Contest::new("wide: 64 states by 64 events", events.len())
        .contender("by hand", run_by_hand(events.clone()))
        .contender("statewright", run_by_statewright(events))
}
