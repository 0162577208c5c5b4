//! Every mistake in `flow!` is shown, each at its own tokens.

statewright::flow! {
    machine Door {
        event Push
        initial state Shut {
            on Push => Open
        }
        state Open {
            after 30 seconds -> Shut
            on Push -> Shut
        }
    }
}

fn main() {
    let _ = door::Event::Push;
}
