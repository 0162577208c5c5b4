//! Conflicts between more than two transitions, and what `in(S)` says while one is being taken.

statewright::flow! {
    machine Three {
        event Fight
        action log(what: String)

        initial parallel state P {
            on Fight do log("outer") -> A::A2

            region A { initial state A1 {} state A2 { entry do log("+A2") } state A3 {} }
            region B {
                initial state B1 { on Fight do log("b") -> B2 }
                state B2 { entry do log("+B2") }
                state B3 {}
            }
            region C {
                initial state C1 { on Fight do log("all") -> A::A3 & B::B3 & C2 }
                state C2 {}
            }
        }
    }

    machine Moments {
        event Go
        action log(what: String)
        action see(it: bool)

        initial parallel state P {
            region A {
                initial state Outer {
                    exit do log("-Outer"), see(in(Outer))
                    on Go do log("a"), see(in(B)), see(in(Later)), see(in(Wide)) -> Outer::Second
                    initial state First {}
                    state Second { entry do log("+Second"), see(in(Later)), see(in(Wide)) }
                }
            }
            region B {
                initial state Wide {
                    on Go do log("b"), see(in(Outer)), see(in(First)) -> Wide::Later
                    initial state Early {}
                    state Later { entry do log("+Later"), see(in(Outer)), see(in(Second)) }
                }
            }
        }
    }

    machine Again {
        event Again
        event Mix
        action log(what: String)

        initial parallel state P {
            region A {
                entry do log("+A")
                exit do log("-A")
                on Again -> reenter A
                initial parallel state Inner {
                    region A1 {
                        entry do log("+A1")
                        exit do log("-A1")
                        on Mix -> reenter A1
                        initial state X {}
                    }
                    region A2 {
                        entry do log("+A2")
                        exit do log("-A2")
                        on Mix -> reenter A2
                        initial state Y {}
                    }
                }
            }
            region B {
                entry do log("+B")
                exit do log("-B")
                on Again -> reenter B
                on Mix -> reenter B
                initial state Z {}
            }
        }
    }
}

use crate::{Log, logs, steps};

logs! { three again }

impl moments::Actions for Log {
    fn log(&mut self, what: &str) {
        self.0.push(what.to_string());
    }
    fn see(&mut self, it: bool) {
        self.0.push(it.to_string());
    }
}

#[test]
fn one_that_loses_takes_nobody_with_it() {
    // `all` would win over `outer`, which stands further out, but loses to `b`, which came first.
    let mut m = three::Machine::new(Log::default(), three::Start {}).unwrap();
    steps! { m, three::Event::Fight => Handled "outer b +A2 +B2" }
}

#[test]
fn states_that_stay_are_active_all_the_while() {
    let mut m = moments::Machine::new(Log::default(), moments::Start {}).unwrap();
    steps! { m, moments::Event::Go => Handled
    "a true false true b true false +Second false true +Later true true" }
}

#[test]
fn regions_start_over_side_by_side() {
    let mut m = again::Machine::new(Log::default(), again::Start {}).unwrap();
    m.host_mut().take();
    steps! { m,
        again::Event::Again => Handled "-B -A2 -A1 -A +A +A1 +A2 +B"
        again::Event::Mix => Handled "-B -A2 -A1 +A1 +A2 +B"
    }
}
