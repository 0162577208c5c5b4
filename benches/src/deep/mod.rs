//! Three levels of states with entry and exit effects on each, all written out by the build
//! script.

use crate::contest::Contest;
use crate::random::Random;

/// What happens; the name says on which level it is handled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    Top,
    Middle,
    Leaf,
}

/// What the entry and exit effects leave behind; the order matters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trace(u64);

impl Trace {
    #[inline]
    fn entered(&mut self, what: u32) {
        self.0 = self.0.rotate_left(5) ^ u64::from(what);
    }

    #[inline]
    fn left(&mut self, what: u32) {
        self.0 = self.0.rotate_left(7) ^ u64::from(what);
    }
}

/// The best `match` that one would write: leaves only, every exit and entry spelled out.
mod by_hand {
    use super::{Event, Trace};

    struct Machine {
        state: State,
        trace: Trace,
    }

    include!(concat!(env!("OUT_DIR"), "/deep_by_hand.rs"));

    pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
        let mut machine = Machine { state: State::S000, trace: started() };
        move || {
            for event in &events {
                machine.dispatch(*event);
            }
            machine.trace.0
        }
    }

    fn started() -> Trace {
        let mut trace = Trace::default();
        [2, 4, 8].into_iter().for_each(|what| trace.entered(what));
        trace
    }
}

/// With `statig`.
mod by_statig {
    use super::{Event, Trace};
    use statig::prelude::*;

    #[derive(Default)]
    pub struct Machine {
        trace: Trace,
    }

    include!(concat!(env!("OUT_DIR"), "/deep_by_statig.rs"));

    pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
        let mut machine = Machine::default().state_machine();
        move || {
            for event in &events {
                machine.handle(event);
            }
            machine.inner().trace.0
        }
    }
}

/// With Statewright.
mod by_statewright {
    use super::{Event, Trace};

    include!(concat!(env!("OUT_DIR"), "/deep.rs"));

    impl deep::Actions for Trace {
        #[inline]
        fn entered(&mut self, what: u32) {
            self.entered(what);
        }

        #[inline]
        fn left(&mut self, what: u32) {
            self.left(what);
        }
    }

    pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
        let start = deep::Start {};
        let mut machine = deep::Machine::new(Trace::default(), start).expect("it starts");
        let own = |event| match event {
            Event::Top => deep::Event::Top,
            Event::Middle => deep::Event::Middle,
            Event::Leaf => deep::Event::Leaf,
        };
        let events: Vec<deep::Event> = events.into_iter().map(own).collect();
        move || {
            for event in &events {
                // No step of this machine can fail.
                let _ = machine.dispatch(*event);
            }
            machine.host().0
        }
    }
}

fn events() -> Vec<Event> {
    let mut random = Random::new(11);
    (0..crate::contest::EVENTS)
        .map(|_| match random.below(16) {
            0..=2 => Event::Top,
            3..=7 => Event::Middle,
            _ => Event::Leaf,
        })
        .collect()
}

/// Rounds as a device makes them: the same few events again and again.
fn rounds() -> Vec<Event> {
    use Event::{Leaf, Middle, Top};
    let round = [Leaf, Leaf, Middle, Leaf, Middle, Leaf, Leaf, Leaf, Middle, Top, Leaf, Middle];
    round.into_iter().cycle().take(crate::contest::EVENTS).collect()
}

/// All contenders over the same events, which nobody foresees.
pub fn at_random() -> Contest {
    contest("deep: three levels, entry and exit", events())
}

/// All contenders over events that come in rounds, so that what counts is the work and not what
/// the processor guesses wrong.
pub fn in_rounds() -> Contest {
    contest("rounds: the same, events in rounds of twelve", rounds())
}

fn contest(name: &'static str, events: Vec<Event>) -> Contest {
    Contest::new(name, events.len())
        .contender("by hand", by_hand::run(events.clone()))
        .contender("statewright", by_statewright::run(events.clone()))
        .contender("statig", by_statig::run(events))
}
