//! Composites: who handles, what is left and entered, and in which order.

statewright::flow! {
    machine Levels {
        event Inner
        event Outer
        event Both(n: u32)
        event Local
        event Again
        event Start
        event Stay
        event End
        action log(what: String)

        initial state A {
            entry do log("+A")
            exit do log("-A")
            on Outer do log("out") -> B
            on Both(n) if n > 1 do log("outer") -> B
            on Local do log("local") -> A::A2
            on Again do log("again") -> reenter A
            on Start do log("start") -> initial(A)
            on Stay do log("stay")

            initial state A1 {
                entry do log("+A1")
                exit do log("-A1")
                on Inner do log("in") -> A2
                on Both(n) if n == 1 do log("inner") -> A2
            }
            state A2 {
                entry do log("+A2")
                exit do log("-A2")
                on Inner do log("deep") -> B::B2::B22
            }
        }
        state B {
            entry do log("+B")
            exit do log("-B")
            initial do log("pick") -> B1

            state B1 {
                entry do log("+B1")
                exit do log("-B1")
                on Outer -> A::A2
            }
            state B2 {
                entry do log("+B2")
                exit do log("-B2")
                initial state B21 {
                    entry do log("+B21")
                    exit do log("-B21")
                }
                state B22 {
                    entry do log("+B22")
                    exit do log("-B22")
                    on Inner do log("up") -> B2::B21
                }
                on Outer -> A
            }
            on End -> Over
        }
        final state Over { entry do log("+Over") }
    }
}

use crate::{Log, logs, steps};
use levels::{Event, In, Machine, Start, State};

logs! { levels }

fn machine() -> Machine<Log> {
    let mut machine = Machine::new(Log::default(), Start {}).unwrap();
    assert_eq!(machine.host_mut().take(), "+A +A1");
    machine
}

#[test]
fn exits_then_effects_then_entries() {
    let mut m = machine();
    steps! { m,
        Event::Inner => Handled "-A1 in +A2"
        Event::Inner => Handled "-A2 -A deep +B +B2 +B22"
        Event::Inner => Handled "-B22 up +B21"
        Event::Outer => Handled "-B21 -B2 -B +A +A1"
        Event::Outer => Handled "-A1 -A out +B pick +B1"
        Event::Outer => Handled "-B1 -B +A +A2"
    }
    assert_eq!(m.state(), State::A(levels::A::A2));
}

#[test]
fn the_inner_state_comes_first_if_its_guard_is_true() {
    let mut m = machine();
    steps! { m,
        Event::Both { n: 0 } => Unhandled ""
        Event::Both { n: 1 } => Handled "-A1 inner +A2"
        Event::Both { n: 1 } => Unhandled ""
        Event::Both { n: 2 } => Handled "-A2 -A outer +B pick +B1"
    }
}

#[test]
fn a_target_inside_keeps_the_state_and_no_target_keeps_all() {
    let mut m = machine();
    steps! { m,
        Event::Stay => Handled "stay"
        Event::Local => Handled "-A1 local +A2"
        Event::Local => Handled "-A2 local +A2"
        Event::Start => Handled "-A2 start +A1"
        Event::Again => Handled "-A1 -A again +A +A1"
        Event::End => Unhandled ""
    }
}

#[test]
fn states_around_are_active_too() {
    let mut m = machine();
    assert!(m.is_in(In::A) && m.is_in(In::A1) && !m.is_in(In::A2) && !m.is_in(In::B));
    let _ = m.dispatch(Event::Outer).unwrap();
    assert!(m.is_in(In::B) && m.is_in(In::B1) && !m.is_in(In::B2) && !m.is_in(In::A));
}

#[test]
fn a_finished_machine_handles_nothing() {
    let mut m = machine();
    steps! { m,
        Event::Outer => Handled "-A1 -A out +B pick +B1"
        Event::End => Handled "-B1 -B +Over"
    }
    assert!(m.is_finished());
    assert_eq!(m.state(), State::Over);
    steps! { m, Event::Outer => Unhandled "" Event::End => Unhandled "" }
}
