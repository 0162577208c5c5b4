//! Timers and delayed events.

statewright::flow! {
    machine Clock {
        context { delay: Duration = 4s }
        event Go
        event Slow
        event Stop
        event Remind(n: u32)
        action log(what: String)

        initial state Idle {
            on Go -> Running
            on Slow do raise Remind(1) after 10s, raise Remind(2) after 5s, raise Remind(3) after 5s
            on Stop do cancel Remind
            on Remind(n) {
                if n == 1 do log("r1")
                if n == 2 do log("r2")
                else do log("r3")
            }
        }
        state Running {
            after 6s do log("six")
            after delay do log("four")
            after 6s do log("six too")
            every 2s do log("tick")
            after 9s if elapsed() >= 9s -> Idle
            on Stop -> Idle
            on Go -> reenter Running
        }
    }

    machine Ends {
        event Quit
        action log(what: String)
        every 5s do log("tick")
        initial state On { on Quit -> Off }
        final state Off
    }

    machine Zero {
        context { d: Duration = 0s }
        event Go
        initial state Idle { on Go -> A }
        state A { after 0s -> B on Go -> Idle }
        state B { after d -> A on Go -> Idle }
    }

    machine Beat {
        context { n: u32 = 0 }
        action log(what: String)
        initial state S {
            every 1s do set n = n + 1, log("beat")
            always if n == 3 -> T
        }
        final state T
    }
}

use crate::{Log, logs, steps};
use clock::Event;
use statewright::ManualClock;
use std::time::Duration;

logs! { clock beat ends }

fn machine() -> (clock::Machine<Log>, ManualClock) {
    let clock = ManualClock::new();
    clock.advance(Duration::from_secs(100));
    let machine = clock::Machine::new_at(Log::default(), clock::Start {}, &clock).unwrap();
    (machine, clock)
}

fn wait(m: &mut clock::Machine<Log>, clock: &ManualClock, seconds: u64) -> (usize, String) {
    clock.advance(Duration::from_secs(seconds));
    let fired = m.advance(clock).unwrap();
    (fired, m.host_mut().take())
}

#[test]
fn timers_fire_by_deadline_then_by_the_order_they_were_set() {
    let (mut m, clock) = machine();
    steps! { m, Event::Go => Handled "" }
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(102)));
    assert_eq!(wait(&mut m, &clock, 1), (0, String::new()));
    assert_eq!(wait(&mut m, &clock, 1), (1, "tick".into()));
    // `every` is set again when it fires: behind what was set before for the same time.
    assert_eq!(wait(&mut m, &clock, 4), (5, "four tick six six too tick".into()));
    assert_eq!(wait(&mut m, &clock, 4), (2, "tick".into()));
    assert_eq!(m.state(), clock::State::Idle);
    assert_eq!(m.next_deadline(), None);
}

#[test]
fn leaving_a_state_cancels_its_timers_and_reentering_starts_them_anew() {
    let (mut m, clock) = machine();
    steps! { m, Event::Go => Handled "" }
    assert_eq!(wait(&mut m, &clock, 1), (0, String::new()));
    steps! { m, Event::Go => Handled "" }
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(103)));
    steps! { m, Event::Stop => Handled "" }
    assert_eq!(m.next_deadline(), None);
    assert_eq!(wait(&mut m, &clock, 60), (0, String::new()));
}

#[test]
fn delayed_events_belong_to_the_machine() {
    let (mut m, clock) = machine();
    steps! { m, Event::Slow => Handled "" Event::Go => Handled "" Event::Stop => Handled "" }
    assert_eq!(wait(&mut m, &clock, 5), (2, "r2 r3".into()));
    assert_eq!(wait(&mut m, &clock, 4), (0, String::new()));
    steps! { m, Event::Stop => Handled "" }
    assert_eq!(wait(&mut m, &clock, 5), (0, String::new()));
}

#[test]
fn a_late_advance_goes_through_all_deadlines_each_at_its_time() {
    let mut m = beat::Machine::new(Log::default(), beat::Start {}).unwrap();
    assert_eq!(m.advance(&Duration::from_secs(60)), Ok(3));
    assert_eq!(m.host_mut().take(), "beat beat beat");
    assert!(m.is_finished());
    assert_eq!(m.next_deadline(), None);
    assert_eq!(m.now(), Duration::from_secs(60));
}

#[test]
fn timers_without_delay_that_set_each_other_are_an_error() {
    let mut m = zero::Machine::new((), zero::Start {}).unwrap();
    m.dispatch(zero::Event::Go).unwrap();
    let stuck = m.advance(&Duration::from_secs(1));
    assert!(matches!(stuck, Err(statewright::StepError::TimerLimit(_))), "{stuck:?}");
    assert_eq!(m.next_deadline(), Some(Duration::ZERO));
    m.dispatch(zero::Event::Go).unwrap();
    assert_eq!(m.advance(&Duration::from_secs(1)), Ok(0));
}

#[test]
fn a_finished_machine_has_no_timers() {
    let mut m = ends::Machine::new(Log::default(), ends::Start {}).unwrap();
    assert_eq!(m.advance(&Duration::from_secs(5)), Ok(1));
    steps! { m, ends::Event::Quit => Handled "tick" }
    assert_eq!((m.is_finished(), m.next_deadline()), (true, None));
    assert_eq!(m.advance(&Duration::from_secs(60)), Ok(0));
    steps! { m, ends::Event::Quit => Unhandled "" }
}

#[test]
fn a_clock_behind_changes_nothing() {
    let (mut m, _) = machine();
    assert_eq!(m.advance(&Duration::from_secs(3)), Ok(0));
    assert_eq!(m.now(), Duration::from_secs(100));
}
