//! What the host lacks, rustc says, with the signature to write.

statewright::flow! {
    machine Door {
        event Push
        guard may_open(name: String)
        initial state Shut { on Push if may_open("me") -> Open }
        state Open { on Push -> Shut }
    }
}

struct Host;

impl door::Logic for Host {}

fn main() {
    let mut machine = door::Machine::new(Host, door::Start {}).unwrap();
    machine.dispatch(door::Event::Push).unwrap();
}
