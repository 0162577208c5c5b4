//! Loops: rounds, what ends them, and what else can happen meanwhile.

statewright::flow! {
    machine Draft {
        context { score: i32 = 0  least: i32 = 90 }
        event Scored(score: i32)
        event Restart(least: i32)
        event Again
        event Pause
        event Resume
        action log(what: String)
        action tell(round: u32, what: String)

        initial loop state Writing(depth: u8 = 1) max 4 deadline 10s {
            until score >= least
            until change(score) < 3 for 2
            entry do tell(round, "entered")
            exit do tell(round, "left")
            initial state Working {
                entry do tell(round, "works")
                on Scored(s) if round < 9 do set score = s -> Done
            }
            final state Done {
                exit do log("next")
            }
            on Restart(to) do set least = to -> reenter Writing(2)
            on Again -> initial(Writing)
            on converged {
                if score >= least do tell(round, "converged") -> Good
                if score != 33 do tell(round, "settled") -> Settled(score)
            }
            on exhausted do tell(7, "exhausted") {
                if score > 50 -> Good
                else -> Poor
            }
            on Pause -> Paused
        }
        state Paused { on Resume -> history(Writing) }
        state Settled(at: i32) { on Resume -> Writing(3) }
        final state Good
        final state Poor
    }

    machine Twofold {
        context { a: u8 = 0  b: u8 = 0 }
        event A(n: u8)
        event B(n: u8)
        event Pause
        event Resume
        action log(what: String)
        initial parallel state Both {
            region Left {
                initial loop state Outer max 2 {
                    until a == 9
                    initial loop state Inner max 2 {
                        until a >= 5
                        initial state Waiting { on A(n) do set a = n -> Turn }
                        final state Turn
                        on converged do log("inner converged") -> Round
                        on exhausted do log("inner exhausted") -> Round
                    }
                    final state Round
                    on converged do log("outer converged") -> Over
                    on exhausted do log("outer exhausted") -> Over
                }
                final state Over
            }
            region Right {
                initial loop state Going deadline 5s {
                    until change(b) < 2
                    // Two that count the same.
                    until b > 90 for 2
                    until b > 90 for 3
                    initial state Waiting { on B(n) do set b = n -> Round }
                    final state Round
                    on converged do log("b converged") -> Over
                    on exhausted do log("b exhausted") -> Over
                }
                final state Over
            }
            on done -> End
            on Pause -> Paused
        }
        state Paused { on Resume -> deep_history(Both) }
        final state End
    }
}

use crate::{Log, logs};
use draft::{Event, State, Writing};
use statewright::Dispatch;
use std::time::Duration;

logs! { twofold }

impl draft::Actions for Log {
    fn log(&mut self, what: &str) {
        self.0.push(what.to_string());
    }
    fn tell(&mut self, round: u32, what: &str) {
        self.0.push(format!("{round}:{what}"));
    }
}

fn machine() -> draft::Machine<Log> {
    draft::Machine::new(Log::default(), draft::Start {}).unwrap()
}

fn score(m: &mut draft::Machine<Log>, score: i32) -> String {
    assert_eq!(m.dispatch(Event::Scored { score }), Ok(Dispatch::Handled), "{score}");
    m.host_mut().take()
}

fn writing(depth: u8, round: u32) -> State {
    State::Writing { depth, round, state: Writing::Working }
}

#[test]
fn the_end_of_a_round_begins_the_next_one() {
    let mut m = machine();
    assert_eq!(m.host_mut().take(), "1:entered 1:works");
    assert_eq!(m.state(), writing(1, 1));
    assert_eq!(score(&mut m, 10), "next 2:works");
    assert_eq!(score(&mut m, 20), "next 3:works");
    assert_eq!(m.state(), writing(1, 3));
}

#[test]
fn a_condition_ends_the_rounds() {
    let mut m = machine();
    score(&mut m, 10);
    assert_eq!(score(&mut m, 90), "next 2:left 2:converged");
    assert_eq!(m.state(), State::Good);
}

#[test]
fn so_do_too_many_rounds() {
    let mut m = machine();
    for n in [10, 20, 30] {
        score(&mut m, n);
    }
    assert_eq!(score(&mut m, 40), "next 4:left 7:exhausted");
    assert_eq!(m.state(), State::Poor);
}

