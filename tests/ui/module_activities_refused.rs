//! What the traits of a module with activities cannot say.

#[statewright::machine]
mod order {
    #[actions]
    trait Actions {
        fn log(&mut self, text: &str);
    }

    #[activities]
    trait Activities {
        fn charge(&self, cx: &Cx, total: u32) -> u32;
        async fn reserve(&self, total: u32) -> u32;
        async fn refund(&mut self, cx: &Cx);
        async fn tell(&self, cx: &Cx) {}
        async fn ship(&self, cx: &Cx) -> Result<u32, Error>;
        async fn wrap(&self, cx: &Cx, total: &u32);
    }

    enum State {
        #[state(initial)]
        Paying,
    }
}

#[statewright::machine(durable, key name)]
mod door {
    #[context]
    struct Context {
        name: String,
    }

    #[actions]
    trait Actions {
        fn creak(&mut self);
    }

    enum State {
        #[state(initial)]
        #[entry(do creak())]
        Shut,
    }
}

fn main() {}
