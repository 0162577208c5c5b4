//! A flat machine on one enum: the events and the context are ordinary Rust types.

use std::error::Error;
use turnstile::{Actions, Machine};

/// What happens to a turnstile.
#[derive(Debug, Clone)]
enum Event {
    /// A coin of this value.
    Coin(u32),
    /// Somebody pushes.
    Push,
}

/// What a turnstile remembers.
#[derive(Debug, Clone, Default)]
struct Till {
    coins: u32,
    total: u32,
}

/// A turnstile that wants fifty.
#[statewright::machine(
    events Event
    context Till
    action beep(times: u8)
)]
enum Turnstile {
    #[state(initial)]
    #[on(Coin(value) {
        if value >= 50 do set coins = coins + 1, set total = total + value -> Unlocked
        else do beep(2)
    })]
    #[on(Push do beep(1))]
    Locked,
    #[on(Push -> Locked)]
    #[on(Coin(value) do set coins = coins + 1, set total = total + value)]
    Unlocked,
}

struct Buzzer;

impl Actions for Buzzer {
    fn beep(&mut self, times: u8) {
        println!("{}", "beep ".repeat(times.into()));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut machine = Machine::new(Buzzer, Till::default())?;
    for event in [Event::Push, Event::Coin(20), Event::Coin(50), Event::Push] {
        print!("{event:?}: ");
        let answer = machine.dispatch(event)?;
        println!("{answer:?}, {:?}, {:?}", machine.state(), machine.context());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::turnstile::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
