#[statewright::machine]
pub mod protected_call {
    //! Answer a question: primary model, then secondary, then cache, then a fixed text.

    use std::time::Duration;

    pub struct Answer {
        pub text: String,
        pub source: String,
    }

    #[context]
    pub struct Context {
        pub question: String,
    }

    #[events]
    pub enum Event {
        Ask { question: String },
        Stop,
    }

    #[errors]
    pub enum Error {
        BadQuestion {
            why: String,
        },
        #[transient]
        Unavailable,
        #[transient]
        RateLimited {
            retry_after: Duration,
        },
    }

    #[activities]
    pub trait Activities {
        #[raises(BadQuestion, Unavailable, RateLimited)]
        async fn ask_primary(&self, cx: &Cx, question: &str) -> Answer;
        #[raises(Unavailable)]
        async fn ask_secondary(&self, cx: &Cx, question: &str) -> Answer;
        #[raises(Unavailable)]
        async fn read_cache(&self, cx: &Cx, question: &str) -> Answer;
    }

    #[logic]
    pub trait Logic {
        fn sorry(question: &str) -> Answer;
    }

    #[policy(
        timeout 5s
        deadline 20s
        retry max 3 backoff exponential 250ms..4s factor 2 jitter full on transient
        circuit_breaker failures 5 within 30s open 45s probes 1
        bulkhead 32
    )]
    pub struct Primary;

    #[policy(
        timeout 8s
        retry max 2 backoff fixed 500ms jitter equal on transient
        circuit_breaker rate 50% of 20 within 1m open 2m probes 3
    )]
    pub struct Secondary;

    #[policy(timeout 200ms)]
    pub struct Cache;

    #[outputs]
    pub enum Output {
        Answered { answer: Answer },
        Refused { why: String },
    }

    pub enum State {
        #[state(initial)]
        #[on(Ask(q) do set question = q -> Asking)]
        #[on(Stop -> Stopped)]
        Idle,

        #[invoke(ask_primary(question) with Primary
            fallback ask_secondary(question) with Secondary
            fallback read_cache(question) with Cache
            fallback sorry(question))]
        #[on(done(answer) do emit Answered(answer) -> Idle)]
        #[on(error BadQuestion(why) do emit Refused(why) -> Idle)]
        #[defer(Ask)]
        #[on(Stop -> Stopped)]
        Asking,

        #[state(final)]
        Stopped,
    }
}
