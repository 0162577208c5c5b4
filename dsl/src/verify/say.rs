//! What was found, as diagnostics.

use super::trace::{START, Trace};
use super::{Exploration, FindingKind, Status};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::interpret::duration;

/// Longer runs are told with their first and last steps.
const LONGEST: usize = 24;

impl Exploration<'_> {
    /// Everything that speaks against the machine. `replay` makes a command out of a script.
    pub fn diagnostics(&self, replay: &dyn Fn(&str) -> String) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for verdict in self.verdicts() {
            match verdict.status {
                Status::Proved => {}
                Status::Refuted(trace) => {
                    let message = format!("{} does not hold", kind(&verdict.what));
                    let diagnostic = Diagnostic::new(Code::Refuted, verdict.span, message)
                        .at(format!("not after: {}", trace.summary()));
                    diagnostics.push(with_run(diagnostic, &trace, replay));
                }
                Status::NotProved(why) => {
                    let message = format!("{} is not proved", kind(&verdict.what));
                    let diagnostic = Diagnostic::new(Code::NotProved, verdict.span, message);
                    diagnostics.push(diagnostic.at("nothing speaks against it").note(why));
                }
            }
        }
        for finding in self.findings() {
            let (code, message, at) = match &finding.kind {
                FindingKind::Fails(kind) => {
                    (Code::RunFails, format!("a step fails: {kind}"), "here")
                }
                FindingKind::DeadEnd => (
                    Code::Stuck,
                    "a run gets stuck: no event and no timer does anything any more".to_owned(),
                    "here, and the machine is not finished",
                ),
                FindingKind::Livelock => (
                    Code::Endless,
                    "a run can no longer end: no final state can be reached from here".to_owned(),
                    "here",
                ),
                FindingKind::Unreachable(state) => (
                    Code::Unreachable,
                    format!("no run enters `{}`", self.chart.state(*state).path),
                    "never active",
                ),
            };
            let diagnostic = Diagnostic::new(code, finding.span, message).at(at);
            diagnostics.push(match &finding.trace {
                Some(trace) => with_run(diagnostic, trace, replay),
                None => diagnostic.note("every run was looked at, with all answers of guards"),
            });
        }
        diagnostics.sort();
        diagnostics
    }
}

/// `invariant` or `property "title"` without the rest.
fn kind(what: &str) -> &str {
    match what.split_once(' ') {
        Some(("invariant", _)) => "this invariant",
        Some(("property", _)) => "this property",
        _ => "this claim",
    }
}

fn with_run(diagnostic: Diagnostic, trace: &Trace, replay: &dyn Fn(&str) -> String) -> Diagnostic {
    let mut diagnostic = diagnostic.note(format!("the shortest run:\n{}", lines(trace)));
    if let Some(why) = &trace.assumes {
        return diagnostic.note(format!("it may be impossible: it {why}"));
    }
    if trace.is_ambiguous() {
        diagnostic = diagnostic
            .note("two calls that are asked the same run in it, and it ends the newer one first");
    }
    let Some(script) = trace.script() else {
        let why = trace.unscripted().unwrap_or_default();
        return diagnostic.note(format!("no script plays it: {why}"));
    };
    let script = if script.is_empty() { "after 0s".to_owned() } else { script };
    diagnostic.help(format!("see it step by step: {}", replay(&script)))
}

/// A run as lines: when, what, and where it leads.
fn lines(trace: &Trace) -> String {
    let mut lines = Vec::new();
    let mut now = 0;
    for (at, step) in trace.steps.iter().enumerate() {
        now += step.wait;
        let mut line = match step.label.as_str() {
            START => START.to_owned(),
            label => format!("at {}: {label}", duration(now)),
        };
        if step.late > 0 {
            let back = duration(now + step.late);
            line.push_str(&format!(", overdue in an engine that is back at {back}"));
        }
        if step.label == START && !trace.given.is_empty() {
            line.push_str(&format!(" with {}", trace.given.join(", ")));
        }
        if !step.answers.is_empty() {
            line.push_str(&format!(", given {}", step.answers.join(", ")));
        }
        if !step.configuration.is_empty() {
            line.push_str(&format!(" -> {}", step.configuration.join(", ")));
        }
        if trace.repeats == Some(at) {
            line = format!("from here on for ever: {line}");
        }
        lines.push(line);
    }
    if lines.len() > LONGEST {
        let left = lines.len() - LONGEST;
        let middle = LONGEST / 2;
        lines.splice(middle..middle + left, [format!(".. {left} more steps ..")]);
    }
    lines.join("\n")
}
