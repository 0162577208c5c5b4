//! `simulate`, `verify` and `test` as a user meets them.
#![cfg(test)]

use serde_json::Value as Json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Cars go straight from red to green: walkers who started late are still there.
const NAIVE: &str = "\
enum Lamp { Red, Green }

machine Crossing {
    event Button
    action show(lamp: Lamp)
    invariant !(in(Cars::Go) && in(Walkers::Walk))
    initial parallel state Operating {
        region Cars {
            initial state Stop { entry do show(Lamp::Red)  after 20s -> Go }
            state Go { entry do show(Lamp::Green)  after 90s -> Stop }
        }
        region Walkers {
            initial state Wait { on Button if in(Cars::Stop) -> Walk }
            state Walk { ignore Button  after 12s -> Wait }
        }
    }
}
";

const ORDER: &str = "\
machine Order {
    context { total: u32 = 0 }
    event Submit(total: u32)
    event Pay
    guard is_large(total: u32)
    output Paid(total: u32)
    property \"orders end\": eventually Done || Rejected || Open
    initial state Open {
        on Submit(total) do set total = total {
            if is_large(total) -> Waiting
            else -> Done
        }
    }
    state Waiting { on Pay do emit Paid(total) -> Done  after 3d -> Rejected }
    final state Done
    final state Rejected
}

scenario \"large orders wait\" {
    given is_large(5) = true
    send Submit(5)
    expect handled and Waiting and total == 5
    after 3d
    expect Rejected and finished
}
";

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("proof-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Runs and compares the exit code; gives stdout and stderr.
#[track_caller]
fn run(folder: &Path, args: &[&str], stdin: &str, code: i32) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_statewright"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that never reads its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\nstdout: {out}\nstderr: {err}");
    (out, err)
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in\n{text}");
}

#[test]
fn a_trace_is_a_line_of_json_for_each_input() {
    let folder = folder("trace", &[("naive.flow", NAIVE)]);
    let args = ["simulate", "naive.flow", "--events", "Button; after 12s", "--trace", "json"];
    let (out, _) = run(&folder, &args, "", 0);
    let lines: Vec<Json> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["input"], "start");
    assert_eq!(
        lines[0]["entered"],
        serde_json::json!([
            "Operating",
            "Operating.Cars",
            "Operating.Cars.Stop",
            "Operating.Walkers",
            "Operating.Walkers.Wait"
        ])
    );
    assert_eq!(lines[0]["effects"], serde_json::json!(["show(Lamp::Red)"]));
    let walking = serde_json::json!(["Operating.Cars.Stop", "Operating.Walkers.Walk"]);
    assert_eq!(lines[1]["step"], 1);
    assert_eq!(lines[1]["outcome"], "handled");
    assert_eq!(lines[1]["configuration"], walking);
    assert_eq!(lines[1]["timers"][0]["timer"], "after 12s");
    assert_eq!(lines[2]["input"], "after 12s");
    assert_eq!(lines[2]["exited"], serde_json::json!(["Operating.Walkers.Walk"]));
    assert_eq!(lines[2]["now_ms"], 12_000);
}

