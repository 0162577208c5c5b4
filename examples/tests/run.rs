//! Each example is run as a newcomer runs it, and says what its page promises.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a program prints; it has to end well.
fn printed(program: &str, typed: &str) -> String {
    let mut command = Command::new(program);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it was piped");
    // Most do not read.
    let _ = input.write_all(typed.as_bytes());
    drop(input);
    let ended = child.wait_with_output().expect("it ends");
    let said = String::from_utf8(ended.stderr).expect("text");
    assert!(ended.status.success(), "{program}: {said}");
    String::from_utf8(ended.stdout).expect("text")
}

/// These lines are printed, in this order, maybe with others between.
fn has_lines(printed: &str, wanted: &[&str]) {
    let mut lines = printed.lines();
    for part in wanted {
        let found = lines.any(|line| line.contains(part));
        assert!(found, "there is no `{part}` where it should be in\n{printed}");
    }
}

/// The numbers of the processes that have done this: `[17] charge the card (key ..)`.
fn who_did<'p>(printed: &'p str, what: &str) -> Vec<&'p str> {
    let line = |line: &'p str| line.trim().strip_prefix('[')?.split_once("] ");
    let lines = printed.lines().filter_map(line);
    lines.filter(|(_, done)| done.starts_with(what)).map(|(process, _)| process).collect()
}

#[cfg(unix)]
#[test]
fn a_killed_order_is_charged_again_under_its_key_and_taken_back_by_another_process() {
    let printed = printed(env!("CARGO_BIN_EXE_order"), "");
    let wanted = [
        "stateDiagram-v2",
        "reserve one piano (key Order/o-1/1/1)",
        "charge the card (key Order/o-1/1/2)",
        "signal: 9 (SIGKILL)",
        "charge the card (key Order/o-1/1/2)",
        "none goes to Atlantis",
        "give 129900 cents back (key Order/o-1/1/4)",
        "put the piano back: shelf 7, for o-1",
        "The order is Rejected: nobody delivers to Atlantis",
        "1  start(",
        "5  Refund done",
        "6  Release done  Fulfilling.UndoShelf -> Rejected",
    ];
    has_lines(&printed, &wanted);
    assert_eq!(who_did(&printed, "reserve").len(), 1, "{printed}");
    let [killed, other] = who_did(&printed, "charge")[..] else { panic!("{printed}") };
    assert_ne!(killed, other);
    assert_eq!(who_did(&printed, "give 129900"), [other]);
}

#[cfg(unix)]
#[test]
fn sagas_are_taken_back_finished_cancelled_and_repaired() {
    let printed = printed(env!("CARGO_BIN_EXE_order_saga"), "");
    let wanted = [
        "charge 12.50 (key OrderSaga/o-1/1/2)",
        "empty the shelf of o-1 (key OrderSaga/o-1/1/3)",
        "signal: 9 (SIGKILL)",
        "empty the shelf of o-1 (key OrderSaga/o-1/1/3)",
        "o-1: Rejected: the card is blocked",
        "o-2: Completed { tracking: \"parcel of o-2\" }",
        "ask the bank for a charge under OrderSaga/o-3/3/2, and void it",
        "o-3: Rejected: aborted by `Cancel`",
        "o-4: NeedsRepair: it is not known whether `parcel` was done",
    ];
    has_lines(&printed, &wanted);
    // The second process does not charge what the first was on its way back from.
    assert_eq!(who_did(&printed, "charge").len(), 4, "{printed}");
}

#[test]
fn agents_vote_and_a_person_at_the_terminal_breaks_the_tie() {
    for (typed, end) in [("reject\n", "Rejected"), ("publish\n", "Published")] {
        let printed = printed(env!("CARGO_BIN_EXE_document_agents"), typed);
        let wanted = ["TieBreak", "The editor is asked to decide", "publish or reject?", end];
        has_lines(&printed, &wanted);
    }
}

#[test]
fn a_question_is_answered_whatever_fails() {
    let printed = printed(env!("CARGO_BIN_EXE_protected_call"), "");
    let wanted = [
        "Why? Because. (from primary",
        "Why twice? Because. (from primary",
        "refused: I do not say",
        "Why not? Perhaps. (from secondary",
        "Ask me tomorrow. (from nobody",
        // The circuit of the primary is open.
        "And now? Perhaps. (from secondary",
    ];
    has_lines(&printed, &wanted);
}

#[test]
fn a_loop_ends_when_it_is_good_enough_no_longer_improves_or_has_run_out() {
    let printed = printed(env!("CARGO_BIN_EXE_refine_loop"), "");
    let wanted = [
        "rain",
        "round 3",
        "Accepted", // good enough
        "snow",
        "round 4",
        "Accepted", // no longer improving
        "wind",
        "round 6",
        "the author is asked",
        "Accepted",
    ];
    has_lines(&printed, &wanted);
    assert_eq!(printed.matches("round 4").count(), 2, "{printed}");
}

#[test]
fn the_turnstile_takes_coins() {
    let printed = printed(env!("CARGO_BIN_EXE_turnstile"), "");
    has_lines(&printed, &["Push: beep", "Coin(50): Handled, Unlocked", "Push: Handled, Locked"]);
}

#[test]
fn prometheus_reads_what_is_observed() {
    let printed = printed(env!("CARGO_BIN_EXE_observed"), "");
    has_lines(&printed, &["GET /metrics", "# TYPE statewright_resident gauge"]);
    for name in ["statewright_commit_seconds", "statewright_activity_seconds", "statewright_steps"]
    {
        assert!(printed.contains(name), "{name} is not in\n{printed}");
    }
}

/// Both doors to one machine, which shows its lights for some seconds.
#[test]
fn crossings_show_the_same_from_text_and_from_a_module() {
    for program in [env!("CARGO_BIN_EXE_crossing"), env!("CARGO_BIN_EXE_crossing_mod")] {
        let printed = printed(program, "");
        let wanted =
            ["cars see Red", "cars see Green", "walkers may go", "fault 17", "cars see Flashing"];
        has_lines(&printed, &wanted);
    }
}
