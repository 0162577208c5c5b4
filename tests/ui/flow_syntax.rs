//! Every mistake in `flow!` is shown, each at its own tokens.

statewright::flow! {
    machine Door {
        event Push
        event
        initial state Shut {
            on Push => Open
        }
        state Open { on Push -> Shut }
    }
}

fn main() {
    let _ = door::Event::Push;
}
