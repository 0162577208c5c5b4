//! `statewright check`

use crate::args::{CheckArgs, ReportArgs};
use crate::input::{compile_input, is_readable, once};
use crate::outcome::{Failure, Outcome};
use crate::report::Report;

/// Compiles each file and shows what there is to say.
pub(crate) fn run(report: &ReportArgs, args: &CheckArgs) -> Result<Outcome, Failure> {
    let mut report = Report::new(report);
    let mut outcome = Outcome::Fine;
    let mut machines = 0;
    for file in once(&args.files) {
        let compilation = compile_input(file)?;
        report.show(&compilation)?;
        machines += compilation.machines.len();
        if !is_readable(file) {
            outcome = Outcome::Unreadable;
        }
    }
    let counted = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    };
    let (files, machines) = (counted(args.files.len(), "file"), counted(machines, "machine"));
    report.summary(&format!("{files}, {machines}: no errors, no warnings"))?;
    Ok(outcome.and(report.outcome()))
}
