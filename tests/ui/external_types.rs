//! What only rustc knows, rustc checks, at the place where it is written.

pub enum Event {
    Coin(u32),
    Push,
}

pub struct Hall {
    pub coins: u32,
}

#[statewright::machine(events Event  context Hall)]
pub enum Turnstile {
    #[state(initial)]
    #[on(Coin(value) if value == true do set coin = value -> Unlocked)]
    Locked,
    #[on(Pull -> Locked)]
    Unlocked,
}

fn main() {
    let mut machine = turnstile::Machine::new((), Hall { coins: 0 }).unwrap();
    machine.dispatch(Event::Push).unwrap();
}
