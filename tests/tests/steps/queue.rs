//! Eventless transitions, raised events, completions, defer and ignore.

statewright::flow! {
    machine Chain {
        context { n: u32 = 0 }
        event Go
        event First(x: u32)
        event Second
        event Count
        event Finish
        event Nobody
        action log(what: String)

        initial state Idle {
            on Go do log("go"), raise First(7), raise Second, raise Nobody -> Busy
            on Count do set n = 0 -> Counting
        }
        state Busy {
            entry do log("+Busy")
            on First(x) {
                if x == 7 do log("first"), raise Finish
                else do log("wrong")
            }
            on Second do log("second")
            on Finish do log("finish") -> Idle
        }
        state Counting {
            entry do log("c")
            always if n >= 3 do log("enough") -> Idle
            always if n < 3 do set n = n + 1 -> reenter Counting
        }
    }

    machine Office {
        event Ask(what: u32)
        event Open
        event Close
        event Step
        action log(what: String)

        initial state Closed {
            defer Ask
            ignore Close
            on Open -> Opening
            on Step do log("step")
        }
        state Opening {
            defer Ask
            on Step -> Opened
        }
        state Opened {
            on Ask(what) {
                if what == 1 do log("one")
                if what == 2 do log("two") -> Closed
                if what == 3 do log("three")
            }
            on Close -> Closed
        }
    }

    machine Priority {
        event E(n: u32)
        event Go
        action log(what: String)
        initial state Out {
            on E(n) do log("outer")
            initial state In1 { defer E on Go -> In2 }
            state In2 { ignore E on Go -> In3 }
            state In3 {
                on E(n) if n == 1 do log("mine")
                on Go -> In4
            }
            state In4 { on E(n) if n == 1 do log("four") }
        }
    }

    machine Work {
        context { result: u32 = 0 }
        event Ok(value: u32)
        event Fail
        event More
        action log(what: String)
        initial state Job {
            on done(value) do log("done"), set result = value -> Idle
            exit do log("-Job")
            initial state Running {
                on Ok(value) -> Good(value)
                on Fail -> Good(0)
            }
            final state Good(value: u32)
        }
        state Idle { on More -> Job }
    }
}

use crate::{Log, logs, steps};

logs! { chain office priority work }

#[test]
fn raised_events_come_first_in_first_out() {
    use chain::Event;
    let mut m = chain::Machine::new(Log::default(), chain::Start {}).unwrap();
    steps! { m, Event::Go => Handled "go +Busy first second finish" }
    assert_eq!(m.state(), chain::State::Idle);
}

#[test]
fn eventless_transitions_go_on_until_none_is_enabled() {
    use chain::Event;
    let mut m = chain::Machine::new(Log::default(), chain::Start {}).unwrap();
    steps! { m, Event::Count => Handled "c c c c enough" }
    assert_eq!(m.context().n, 3);
}

#[test]
fn deferred_events_are_tried_again_in_order_after_a_change() {
    use office::Event;
    let mut m = office::Machine::new(Log::default(), office::Start {}).unwrap();
    steps! { m,
        Event::Ask { what: 1 } => Deferred ""
        Event::Ask { what: 2 } => Deferred ""
        Event::Ask { what: 3 } => Deferred ""
        Event::Close => Ignored ""
        Event::Step => Handled "step"
        Event::Open => Handled ""
    }
    assert_eq!(m.deferred(), 3);
    // The second closes the office, so the third has to wait again.
    steps! { m, Event::Step => Handled "one two" }
    assert_eq!(m.deferred(), 1);
    steps! { m, Event::Open => Handled "" Event::Step => Handled "three" }
}

#[test]
fn inner_defers_and_ignores_hide_what_is_outside() {
    use priority::Event;
    let mut m = priority::Machine::new(Log::default(), priority::Start {}).unwrap();
    steps! { m,
        Event::E { n: 0 } => Deferred ""
        Event::Go => Handled ""
        Event::E { n: 0 } => Ignored ""
        Event::Go => Handled ""
        Event::E { n: 1 } => Handled "mine"
        Event::E { n: 0 } => Handled "outer"
        Event::Go => Handled ""
        Event::E { n: 1 } => Handled "four"
    }
}

#[test]
fn completion_brings_the_data_of_the_final_state() {
    use work::Event;
    let mut m = work::Machine::new(Log::default(), work::Start {}).unwrap();
    steps! { m, Event::Ok { value: 42 } => Handled "-Job done" }
    assert_eq!(m.context().result, 42);
    steps! { m, Event::More => Handled "" Event::Fail => Handled "-Job done" }
    assert_eq!(m.context().result, 0);
}
