#[statewright::machine]
pub mod quotes {
    //! Calls with all that a policy says, fallbacks of each kind, and results that are shared.

    #[context]
    pub struct Context {
        pub id: String,
        #[init(0)]
        pub price: u64,
        #[init("")]
        pub note: String,
    }

    #[errors]
    pub enum Error {
        NoSuchThing {
            id: String,
        },
        #[transient]
        Busy {
            retry_after: std::time::Duration,
        },
    }

    #[activities]
    pub trait Activities {
        #[raises(NoSuchThing, Busy)]
        #[cache(for 5m by (id))]
        #[coalesce(by (id, within))]
        async fn quote(&self, cx: &Cx, id: &str, within: std::time::Duration) -> u64;
        #[raises(NoSuchThing, Busy)]
        #[coalesce]
        async fn guess(&self, cx: &Cx, id: &str) -> Result<u64, GuessError>;
        async fn log(&self, cx: &Cx, text: &str);
    }

    #[logic]
    pub trait Logic {
        fn least(id: &str) -> u64;
    }

    #[policy(
        timeout 5s
        deadline 1m30s
        retry max 3 backoff exponential 250ms..4s factor 2 jitter full on transient, Unexpected
        retry budget 20%
        circuit_breaker failures 5 within 30s open 45s probes 2
        bulkhead 32 queue 100
        rate_limit 30 per 1m
    )]
    pub struct All;

    #[policy(
        timeout never
        retry max 2 backoff linear 1s..3s jitter equal on Busy
        circuit_breaker rate 50% of 20 within 1m open 2m
        bulkhead 4
    )]
    pub struct Other;

    #[policy(timeout 2s  retry max 1 backoff fixed 2s jitter none)]
    pub struct Third;

    pub enum State {
        #[state(initial)]
        #[invoke(quote(id, 2s) with All fallback guess(id) with Other fallback on NoSuchThing least(id))]
        #[on(done(found) do set price = found -> Telling)]
        #[on(error NoSuchThing(what) do set note = what -> Failed)]
        Asking,
        #[invoke(log("told") with Third)]
        #[on(done -> Told)]
        #[on(error(e) do set note = e.message -> Failed)]
        Telling,
        #[state(final)]
        Told,
        #[state(final)]
        #[outcome(failure)]
        Failed,
    }
}
