//! A machine that makes one call after the other, with one policy or another around each.

/// A module with a machine that calls `ask` so many times, and `run`, which takes it through them in
/// a task.
macro_rules! calls {
    ($module:ident: $machine:ident with { $($policy:tt)* }) => {
        pub(crate) mod $module {
            statewright::flow! {
                machine $machine {
                    context { left: u64  sum: u64 = 0 }
                    transient error Busy
                    activity ask(x: u64) -> u64 raises Busy
                    policy around { $($policy)* }
                    initial state Asking {
                        invoke ask(sum) with around
                        on done(next) {
                            if left > 1 do set sum = next, set left = left - 1 -> reenter Asking
                            else do set sum = next -> Done
                        }
                        on error -> Done
                    }
                    final state Done
                }
            }
            calls!(run $module);
        }
    };
    ($module:ident: $machine:ident) => {
        pub(crate) mod $module {
            statewright::flow! {
                machine $machine {
                    context { left: u64  sum: u64 = 0 }
                    transient error Busy
                    activity ask(x: u64) -> u64 raises Busy
                    initial state Asking {
                        invoke ask(sum)
                        on done(next) {
                            if left > 1 do set sum = next, set left = left - 1 -> reenter Asking
                            else do set sum = next -> Done
                        }
                        on error -> Done
                    }
                    final state Done
                }
            }
            calls!(run $module);
        }
    };
    (run $module:ident) => {
        use self::$module as machine;

        impl machine::Activities for crate::calls::Service {
            async fn ask(&self, _: &statewright::Cx, x: u64) -> Result<u64, machine::AskError> {
                Ok(crate::calls::answer(x))
            }
        }

        pub(crate) async fn run(calls: u64) -> u64 {
            let start = machine::Start { left: calls };
            let machine = machine::Machine::new(std::sync::Arc::new(crate::calls::Service), start);
            let handle = machine.expect("it starts").spawn();
            let mut state = handle.state();
            let done = state.wait_for(|state| matches!(state, machine::State::Done)).await;
            done.expect("the task lives");
            handle.stop().await.map_or(0, |machine| machine.context().sum)
        }
    };
}

/// What is called: it answers at once.
pub(crate) struct Service;

pub(crate) fn answer(x: u64) -> u64 {
    x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

calls!(bare: Bare);
calls!(timed: Timed with { timeout 10s });
calls!(bounded: Bounded with { deadline 1m });
calls!(retried: Retried with { timeout never retry max 3 backoff exponential 200ms..10s jitter full on transient });
calls!(broken: Broken with { timeout never circuit_breaker failures 5 within 30s open 1m });
calls!(bulky: Bulky with { timeout never bulkhead 32 });
calls!(limited: Limited with { timeout never rate_limit 4000000000 per 1s });
calls!(full: Full with {
    timeout 10s
    deadline 1m
    retry max 3 backoff exponential 200ms..10s jitter full on transient
    retry budget 20%
    circuit_breaker failures 5 within 30s open 1m
    bulkhead 32
    rate_limit 4000000000 per 1s
});
