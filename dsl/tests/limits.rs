//! Exploring ends, however large a machine is: it says where it stopped and why. And what is alike is
//! counted once, so that many a large machine is not too large.

#![cfg(feature = "tools")]
#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_dsl::verify::{Exploration, Status, explore};

/// Explores the first machine of a text, and looks at what came of it.
fn explored(text: &str, bound: usize, look: impl FnOnce(&Exploration<'_>)) {
    let compilation = compile_text("limits.flow", text);
    let errors: Vec<_> = compilation.diagnostics.iter().map(|d| &d.message).collect();
    let model = compilation.machines.first().unwrap_or_else(|| panic!("{errors:?}"));
    let chart = lower(model);
    look(&explore(&chart, &model.properties, bound, &mut |_, _| {}));
}

/// A machine that asks in one state.
fn panel(activities: &str, fan_out: &str) -> String {
    format!(
        "machine Panel {{
            error Refused
            {activities}
            property \"it is not both\": never in(Good) && in(Bad)
            initial state Asking {{
                fan_out {{ {fan_out}
                on done -> Good
                on error(_) -> Bad
            }}
            final state Good
            final state Bad
        }}"
    )
}

/// So many calls, of one activity or of one each.
fn calls(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(|at| format!("call c{at}: {}() ", of(at))).collect()
}

#[test]
fn branches_that_are_alike_count_as_one() {
    let ask = "activity ask() -> u8 raises Refused";
    let quorum = panel(ask, &format!("{} }} join quorum 16", calls(30, |_| "ask".into())));
    explored(&quorum, 2_000, |explored| {
        assert!(explored.is_complete());
        assert!(explored.configurations() < 500, "{}", explored.configurations());
        assert_eq!(explored.verdicts()[0].status, Status::Proved);
        assert!(explored.coverage().iter().all(Option::is_some), "both ends are found");
    });
    // Several kinds, one behind the other.
    let two = "activity ask() -> u8 raises Refused  activity beg()";
    let mixed = calls(20, |at| if at % 2 == 0 { "ask".into() } else { "beg".into() });
    let text = panel(two, &format!("{mixed} }} join all tolerate 2"));
    explored(&text, 20_000, |explored| assert!(explored.is_complete()));
    let many = panel(ask, &format!("{} }} join all", calls(500, |_| "ask".into())));
    explored(&many, 20_000, |explored| {
        assert!(explored.is_complete());
        assert!(explored.configurations() < 600, "{}", explored.configurations());
    });
}

#[test]
fn results_that_decide_something_are_told_apart() {
    let text = |on_done: &str| {
        format!(
            "machine Panel {{
                activity ask() -> u8
                initial state Asking {{
                    fan_out {{ call a: ask()  call b: ask() }} join all
                    on done {on_done}
                    on error(_) -> Bad
                }}
                state Good
                state Bad
            }}"
        )
    };
    // The second alone is large, and the first alone.
    let told = text("{ if a > 3 && b <= 3 -> Good  if b > 3 && a <= 3 -> Bad  else -> Good }");
    explored(&told, 2_000, |explored| {
        assert!(explored.is_complete());
        assert!(explored.coverage().iter().all(Option::is_some));
    });
    let both: Vec<usize> = [told, text("-> Good")]
        .iter()
        .map(|text| {
            let mut found = 0;
            explored(text, 2_000, |explored| found = explored.configurations());
            found
        })
        .collect();
    assert!(both[0] > both[1], "{both:?}");
}

#[test]
fn what_is_too_large_stops_and_says_why() {
    let activities: String =
        (0..30).map(|at| format!("activity ask{at}() -> u8 raises Refused ")).collect();
    let each = format!("{} }} join quorum 16", calls(30, |at| format!("ask{at}")));
    let text = panel(&activities, &each);
    explored(&text, 400, |explored| {
        assert!(!explored.is_complete());
        let Status::NotProved(why) = &explored.verdicts()[0].status else { panic!() };
        assert!(why.starts_with("stopped at 4"), "{why}");
        assert!(why.contains("configurations, because there are more; raise this with `--bound`"));
        assert!(why.contains("that call the same"), "{why}");
    });
}

#[test]
fn many_steps_side_by_side_stop_in_time() {
    let steps: String =
        (0..60).map(|at| format!("step s{at}: take({at}) compensate give(s{at}) ")).collect();
    let text = format!(
        "machine Trip {{
            error Refused
            activity take(n: u8) -> u8 raises Refused
            activity give(n: u8)
            property \"one end\": never in(Good) && in(Bad)
            initial saga state Taking {{
                concurrent {{ {steps} }}
                on done -> Good
                on compensated(_) -> Bad
                on compensation_error(_) -> Bad
            }}
            final state Good
            final state Bad
        }}"
    );
    explored(&text, 2_000, |explored| {
        let why = explored.left_out().unwrap();
        assert!(why.starts_with("stopped at "), "{why}");
        assert!(why.contains("because") && why.contains("`--bound`"), "{why}");
    });
}
