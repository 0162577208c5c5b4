//! A module cannot say yet what the text says of activities.

#[statewright::machine]
mod order {
    #[context]
    struct Context {
        #[init(0)]
        total: u32,
    }

    #[errors]
    enum Error {
        Declined { reason: String },
    }

    #[activities]
    trait Activities {
        #[raises(Declined)]
        async fn charge(&self, cx: &Cx, total: u32) -> Result<u32, ChargeError>;
    }

    enum State {
        #[state(initial)]
        #[invoke(charge(total))]
        #[on(done(paid) do set total = paid -> Paid)]
        #[on(error(e) if e.message == "" -> Paid)]
        Paying,
        #[state(final)]
        Paid,
    }
}

#[statewright::machine(durable, key name)]
mod door {
    #[context]
    struct Context {
        name: String,
    }

    #[actions]
    trait Actions {
        fn creak(&mut self);
    }

    enum State {
        #[state(initial)]
        #[entry(do creak())]
        #[after(5s -> Open)]
        Shut,
        #[state(final)]
        Open,
    }
}

fn main() {
    let _ = order::State::Paying;
}
