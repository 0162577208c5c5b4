//! The smallest charts on which interpreter and oracle once differed. Each says what is right.

#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_parity::author::{Ending, Input, Whom};
use statewright_parity::interpreted::Interpreted;
use statewright_parity::oracle::{Oracle, Reading};
use statewright_parity::{Driven, Seen};

const DECLARED: &str = "
    context { b: u32 = 7  v: Vec<u8> = [] }
    action log(what: String)
    error Small(n: u8)
    activity ask(n: u8) -> u8 raises Small
    activity drop(n: u8)
    event E0
    event E1(n: u8)
    event E2";

/// Runs a machine with these states both ways, and says what the last input did.
fn both(states: &str, inputs: &[Input]) -> Seen {
    let text = format!("machine M {{ {DECLARED} {states} }}");
    let compilation = compile_text("small.flow", &text);
    let errors: Vec<_> = compilation.diagnostics.iter().map(|d| &d.message).collect();
    let model = compilation.machines.first().unwrap_or_else(|| panic!("{errors:?}"));
    let (chart, reading) = (lower(model), Reading::of(&compilation));
    let (mut interpreted, mut oracle) = (Interpreted::new(&chart), Oracle::new(&reading));
    let mut last = interpreted.start();
    assert_eq!(last, oracle.start().without_keys());
    for input in inputs {
        last = interpreted.send(*input);
        assert_eq!(last, oracle.send(*input).without_keys(), "{input:?}");
    }
    last
}

fn ends(ending: Ending) -> Input {
    Input::Reply(Whom::Running(0), ending)
}

