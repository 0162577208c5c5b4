//! Rust that the language has no words for is refused at its tokens, with the way out, and the
//! rest of the program is left in peace.

#[statewright::machine]
mod door {
    #[events]
    pub enum Event {
        Push(u32),
        Knock { times: [u8; 4] },
    }

    #[actions]
    pub trait Actions {
        fn creak(&mut self, text: String);
    }

    pub enum State {
        #[state(initial)]
        #[on(Knock(times) -> Open)]
        Shut,
        Open,
    }
}

fn main() {
    let _ = door::State::Shut;
}
