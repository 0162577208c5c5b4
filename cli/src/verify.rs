//! `statewright verify`

use crate::args::{Format, ReportArgs, VerifyArgs};
use crate::input::{compile_input, is_readable, once};
use crate::machines::choose;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use serde_json::json;
use statewright_dsl::compile::{self, Compilation};
use statewright_dsl::interpret::duration;
use statewright_dsl::lower::lower;
use statewright_dsl::model::{Model, Valid};
use statewright_dsl::verify::{self, Exploration, Status};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How messages call the claims of the command line.
const CLAIMS: &str = "<properties>";

/// Explores each machine and shows what came of it.
pub(crate) fn run(report: &ReportArgs, args: &VerifyArgs) -> Result<Outcome, Failure> {
    let mut report = Report::new(report);
    let mut outcome = Outcome::Fine;
    let mut count = 0;
    for file in once(&args.files) {
        let compilation = compile_input(file)?;
        report.show(&compilation)?;
        if !is_readable(file) {
            outcome = Outcome::Unreadable;
        } else if !compilation.diagnostics.has_errors() {
            for machine in choose(file, args.machine.as_deref(), &compilation.machines)? {
                one(&mut report, args, file, &compilation, machine)?;
                count += 1;
            }
        }
    }
    let is_fine = outcome.and(report.outcome()) == Outcome::Fine;
    report.summary(if count == 0 && is_fine { "there is no machine to verify" } else { "" })?;
    Ok(outcome.and(report.outcome()))
}

fn one(
    report: &mut Report,
    args: &VerifyArgs,
    file: &str,
    compilation: &Compilation,
    machine: &Valid<Model>,
) -> Result<(), Failure> {
    let mut sources = compilation.sources.clone();
    let mut claims = machine.properties.clone();
    if let Some(text) = &args.properties {
        let at = compilation.machines.iter().position(|other| std::ptr::eq(other, machine));
        let asked = compile::claims(compilation, at.unwrap_or_default(), CLAIMS, text);
        report.show_all(&asked.sources, &asked.diagnostics)?;
        if asked.diagnostics.has_errors() {
            return Ok(());
        }
        claims.extend(asked.found);
        sources = asked.sources;
    }
    let chart = lower(machine);
    let begin = Instant::now();
    let mut progress = Progress::new(report.format(), &machine.name.text);
    let explored =
        verify::explore(&chart, &claims, args.bound.bound, &mut |f, w| progress.show(f, w));
    progress.wipe();
    let time = begin.elapsed();
    let several = compilation.machines.len() > 1;
    let named = if several { format!(" --machine {}", machine.name.text) } else { String::new() };
    let replay = |script: &str| {
        format!("`statewright simulate {}{named} --events {}`", shell(file), shell(script))
    };
    let mut diagnostics = explored.diagnostics(&replay);
    compile::weigh(compilation, machine, &mut diagnostics);
    report.show_all(&sources, &diagnostics)?;
    match report.format() {
        Format::Human => output::print(&table(machine, &explored, time)),
        Format::Json => output::print(&line(machine, &explored, time)),
        _ => Ok(()),
    }
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else if word.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", word.replace('\'', "'\\''"))
    } else {
        format!("\"{word}\"")
    }
}

/// What was explored and what came of each claim, for people.
fn table(machine: &Valid<Model>, explored: &Exploration<'_>, time: Duration) -> String {
    let all = if explored.is_complete() { "" } else { " and more" };
    let mut text = format!(
        "{}: {} configurations{all}, {} steps, {}, {} bytes each\n",
        machine.name.text,
        explored.configurations(),
        explored.steps(),
        duration(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        explored.bytes_each(),
    );
    for verdict in explored.verdicts() {
        let (word, more) = match verdict.status {
            Status::Proved => ("proved", String::new()),
            Status::Refuted(trace) => ("refuted", format!(": {}", trace.summary())),
            Status::NotProved(why) => ("not proved", format!(": {why}")),
        };
        text.push_str(&format!("  {word:<10}  {}{more}\n", verdict.what));
    }
    if let Some(left) = explored.left_out() {
        text.push_str(&format!("  left out    {left}\n"));
    }
    for unhandled in explored.unhandled() {
        let after = match unhandled.trace.script() {
            None => format!("after {}", unhandled.trace.summary()),
            Some(script) if script.is_empty() => "at the start".to_owned(),
            Some(script) => format!("after `{script}`"),
        };
        let states = unhandled.configuration.join(", ");
        text.push_str(&format!(
            "  unhandled   `{}`, first in {states}, {after}\n",
            unhandled.event
        ));
    }
    text
}

/// The same as one line of JSON.
fn line(machine: &Valid<Model>, explored: &Exploration<'_>, time: Duration) -> String {
    let verdicts: Vec<_> = explored
        .verdicts()
        .into_iter()
        .map(|verdict| match verdict.status {
            Status::Proved => json!({"claim": verdict.what, "status": "proved"}),
            Status::Refuted(trace) => json!({
                "claim": verdict.what,
                "status": "refuted",
                "run": trace.summary(),
                "script": trace.script(),
            }),
            Status::NotProved(why) => {
                json!({"claim": verdict.what, "status": "not proved", "why": why})
            }
        })
        .collect();
    let unhandled: Vec<_> = explored
        .unhandled()
        .into_iter()
        .map(|unhandled| {
            json!({
                "event": unhandled.event,
                "times": unhandled.times,
                "configuration": unhandled.configuration,
                "script": unhandled.trace.script(),
            })
        })
        .collect();
    let line = json!({
        "machine": machine.name.text,
        "configurations": explored.configurations(),
        "complete": explored.is_complete(),
        "steps": explored.steps(),
        "milliseconds": u64::try_from(time.as_millis()).unwrap_or(u64::MAX),
        "bytes_each": explored.bytes_each(),
        "verdicts": verdicts,
        "unhandled": unhandled,
    });
    format!("{line}\n")
}

/// A line on a terminal that says how far the search is.
struct Progress<'a> {
    machine: &'a str,
    is_shown: bool,
    begin: Instant,
    has_written: bool,
}

impl<'a> Progress<'a> {
    fn new(format: Format, machine: &'a str) -> Self {
        let is_shown = format == Format::Human && std::io::stderr().is_terminal();
        Self { machine, is_shown, begin: Instant::now(), has_written: false }
    }

    fn show(&mut self, found: usize, waiting: usize) {
        // Quick searches need none.
        if self.is_shown && self.begin.elapsed() > Duration::from_millis(300) {
            let mut err = std::io::stderr().lock();
            let machine = self.machine;
            let _ = write!(err, "\r{machine}: {found} configurations, {waiting} of them open  ");
            let _ = err.flush();
            self.has_written = true;
        }
    }

    fn wipe(&self) {
        if self.has_written {
            let _ = write!(std::io::stderr().lock(), "\r{:78}\r", "");
        }
    }
}