/// A saga of two steps, with more statements.
fn saga(more: &str) -> String {
    format!(
        "initial saga state S {{
            step one: ask(1) compensate drop(one)
            step two: ask(2)
            on done -> D
            {more}
        }}
        state D {{ entry do log(\"done\") }}
        state C {{ entry do log(\"compensated\") }}
        state F {{ entry do log(\"failed\") }}
        on E0 do log(\"outside\")"
    )
}

const ENDS: &str = "on compensated(_) -> C  on compensation_error(_) -> F";

#[test]
fn what_stands_in_a_saga_counts_the_time_of_the_saga() {
    let states = saga(&format!("on E0 if elapsed() >= 5s do log(\"late\") abort {ENDS}"));
    let seen =
        both(&states, &[Input::Wait(4), ends(Ending::Done(1)), Input::Wait(1), Input::Event(0, 0)]);
    assert_eq!(seen.calls, ["late"]);
    let states = saga(
        "on E0 abort
         on compensated(_) { if elapsed() >= 5s -> C  else -> F }
         on compensation_error(_) -> F",
    );
    let seen = both(&states, &[Input::Wait(5), ends(Ending::Small(1))]);
    assert_eq!(seen.calls, ["compensated"]);
}

#[test]
fn history_begins_a_saga_anew_but_for_deep_history() {
    let around = |history: &str| {
        format!(
            "initial state A {{
                initial saga state S {{
                    step one: ask(1) compensate drop(one)
                    step two: ask(2) compensate drop(two)
                    step three: ask(3)
                    on compensated(e) do log(e.message) -> C
                    on compensation_error(e) do log(e.message) -> F
                    on done -> C
                }}
                on E0 -> B
            }}
            state B {{ on E0 -> {history}(A) }}
            state C {{ entry do log(\"compensated\")  on E0 -> A }}
            state F {{ entry do log(\"failed\")  on E0 -> A }}"
        )
    };
    let away = [Input::Event(0, 0), Input::Event(0, 0)];
    // The first step is done, the second fails, and taking back the first fails too.
    let broken = [ends(Ending::Done(1)), ends(Ending::Small(1))];
    let left = [&broken[..], &away].concat();
    let deep = both(&around("deep_history"), &[&left[..], &[ends(Ending::Unexpected)]].concat());
    assert_eq!(deep.calls.last().unwrap(), "failed");
    // Begun anew, nothing is left of what could not be taken back before.
    let done = ends(Ending::Done(1));
    let spoiled = [done, done, ends(Ending::Small(1)), ends(Ending::Unexpected)];
    let again = [&spoiled[..], &away, &broken, &[done]].concat();
    assert_eq!(both(&around("history"), &again).calls, ["1", "compensated"]);
}

#[test]
fn history_begins_steps_side_by_side_anew() {
    let states = "initial state A {
            initial saga state S {
                concurrent {
                    step one: ask(1) compensate drop(one)
                    step two: ask(2) compensate drop(two)
                }
                step three: ask(3)
                on compensated(_) -> C
                on compensation_error(_) -> C
                on done -> C
            }
            on E0 -> B
        }
        state B { on E0 -> history(A) }
        state C { on E0 -> A }";
    let (done, refused) = (ends(Ending::Done(1)), ends(Ending::Small(1)));
    let once = [done, done, refused, done];
    let away = [Input::Event(0, 0), Input::Event(0, 0)];
    let seen = both(states, &[&once[..], &away, &once].concat());
    assert_eq!(seen.state["configuration"][0], "A.S.UndoOne", "both are taken back again");
}

#[test]
fn history_of_an_active_state_is_that_of_its_last_visit() {
    let states = "initial state C {
            entry do log(\"+C\")
            exit do log(\"-C\")
            on E1(_) -> deep_history(C)
            on E2 -> B
            initial state A { entry do log(\"A\")  on E0 -> I }
            state I {
                initial state X { entry do log(\"X\")  on E0 -> Y }
                state Y { entry do log(\"Y\")  on E0 -> A }
            }
        }
        state B { on E0 -> C }";
    let (next, back, away) = (Input::Event(0, 0), Input::Event(1, 0), Input::Event(2, 0));
    // Never left: its default.
    assert_eq!(both(states, &[next, next, back]).calls, ["A"]);
    // Left in `Y`, and now in `A`: it stays, and is in `Y` again.
    assert_eq!(both(states, &[next, next, away, next, back]).calls, ["Y"]);
}

#[test]
fn what_is_raised_on_the_way_to_an_end_comes_before_the_completion() {
    let states = |on_event: &str| {
        format!(
            "initial state C {{
                on E2 {on_event}
                on done do log(\"done\") -> B
                initial state A {{ on E0 do raise E2 -> F  on E1(_) -> G }}
                final state F {{ entry do log(\"F\") }}
                final state G {{ entry do log(\"G\"), raise E2 }}
            }}
            state B {{ entry do log(\"B\") }}
            state O {{ entry do log(\"O\") }}"
        )
    };
    let (by_transition, by_entry) = (Input::Event(0, 0), Input::Event(1, 0));
    let stays = states("do log(\"E2\")");
    assert_eq!(both(&stays, &[by_transition]).calls, ["F", "E2", "done", "B"]);
    assert_eq!(both(&stays, &[by_entry]).calls, ["G", "E2", "done", "B"]);
    // A state that was left is not completed any more, nor one that has gone on.
    assert_eq!(both(&states("-> O"), &[by_transition]).calls, ["F", "O"]);
    assert_eq!(both(&states("-> A"), &[by_entry]).calls, ["G"]);
}

#[test]
fn guards_of_an_abort_that_is_refused_are_not_read() {
    let states = |branches: &str| {
        format!(
            "initial saga state S {{
                pivot step one: ask(1)
                after 1s {branches}
                on E0 {branches}
                on done -> D
                on compensated(_) -> D
                on compensation_error(_) -> D
            }}
            state D {{ entry do log(\"done\") }}"
        )
    };
    // It would divide by zero.
    let abort = "if b % (b - 7) == 1 abort";
    let other = "if b == 7 do log(\"other\")";
    let (event, time) = (Input::Event(0, 0), Input::Wait(1));
    let only = states(abort);
    assert_eq!(both(&only, &[event]).outcome, "Ignored");
    assert_eq!(both(&only, &[time]).outcome, "1 fired");
    let behind = states(&format!("{{ if b > 7 do log(\"no\") {abort} }}"));
    assert_eq!(both(&behind, &[event]).outcome, "Ignored");
    assert_eq!(both(&behind, &[time]).outcome, "1 fired");
    // Which of them it is has to be known.
    let before = states(&format!("{{ {abort} {other} }}"));
    assert_eq!(both(&before, &[event]).outcome, "DivisionByZero");
    assert_eq!(both(&before, &[time]).outcome, "DivisionByZero");
}
