//! The program as a user meets it: what it prints where, and how it ends.
#![cfg(test)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOOD: &str = "\
machine Light {
    event Next
    initial state Red { on Next -> Green }
    state Green { on Next -> Red }
}
";

const TYPO: &str = "\
machine Light {
    event Next
    initial state Red { on Next -> Gren }
    state Green { on Next -> Red }
}
";

/// Compiles, and is doubted: nothing leads to `Yellow`.
const DOUBT: &str = "\
machine Light {
    event Next
    initial state Red { on Next -> Green }
    state Green { on Next -> Red }
    state Yellow { on Next -> Red }
}
";

const TWO: &str = "\
machine One { event Go  initial state A { on Go -> B }  state B { on Go -> A } }
machine Two { event Go  initial state A { on Go -> B }  state B { on Go -> A } }
";

/// Before and after; what the names mean does not matter.
const LOOSE: &str = "machine Light{\n  initial state Red{on Next->Green} // stop\n}";
const FORMATTED: &str = "machine Light {\n    initial state Red { on Next -> Green }  // stop\n}\n";

/// A folder of one test, empty at its start.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run_with(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_statewright"))
        .args(args)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that never reads its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

/// Runs and compares the exit code; gives stdout and stderr.
#[track_caller]
fn run(folder: &Path, args: &[&str], code: i32) -> (String, String) {
    let output = run_with(folder, args, b"");
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
fn a_clean_file_ends_with_0_and_says_so_on_stderr() {
    let folder = folder("clean");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let (out, err) = run(&folder, &["check", "light.flow"], 0);
    assert_eq!((out.as_str(), err.as_str()), ("", "1 file, 1 machine: no errors, no warnings\n"));
    let (out, err) = run(&folder, &["check", "--format", "json", "light.flow"], 0);
    assert_eq!((out.as_str(), err.as_str()), ("", ""));
}

#[test]
fn a_mistake_ends_with_1_in_every_format() {
    let folder = folder("mistake");
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    let (out, err) = run(&folder, &["check", "light.flow"], 1);
    assert_eq!(out, "");
    assert_has(&err, "error[flow-E0102]");
    assert_has(&err, "--> light.flow:3:36");
    assert_has(&err, "\n1 error");
    let (out, err) = run(&folder, &["check", "light.flow", "--format", "short"], 1);
    assert!(out.starts_with("light.flow:3:36: error[flow-E0102]: "), "{out}");
    assert_eq!(err, "");
    let (out, _) = run(&folder, &["--format", "json", "check", "light.flow"], 1);
    assert_has(&out, "\"code\":\"flow-E0102\",\"severity\":\"error\"");
    assert_has(
        &out,
        "\"file\":\"light.flow\",\"line\":3,\"column\":36,\"end_line\":3,\"end_column\":40",
    );
    let (out, _) = run(&folder, &["check", "light.flow", "--format", "github"], 1);
    assert!(out.starts_with("::error file=light.flow,line=3,"), "{out}");
}

#[test]
fn warnings_end_with_0_unless_denied() {
    let folder = folder("warnings");
    std::fs::write(folder.join("light.flow"), DOUBT).unwrap();
    let (_, err) = run(&folder, &["check", "light.flow"], 0);
    assert_has(&err, "warning[flow-W0201]");
    run(&folder, &["check", "light.flow", "--deny", "warnings"], 1);
    run(&folder, &["diagram", "light.flow", "--deny", "warnings"], 1);
}

#[test]
fn several_files_are_counted_together() {
    let folder = folder("several");
    for (name, text) in [("a.flow", TYPO), ("b.flow", GOOD), ("c.flow", TYPO)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let (_, err) = run(&folder, &["check", "a.flow", "b.flow", "c.flow"], 1);
    assert!(err.ends_with("\n2 errors\n"), "{err}");
}

#[test]
fn what_cannot_be_read_or_makes_no_sense_ends_with_2() {
    let folder = folder("unreadable");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let (out, err) = run(&folder, &["check", "none.flow"], 2);
    assert_eq!(out, "");
    assert_has(&err, "flow-E0004");
    let (out, _) = run(&folder, &["check", "none.flow", "--format", "json"], 2);
    assert_has(&out, "\"code\":\"flow-E0004\"");
    run(&folder, &["check", "."], 2);
    run(&folder, &["check"], 2);
    run(&folder, &["chekc"], 2);
    run(&folder, &["explain", "E9999"], 2);
    run(&folder, &["diagram", "light.flow", "--machine", "Dark"], 2);
    run(&folder, &["diagram", "light.flow", "-o", "none/light.mmd"], 2);
    run(&folder, &["diagram", "light.flow", "--check", "none.md"], 2);
    std::fs::write(folder.join("light.flow"), b"machine \xff").unwrap();
    run(&folder, &["check", "light.flow"], 1);
}

#[test]
fn stdin_is_a_file() {
    let folder = folder("stdin");
    let output = run_with(&folder, &["check", "-", "--format", "short"], TYPO.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert_has(&String::from_utf8(output.stdout).unwrap(), "<stdin>:3:36: error[flow-E0102]");
    std::fs::write(folder.join("lamp.flow"), "enum Lamp { Red, Green }").unwrap();
    let text =
        format!("import \"lamp.flow\"\n{}", GOOD.replace("event Next", "event Next(lamp: Lamp)"));
    let output = run_with(&folder, &["check", "-"], text.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn colours_are_an_option() {
    let folder = folder("colours");
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    let (_, err) = run(&folder, &["check", "light.flow"], 1);
    assert!(!err.contains('\u{1b}'));
    let (_, err) = run(&folder, &["check", "light.flow", "--color", "always"], 1);
    assert!(err.contains('\u{1b}'));
}

#[test]
fn a_diagram_goes_to_stdout_or_to_a_file() {
    let folder = folder("diagram");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let (out, err) = run(&folder, &["diagram", "light.flow"], 0);
    assert!(out.starts_with("stateDiagram-v2\n"), "{out}");
    assert_eq!(err, "");
    let (dot, _) = run(&folder, &["diagram", "light.flow", "--to", "dot"], 0);
    assert!(dot.starts_with("digraph"), "{dot}");
    run(&folder, &["diagram", "light.flow", "-o", "light.mmd"], 0);
    assert_eq!(std::fs::read_to_string(folder.join("light.mmd")).unwrap(), out);
    run(&folder, &["diagram", "light.flow", "--check", "light.mmd"], 0);
    std::fs::write(folder.join("light.mmd"), "stateDiagram-v2\n").unwrap();
    let (_, err) = run(&folder, &["diagram", "light.flow", "--check", "light.mmd"], 1);
    assert_has(&err, "`light.mmd` is out of date, from line 2 on:");
    assert_has(&err, "statewright diagram light.flow -o light.mmd");
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    let (out, _) = run(&folder, &["diagram", "light.flow"], 1);
    assert_eq!(out, "");
}

#[test]
fn a_diagram_in_a_markdown_file_cannot_drift() {
    let folder = folder("markdown");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let page = folder.join("README.md");
    std::fs::write(&page, "# Light\n").unwrap();
    let (_, err) = run(&folder, &["diagram", "light.flow", "-o", "README.md"], 2);
    assert_has(&err, "<!-- statewright:begin Light -->\n<!-- statewright:end -->");
    std::fs::write(
        &page,
        "# Light\n\n<!-- statewright:begin Light -->\n<!-- statewright:end -->\n\nEnd\n",
    )
    .unwrap();
    run(&folder, &["diagram", "light.flow", "--check", "README.md"], 1);
    run(&folder, &["diagram", "light.flow", "-o", "README.md"], 0);
    let text = std::fs::read_to_string(&page).unwrap();
    assert_has(&text, "-->\n```mermaid\nstateDiagram-v2\n");
    assert_has(&text, "```\n<!-- statewright:end -->\n\nEnd\n");
    run(&folder, &["diagram", "light.flow", "--check", "README.md"], 0);
    std::fs::write(folder.join("light.flow"), DOUBT).unwrap();
    run(&folder, &["diagram", "light.flow", "--check", "README.md"], 1);
}

#[test]
fn one_of_several_machines_is_named() {
    let folder = folder("machines");
    std::fs::write(folder.join("two.flow"), TWO).unwrap();
    let (_, err) = run(&folder, &["diagram", "two.flow"], 2);
    assert_has(&err, "`One`, `Two`; name one with `--machine`");
    let (out, _) = run(&folder, &["diagram", "two.flow", "--machine", "Two"], 0);
    assert_has(&out, "accTitle: Two");
    let places = "<!-- statewright:begin Two --><!-- statewright:end -->\n\
                  <!-- statewright:begin One --><!-- statewright:end -->\n";
    std::fs::write(folder.join("two.md"), places).unwrap();
    run(&folder, &["diagram", "two.flow", "-o", "two.md"], 0);
    let text = std::fs::read_to_string(folder.join("two.md")).unwrap();
    assert!(text.find("accTitle: Two").unwrap() < text.find("accTitle: One").unwrap());
}

#[test]
fn a_matrix_shows_what_states_do_with_events() {
    let folder = folder("matrix");
    std::fs::write(folder.join("light.flow"), DOUBT).unwrap();
    std::fs::write(folder.join("two.flow"), TWO).unwrap();
    std::fs::write(folder.join("types.flow"), "enum Lamp { Red }").unwrap();
    let (out, err) = run(&folder, &["matrix", "light.flow"], 0);
    assert_eq!(out, "Light   Next\nRed     handled\nGreen   handled\nYellow  handled\n");
    assert_has(&err, "warning[flow-W0201]");
    let (out, _) = run(&folder, &["matrix", "light.flow", "--to", "markdown"], 0);
    assert!(out.starts_with("| state | `Next` |\n|---|---|\n| `Red` | handled |\n"), "{out}");
    let (out, _) = run(&folder, &["matrix", "two.flow", "--to", "csv"], 0);
    assert_eq!(
        out,
        "machine,state,Go\nOne,A,handled\nOne,B,handled\nTwo,A,handled\nTwo,B,handled\n"
    );
    let (out, _) = run(&folder, &["matrix", "two.flow", "-m", "Two", "--to", "csv"], 0);
    assert_eq!(out, "machine,state,Go\nTwo,A,handled\nTwo,B,handled\n");
    let (_, err) = run(&folder, &["matrix", "two.flow", "--machine", "Three"], 2);
    assert_has(&err, "no machine `Three`; it has `One`, `Two`");
    run(&folder, &["matrix", "types.flow"], 2);
    run(&folder, &["matrix", "none.flow"], 2);
    run(&folder, &["matrix", "light.flow", "--deny", "warnings"], 1);
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    let (out, _) = run(&folder, &["matrix", "light.flow"], 1);
    assert_eq!(out, "");
}

#[test]
fn generated_rust_goes_to_stdout_or_to_files_and_cannot_drift() {
    let folder = folder("build");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let (out, err) = run(&folder, &["build", "light.flow"], 0);
    assert!(out.starts_with("// @generated by `statewright build` from light.flow."), "{out}");
    assert_has(&out, "pub mod light {\n");
    assert_has(&out, "stateDiagram-v2");
    assert_eq!(err, "");
    run(&folder, &["build", "light.flow", "-o", "."], 0);
    assert_eq!(std::fs::read_to_string(folder.join("light.rs")).unwrap(), out);
    run(&folder, &["build", "light.flow", "--out", "again.rs"], 0);
    assert_eq!(std::fs::read_to_string(folder.join("again.rs")).unwrap(), out);
    run(&folder, &["build", "light.flow", "-o", ".", "--check"], 0);
    std::fs::write(folder.join("light.flow"), DOUBT).unwrap();
    let (_, err) = run(&folder, &["build", "light.flow", "-o", ".", "--check"], 1);
    assert_has(&err, "`./light.rs` is out of date, from line ");
    assert_has(&err, "run `statewright build light.flow -o .`");
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    let (out, _) = run(&folder, &["build", "light.flow"], 1);
    assert_eq!(out, "");
    run(&folder, &["build", "light.flow", "--check"], 2);
    run(&folder, &["build", "light.flow", "light.flow"], 2);
    run(&folder, &["build", "none.flow"], 2);
}

#[test]
fn every_code_can_be_explained() {
    let folder = folder("explain");
    let (all, _) = run(&folder, &["explain"], 0);
    assert_has(&all, "flow-E0102  unknown state\n");
    for name in ["E0102", "flow-E0102", "e0102"] {
        let (out, _) = run(&folder, &["explain", name], 0);
        assert!(out.starts_with("flow-E0102: unknown state\n\n"), "{out}");
    }
    for line in all.lines() {
        run(&folder, &["explain", line.split(' ').next().unwrap()], 0);
    }
}

#[test]
fn help_teaches() {
    let folder = folder("help");
    let (out, _) = run(&folder, &["--help"], 0);
    assert_has(&out, "statewright check flows/*.flow");
    assert_has(&out, "Exit codes:");
    assert_has(&out, "W0201 = \"deny\"");
    let commands = [
        "check",
        "verify",
        "simulate",
        "test",
        "build",
        "diagram",
        "matrix",
        "fmt",
        "explain",
        "ls",
        "show",
        "history",
        "send",
        "retry",
        "abandon",
        "export",
        "replay",
        "completions",
    ];
    for command in commands {
        let (out, _) = run(&folder, &[command, "--help"], 0);
        assert_has(&out, "Example");
    }
    // All of what there is to say, and not only the line in the list of commands.
    let (out, _) = run(&folder, &["check", "--help"], 0);
    assert_has(&out, "`statewright.toml`");
    let (out, _) = run(&folder, &["simulate", "--help"], 0);
    assert_has(&out, "`--trace json` prints an object a line");
    let (out, _) = run(&folder, &["completions", "bash"], 0);
    assert_has(&out, "statewright");
}

#[test]
fn files_are_formatted_in_place() {
    let folder = folder("fmt");
    let light = folder.join("light.flow");
    std::fs::write(&light, LOOSE).unwrap();
    std::fs::write(folder.join("good.flow"), GOOD).unwrap();
    let (out, err) = run(&folder, &["fmt", "--check", "light.flow", "good.flow"], 1);
    assert_eq!(out, "");
    assert_has(&err, "error: `light.flow` is not formatted, from line 1 on:\n  - machine Light{\n");
    assert_has(&err, "help: run `statewright fmt light.flow`");
    assert!(!err.contains("good.flow"), "{err}");
    assert_eq!(std::fs::read_to_string(&light).unwrap(), LOOSE);
    let (out, err) = run(&folder, &["fmt", "light.flow", "good.flow"], 0);
    assert_eq!((out.as_str(), err.as_str()), ("", ""));
    assert_eq!(std::fs::read_to_string(&light).unwrap(), FORMATTED);
    assert_eq!(std::fs::read_to_string(folder.join("good.flow")).unwrap(), GOOD);
    run(&folder, &["fmt", "--check", "light.flow", "good.flow"], 0);
}

#[test]
fn stdin_is_formatted_to_stdout() {
    let folder = folder("fmt_stdin");
    let output = run_with(&folder, &["fmt", "-"], LOOSE.as_bytes());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), FORMATTED);
    assert_eq!(output.status.code(), Some(0));
    let output = run_with(&folder, &["fmt", "--check", "-"], LOOSE.as_bytes());
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(1)));
    // Messages would stand in the text.
    let output = run_with(&folder, &["fmt", "-", "--format", "json"], LOOSE.as_bytes());
    assert_eq!((output.stdout.len(), output.status.code()), (0, Some(2)));
}

#[test]
fn what_has_a_mistake_in_its_syntax_is_told_and_the_rest_formatted() {
    let folder = folder("fmt_mistake");
    let text = "machine Light {\n  event   Next\n    on Next  =>  Green\n}\n";
    std::fs::write(folder.join("light.flow"), text).unwrap();
    let (_, err) = run(&folder, &["fmt", "light.flow"], 1);
    assert_has(&err, "error[flow-E0001]");
    assert_has(&err, "light.flow:3:14");
    let text = std::fs::read_to_string(folder.join("light.flow")).unwrap();
    assert_eq!(text, "machine Light {\n    event Next\n    on Next  =>  Green\n}\n");
    // Formatted, and wrong all the same.
    let (_, err) = run(&folder, &["fmt", "--check", "light.flow"], 1);
    assert!(!err.contains("not formatted"), "{err}");
    // What is unknown is the business of `check`.
    std::fs::write(folder.join("light.flow"), TYPO).unwrap();
    run(&folder, &["fmt", "--check", "light.flow"], 0);
}

#[test]
fn what_cannot_be_read_is_not_formatted_and_ends_with_2() {
    let folder = folder("fmt_unreadable");
    std::fs::write(folder.join("light.flow"), LOOSE).unwrap();
    std::fs::write(folder.join("bytes.flow"), b"machine \xff").unwrap();
    let (_, err) = run(&folder, &["fmt", "none.flow", "bytes.flow", "light.flow"], 2);
    assert_has(&err, "cannot read `none.flow`: there is no such file");
    assert_has(&err, "cannot read `bytes.flow`: it is not UTF-8");
    assert_eq!(std::fs::read_to_string(folder.join("light.flow")).unwrap(), FORMATTED);
    assert_eq!(std::fs::read(folder.join("bytes.flow")).unwrap(), b"machine \xff");
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let folder = folder("fmt_windows");
    let windows = |text: &str| format!("\u{FEFF}{}", text.replace('\n', "\r\n"));
    std::fs::write(folder.join("light.flow"), windows(LOOSE)).unwrap();
    run(&folder, &["fmt", "light.flow"], 0);
    let text = std::fs::read_to_string(folder.join("light.flow")).unwrap();
    assert_eq!(text, windows(FORMATTED));
    let mixed = text.replacen("\r\n", "\n", 1);
    std::fs::write(folder.join("light.flow"), mixed).unwrap();
    let (_, err) = run(&folder, &["fmt", "--check", "light.flow"], 1);
    assert_has(&err, "lines end in several ways");
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_panic() {
    let folder = folder("pipe");
    let states: String = (0..20_000).map(|i| format!("state S{i} {{ on Go -> A }}\n")).collect();
    let text = format!("machine M {{ event Go\ninitial state A {{ on Go -> S1 }}\n{states}}}");
    std::fs::write(folder.join("m.flow"), text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_statewright"))
        .args(["check", "m.flow", "--format", "short"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn scenarios_beside_their_machine_are_read_with_it() {
    let folder = folder("beside");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    let scenario = "scenario \"it goes\" {\n    send Next\n    expect Green\n}\n";
    std::fs::write(folder.join("light.scenarios.flow"), scenario).unwrap();
    for files in [&["light.flow", "light.scenarios.flow"][..], &["light.scenarios.flow"]] {
        let (out, _) = run(&folder, &[&["test"], files].concat(), 0);
        assert_eq!(out, "ok      Light: it goes\n1 passed, 0 failed\n");
        let (out, _) = run(&folder, &[&["verify"], files].concat(), 0);
        assert_eq!(out.matches("Light: ").count(), 1, "{out}");
    }
    let (_, err) = run(&folder, &["check", "light.flow", "light.scenarios.flow"], 0);
    assert_eq!(err, "2 files, 1 machine: no errors, no warnings\n");
}

#[test]
fn what_is_not_there_yet_is_made_or_told() {
    let folder = folder("not-there");
    std::fs::write(folder.join("light.flow"), GOOD).unwrap();
    std::fs::write(folder.join("types.flow"), "enum Lamp { Red, Green }\n").unwrap();
    let (_, err) = run(&folder, &["diagram", "light.flow", "-o", "README.md"], 2);
    assert_has(&err, "error: there is no `README.md`; make it, with this where the diagram shall");
    assert_has(&err, "<!-- statewright:begin Light -->\n<!-- statewright:end -->\n");
    run(&folder, &["build", "light.flow", "-o", "src/machines"], 0);
    assert!(folder.join("src/machines/light.rs").is_file());
    let (_, err) = run(&folder, &["verify", "types.flow"], 0);
    assert_eq!(err, "there is no machine to verify\n");
}
