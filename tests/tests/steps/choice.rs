//! Choices with effects in front of their guards, in machines without and with regions.

statewright::flow! {
    machine Sorter {
        context { n: i32 = 0 }
        event Put(x: i32)
        event Back
        action log(what: String)
        initial state Wait {
            exit do log("-Wait")
            on Put(x) do set n = n + x, log("put") {
                if n > 10 do log("big") -> Big
                if n > 5 -> Small
                else do log("more")
            }
        }
        state Small { entry do log("+Small") on Back -> Wait }
        state Big { entry do log("+Big") on Back -> Wait }
    }

    machine Both {
        context { n: i32 = 0 }
        event Put(x: i32)
        action log(what: String)
        initial parallel state P {
            region A {
                initial state A1 {
                    exit do log("-A1")
                    on Put(x) do set n = n + x {
                        if n > 10 -> A2
                        else do log("less")
                    }
                }
                state A2 { entry do log("+A2") }
            }
            region B {
                initial state B1 {
                    exit do log("-B1")
                    on Put(x) if n < 5 do log("b") -> B2
                }
                state B2 { on Put(x) do log("b2") -> B1 }
            }
        }
    }
}

use crate::{Log, logs, steps};

logs! { sorter both }

#[test]
fn the_effects_in_front_run_before_the_guards_are_read() {
    use sorter::Event;
    let mut m = sorter::Machine::new(Log::default(), sorter::Start {}).unwrap();
    steps! { m,
        Event::Put { x: 4 } => Handled "put more"
        Event::Put { x: 4 } => Handled "put -Wait +Small"
        Event::Back => Handled ""
        Event::Put { x: 4 } => Handled "put -Wait big +Big"
    }
    assert_eq!(m.context().n, 12);
}

#[test]
fn a_choice_in_a_region_does_not_disturb_the_guards_of_the_other() {
    use both::Event;
    let mut m = both::Machine::new(Log::default(), both::Start {}).unwrap();
    steps! { m,
        Event::Put { x: 11 } => Handled "-B1 -A1 b +A2"
        Event::Put { x: 1 } => Handled "b2"
    }
    assert_eq!(m.state(), both::State::P { a: both::A::A2, b: both::B::B1 });
}
