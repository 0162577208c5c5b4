//! A crossing on real time: somebody presses the button, the lamps break and are repaired, the
//! power goes. Prints the diagram first and then what happens.

use crossing::{Actions, Event, Lamp, Machine, Start};
use std::error::Error;
use std::time::{Duration, Instant};

statewright::include_flow!("crossing/crossing.flow");

/// The street: what the machine can do to the world.
struct Street {
    since: Instant,
}

impl Street {
    fn say(&self, what: &str) {
        println!("{:>5} ms  {what}", self.since.elapsed().as_millis());
    }
}

impl Actions for Street {
    fn show(&mut self, lamp: Lamp) {
        self.say(&format!("cars see {lamp:?}"));
    }

    fn walk_sign(&mut self, on: bool) {
        self.say(if on { "walkers may go" } else { "walkers wait" });
    }

    fn log_fault(&mut self, code: u32) {
        self.say(&format!("fault {code}"));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("```mermaid\n{}```\n", crossing::DIAGRAM);

    let street = Street { since: Instant::now() };
    let crossing = Machine::new(street, Start {})?.spawn();

    // A person who crosses, a lamp that fails while the cars go, and somebody who mends it.
    let day = [
        (1_000, Event::Button),
        (2_500, Event::Fault { code: 17 }),
        (400, Event::Repaired),
        (1_500, Event::PowerOff),
    ];
    for (pause, event) in day {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        println!("          -> {event:?}");
        let answer = crossing.send(event).await?;
        println!("          {answer:?}, now {:?}", *crossing.state().borrow());
    }
    crossing.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Instant, Street, crossing};

    statewright::scenarios!("crossing/crossing.flow", host = Street { since: Instant::now() });

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::crossing::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
