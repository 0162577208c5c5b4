//! `statewright matrix`

use crate::args::{MatrixArgs, ReportArgs, Table};
use crate::input::{compile_input, is_readable};
use crate::machines::choose;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use statewright_dsl::matrix::{self, Matrix};

/// Prints what each state of the machines does with each event.
pub(crate) fn run(report: &ReportArgs, args: &MatrixArgs) -> Result<Outcome, Failure> {
    let compilation = compile_input(&args.file)?;
    let mut report = Report::new(report);
    report.show(&compilation)?;
    report.summary("")?;
    if !is_readable(&args.file) {
        return Ok(Outcome::Unreadable);
    }
    if compilation.diagnostics.has_errors() {
        return Ok(Outcome::Wrong);
    }
    let machines = choose(&args.file, args.machine.as_deref(), &compilation.machines)?;
    if machines.is_empty() {
        return Err(Failure::Usage(format!("`{}` has no machine", args.file)));
    }
    let tables: Vec<Matrix> = machines.into_iter().map(matrix::matrix).collect();
    output::print(&match args.to {
        Table::Text => matrix::text(&tables),
        Table::Markdown => matrix::markdown(&tables),
        Table::Csv => matrix::csv(&tables),
    })?;
    Ok(report.outcome())
}
