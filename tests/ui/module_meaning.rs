//! Mistakes in the attributes of a module point into the attributes.

#[statewright::machine]
mod crossing {
    #[context]
    struct Context {
        #[init(true)]
        count: u32,
    }

    #[events]
    enum Event {
        Button,
        Fault { code: u32 },
    }

    #[actions]
    trait Actions {
        fn log(&mut self, code: u32);
    }

    enum State {
        #[state(initial)]
        #[on(Fault(code, more) do log(code) -> Broken)]
        Operating { cars: Cars, walkers: Walkers },
        #[on(Buton -> Operating)]
        Broken,
    }

    enum Cars {
        #[state(initial)]
        #[after(20s -> Goo)]
        Stop,
        #[after(20 -> Stop)]
        Go,
    }

    enum Walkers {
        #[on(Button do logg(3) -> Walk)]
        Wait,
        #[after(20s -> Wait)]
        Walk,
    }
}

struct Host;

impl crossing::Actions for Host {
    fn log(&mut self, _: u32) {}
}

fn main() {
    let mut machine = crossing::Machine::new(Host, crossing::Start {}).unwrap();
    machine.dispatch(crossing::Event::Button).unwrap();
}
