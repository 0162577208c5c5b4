#[statewright::machine(durable, version 1, key task_id)]
pub mod refine_draft {
    //! Write, criticise, rewrite, until good enough, no longer improving, or out of rounds.

    pub struct Critique {
        pub score: f64,
        pub advice: String,
    }

    #[context]
    pub struct Context {
        pub task_id: String,
        pub brief: String,
        #[init("")]
        pub draft: String,
        #[init("")]
        pub advice: String,
        #[init(0.0)]
        pub score: f64,
        #[init(0.9)]
        pub target: f64,
    }

    #[events]
    pub enum Event {
        Accept,
        GiveUp,
    }

    #[errors]
    pub enum Error {
        #[transient]
        ModelOverloaded,
    }

    #[activities]
    pub trait Activities {
        #[raises(ModelOverloaded)]
        async fn write(&self, cx: &Cx, brief: &str, draft: &str, advice: &str) -> String;
        #[raises(ModelOverloaded)]
        async fn critique(&self, cx: &Cx, brief: &str, draft: &str) -> Critique;
    }

    #[policy(timeout 90s  retry max 3 backoff exponential 1s..30s jitter full on transient)]
    pub struct Llm;

    #[on(GiveUp -> Cancelled)]
    #[on(error(e) -> Failed(e.message))]
    pub enum State {
        #[state(initial, loop, max 6, deadline 30m)]
        #[until(score >= target)]
        #[until(change(score) < 0.01 for 2)]
        #[on(Accept -> Accepted)]
        #[on(converged -> Accepted)]
        #[on(exhausted -> AskPerson)]
        Refining(Refining),

        #[human(choose(task_id, draft, score) -> bool {
            assign role("author")
            timeout 7d
        })]
        #[on(done(keep) {
            if keep -> Accepted
            else -> Cancelled
        })]
        #[on(timeout -> Cancelled)]
        AskPerson,

        #[state(final)]
        Accepted,

        #[state(final)]
        #[outcome(failure)]
        Cancelled,

        #[state(final)]
        #[outcome(failure)]
        Failed { why: String },
    }

    pub enum Refining {
        #[state(initial)]
        #[invoke(write(brief, draft, advice) with Llm)]
        #[on(done(text) do set draft = text -> Judging)]
        Writing,

        #[invoke(critique(brief, draft) with Llm)]
        #[on(done(c) do set score = c.score, set advice = c.advice -> Round)]
        Judging,

        #[state(final)]
        Round,
    }
}
