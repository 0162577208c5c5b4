//! Scenarios: runs with what is expected of them.

use super::{Line, Session, nobody};
use crate::ast::Said;
use crate::chart::Chart;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::interpret::{FaultKind, Outcome, Value};
use crate::model::{
    Expectation, ExpectationKind, Expr, ExprKind, MessageId, OutputId, Scenario, ScenarioStepKind,
};
use crate::span::Span;

/// What came of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// What happened, up to the failure.
    pub lines: Vec<Line>,
    /// Why it failed; the rest was not run then.
    pub failed: Option<Failed>,
}

/// An expectation that was not met, or a step that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The expectation, or the step.
    pub span: Span,
    /// What was expected.
    pub expected: String,
    /// What happened instead.
    pub got: String,
}

/// Runs a scenario in virtual time.
pub fn run(chart: &Chart, scenario: &Scenario) -> Ran {
    let mut session = Session::new(chart);
    let mut lines: Vec<Line> = Vec::new();
    for step in &scenario.steps {
        let failed = |expected: &str, got: String| Failed {
            span: step.span,
            expected: expected.to_owned(),
            got,
        };
        match session.make(step, &mut nobody) {
            Ok(new) => lines.extend(new),
            Err(fault) => {
                let failed = Some(failed("a value", fault.to_string()));
                return Ran { lines, failed };
            }
        }
        // A step that fails is a failure, whatever is expected behind it.
        if let Some(fault) = lines.last().and_then(|line| line.fault.clone()) {
            let failed = Some(failed("a step that does not fail", said(&fault.kind)));
            return Ran { lines, failed };
        }
        let ScenarioStepKind::Expect(all) = &step.kind else { continue };
        for expected in all {
            if let Some(got) = unmet(&mut session, lines.last(), expected) {
                let failed = Failed { span: expected.span, expected: expected.text.clone(), got };
                return Ran { lines, failed: Some(failed) };
            }
        }
    }
    // A scenario without any input is one of the start.
    lines.extend(session.begin(&mut nobody));
    let fault = lines.last().and_then(|line| line.fault.as_ref());
    let failed = fault.map(|fault| Failed {
        span: scenario.span,
        expected: "a start that does not fail".to_owned(),
        got: said(&fault.kind),
    });
    Ran { lines, failed }
}

/// A failure as people read it: what was expected, what came instead, and the run up to there.
pub fn diagnostic(scenario: &Scenario, ran: &Ran) -> Option<Diagnostic> {
    let failed = ran.failed.as_ref()?;
    let message = format!("scenario {:?} fails", scenario.title);
    let mut run = String::from("the run up to there:");
    for line in &ran.lines {
        let states = line.configuration.join(", ");
        let outcome = match (&line.fault, line.outcome) {
            (Some(_), _) => " fails",
            (None, Outcome::Handled | Outcome::Pending) => "",
            (None, Outcome::Deferred) => " is deferred",
            (None, Outcome::Ignored) => " is ignored",
            (None, Outcome::Unhandled) if line.input.starts_with("after ") => "",
            (None, Outcome::Unhandled) => " is unhandled",
        };
        run.push_str(&format!("\n{}{outcome} -> {states}", line.input));
    }
    let diagnostic = Diagnostic::new(Code::ScenarioFails, failed.span, message)
        .at(format!("expected {}", failed.expected))
        .note(format!("instead, {}", failed.got));
    Some(diagnostic.note(run))
}

/// A fault, with the way out where there is one.
fn said(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Unanswered(name) => {
            format!("{kind}: add `given {name}(..) = value` in front")
        }
        _ => kind.to_string(),
    }
}

/// What there is instead of what is expected behind the last line; `None` if it is as expected.
pub fn unmet(
    session: &mut Session<'_>,
    line: Option<&Line>,
    wanted: &Expectation,
) -> Option<String> {
    let line = line?;
    match &wanted.kind {
        ExpectationKind::Said(Said::Finished) => {
            (!line.finished).then(|| format!("it is in {}", line.configuration.join(", ")))
        }
        ExpectationKind::Said(wanted) => {
            let got = match line.outcome {
                Outcome::Handled | Outcome::Pending => Said::Handled,
                Outcome::Deferred => Said::Deferred,
                Outcome::Ignored => Said::Ignored,
                Outcome::Unhandled => Said::Unhandled,
            };
            (got != *wanted).then(|| format!("`{}` was {}", line.input, got.word()))
        }
        ExpectationKind::Emit(output, args) => emitted(session, line, *output, args),
        ExpectationKind::Send(message, args) => sends(session, line, *message, args),
        ExpectationKind::Holds(condition) => match session.holds(condition, &mut nobody) {
            Ok(true) => None,
            Ok(false) => Some(instead(session, line, condition)),
            Err(fault) => Some(said(&fault.kind)),
        },
    }
}

