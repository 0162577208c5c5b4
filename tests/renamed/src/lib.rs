//! The runtime has another name here, and every form of the macros is told of it.
#![allow(missing_docs)]

charts::flow! {
    crate = ::charts;
    machine Door {
        event Push
        initial state Shut { on Push -> Open  after 1s -> Open }
        state Open { on Push -> Shut }
    }
}

charts::include_flow!("../flows/traffic_light.flow", crate = ::charts);

#[charts::machine(crate = ::charts, event Push)]
pub enum Gate {
    #[state(initial)]
    #[on(Push -> Open)]
    Shut,
    #[on(Push -> Shut)]
    Open,
}

#[charts::machine(crate = ::charts)]
pub mod hatch {
    #[events]
    pub enum Event {
        Push,
    }
    pub enum State {
        #[state(initial)]
        #[on(Push -> Open)]
        Shut,
        #[on(Push -> Shut)]
        Open,
    }
}

#[test]
fn every_form_runs() {
    let mut door = door::Machine::new((), door::Start {}).expect("nothing overflows");
    door.dispatch(door::Event::Push).expect("nothing overflows");
    assert_eq!(door.state(), door::State::Open);
    let mut gate = gate::Machine::new((), gate::Start {}).expect("nothing overflows");
    gate.dispatch(gate::Event::Push).expect("nothing overflows");
    assert_eq!(gate.state(), Gate::Open);
    let mut hatch = hatch::Machine::new((), hatch::Start {}).expect("nothing overflows");
    hatch.dispatch(hatch::Event::Push).expect("nothing overflows");
    assert_eq!(hatch.state(), hatch::State::Open);
}
