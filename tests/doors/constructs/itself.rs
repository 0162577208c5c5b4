#[statewright::machine(durable, key id)]
pub mod tree {
    //! A machine that sends to its own instances and starts them.

    #[context]
    pub struct Context {
        pub id: u64,
        pub depth: u32,
        #[init(0)]
        pub sum: u64,
    }

    #[events]
    pub enum Event {
        Grow { by: u64 },
    }

    #[errors]
    pub enum Error {
        Dead { why: String },
    }

    pub enum State {
        #[state(initial)]
        #[always({
            if depth == 0 -> Leaf(1)
            if depth > 8 -> Twins
            else do send Tree(id + 1).Grow(1) -> Growing
        })]
        Thinking,
        #[invoke(machine Tree(id * 2, depth - 1))]
        #[on(done(sum) -> Leaf(sum))]
        #[on(error Dead(why) -> Dead(why))]
        #[on(error(e) -> Dead(e.message))]
        #[on(Grow(by) do set sum = sum + by, send Tree(id * 2).Grow(by))]
        Growing,
        #[state(saga)]
        #[step(left: machine Tree(id * 4, depth - 1) compensate machine Tree(id * 4 + 1, 0))]
        #[step(right: machine Tree(id * 4 + 2, depth - 1) compensate machine Tree(id * 4 + 3, 0))]
        #[on(done -> Leaf(left + right))]
        #[on(compensated(cause) -> Dead(cause.message))]
        #[on(compensation_error(cause) -> Dead(cause.message))]
        Twins,
        #[state(final)]
        Leaf { sum: u64 },
        #[state(final)]
        #[outcome(failure)]
        Dead { why: String },
    }
}