fn emitted(
    session: &mut Session<'_>,
    line: &Line,
    output: OutputId,
    args: &[Expr],
) -> Option<String> {
    match is_among(session, (output, args), &line.outputs) {
        Ok(true) => return None,
        Ok(false) => {}
        Err(why) => return Some(why),
    }
    let chart = session.chart();
    let all: Vec<String> = line
        .outputs
        .iter()
        .map(|(id, values)| {
            super::line::call(chart, &chart.declarations.outputs[id.index()].name.text, values)
        })
        .collect();
    Some(match all.is_empty() {
        true => format!("`{}` emitted nothing", line.input),
        false => format!("`{}` emitted {}", line.input, all.join(", ")),
    })
}

fn sends(
    session: &mut Session<'_>,
    line: &Line,
    message: MessageId,
    args: &[Expr],
) -> Option<String> {
    match is_among(session, (message, args), &line.messages) {
        Ok(true) => return None,
        Ok(false) => {}
        Err(why) => return Some(why),
    }
    let chart = session.chart();
    let all = line.messages.iter().map(|(id, values)| super::line::sent(chart, *id, values));
    let all: Vec<String> = all.collect();
    Some(match all.is_empty() {
        true => format!("`{}` sent nothing", line.input),
        false => format!("`{}` did {}", line.input, all.join(", ")),
    })
}

/// Whether something with these values is among what there was.
fn is_among<I: Copy + PartialEq>(
    session: &mut Session<'_>,
    (wanted, args): (I, &[Expr]),
    all: &[(I, Vec<Value>)],
) -> Result<bool, String> {
    let values: Result<Vec<Value>, _> =
        args.iter().map(|arg| session.value(arg, &mut nobody)).collect();
    let values = values.map_err(|fault| said(&fault.kind))?;
    Ok(all.iter().any(|(other, given)| {
        *other == wanted
            && given.len() == values.len()
            && given.iter().zip(&values).all(|(a, b)| a.equals(b))
    }))
}

/// What is there instead of a condition: the states, or the values of what is compared.
fn instead(session: &mut Session<'_>, line: &Line, condition: &Expr) -> String {
    match &condition.kind {
        ExprKind::In(_) => format!("it is in {}", line.configuration.join(", ")),
        ExprKind::Binary(op, left, right) if !matches!(op.text(), "&&" | "||") => {
            let chart = session.chart();
            let mut text = |expr: &Expr| {
                let value = session.value(expr, &mut nobody).ok();
                value.map_or("unknown".to_owned(), |value| value.text(&chart.declarations))
            };
            let (left, right) = (text(left), text(right));
            format!("{left} {} {right} is false", op.text())
        }
        _ => {
            let states = line.configuration.join(", ");
            let declarations = &session.chart().declarations;
            let fields = line.context.iter().map(|(name, value)| match value {
                Some(value) => format!("{name} = {}", value.text(declarations)),
                None => format!("{name} is not set"),
            });
            let fields: Vec<String> = fields.collect();
            match fields.is_empty() {
                true => format!("it is in {states}"),
                false => format!("it is in {states} with {}", fields.join(", ")),
            }
        }
    }
}

/// A part of a run that is written down.
pub enum Written<'l> {
    /// What stands behind `given`.
    Given(String),
    /// An event or `after`, and what it did.
    Did(&'l str, &'l Line),
}

/// A run as a scenario that expects what happened.
pub fn text<'l>(
    title: &str,
    machine: Option<&str>,
    written: impl IntoIterator<Item = Written<'l>>,
) -> String {
    let title = Value::String(title.to_owned()).text(&Default::default());
    let of = machine.map(|name| format!(" for {name}")).unwrap_or_default();
    let mut text = format!("scenario {title}{of} {{\n");
    for written in written {
        match written {
            Written::Given(given) => text.push_str(&format!("    given {given}\n")),
            Written::Did(input, line) => {
                let is_time = input.starts_with("after ");
                let is_end = input.starts_with("given ");
                let word = if is_time || is_end { "" } else { "send " };
                text.push_str(&format!("    {word}{input}\n"));
                let mut expected = Vec::new();
                if !is_time {
                    expected.push(format!("{:?}", line.outcome).to_lowercase());
                }
                expected.extend(line.configuration.iter().map(|path| path.replace('.', "::")));
                if line.finished {
                    expected.push("finished".into());
                }
                if line.fault.is_none() {
                    text.push_str(&format!("    expect {}\n", expected.join(" and ")));
                }
            }
        }
    }
    text + "}\n"
}
