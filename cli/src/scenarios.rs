//! `statewright test`

use crate::args::{Format, ReportArgs, TestArgs};
use crate::input::{compile_input, is_readable, once};
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use serde_json::json;
use statewright_dsl::chart::{Chart, PlanId};
use statewright_dsl::compile::Compilation;
use statewright_dsl::cover::{self, Branch};
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::format::format;
use statewright_dsl::lower::lower;
use statewright_dsl::model::{Model, Scenario, Valid};
use statewright_dsl::simulate;
use std::collections::BTreeSet;

/// Runs the scenarios of each file, and says what they do not take.
pub(crate) fn run(report: &ReportArgs, args: &TestArgs) -> Result<Outcome, Failure> {
    let mut tests = Tests { report: Report::new(report), args, passed: 0, failed: 0 };
    let mut outcome = Outcome::Fine;
    for file in once(&args.files) {
        let compilation = compile_input(file)?;
        tests.report.show(&compilation)?;
        if !is_readable(file) {
            outcome = Outcome::Unreadable;
        } else if !compilation.diagnostics.has_errors() {
            for (at, machine) in compilation.machines.iter().enumerate() {
                tests.machine(&compilation, at, machine)?;
            }
        }
    }
    if let (Some(wanted), 0) = (&args.only, tests.passed + tests.failed) {
        return Err(Failure::Usage(format!("no scenario has {wanted:?} in its title")));
    }
    if report.format == Format::Human {
        output::print(&format!("{} passed, {} failed\n", tests.passed, tests.failed))?;
    }
    tests.report.summary("")?;
    Ok(outcome.and(tests.report.outcome()))
}

struct Tests<'a> {
    report: Report<'a>,
    args: &'a TestArgs,
    passed: usize,
    failed: usize,
}

impl Tests<'_> {
    fn machine(
        &mut self,
        compilation: &Compilation,
        at: usize,
        machine: &Valid<Model>,
    ) -> Result<(), Failure> {
        let chart = lower(machine);
        let wanted = self.args.only.as_deref().unwrap_or_default();
        let chosen: Vec<&Scenario> =
            machine.scenarios.iter().filter(|s| s.title.contains(wanted)).collect();
        let mut taken = BTreeSet::new();
        for scenario in chosen {
            let ran = simulate::run(&chart, scenario);
            let failure = simulate::diagnostic(scenario, &ran);
            self.said(machine, scenario, failure.is_none())?;
            if let Some(failure) = failure {
                let mut diagnostics = Diagnostics::default();
                diagnostics.push(failure);
                self.report.show_all(&compilation.sources, &diagnostics)?;
            }
            taken.extend(ran.lines.into_iter().flat_map(|line| line.taken));
        }
        if self.args.coverage {
            self.coverage(compilation, machine, &chart, &taken)?;
        }
        if self.args.generate {
            self.generate(compilation, at, machine, &chart, &taken)?;
        }
        Ok(())
    }

    fn said(
        &mut self,
        machine: &Valid<Model>,
        scenario: &Scenario,
        passed: bool,
    ) -> Result<(), Failure> {
        let (count, word) = match passed {
            true => (&mut self.passed, "ok    "),
            false => (&mut self.failed, "FAILED"),
        };
        *count += 1;
        let (machine, title) = (&machine.name.text, &scenario.title);
        match self.report.format() {
            Format::Human => output::print(&format!("{word}  {machine}: {title}\n")),
            Format::Json => {
                let line = json!({"machine": machine, "scenario": title, "passed": passed});
                output::print(&format!("{line}\n"))
            }
            _ => Ok(()),
        }
    }

    fn coverage(
        &self,
        compilation: &Compilation,
        machine: &Valid<Model>,
        chart: &Chart,
        taken: &BTreeSet<PlanId>,
    ) -> Result<(), Failure> {
        let branches = cover::branches(&compilation.sources, machine, chart);
        let left: Vec<&Branch> = branches.iter().filter(|b| !taken.contains(&b.plan)).collect();
        let covered = branches.len() - left.len();
        let name = &machine.name.text;
        if self.report.format() == Format::Json {
            let left: Vec<_> = left
                .iter()
                .map(|branch| json!({"state": branch.source, "transition": branch.text}))
                .collect();
            let line = json!({
                "machine": name, "transitions": branches.len(), "covered": covered, "left": left,
            });
            return output::print(&format!("{line}\n"));
        }
        let mut text = format!("{name}: {covered} of {} transitions covered\n", branches.len());
        for branch in left {
            let place = place(compilation, branch);
            text.push_str(&format!("  not covered  {place}{}: {}\n", branch.source, branch.text));
        }
        output::print(&text)
    }

    fn generate(
        &self,
        compilation: &Compilation,
        at: usize,
        machine: &Valid<Model>,
        chart: &Chart,
        taken: &BTreeSet<PlanId>,
    ) -> Result<(), Failure> {
        let made = cover::generate(compilation, at, taken, self.args.bound.bound);
        let text = format(&made.scenarios.join("\n"));
        match &self.args.out {
            None => output::print(&text)?,
            Some(path) => {
                let there = match std::path::Path::new(path).exists() {
                    true => output::read(path)?,
                    false => String::new(),
                };
                let gap = if there.is_empty() || text.is_empty() { "" } else { "\n" };
                output::write(path, &format!("{there}{gap}{text}"))?;
            }
        }
        let name = &machine.name.text;
        output::note(&format!("{name}: {} scenarios made", made.scenarios.len()));
        let branches = cover::branches(&compilation.sources, machine, chart);
        for (plan, why) in &made.left {
            if let Some(branch) = branches.iter().find(|branch| branch.plan == *plan) {
                let place = place(compilation, branch);
                let (source, text) = (&branch.source, &branch.text);
                output::note(&format!("  cannot be covered  {place}{source}: {text}: {why}"));
            }
        }
        Ok(())
    }
}

/// `file:line: `
fn place(compilation: &Compilation, branch: &Branch) -> String {
    let source = compilation.sources.get(branch.span.source);
    source.map_or(String::new(), |source| {
        format!("{}:{}: ", source.name, source.position(branch.span.start as usize).line)
    })
}
