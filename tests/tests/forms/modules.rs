//! `#[machine]` on a module.
#![allow(unreachable_pub)] // A library would export these.

use std::time::Duration;

#[statewright::machine]
mod oven {
    //! An oven.

    use std::time::Duration;

    #[context]
    struct Context {
        #[init(0)]
        target: u32,
        #[late]
        recipe: String,
        #[allow_flow(W0107, "the program reads it")]
        grid: Grid,
    }

    /// A type that the machine only stores.
    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct Grid([u8; 2]);

    enum Lamp {
        On,
        Off,
    }

    #[events]
    enum Event {
        /// Somebody turns the knob.
        Turn {
            degrees: u32,
        },
        Door {
            name: String,
        },
        Cook {
            time: Duration,
        },
    }

    #[outputs]
    enum Output {
        Ready { recipe: String },
    }

    #[logic]
    trait Logic {
        fn is_hot(degrees: u32) -> bool;
        fn named(name: &str) -> String;
    }

    #[actions]
    trait Actions {
        fn light(&mut self, lamp: Lamp);
    }

    enum State {
        #[state(initial)]
        #[on(Turn(degrees) if is_hot(degrees) do set target = degrees -> On)]
        #[on(Door(name) do set recipe = named(name) -> Ready)]
        Off,
        #[entry(do light(Lamp::On))]
        #[exit(do light(Lamp::Off))]
        #[on(Turn(_) -> Off)]
        On(On),
        #[state(final)]
        #[entry(do emit Ready(recipe))]
        Ready,
    }

    enum On {
        #[state(initial)]
        #[on(Cook(time) -> Cooking(time))]
        Warm,
        #[after(left -> Warm)]
        Cooking { left: Duration },
    }

    pub fn plain() -> Grid {
        Grid([1, 2])
    }
}

#[derive(Default)]
struct Kitchen(Vec<oven::Lamp>);

impl oven::Logic for Kitchen {
    fn is_hot(degrees: u32) -> bool {
        degrees > 40
    }

    fn named(name: &str) -> String {
        name.to_uppercase()
    }
}

impl oven::Actions for Kitchen {
    fn light(&mut self, lamp: oven::Lamp) {
        self.0.push(lamp);
    }
}

#[test]
fn a_module_is_a_machine() {
    use oven::{Event, Lamp, On, Output, State};
    let start = oven::Start { grid: oven::plain() };
    let mut machine = oven::Machine::new(Kitchen::default(), start).unwrap();
    machine.dispatch(Event::Turn { degrees: 30 }).unwrap();
    assert_eq!(machine.state(), State::Off);
    machine.dispatch(Event::Turn { degrees: 200 }).unwrap();
    assert_eq!(machine.state(), State::On(On::Warm));
    let time = Duration::from_secs(60);
    machine.dispatch(Event::Cook { time }).unwrap();
    assert_eq!(machine.state(), State::On(On::Cooking { left: time }));
    assert!(machine.is_in(oven::In::On));
    machine.advance(&time).unwrap();
    assert_eq!(machine.state(), State::On(On::Warm));
    machine.dispatch(Event::Turn { degrees: 0 }).unwrap();
    machine.dispatch(Event::Door { name: "pie".to_owned() }).unwrap();
    assert_eq!(machine.state(), State::Ready);
    let recipe = "PIE".to_owned();
    assert_eq!(machine.outputs().collect::<Vec<_>>(), [Output::Ready { recipe }]);
    assert_eq!(machine.context().grid, oven::plain());
    assert_eq!(machine.host().0, [Lamp::On, Lamp::Off]);
}
