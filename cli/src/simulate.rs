//! `statewright simulate`

use crate::args::{ReportArgs, SimulateArgs};
use crate::input::{compile_input, is_readable};
use crate::interactive;
use crate::machines::{choose, only};
use crate::outcome::{Failure, Outcome};
use crate::report::Report;
use crate::{output, trace};
use statewright_dsl::chart::Chart;
use statewright_dsl::compile::{self, Compilation};
use statewright_dsl::interpret::{Fault, FaultKind};
use statewright_dsl::lower::lower;
use statewright_dsl::model::{ScenarioStep, ScenarioStepKind};
use statewright_dsl::simulate::{Line, Session, nobody, unmet};
use std::io::{IsTerminal, Read};

/// Runs a machine by a script, or by what is typed.
pub(crate) fn run(report: &ReportArgs, args: &SimulateArgs) -> Result<Outcome, Failure> {
    let mut report = Report::new(report);
    let compilation = compile_input(&args.file)?;
    report.show(&compilation)?;
    if !is_readable(&args.file) {
        return Ok(Outcome::Unreadable);
    }
    if compilation.diagnostics.has_errors() {
        report.summary("")?;
        return Ok(Outcome::Wrong);
    }
    let machines = choose(&args.file, args.machine.as_deref(), &compilation.machines)?;
    let machine = only(&args.file, &machines)?;
    let chart = lower(machine);
    let at = compilation.machines.iter().position(|other| std::ptr::eq(other, machine));
    let simulation =
        Simulation { compilation: &compilation, machine: at.unwrap_or_default(), args };
    let (name, script) = match (&args.events, &args.script) {
        (Some(text), _) => ("<events>".to_owned(), text.clone()),
        (None, Some(path)) if path == "-" => ("<stdin>".to_owned(), stdin()?),
        (None, Some(path)) => (path.clone(), output::read(path)?),
        (None, None) if std::io::stdin().is_terminal() => {
            return interactive::run(&simulation, &chart, true);
        }
        (None, None) => return interactive::run(&simulation, &chart, false),
    };
    let outcome = simulation.script(&mut report, &chart, &name, &script)?;
    Ok(outcome.and(report.outcome()))
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| Failure::Io("cannot read stdin".into(), error))?;
    Ok(text)
}

/// What is simulated.
pub(crate) struct Simulation<'a> {
    pub(crate) compilation: &'a Compilation,
    /// Index into the machines of the compilation.
    pub(crate) machine: usize,
    pub(crate) args: &'a SimulateArgs,
}

impl Simulation<'_> {
    /// The steps of a text; what is wrong with it goes to the report.
    pub(crate) fn steps(
        &self,
        report: &mut Report<'_>,
        name: &str,
        text: &str,
    ) -> Result<Option<Vec<ScenarioStep>>, Failure> {
        let asked = compile::script(self.compilation, self.machine, name, text);
        report.show_all(&asked.sources, &asked.diagnostics)?;
        Ok((!asked.diagnostics.has_errors()).then_some(asked.found))
    }

    fn script(
        &self,
        report: &mut Report<'_>,
        chart: &Chart,
        name: &str,
        text: &str,
    ) -> Result<Outcome, Failure> {
        let Some(steps) = self.steps(report, name, text)? else {
            report.summary("")?;
            return Ok(Outcome::Wrong);
        };
        let mut session = Session::new(chart);
        let mut last = None;
        let mut outcome = Outcome::Fine;
        for step in &steps {
            outcome = outcome.and(self.make(&mut session, chart, &mut last, step)?);
            if outcome != Outcome::Fine {
                break;
            }
        }
        if let Some(line) = session.begin(&mut nobody) {
            trace::print(self.args.trace, chart, &line)?;
            outcome = outcome.and(failed(&line));
        }
        Ok(outcome)
    }

    /// Makes one step and shows it.
    fn make(
        &self,
        session: &mut Session<'_>,
        chart: &Chart,
        last: &mut Option<Line>,
        step: &ScenarioStep,
    ) -> Result<Outcome, Failure> {
        let lines = match session.make(step, &mut nobody) {
            Ok(lines) => lines,
            Err(fault) => {
                output::note(&format!("error: {fault}"));
                return Ok(Outcome::Wrong);
            }
        };
        let mut outcome = Outcome::Fine;
        for line in lines {
            trace::print(self.args.trace, chart, &line)?;
            outcome = outcome.and(failed(&line));
            *last = Some(line);
        }
        if let ScenarioStepKind::Expect(all) = &step.kind {
            for expected in all {
                if let Some(got) = unmet(session, last.as_ref(), expected) {
                    output::note(&format!("error: expected {}, but {got}", expected.text));
                    outcome = Outcome::Wrong;
                }
            }
        }
        Ok(outcome)
    }
}

/// Whether a step failed; then it is said on stderr too.
fn failed(line: &Line) -> Outcome {
    match &line.fault {
        None => Outcome::Fine,
        Some(fault) => {
            output::note(&format!("error: `{}` fails: {}", line.input, reason(fault)));
            Outcome::Wrong
        }
    }
}

/// Why a step failed, and the way out where there is one.
pub(crate) fn reason(fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Unanswered(name) => {
            format!("{fault}; say it in front: `given {name}(..) = value`")
        }
        _ => fault.to_string(),
    }
}
