//! `statewright fmt`

use crate::args::{FmtArgs, Format, ReportArgs};
use crate::input::parse_input;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use crate::target::difference;
use statewright_dsl::format::format;

/// Lays each file out and writes, prints or compares it.
pub(crate) fn run(report: &ReportArgs, args: &FmtArgs) -> Result<Outcome, Failure> {
    let prints = !args.check && args.files.iter().any(|file| file == "-");
    if prints && report.format != Format::Human {
        return Err(Failure::Usage(
            "the text goes to stdout, so messages cannot: leave `--format` away".into(),
        ));
    }
    let mut report = Report::new(report);
    let mut outcome = Outcome::Fine;
    for file in &args.files {
        let input = parse_input(file)?;
        report.show_all(&input.sources, &input.diagnostics)?;
        outcome = outcome.and(match input.text {
            Some(text) => deliver(args, file, &text)?,
            None => Outcome::Unreadable,
        });
    }
    report.summary("")?;
    Ok(outcome.and(report.outcome()))
}

fn deliver(args: &FmtArgs, file: &str, text: &str) -> Result<Outcome, Failure> {
    let formatted = format(text);
    match (args.check, file) {
        (true, _) if formatted != text => Ok(not_formatted(file, text, &formatted)),
        (true, _) => Ok(Outcome::Fine),
        (false, "-") => output::print(&formatted).map(|()| Outcome::Fine),
        (false, _) => output::write(file, &formatted).map(|()| Outcome::Fine),
    }
}

/// Says where a file is not as it should be.
fn not_formatted(file: &str, text: &str, formatted: &str) -> Outcome {
    let place = match difference(text, formatted) {
        place if place.is_empty() => ": lines end in several ways, or the last not at all".into(),
        place => place,
    };
    output::note(&format!("error: `{file}` is not formatted{place}"));
    output::note(&format!("help: run `statewright fmt {file}`"));
    Outcome::Wrong
}
