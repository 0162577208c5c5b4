#[statewright::machine(durable, key document_id)]
pub mod document_pipeline {
    //! Three agents read a document, three reviewers vote, a person breaks ties.

    pub enum Verdict {
        Publish,
        Revise,
        Reject,
    }

    pub struct Review {
        pub reviewer: String,
        pub verdict: Verdict,
        pub score: f64,
        pub notes: String,
    }

    #[context]
    pub struct Context {
        pub document_id: String,
        pub source_url: String,
        #[init("")]
        pub text: String,
        #[init("")]
        pub summary: String,
        #[init([])]
        pub topics: Vec<String>,
        #[init([])]
        pub risks: Vec<String>,
        pub reviewers: Vec<String>,
        #[init([])]
        pub reviews: Vec<Review>,
    }

    #[events]
    pub enum Event {
        Withdraw,
    }

    #[errors]
    pub enum Error {
        Unreadable {
            why: String,
        },
        #[transient]
        ModelOverloaded,
    }

    #[activities]
    pub trait Activities {
        #[raises(Unreadable)]
        async fn fetch_text(&self, cx: &Cx, url: &str) -> String;
        #[raises(ModelOverloaded)]
        async fn summarise(&self, cx: &Cx, text: &str) -> String;
        #[raises(ModelOverloaded)]
        async fn find_topics(&self, cx: &Cx, text: &str) -> Vec<String>;
        #[raises(ModelOverloaded)]
        async fn find_risks(&self, cx: &Cx, text: &str) -> Vec<String>;
        #[raises(ModelOverloaded)]
        async fn review(&self, cx: &Cx, summary: &str, risks: &[String], reviewer: &str) -> Review;
        async fn publish(&self, cx: &Cx, document_id: &str, summary: &str, topics: &[String]);
    }

    #[policy(
        timeout 60s
        retry max 3 backoff exponential 1s..20s jitter full on transient
        rate_limit 30 per 1m
    )]
    pub struct Llm;

    #[policy(timeout 20s  retry max 3 backoff fixed 1s jitter equal on transient)]
    pub struct Io;

    #[on(Withdraw -> Withdrawn)]
    #[on(error(e) -> Failed(e.message))]
    pub enum State {
        #[state(initial)]
        #[invoke(fetch_text(source_url) with Io)]
        #[on(done(body) do set text = body -> Reading)]
        #[on(error Unreadable(why) -> Failed(why))]
        Fetching,

        /// Fan-out over three different agents; all of them must answer.
        #[fan_out({
            call summary_out: summarise(text) with Llm
            call topics_out: find_topics(text) with Llm
            call risks_out: find_risks(text) with Llm
        } join all)]
        #[on(done
            do set summary = summary_out, set topics = topics_out, set risks = risks_out
            -> Reviewing)]
        Reading,

        /// Fan-out over a list; two answers of three are enough.
        #[fan_out(
            reviewer in reviewers max 9 concurrency 3 {
                call one: review(summary, risks, reviewer) with Llm
            } join quorum 2 tolerate 1 into answers
                vote one.verdict majority into outcome
        )]
        #[on(done do set reviews = answers {
            if outcome == some(Verdict::Publish) -> Publishing
            if outcome == some(Verdict::Reject) -> Rejected
            else -> TieBreak
        })]
        Reviewing,

        #[human(decide(document_id, summary, reviews) -> Verdict {
            assign role("editor")
            timeout 2d
        })]
        #[on(done(verdict) {
            if verdict == Verdict::Publish -> Publishing
            else -> Rejected
        })]
        #[on(timeout -> Rejected)]
        TieBreak,

        #[invoke(publish(document_id, summary, topics) with Io)]
        #[on(done -> Published)]
        Publishing,

        #[state(final)]
        Published,

        #[state(final)]
        #[outcome(failure)]
        Rejected,

        #[state(final)]
        #[outcome(failure)]
        Failed { why: String },

        #[state(final)]
        Withdrawn,
    }
}
