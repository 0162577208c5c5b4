//! What exploring finds: `verify/NAME.flow` and beside it `NAME.txt`, written anew by `BLESS=1`. Every
//! run that is shown is played, and ends where it is said to end. In `verify/in_use` is what it finds in the
//! machines of `tests/flows`.

#![cfg(feature = "tools")]
#![allow(clippy::unwrap_used)]

use statewright_dsl::chart::Chart;
use statewright_dsl::compile::{Compilation, FileLoader, compile, compile_text, script};
use statewright_dsl::lower::lower;
use statewright_dsl::simulate::{Line, Session, nobody};
use statewright_dsl::verify::{Exploration, Status, Trace, explore};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const BOUND: usize = 20_000;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn flows(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut flows: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "flow")).collect();
    flows.sort();
    flows
}

/// Plays a run on the machine as it was declared.
fn play(compilation: &Compilation, chart: &Chart, trace: &Trace) -> Vec<Line> {
    let text = trace.script().unwrap();
    let machine = compilation.machines.iter().position(|machine| machine.name == chart.name);
    let asked = script(compilation, machine.unwrap(), "run", &text);
    assert!(asked.diagnostics.is_empty(), "{text}: {:#?}", asked.diagnostics);
    let mut session = Session::new(chart);
    let mut lines = Vec::new();
    for step in &asked.found {
        lines.extend(session.make(step, &mut nobody).unwrap());
    }
    lines.extend(session.begin(&mut nobody));
    lines
}

/// Plays a run and holds its end against what is said of it.
fn replay(compilation: &Compilation, chart: &Chart, trace: &Trace) {
    // A script means the older of two calls that are asked the same, and has no engine.
    if trace.is_ambiguous() || trace.assumes.is_some() || trace.script().is_none() {
        return;
    }
    let lines = play(compilation, chart, trace);
    let last = lines.last().unwrap();
    let said = trace.steps.last().unwrap();
    let violated = last.fault.as_ref().is_some_and(|f| f.to_string().starts_with("invariant"));
    if said.configuration.is_empty() {
        assert!(last.fault.is_some(), "{trace:?}: {last:#?}");
    } else if !violated {
        assert_eq!(last.fault, None, "{trace:?}");
        assert_eq!(last.configuration, said.configuration, "{trace:?}");
    }
}

fn script_of(trace: &Trace) -> String {
    trace.script().unwrap_or("no script plays it".to_owned())
}

fn show(compilation: &Compilation, chart: &Chart, explored: &Exploration<'_>) -> String {
    let mut text = format!("{} configurations", explored.configurations());
    text.push_str(if explored.is_complete() { "\n" } else { " and more\n" });
    let left_out = explored.left_out().unwrap_or("nothing".to_owned());
    writeln!(text, "not looked at: {left_out}").unwrap();
    for verdict in explored.verdicts() {
        match verdict.status {
            Status::Proved => writeln!(text, "proved {}", verdict.what),
            Status::NotProved(why) => writeln!(text, "not proved {}: {why}", verdict.what),
            Status::Refuted(trace) => {
                replay(compilation, chart, &trace);
                let repeats = trace.repeats.map(|at| format!(" for ever from step {at}"));
                let script = script_of(&trace);
                writeln!(text, "refuted {}: {}", verdict.what, trace.summary()).unwrap();
                writeln!(text, "  {script}{}", repeats.unwrap_or_default())
            }
        }
        .unwrap();
    }
    for finding in explored.findings() {
        let trace = finding.trace.as_ref();
        trace.into_iter().for_each(|trace| replay(compilation, chart, trace));
        let script = trace.map_or("no run".to_owned(), script_of);
        let assumes = trace.and_then(|trace| trace.assumes.as_ref());
        let assumes = assumes.map(|why| format!(", which {why}")).unwrap_or_default();
        writeln!(text, "{:?}: {script}{assumes}", finding.kind).unwrap();
    }
    for unhandled in explored.unhandled() {
        replay(compilation, chart, &unhandled.trace);
        let states = unhandled.configuration.join(", ");
        let after = unhandled.trace.summary();
        writeln!(text, "unhandled {} in {states} after {after}", unhandled.event).unwrap();
    }
    let coverage = explored.coverage();
    for (at, way) in coverage.iter().enumerate() {
        let Some(trace) = way else {
            writeln!(text, "never taken: branch {at}").unwrap();
            continue;
        };
        if let Some(why) = &trace.assumes {
            writeln!(text, "branch {at} {why}").unwrap();
            continue;
        }
        if trace.is_ambiguous() || trace.script().is_none() {
            writeln!(text, "cannot be played: branch {at}").unwrap();
            continue;
        }
        let lines = play(compilation, chart, trace);
        let mut taken = lines.iter().flat_map(|line| &line.taken);
        assert!(taken.any(|plan| plan.index() == at), "branch {at}: {trace:?}");
    }
    text
}

/// What is found in the machines of a file, if it is not what the file beside it says.
fn differs(compilation: &Compilation, golden: &Path) -> Option<String> {
    let mut found = String::new();
    for machine in &compilation.machines {
        let chart = lower(machine);
        let explored = explore(&chart, &machine.properties, BOUND, &mut |_, _| {});
        found.push_str(&show(compilation, &chart, &explored));
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(golden, &found).unwrap();
    }
    let differs = fs::read_to_string(golden).unwrap_or_default() != found;
    differs.then(|| format!("{}:\n{found}", golden.display()))
}

#[test]
fn exploring_finds_what_it_should() {
    let mut wrong = Vec::new();
    for flow in flows(&tests().join("verify")) {
        let text = fs::read_to_string(&flow).unwrap();
        let compilation = compile_text(&flow.to_string_lossy(), &text);
        assert_eq!(compilation.machines.len(), 1, "{flow:?}: {:#?}", compilation.diagnostics);
        wrong.extend(differs(&compilation, &flow.with_extension("txt")));
    }
    assert!(wrong.is_empty(), "{}\nread it, then BLESS=1", wrong.join("\n"));
}

/// What is proved of the language in use, and where exploring stops.
#[test]
fn machines_in_use_are_explored() {
    let mut wrong = Vec::new();
    let flows = flows(&tests().join("../../tests/flows"));
    assert_eq!(flows.len(), 5);
    for flow in flows {
        let compilation = compile(&FileLoader, &flow.to_string_lossy());
        let golden =
            tests().join("verify/in_use").join(flow.with_extension("txt").file_name().unwrap());
        wrong.extend(differs(&compilation, &golden));
    }
    assert!(wrong.is_empty(), "{}\nread it, then BLESS=1", wrong.join("\n"));
}
