#[statewright::machine(durable, key order_id, version 2)]
pub mod payment {
    //! A payment through both doors: activities with results and errors, in a durable machine.

    use crate::model::Money;
    use statewright::Cx;
    use std::time::Duration;

    pub struct Receipt {
        pub id: String,
        pub amount: u32,
    }

    pub enum Channel {
        Card,
        Invoice,
    }

    #[context]
    pub struct Context {
        pub order_id: String,
        pub total: u32,
        pub channel: Channel,
        #[init(none)]
        pub receipt: Option<Receipt>,
        #[init(none)]
        pub price: Option<Money>,
        #[init(0)]
        pub tries: u32,
        #[init("")]
        pub why: String,
    }

    #[events]
    pub enum Event {
        Cancel { reason: String },
    }

    #[outputs]
    pub enum Output {
        Paid { receipt: Receipt },
    }

    #[errors]
    pub enum Error {
        /// The bank says no.
        Declined {
            reason: String,
        },
        Partly {
            paid: u32,
            of: Money,
        },
        #[transient]
        Busy,
    }

    #[logic]
    pub trait Logic {
        fn is_large(total: u32) -> bool;
    }

    #[actions]
    pub trait Actions {
        #[allow_flow(W0506, "a line that is written twice does no harm")]
        fn log(&self, text: &str, channel: Channel);
    }

    #[activities]
    pub trait Activities {
        /// Takes the money.
        #[raises(Declined, Partly, Busy)]
        async fn charge(&self, cx: &Cx, order_id: &str, total: u32, channel: Channel) -> Receipt;
        async fn price_of(
            &self,
            cx: &Cx,
            total: u32,
            within: Duration,
        ) -> Result<Money, PriceOfError>;
        async fn refund(&self, cx: &Cx, receipt: &Option<Receipt>);
    }

    #[on(error Partly(paid, _) do set total = paid -> Refunding)]
    #[on(error(e) do set why = e.message, log(e.name, channel) -> Failed)]
    pub enum State {
        #[state(initial)]
        #[allow_flow(W0503, "the bank of the tests answers at once")]
        #[invoke(price_of(total, 5s))]
        #[on(done(money) do set price = some(money) -> Charging)]
        Pricing,

        #[allow_flow(W0503, "the bank of the tests answers at once")]
        #[invoke(charge(order_id, total, channel))]
        #[on(done(receipt) do set receipt = some(receipt), emit Paid(receipt) {
            if is_large(total) -> Checking
            else -> Done
        })]
        #[on(error Declined(reason) do set why = reason -> Failed)]
        #[on(error Busy if tries < 3 do set tries = tries + 1 -> Waiting)]
        #[on(Cancel(reason) do set why = reason -> Refunding)]
        Charging,

        #[after(10s -> Charging)]
        Waiting,

        #[after(1d -> Done)]
        #[on(Cancel(reason) do set why = reason -> Refunding)]
        Checking,

        #[allow_flow(W0503, "the bank of the tests answers at once")]
        #[invoke(refund(receipt))]
        #[on(done -> Failed)]
        Refunding,

        #[state(final)]
        Done,

        #[state(final)]
        Failed,
    }
}
