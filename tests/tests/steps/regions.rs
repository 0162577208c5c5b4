//! Parallel states: each region reacts, conflicts are resolved, siblings are left alone.

statewright::flow! {
    machine Pair {
        context { n: u32 = 0 }
        event Tick
        event Jump
        event Only
        event Fork
        event Fight
        event Cross
        event Same
        event Off
        event On
        action log(what: String)

        initial parallel state P {
            entry do log("+P")
            exit do log("-P")
            on Off do log("off") -> Z
            on Fight do log("fight") -> Z
            on Same do log("same")
            on Fork do log("fork") -> P::A::A2 & P::B::B2

            region A {
                entry do log("+A")
                exit do log("-A")
                initial state A1 {
                    entry do log("+A1")
                    exit do log("-A1")
                    on Tick do log("a1"), set n = 10 -> A2
                    on Jump if in(B::B2) do log("jump") -> A2
                    on Fight do log("mine")
                    on Cross do log("cross") -> B::B2
                }
                state A2 {
                    entry do log("+A2")
                    exit do log("-A2")
                    on Tick do log("a2") -> A1
                    on Fight do log("inner") -> A1
                }
            }
            region B {
                entry do log("+B")
                exit do log("-B")
                initial state B1 {
                    entry do log("+B1")
                    exit do log("-B1")
                    on Tick if n == 0 do log("b1") -> B2
                    on Only do log("only") -> B2
                }
                state B2 {
                    entry do log("+B2")
                    exit do log("-B2")
                    on Tick do log("b2") -> B1
                }
            }
        }
        state Z {
            entry do log("+Z")
            on On -> P::B::B2
            on Fork -> P::A::A2 & P::B::B2
        }
    }

    machine Ends {
        event Left
        event Right
        action log(what: String)

        initial parallel state P {
            on done do log("all") -> Over
            region A {
                on done do log("a")
                initial state A1 { on Left -> A2 }
                final state A2 { entry do log("+A2") }
            }
            region B {
                initial state B1 { on Right -> B2 }
                final state B2 { entry do log("+B2") }
            }
        }
        state Over { entry do log("+Over") }
    }
}

use crate::{Log, logs, steps};
use pair::{Event, In, Machine, State};

logs! { pair ends }

fn machine() -> Machine<Log> {
    let mut machine = Machine::new(Log::default(), pair::Start {}).unwrap();
    assert_eq!(machine.host_mut().take(), "+P +A +A1 +B +B1");
    machine
}

#[test]
fn guards_are_read_before_any_effect_and_all_exits_come_first() {
    let mut m = machine();
    steps! { m,
        Event::Tick => Handled "-B1 -A1 a1 b1 +A2 +B2"
        Event::Tick => Handled "-B2 -A2 a2 b2 +A1 +B1"
        Event::Tick => Handled "-A1 a1 +A2"
    }
    assert_eq!(m.state(), State::P { a: pair::A::A2, b: pair::B::B1 });
}

#[test]
fn one_region_reacts_alone_and_may_ask_about_the_other() {
    let mut m = machine();
    steps! { m,
        Event::Jump => Unhandled ""
        Event::Only => Handled "-B1 only +B2"
        Event::Jump => Handled "-A1 jump +A2"
    }
    assert!(m.is_in(In::P) && m.is_in(In::A2) && m.is_in(In::B2) && !m.is_in(In::Z));
}

#[test]
fn the_state_around_reacts_once() {
    let mut m = machine();
    steps! { m,
        Event::Same => Handled "same"
        Event::Off => Handled "-B1 -B -A1 -A -P off +Z"
        Event::Same => Unhandled ""
        Event::On => Handled "+P +A +A1 +B +B2"
    }
}

#[test]
fn of_two_that_leave_the_same_the_inner_one_wins() {
    let mut m = machine();
    // A stay leaves nothing, so it does not keep the other region from leaving both.
    steps! { m, Event::Fight => Handled "-B1 -B -A1 -A -P fight mine +Z" }
    let mut m = machine();
    steps! { m,
        Event::Tick => Handled "-B1 -A1 a1 b1 +A2 +B2"
        Event::Fight => Handled "-A2 inner +A1"
    }
    assert!(m.is_in(In::B2));
}

#[test]
fn targets_in_several_regions() {
    let mut m = machine();
    steps! { m,
        Event::Fork => Handled "-B1 -A1 fork +A2 +B2"
        Event::Off => Handled "-B2 -B -A2 -A -P off +Z"
        Event::Fork => Handled "+P +A +A2 +B +B2"
    }
}

#[test]
fn between_regions_both_are_left_and_the_source_starts_over() {
    let mut m = machine();
    steps! { m, Event::Cross => Handled "-B1 -A1 cross +A1 +B2" }
    assert_eq!(m.state(), State::P { a: pair::A::A1, b: pair::B::B2 });
}

#[test]
fn a_parallel_state_is_complete_when_its_regions_are() {
    let mut m = ends::Machine::new(Log::default(), ends::Start {}).unwrap();
    steps! { m,
        ends::Event::Left => Handled "+A2 a"
        ends::Event::Left => Unhandled ""
        ends::Event::Right => Handled "+B2 all +Over"
    }
}
