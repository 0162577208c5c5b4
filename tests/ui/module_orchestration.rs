//! What an attribute lacks is said as an attribute; and names of old data mean nothing, as in a file.

#[statewright::machine]
mod trip {
    #[activities]
    trait Activities {
        async fn rent(&self, cx: &Cx) -> u32;
    }

    enum State {
        #[state(initial)]
        #[step(car: rent())]
        #[on(done -> Rented)]
        Renting,
        #[state(max 6)]
        Rented,
    }
}

#[statewright::machine]
mod parcel {
    #[events]
    enum Event {
        Pack { code: String },
    }

    enum State {
        #[state(initial)]
        #[on(Pack(code) -> Packed(code))]
        Open,
        Packed {
            #[was("code")]
            #[id("number")]
            number: String,
        },
    }
}

fn main() {}
