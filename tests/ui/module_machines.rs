//! Mistakes about machines of other modules are shown where they are made.

#[statewright::machine(durable, key id)]
mod parcel {
    #[context]
    struct Context {
        id: String,
        weight: u32,
    }

    #[events]
    enum Event {
        Deliver { code: String },
    }

    enum State {
        #[state(initial)]
        #[on(Deliver(code) if weight > 1 -> Delivered(code))]
        Moving,
        #[state(final)]
        Delivered { code: String },
    }
}

#[statewright::machine(durable, key id)]
mod order {
    use super::parcel::Parcel;

    #[context]
    struct Context {
        id: String,
    }

    enum State {
        #[state(initial)]
        #[invoke(machine Parcel(id, "heavy"))]
        #[on(done(code) do send Parcel(id).Delivr(code) -> Sent(1))]
        #[on(error(_) do send Parcel(3).Deliver("x") -> Sent(code))]
        Sending,
        #[state(final)]
        Sent { code: String },
    }
}

#[statewright::machine(durable, key id)]
mod forgotten {
    #[context]
    struct Context {
        id: String,
    }

    enum State {
        #[state(initial)]
        #[after(1s do send Parcel(id).Deliver("x") -> Sent)]
        Sending,
        #[state(final)]
        Sent,
    }
}

#[statewright::machine(durable, key id)]
mod renamed {
    use super::parcel::Parcel as Box;

    #[context]
    struct Context {
        id: String,
    }

    enum State {
        #[state(initial)]
        #[invoke(machine Box(id, 3))]
        #[on(done -> Sent)]
        #[on(error(_) -> Sent)]
        Sending,
        #[state(final)]
        Sent,
    }
}

fn main() {
    let _ = order::Start { id: String::new() };
}
