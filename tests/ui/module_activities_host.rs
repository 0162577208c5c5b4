//! What the host of an annotated module lacks or gives wrongly, rustc says, at the trait.

use statewright::Cx;

#[statewright::machine]
mod order {
    #[errors]
    enum Error {
        Declined { reason: String },
    }

    #[actions]
    trait Actions {
        fn log(&self, text: &str);
    }

    #[activities]
    trait Activities {
        #[raises(Declined)]
        async fn charge(&self, cx: &Cx, total: u32) -> u32;
        async fn refund(&self, cx: &Cx);
    }

    enum State {
        #[state(initial)]
        #[invoke(charge(5))]
        #[on(done(paid) { if paid > 3 -> Paid  else -> Refunding })]
        #[on(error Declined(why) do log(why) -> Refunding)]
        #[on(error(_e) -> Refunding)]
        Paying,
        #[invoke(refund())]
        #[on(done -> Paid)]
        #[on(error(_e) -> Paid)]
        Refunding,
        #[state(final)]
        Paid,
    }
}

struct Shop;

impl order::Actions for Shop {
    fn log(&mut self, _: &str) {}
}

impl order::Activities for Shop {
    async fn charge(&self, _: &Cx, total: u64) -> Result<u32, order::Error> {
        Ok(total as u32)
    }
}

fn main() {
    let _ = order::Machine::new(std::sync::Arc::new(Shop), order::Start {});
}
