//! Warnings reach the author, who may deny them as any other, and answer them in the chart.
#![deny(warnings)]

statewright::flow! {
    machine Door {
        event Push
        event Pull
        @allow(W0107, "a later version handles it")
        event Turn
        initial state Shut { on Push -> Open }
        state Open { on Push -> Shut }
        state Nowhere { on Push -> Shut }
    }
}

#[statewright::machine(event Push)]
enum Gate {
    #[state(initial)]
    #[on(Push -> Open)]
    Shut,
    Open,
}

fn main() {
    let _ = door::Event::Push;
    let _ = gate::Event::Push;
}
