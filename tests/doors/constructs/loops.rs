#[statewright::machine]
pub mod drafts {
    //! Loops with each way out, with data, and inside each other.

    #[context]
    pub struct Context {
        #[init(0.0)]
        pub score: f64,
        #[init(3)]
        pub limit: u32,
        #[init(0)]
        pub last: u32,
    }

    #[events]
    pub enum Event {
        Written { score: f64 },
        Accept,
    }

    pub enum State {
        #[state(initial, loop, max limit, deadline 30m)]
        #[until(score >= least)]
        #[until(change(score) < 0.01 for 2)]
        #[entry(do set last = 0)]
        #[on(Accept -> Good)]
        #[on(converged do set last = round -> Good)]
        #[on(exhausted -> Polishing)]
        Improving {
            #[init(0.9)]
            least: f64,
            state: Improving,
        },
        #[state(loop, deadline 1h)]
        #[until(score > 0.5)]
        #[on(converged {
            if score > 0.8 -> Good
            else -> Poor
        })]
        #[on(exhausted -> Poor)]
        Polishing(Polishing),
        #[state(final)]
        Good,
        #[state(final)]
        Poor,
    }

    pub enum Improving {
        #[state(initial)]
        #[on(Written(s) do set score = s -> Round)]
        Waiting,
        #[state(final)]
        #[entry(do set last = round)]
        Round,
    }

    pub enum Polishing {
        #[state(initial)]
        #[after(1m -> Rested)]
        Resting,
        #[state(final)]
        Rested,
    }
}
