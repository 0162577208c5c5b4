//! What has no effect in a macro: scenarios and properties, which are played and proved from files, and files that
//! are imported.

statewright::flow! {
    machine Lamp {
        event Press
        initial state Off { on Press -> On }
        state On { on Press -> Off }

        property "it is lit at times": Off leads to On
        scenario "it is lit" {
            send Press
            expect On
        }
    }
    scenario "it goes out" for Lamp {
        send Press
    }
}

#[statewright::machine(scenario "it opens" { send Push  expect Open })]
mod door {
    #[events]
    enum Event {
        Push,
    }

    enum State {
        #[state(initial)]
        #[on(Push -> Open)]
        Shut,
        #[on(Push -> Shut)]
        Open,
    }
}

#[statewright::machine(event Push  property "it can be shut": eventually Shut)]
enum Hatch {
    #[state(initial)]
    #[on(Push -> Open)]
    Shut,
    #[on(Push -> Shut)]
    Open,
}

#[statewright::machine(durable, import "money.flow", key id, event Push)]
enum Gate {
    #[state(initial)]
    #[on(Push -> Open)]
    Shut,
    #[on(Push -> Shut)]
    Open,
}

fn main() {
    let _ = (lamp::State::Off, door::State::Shut, Gate::Open, Hatch::Open);
}
