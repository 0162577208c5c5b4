//! An enum of states has the name that every other form would give it.

#[statewright::machine]
mod door {
    pub enum State {
        #[state(initial)]
        Shut(Inner),
        #[state(final)]
        Open,
    }

    pub enum Inner {
        #[state(initial)]
        #[after(1s -> Unlocked)]
        Locked,
        #[after(1s -> Open)]
        Unlocked,
    }
}

fn main() {
    let _ = door::State::Shut(door::Inner::Locked);
    let _ = door::Machine::new((), door::Start {});
}
