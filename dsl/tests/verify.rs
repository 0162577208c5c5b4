//! What exploring finds: `verify/NAME.flow` and beside it `NAME.txt`, written anew by `BLESS=1`. Every
//! run that is shown is played, and ends where it is said to end.

#![cfg(feature = "tools")]
#![allow(clippy::unwrap_used)]

use statewright_dsl::chart::Chart;
use statewright_dsl::compile::{Compilation, compile_text, script};
use statewright_dsl::lower::lower;
use statewright_dsl::simulate::{Line, Session, nobody};
use statewright_dsl::verify::{Exploration, Status, Trace, explore};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const BOUND: usize = 20_000;

fn flows() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut flows: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "flow")).collect();
    flows.sort();
    flows
}

/// Plays a run on the machine as it was declared.
fn play(compilation: &Compilation, chart: &Chart, trace: &Trace) -> Vec<Line> {
    let text = trace.script();
    let asked = script(compilation, 0, "run", &text);
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
    if trace.is_ambiguous() {
        return;
    }
    let lines = play(compilation, chart, trace);
    let last = lines.last().unwrap();
    let said = trace.steps.last().unwrap();
    let violated = last.fault.as_ref().is_some_and(|f| f.to_string().starts_with("invariant"));
    if said.configuration.is_empty() {
        assert!(last.fault.is_some(), "{}: {last:#?}", trace.script());
    } else if !violated {
        assert_eq!(last.fault, None, "{}", trace.script());
        assert_eq!(last.configuration, said.configuration, "{}", trace.script());
    }
}

fn show(compilation: &Compilation, chart: &Chart, explored: &Exploration<'_>) -> String {
    let mut text = format!("{} configurations", explored.configurations());
    text.push_str(if explored.is_complete() { "\n" } else { " and more\n" });
    if !explored.tried().is_empty() {
        writeln!(text, "tried {}", explored.tried().join(", ")).unwrap();
    }
    for verdict in explored.verdicts() {
        match verdict.status {
            Status::Proved => writeln!(text, "proved {}", verdict.what),
            Status::NotProved(why) => writeln!(text, "not proved {}: {why}", verdict.what),
            Status::Refuted(trace) => {
                replay(compilation, chart, &trace);
                let repeats = trace.repeats.map(|at| format!(" for ever from step {at}"));
                let script = trace.script();
                writeln!(text, "refuted {}: {}", verdict.what, trace.summary()).unwrap();
                writeln!(text, "  {script}{}", repeats.unwrap_or_default())
            }
        }
        .unwrap();
    }
    for finding in explored.findings() {
        let trace = finding.trace.as_ref();
        trace.into_iter().for_each(|trace| replay(compilation, chart, trace));
        let script = trace.map_or("no run".to_owned(), Trace::script);
        writeln!(text, "{:?}: {script}", finding.kind).unwrap();
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
        if trace.needs_time() || trace.is_ambiguous() {
            writeln!(text, "cannot be played: branch {at}").unwrap();
            continue;
        }
        let lines = play(compilation, chart, trace);
        let mut taken = lines.iter().flat_map(|line| &line.taken);
        assert!(taken.any(|plan| plan.index() == at), "branch {at}: {}", trace.script());
    }
    text
}

#[test]
fn exploring_finds_what_it_should() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for flow in flows() {
        let text = fs::read_to_string(&flow).unwrap();
        let compilation = compile_text(&flow.to_string_lossy(), &text);
        let machine = compilation.machines.first();
        let machine = machine.unwrap_or_else(|| panic!("{flow:?}: {:#?}", compilation.diagnostics));
        let chart = lower(machine);
        let explored = explore(&chart, &machine.properties, BOUND, &mut |_, _| {});
        let found = show(&compilation, &chart, &explored);
        let golden = flow.with_extension("txt");
        if bless {
            fs::write(&golden, &found).unwrap();
        }
        if fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", flow.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nread it, then BLESS=1", wrong.join("\n"));
}
