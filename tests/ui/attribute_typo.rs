//! A mistake inside an attribute is shown at its tokens.

enum Event {
    Push,
}

#[statewright::machine(events Event)]
#[derive(Debug, Clone, PartialEq)]
enum Door {
    #[state(initial)]
    #[on(Push -> -> Open)]
    Shut,
    #[on(Push goto Shut)]
    Open,
}

fn main() {
    let _ = door::State::Shut;
}
