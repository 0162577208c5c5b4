//! One chart through every form of the macros, running: the machines do the same.

mod forms {
    mod activities;
    mod constructs;
    mod documented;
    mod enums;
    mod fan_outs;
    mod files;
    mod modules;
    mod names;
    mod whole;
}

use statewright::Dispatch;
use std::time::Duration;

statewright::include_flow!("flows/traffic_light.flow");

/// What machines name by its path.
pub mod model {
    /// Cents.
    #[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct Money(pub u32);

    /// A thing in a cart.
    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct Item(pub String);

    /// Where it goes.
    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct Address(pub String);
}

mod inline {
    statewright::flow! {
        //! A crossing.
        enum Lamp { Red, Yellow, Green, Flashing, Off }

        machine Crossing {
            context { button_pressed: bool = false }
            event Button
            action show(lamp: Lamp)
            initial state Stop {
                entry do show(Lamp::Red)
                on Button do set button_pressed = true
                every 20s if button_pressed -> Go
            }
            state Go { entry do show(Lamp::Green), set button_pressed = false after 1m -> Stop }
        }
    }
}

#[derive(Default)]
struct Lights(Vec<String>);

impl crossing::Actions for Lights {
    fn show(&mut self, lamp: crossing::Lamp) {
        self.0.push(format!("{lamp:?}"));
    }

    fn walk_sign(&mut self, on: bool) {
        self.0.push(format!("walk {on}"));
    }

    fn log_fault(&mut self, code: u32) {
        self.0.push(format!("fault {code}"));
    }
}

impl inline::crossing::Actions for Lights {
    fn show(&mut self, lamp: inline::crossing::Lamp) {
        self.0.push(format!("{lamp:?}"));
    }
}

#[test]
fn a_file_runs() {
    let mut machine =
        crossing::Machine::new(Lights::default(), crossing::Start {}).expect("nothing overflows");
    let at = |cars, walkers| crossing::State::Operating { cars, walkers };
    assert_eq!(machine.state(), at(crossing::Cars::Stop, crossing::Walkers::DontWalk));
    assert_eq!(machine.dispatch(crossing::Event::Button).unwrap(), Dispatch::Handled);
    assert_eq!(machine.state(), at(crossing::Cars::Stop, crossing::Walkers::Walk));
    machine.advance(&Duration::from_secs(13)).unwrap();
    assert_eq!(machine.state(), at(crossing::Cars::Stop, crossing::Walkers::DontWalk));
    machine.dispatch(crossing::Event::Fault { code: 7 }).unwrap();
    assert_eq!(machine.state(), crossing::State::Broken);
    assert_eq!(machine.context().faults, 1);
    assert_eq!(machine.host().0.last().map(String::as_str), Some("Flashing"));
}

#[test]
fn a_text_in_place_runs() {
    use inline::crossing::{Event, Machine, Start, State};
    let mut machine = Machine::new(Lights::default(), Start {}).unwrap();
    machine.dispatch(Event::Button).unwrap();
    machine.advance(&Duration::from_secs(20)).unwrap();
    assert_eq!(machine.state(), State::Go);
    assert_eq!(machine.host().0, ["Red", "Green"]);
}

#[test]
fn a_text_in_a_function_runs() {
    statewright::flow! {
        machine Door {
            event Push
            initial state Shut { on Push -> Open }
            state Open { on Push -> Shut }
        }
    }
    let mut machine = door::Machine::new((), door::Start {}).unwrap();
    machine.dispatch(door::Event::Push).unwrap();
    assert_eq!(machine.state(), door::State::Open);
}
