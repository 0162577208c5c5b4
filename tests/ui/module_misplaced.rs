//! An attribute of the macros that says nothing where it stands is refused with where it belongs: rustc
//! never sees it, and nobody else would say so.

#[statewright::machine]
#[on(Push -> Shut)]
mod door {
    #[context(all)]
    struct Context {
        #[init]
        opened: u32,
        #[late(never)]
        name: String,
        #[init = 3]
        #[cfg(test)]
        shut: u32,
    }

    #[events]
    #[allow_flow(W0203, "later")]
    enum Event {
        #[state(final)]
        Push {
            #[id("force")]
            force: u32,
        },
        #[transient]
        Pull,
    }

    #[activities]
    trait Activities: Send {
        const LIMIT: u32;
        #[raises(Stuck)]
        #[raises(Broken)]
        async fn oil(&self, cx: &Cx, #[late] drops: u32);
    }

    #[policy(timeout 5s)]
    struct Patient {
        tries: u32,
    }

    #[strict]
    pub(crate) enum State {
        #[state(initial)]
        #[late]
        Shut,
        Open {
            #[was("angle")]
            wide: u32,
            #[state(initial)]
            left: Left,
            right: Right,
        },
        Broken(#[on(Push(_) -> Shut)] Broken),
    }

    #[state(loop)]
    enum Left {
        #[state(initial)]
        Still,
    }

    enum Right {
        #[state(initial)]
        Calm,
    }

    enum Broken {
        #[state(initial)]
        Jammed,
    }
}

fn main() {
    let _ = door::State::Shut;
}