/// As serde writes those of the generated type.
#[test]
fn a_trace_has_numbers_of_32_bits_as_they_are_written() {
    let flow = "machine M { context { sum: f32 = 0.1  wide: f64 = 0.1  all: Vec<f32> = [] } event Add \
        initial state S { on Add do set sum = sum + 0.2, set wide = wide + 0.2, set all = [0.1, 3.0] } }";
    let folder = folder("singles", &[("m.flow", flow)]);
    let args = ["simulate", "m.flow", "--events", "Add", "--trace"];
    let (out, _) = run(&folder, &[&args[..], &["json"]].concat(), "", 0);
    assert_has(&out, r#""context":{"sum":0.3,"wide":0.30000000000000004,"all":[0.1,3.0]}"#);
    let (out, _) = run(&folder, &[&args[..], &["human"]].concat(), "", 0);
    assert_has(&out, "sum = 0.3, wide = 0.30000000000000004, all = [0.1, 3.0]");
}

#[test]
fn what_only_rust_knows_has_to_be_given() {
    let folder = folder("given", &[("order.flow", ORDER)]);
    let (out, err) = run(&folder, &["simulate", "order.flow", "--events", "Submit(5)"], "", 1);
    assert_has(&out, "Submit(5): fails");
    assert_has(&err, "say it in front: `given is_large(..) = value`");
    let events = "given is_large(..) = true; Submit(5), expect Waiting; Pay";
    let (out, _) = run(&folder, &["simulate", "order.flow", "--events", events], "", 0);
    assert_has(&out, "did       emit Paid(5)");
    assert_has(&out, "finished");
    let (_, err) = run(&folder, &["simulate", "order.flow", "--events", "Submitt(5)"], "", 1);
    assert_has(&err, "did you mean `Submit`?");
    assert_has(&err, "--> <events>:1:1");
}

#[test]
fn a_simulation_by_hand_can_be_taken_back_and_saved() {
    let folder = folder("hand", &[("order.flow", ORDER)]);
    let inputs = "events\ngiven is_large(..) = true\nSubmit(7)\nundo\nSubmit(8)\nnext\nsave late\n";
    let (out, err) = run(&folder, &["simulate", "order.flow"], inputs, 0);
    assert_has(&out, "Submit(total)            asks `is_large`");
    assert_has(&out, "after 3d: handled");
    assert_has(&err, "saved in `order.scenarios.flow`");
    let saved = std::fs::read_to_string(folder.join("order.scenarios.flow")).unwrap();
    assert_has(&saved, "scenario \"late\" {\n    given is_large(..) = true\n    send Submit(8)\n");
    assert!(!saved.contains("Submit(7)"), "{saved}");
    let (out, _) = run(&folder, &["test", "order.flow"], "", 0);
    assert_has(&out, "ok      Order: late");
    assert_has(&out, "2 passed, 0 failed");
}

#[test]
fn the_naive_crossing_is_refuted_with_a_run_that_can_be_played() {
    let folder = folder("naive", &[("naive.flow", NAIVE)]);
    let (out, err) = run(&folder, &["verify", "naive.flow"], "", 1);
    assert_has(
        &out,
        "refuted     invariant !(in(Cars::Go) && in(Walkers::Walk)): Button, after 20s",
    );
    assert_has(&err, "error[flow-E0804]");
    let events = "after 8s; Button; after 12s";
    assert_has(&err, &format!("`statewright simulate naive.flow --events \"{events}\"`"));
    // The README shows just this.
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"));
    let readme = readme.unwrap();
    let block = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let shown: Vec<&str> = block.unwrap().lines().filter(|line| line.len() > 5).collect();
    assert!(shown.len() > 5, "{shown:?}");
    for line in shown {
        assert_has(&err, line.trim_start_matches([' ', '|']).trim());
    }
    let (_, err) = run(&folder, &["simulate", "naive.flow", "--events", events], "", 1);
    assert_has(&err, "invariant violated: !(in(Cars::Go) && in(Walkers::Walk))");
}

#[test]
fn claims_of_the_command_line_are_proved_or_not() {
    let folder = folder("claims", &[("order.flow", ORDER)]);
    let claims = "never Done && Rejected; Waiting leads to Done; eventually Nowhere";
    let (_, err) = run(&folder, &["verify", "order.flow", "--properties", claims], "", 1);
    assert_has(&err, "--> <properties>:1:");
    let claims = "never Done && Rejected; Waiting leads to Done";
    let args = ["verify", "order.flow", "--properties", claims, "--format", "json"];
    let (out, _) = run(&folder, &args, "", 1);
    let last: Json = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(last["complete"], true);
    let status: Vec<&str> = last["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|verdict| verdict["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["proved", "proved", "refuted"]);
    let (out, err) = run(&folder, &["verify", "order.flow", "--bound", "2"], "", 0);
    assert_has(&out, "not proved  property \"orders end\"");
    assert_has(&err, "because there are more; raise this with `--bound`");
    run(&folder, &["verify", "order.flow", "--bound", "2", "--deny", "warnings"], "", 1);
}

#[test]
fn failing_scenarios_say_what_was_expected_and_what_came() {
    let wrong = ORDER.replace("total == 5", "total == 6");
    let folder = folder("failing", &[("order.flow", &wrong)]);
    let (out, err) = run(&folder, &["test", "order.flow"], "", 1);
    assert_has(&out, "FAILED  Order: large orders wait");
    assert_has(&out, "0 passed, 1 failed");
    assert_has(&err, "error[flow-E0809]: scenario \"large orders wait\" fails");
    assert_has(&err, "expected total == 6");
    assert_has(&err, "instead, 5 == 6 is false");
    assert_has(&err, "Submit(5) -> Waiting");
}

#[test]
fn made_scenarios_cover_what_was_left() {
    let folder = folder("made", &[("order.flow", ORDER)]);
    let (out, _) = run(&folder, &["test", "order.flow", "--coverage"], "", 0);
    assert_has(&out, "Order: 2 of 4 transitions covered");
    assert_has(&out, "not covered  order.flow:14: Waiting: on Pay do emit Paid(total) -> Done");
    let beside = "order.scenarios.flow";
    run(&folder, &["test", "order.flow", "--generate", "-o", beside], "", 0);
    let (out, _) = run(&folder, &["test", "order.flow", "--coverage"], "", 0);
    assert_has(&out, "Order: 4 of 4 transitions covered");
    run(&folder, &["fmt", "--check", beside], "", 0);
    // Nothing is left to make.
    let before = std::fs::read_to_string(folder.join(beside)).unwrap();
    run(&folder, &["test", "order.flow", "--generate", "-o", beside], "", 0);
    assert_eq!(std::fs::read_to_string(folder.join(beside)).unwrap(), before);
}

#[test]
fn what_cannot_be_covered_is_said_with_the_reason() {
    let text = "\
machine M {
    event E
    context { flag: bool = false }
    initial state A { on E if flag -> B }
    state B { on E -> A }
}
";
    let folder = folder("cannot", &[("m.flow", text)]);
    let (_, err) = run(&folder, &["test", "m.flow", "--generate"], "", 0);
    assert_has(&err, "A: on E if flag -> B: no run takes it");
    assert_has(&err, "B: on E -> A: `B` is never active");
}
