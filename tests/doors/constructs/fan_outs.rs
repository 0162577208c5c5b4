#[statewright::machine]
pub mod panel {
    //! Fan-outs with every join and every vote; the last one is a map and reduce.

    pub enum Verdict {
        Publish,
        Revise,
    }

    pub struct Reviewer {
        pub name: String,
        pub weight: u32,
    }

    use statewright::Failure;

    #[context]
    pub struct Context {
        pub text: String,
        pub people: Vec<Reviewer>,
        #[init(0)]
        pub words: u64,
        #[init(none)]
        pub verdict: Option<Verdict>,
        #[init([])]
        pub answers: Vec<Verdict>,
        #[init("")]
        pub note: String,
        #[init([])]
        pub reasons: Vec<Option<Failure>>,
    }

    #[errors]
    pub enum Error {
        #[transient]
        Busy,
    }

    #[activities]
    pub trait Activities {
        async fn count(&self, cx: &Cx, text: &str) -> u64;
        #[raises(Busy)]
        async fn review(&self, cx: &Cx, name: &str, text: &str) -> Verdict;
        async fn skim(&self, cx: &Cx, name: &str) -> Verdict;
    }

    #[logic]
    pub trait Logic {
        fn sum(counts: &[u64]) -> u64;
    }

    #[policy(timeout 10s)]
    pub struct Llm;

    #[on(error(e) do set note = e.message -> Failed)]
    pub enum State {
        #[state(initial)]
        #[fan_out({
            call long: count(text) with Llm
            call short: count("short") with Llm
        } join all)]
        #[on(done do set words = long + short -> Settled)]
        All,
        #[fan_out({
            call first: review("ann", text) with Llm fallback skim("ann") with Llm
            call second: review("bob", text) with Llm
        } join all_settled into each)]
        #[on(done {
            if len(each) == 2 -> Any
            else -> Failed
        })]
        Settled,
        #[fan_out({
            call first: review("ann", text) with Llm
            call second: skim("bob") with Llm
        } join any into some_of)]
        #[on(done do set answers = some_of -> First)]
        Any,
        #[fan_out(person in people max 9 concurrency 3 {
            call one: review(person.name, text) with Llm fallback skim(person.name) with Llm
        } join first 3 into found vote one plurality into outcome)]
        #[on(done do set answers = found, set verdict = outcome -> Quorum)]
        First,
        #[fan_out(person in people max 9 concurrency 2 {
            call one: review(person.name, text) with Llm
        } join quorum 60% tolerate 30% into found vote one weighted by person.weight into outcome)]
        #[on(done do set answers = found, set verdict = outcome -> Tolerating)]
        Quorum,
        #[fan_out(person in people max 9 concurrency 2 {
            call one: review(person.name, text) with Llm
        } join all tolerate 2 into found failures into why vote one unanimous into outcome)]
        #[on(done do set answers = found, set reasons = why, set verdict = outcome -> Agreeing)]
        Tolerating,
        #[fan_out(person in people max 9 concurrency 4 {
            call one: review(person.name, text) with Llm
        } join quorum 2 into found vote one quorum 2 into outcome)]
        #[on(done do set answers = found, set verdict = outcome -> Counting)]
        Agreeing,
        #[fan_out(person in people max 1_000 concurrency 20 {
            call counted: count(person.name) with Llm
        } join all into counts)]
        #[on(done do set words = sum(counts) -> Done)]
        Counting,
        #[state(final)]
        Done,
        #[state(final)]
        Failed,
    }
}