#[test]
fn and_a_deadline_for_all_of_them() {
    let mut m = machine();
    score(&mut m, 60);
    assert_eq!(m.advance(&Duration::from_secs(9)), Ok(0));
    assert_eq!(m.host_mut().take(), "");
    assert_eq!(m.advance(&Duration::from_secs(10)), Ok(1));
    assert_eq!(m.host_mut().take(), "2:left 7:exhausted");
    assert_eq!(m.state(), State::Good);
}

#[test]
fn a_change_is_known_from_the_second_round_on_and_counted_in_a_row() {
    let mut m = machine();
    // 1 is near to 0, but nothing was before it; then 2 is near, 9 is not, 10 and 11 are.
    for n in [1, 2] {
        assert!(score(&mut m, n).ends_with("works"));
    }
    assert!(score(&mut m, 9).ends_with("works"));
    assert_eq!(score(&mut m, 10), "next 4:left 7:exhausted");
    let mut m = machine();
    for n in [40, 41] {
        assert!(score(&mut m, n).ends_with("works"));
    }
    assert_eq!(score(&mut m, 42), "next 3:left 3:settled");
    assert_eq!(m.state(), State::Settled { at: 42 });
}

#[test]
fn a_way_out_whose_guards_fail_is_passed_over() {
    let mut m = machine();
    for n in [32, 33, 33] {
        assert!(score(&mut m, n).ends_with("works"), "{n}");
    }
    assert_eq!(m.state(), writing(1, 4));
    assert_eq!(score(&mut m, 33), "next 4:left 7:exhausted");
}

#[test]
fn a_loop_is_entered_in_its_first_round_and_goes_on_within() {
    let mut m = machine();
    score(&mut m, 10);
    assert_eq!(m.dispatch(Event::Again), Ok(Dispatch::Handled));
    assert_eq!(m.host_mut().take(), "2:works");
    assert_eq!(m.state(), writing(1, 2));
    assert_eq!(m.dispatch(Event::Restart { least: 50 }), Ok(Dispatch::Handled));
    assert_eq!(m.host_mut().take(), "2:left 1:entered 1:works");
    assert_eq!(m.state(), writing(2, 1));
    score(&mut m, 10);
    m.dispatch(Event::Pause).unwrap();
    m.dispatch(Event::Resume).unwrap();
    assert_eq!(m.state(), writing(1, 1));
}

#[test]
fn a_change_too_large_for_its_type_fails_the_step() {
    let mut m = machine();
    score(&mut m, i32::MIN);
    let failed = m.dispatch(Event::Scored { score: 5 });
    assert!(matches!(failed, Err(statewright::StepError::Overflow(_))), "{failed:?}");
    assert_eq!(m.state(), writing(1, 2));
}

#[test]
fn a_loop_is_saved_in_the_middle_of_its_rounds() {
    let mut m = machine();
    for n in [40, 41] {
        score(&mut m, n);
    }
    let saved = serde_json::to_string(&m.snapshot()).unwrap();
    let mut m =
        draft::Machine::restore(Log::default(), serde_json::from_str(&saved).unwrap()).unwrap();
    assert_eq!(m.state(), writing(1, 3));
    assert_eq!(score(&mut m, 42), "next 3:left 3:settled");
}

#[test]
fn loops_stand_in_loops_and_in_regions() {
    let mut m = twofold::Machine::new(Log::default(), twofold::Start {}).unwrap();
    let a = |m: &mut twofold::Machine<Log>, n| {
        m.dispatch(twofold::Event::A { n }).unwrap();
        m.host_mut().take()
    };
    assert_eq!(a(&mut m, 1), "");
    assert_eq!(a(&mut m, 2), "inner exhausted");
    let state = m.state();
    m.dispatch(twofold::Event::Pause).unwrap();
    m.dispatch(twofold::Event::Resume).unwrap();
    assert_eq!(m.state(), state, "deep history brings the rounds back");
    m.dispatch(twofold::Event::B { n: 1 }).unwrap();
    assert_eq!(m.host_mut().take(), "");
    let saved = serde_json::to_string(&m.snapshot()).unwrap();
    let saved = serde_json::from_str(&saved).unwrap();
    let mut m = twofold::Machine::restore(Log::default(), saved).unwrap();
    assert_eq!(a(&mut m, 5), "inner converged outer exhausted");
    assert_eq!(m.advance(&Duration::from_secs(5)), Ok(1));
    assert_eq!(m.host_mut().take(), "b exhausted");
    assert!(m.is_finished());
}
