//! The crossing of `../crossing`, written as an annotated module, in virtual time.

// A program: what its modules show is reached from nowhere else.
#![allow(unreachable_pub)]

use crossing::{Actions, Event, Lamp, Machine, Start};
use std::error::Error;
use std::time::Duration;

#[statewright::machine(
    invariant !(in(Operating::Cars::Go) && in(Operating::Walkers::Walk))
)]
mod crossing {
    /// What a lamp shows.
    pub enum Lamp {
        Red,
        Yellow,
        Green,
        Flashing,
        Off,
    }

    #[context]
    pub struct Context {
        #[init(false)]
        button_pressed: bool,
        #[init(0)]
        faults: u32,
    }

    #[events]
    pub enum Event {
        Button,
        Fault { code: u32 },
        Repaired,
        PowerOff,
    }

    #[actions]
    pub trait Actions {
        fn show(&mut self, lamp: Lamp);
        fn walk_sign(&mut self, on: bool);
        fn log_fault(&mut self, code: u32);
    }

    pub enum State {
        #[state(initial)]
        #[on(Fault(code) do log_fault(code), set faults = faults + 1 -> Broken)]
        #[on(PowerOff -> Dark)]
        Operating { cars: Cars, walkers: Walkers },

        #[entry(do show(Lamp::Flashing))]
        #[ignore(Button)]
        #[on(Fault(code) do log_fault(code))]
        #[on(Repaired {
            if faults < 3 -> deep_history(Operating)
            else -> Operating
        })]
        #[on(PowerOff -> Dark)]
        Broken,

        #[state(final)]
        #[entry(do show(Lamp::Off))]
        Dark,
    }

    pub enum Cars {
        #[state(initial)]
        #[entry(do show(Lamp::Red))]
        #[after(800ms -> Clear)]
        Stop,
        /// Still red, and nobody may start walking.
        #[always(if in(Walkers::DontWalk) -> Go)]
        Clear,
        #[entry(do show(Lamp::Green))]
        #[after(1s if button_pressed -> Slow)]
        #[after(3s -> Slow)]
        Go,
        #[entry(do show(Lamp::Yellow))]
        #[after(300ms -> Stop)]
        Slow,
    }

    pub enum Walkers {
        #[state(initial)]
        #[entry(do walk_sign(false))]
        #[on(Button do set button_pressed = true)]
        #[always(if button_pressed && in(Cars::Stop) -> Walk)]
        DontWalk,
        #[entry(do walk_sign(true), set button_pressed = false)]
        #[ignore(Button)]
        #[after(600ms -> DontWalk)]
        Walk,
    }
}

struct Street;

impl Actions for Street {
    fn show(&mut self, lamp: Lamp) {
        println!("  cars see {lamp:?}");
    }

    fn walk_sign(&mut self, on: bool) {
        println!("  {}", if on { "walkers may go" } else { "walkers wait" });
    }

    fn log_fault(&mut self, code: u32) {
        println!("  fault {code}");
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut machine = Machine::new(Street, Start {})?;
    let mut now = Duration::ZERO;
    let day = [
        (1_000, Event::Button),
        (2_500, Event::Fault { code: 17 }),
        (400, Event::Repaired),
        (1_500, Event::PowerOff),
    ];
    for (pause, event) in day {
        now += Duration::from_millis(pause);
        machine.advance(&now)?;
        println!("{now:?}: {event:?}");
        let answer = machine.dispatch(event)?;
        println!("  {answer:?}, now {:?}", machine.state());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::crossing::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
