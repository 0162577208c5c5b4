#[statewright::machine(durable, version 2, key order_id)]
pub mod order_saga {
    //! Order fulfilment: payment, stock, shipping, with a human check for large orders.

    use crate::model::{Address, Item, Money};

    pub enum Decision {
        Approved,
        Rejected,
    }

    pub struct Receipt {
        pub id: String,
        pub amount: Money,
    }

    #[context]
    pub struct Context {
        pub order_id: String,
        pub customer: String,
        #[late]
        pub items: Vec<Item>,
        #[late]
        pub address: Address,
        #[late]
        pub total: Money,
        #[init(none)]
        pub note: Option<String>,
    }

    #[events]
    pub enum Event {
        Submit { items: Vec<Item>, address: Address },
        Cancel { reason: String },
    }

    #[errors]
    pub enum Error {
        OutOfStock {
            sku: String,
        },
        Declined {
            reason: String,
        },
        #[transient]
        GatewayDown,
        #[transient]
        CarrierBusy,
    }

    #[logic]
    pub trait Logic {
        fn is_empty_cart(items: &[Item]) -> bool;
        fn is_large(total: &Money) -> bool;
        fn total_of(items: &[Item]) -> Money;
    }

    #[activities]
    pub trait Activities {
        #[raises(OutOfStock)]
        async fn reserve_stock(&self, cx: &Cx, order_id: &str, items: &[Item]) -> String;
        async fn release_stock(&self, cx: &Cx, reservation: &str);
        #[raises(Declined, GatewayDown)]
        async fn charge_card(&self, cx: &Cx, order_id: &str, total: &Money) -> Receipt;
        #[raises(GatewayDown)]
        async fn refund(&self, cx: &Cx, receipt: &Receipt);
        #[raises(CarrierBusy)]
        async fn ship(&self, cx: &Cx, order_id: &str, address: &Address) -> String;
        async fn send_mail(&self, cx: &Cx, customer: &str, template: &str);
    }

    #[policy(
        timeout 10s
        deadline 2m
        retry max 4 backoff exponential 200ms..10s jitter full on transient
        circuit_breaker failures 5 within 30s open 1m probes 2
    )]
    pub struct Gateway;

    #[policy(timeout 30s  retry max 20 backoff exponential 1s..5m jitter full on transient)]
    pub struct Patient;

    pub enum State {
        #[state(initial)]
        #[on(Submit(cart, to) {
            if is_empty_cart(cart) do set note = some("cart is empty")
            else
                do set items = cart, set address = to, set total = total_of(cart)
                -> Checking
        })]
        #[after(30d -> Abandoned)]
        Draft,

        #[always {
            if is_large(total) -> AwaitingApproval
            else -> Fulfilling
        }]
        Checking,

        /// Orders above the limit need a person from finance.
        #[human(approve(order_id, total) -> Decision {
            assign role("finance")
            title "Approve order {order_id}"
            remind every 8h
            escalate after 24h to role("cfo")
            timeout 3d
        })]
        #[on(done(decision) {
            if decision == Decision::Approved -> Fulfilling
            else do set note = some("rejected by finance") -> Rejected
        })]
        #[on(timeout do set note = some("approval timed out") -> Rejected)]
        #[on(Cancel(reason) do set note = some(reason) -> Rejected)]
        AwaitingApproval,

        #[state(saga)]
        #[step(stock: reserve_stock(order_id, items) with Gateway
            compensate release_stock(stock) with Patient)]
        #[step(payment: charge_card(order_id, total) with Gateway
            compensate refund(payment) with Patient)]
        #[pivot(parcel: ship(order_id, address) with Patient)]
        #[step(mail: send_mail(customer, "shipped") with Patient)]
        #[on(Cancel(reason) do set note = some(reason) abort)]
        #[on(done -> Completed(parcel))]
        #[on(compensated(cause) do set note = some(cause.message) -> Rejected)]
        #[on(compensation_error(cause) do set note = some(cause.message) -> NeedsRepair)]
        Fulfilling,

        /// A compensation failed for good: somebody has to look at it.
        #[human(repair(order_id, note) -> Decision {
            assign role("operations")
            timeout never
        })]
        #[on(done(_) -> Rejected)]
        NeedsRepair,

        #[state(final)]
        Completed { tracking: String },

        #[state(final)]
        #[outcome(failure)]
        Rejected,

        #[state(final)]
        #[outcome(failure)]
        Abandoned,
    }
}
