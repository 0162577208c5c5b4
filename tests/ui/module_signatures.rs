//! Functions of the host that generated code could not call, and items that are not what their
//! attribute says.

#[statewright::machine]
mod gate {
    #[logic]
    trait Logic {
        fn fits<T>(size: u32) -> bool;
        async fn is_open(size: u32) -> bool;
        fn sum((a, b): (u32, u32)) -> u32;
    }

    #[actions]
    trait Actions {
        unsafe fn ring(&mut self);
        fn shut(self: &mut Self);
    }

    #[events]
    struct Event {
        size: u32,
    }

    #[policy(timeout 5s)]
    enum Calm {
        Down,
    }

    enum State<'a> {
        #[state(initial)]
        Shut { name: &'a str },
    }
}

fn main() {}
