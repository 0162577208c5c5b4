//! A step is all or nothing.

statewright::flow! {
    machine Tank {
        context { level: u8 = 250  flow: u8 = 10 }
        event Fill
        event Chain
        event Drain
        event Share(by: u8)
        event Spin
        event Tick
        output Level(now: u8)
        action log(what: String)

        initial state Open {
            exit do log("-Open")
            on Fill do log("fill"), emit Level(level), set level = level + flow -> Full
            on Chain do log("chain"), emit Level(level), raise Fill
            on Drain do set flow = 1, set level = level - 1, set level = level - 1
            on Share(by) if level / by > 100 do log("share")
            on Spin -> Spinning
            on Tick -> Ticking
        }
        state Full { entry do log("+Full") on Drain -> Open }
        state Spinning { always if level > 0 -> Turning }
        state Turning { always if flow > 0 -> Spinning }
        state Ticking { every 1s do set level = level + 2, log("tick") }
    }

    machine Plain {
        context { n: u8 = 254 }
        event Add
        action log(what: String)
        initial state A {
            exit do log("-A")
            on Add do log("add"), set n = n + 1, log("then") -> B
        }
        state B {
            exit do log("-B")
            on Add do log("more"), set n = n + 1, log("never") -> A
        }
    }

    machine Late {
        context { n: u8 = 0 }
        event Go
        initial state A {
            exit do set n = 5
            on Go do set n = n + 1 -> B
        }
        state B {}
    }

    machine Strict {
        context { n: u32 = 0 }
        event Set(to: u32)
        event Deep
        action log(what: String)
        invariant n < 10
        initial state A {
            on Set(to) do log("set"), set n = to
            on Deep -> B
        }
        state B {
            invariant n > 0
            entry do log("+B")
        }
    }
}

use crate::{Log, logs, steps};
use statewright::StepError;
use std::time::Duration;

logs! { tank plain strict }

fn tank() -> tank::Machine<Log> {
    tank::Machine::new(Log::default(), tank::Start {}).unwrap()
}

/// The words of an error, without the place in them.
fn kind<T>(result: Result<T, StepError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(StepError::Overflow(_)) => "overflow",
        Err(StepError::DivisionByZero(_)) => "division",
        Err(StepError::Invariant(_)) => "invariant",
        Err(StepError::MicrostepLimit(_)) => "limit",
        Err(_) => "other",
    }
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    let mut m = tank();
    for event in [tank::Event::Fill, tank::Event::Chain, tank::Event::Fill] {
        assert_eq!(kind(m.dispatch(event)), "overflow");
        assert_eq!(m.state(), tank::State::Open);
        assert_eq!(m.context(), &tank::Context { level: 250, flow: 10 });
        assert_eq!(m.host_mut().take(), "");
        assert_eq!(m.outputs().count(), 0);
    }
}

#[test]
fn the_same_step_goes_through_when_nothing_overflows() {
    let mut m = tank();
    steps! { m, tank::Event::Drain => Handled "" }
    assert_eq!(m.context(), &tank::Context { level: 248, flow: 1 });
    steps! { m, tank::Event::Chain => Handled "chain -Open fill +Full" }
    let outputs: Vec<_> = m.outputs().collect();
    assert_eq!(outputs, [tank::Output::Level { now: 248 }, tank::Output::Level { now: 248 }]);
    assert_eq!(m.context().level, 249);
}

#[test]
fn guards_fail_too() {
    let mut m = tank();
    assert_eq!(kind(m.dispatch(tank::Event::Share { by: 0 })), "division");
    steps! { m,
        tank::Event::Share { by: 2 } => Handled "share"
        tank::Event::Share { by: 3 } => Unhandled ""
    }
}

#[test]
fn endless_microsteps_are_an_error() {
    let mut m = tank();
    assert_eq!(kind(m.dispatch(tank::Event::Spin)), "limit");
    assert_eq!(m.state(), tank::State::Open);
    assert_eq!(m.host_mut().take(), "");
}

#[test]
fn a_timer_that_fails_is_still_due() {
    let mut m = tank();
    steps! { m, tank::Event::Tick => Handled "-Open" }
    assert_eq!(kind(m.advance(&Duration::from_millis(9500))), "overflow");
    assert_eq!(m.host_mut().take(), "tick tick");
    assert_eq!(m.context().level, 254);
    assert_eq!(m.now(), Duration::from_secs(2));
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(3)));
    assert_eq!(kind(m.advance(&Duration::from_secs(4))), "overflow");
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(3)));
}

#[test]
fn values_that_can_fail_are_read_before_the_first_effect() {
    let mut m = plain::Machine::new(Log::default(), plain::Start {}).unwrap();
    steps! { m, plain::Event::Add => Handled "-A add then" }
    assert_eq!(kind(m.dispatch(plain::Event::Add)), "overflow");
    assert_eq!(m.host_mut().take(), "");
    assert_eq!((m.state(), m.context().n), (plain::State::B, 255));
}

#[test]
fn values_that_exits_set_are_read_behind_them() {
    let mut m = late::Machine::new((), late::Start {}).unwrap();
    assert_eq!(kind(m.dispatch(late::Event::Go)), "ok");
    assert_eq!(m.context().n, 6);
}

#[test]
fn violated_invariants_undo_the_step_in_debug_builds() {
    if !cfg!(debug_assertions) {
        return;
    }
    let mut m = strict::Machine::new(Log::default(), strict::Start {}).unwrap();
    assert_eq!(kind(m.dispatch(strict::Event::Set { to: 10 })), "invariant");
    assert_eq!(kind(m.dispatch(strict::Event::Deep)), "invariant");
    assert_eq!((m.state(), m.context().n), (strict::State::A, 0));
    steps! { m, strict::Event::Set { to: 9 } => Handled "set" strict::Event::Deep => Handled "+B" }
}

#[test]
fn errors_say_where() {
    let error = tank().dispatch(tank::Event::Fill).unwrap_err().to_string();
    assert!(error.starts_with("overflow in `level + flow`"), "{error}");
}
