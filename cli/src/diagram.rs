//! `statewright diagram`

use crate::args::{DiagramArgs, Language, ReportArgs};
use crate::input::{compile_input, is_readable};
use crate::machines::{choose, only};
use crate::outcome::{Failure, Outcome};
use crate::report::Report;
use crate::{markdown, output, target};
use statewright_dsl::emit;
use statewright_dsl::model::{Model, Valid};
use std::path::Path;

/// Draws a machine and prints, writes or compares the diagram.
pub(crate) fn run(report: &ReportArgs, args: &DiagramArgs) -> Result<Outcome, Failure> {
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
    let outcome = match args.check.as_ref().or(args.out.as_ref()) {
        Some(path) if markdown::is_markdown(path) => in_markdown(args, path, &machines)?,
        Some(path) => whole_file(args, path, only(&args.file, &machines)?)?,
        None => {
            output::print(&draw(args, only(&args.file, &machines)?))?;
            Outcome::Fine
        }
    };
    Ok(outcome.and(report.outcome()))
}

fn draw(args: &DiagramArgs, machine: &Valid<Model>) -> String {
    match args.to {
        Language::Mermaid => emit::mermaid(machine),
        Language::Dot => emit::dot(machine),
    }
}

fn whole_file(args: &DiagramArgs, path: &str, machine: &Valid<Model>) -> Result<Outcome, Failure> {
    finish(args, path, &draw(args, machine))
}

fn in_markdown(
    args: &DiagramArgs,
    path: &str,
    machines: &[&Valid<Model>],
) -> Result<Outcome, Failure> {
    let places = || machines.iter().map(|m| markdown::place_for(&m.name.text)).collect::<String>();
    if !Path::new(path).exists() {
        return Err(Failure::Usage(format!(
            "there is no `{path}`; make it, with this where the diagram shall stand:\n\n{}",
            places()
        )));
    }
    let mut text = output::read(path)?;
    let mut found = false;
    let language = if args.to == Language::Dot { "dot" } else { "mermaid" };
    for machine in machines {
        let name = &machine.name.text;
        if let Some(replaced) = markdown::replace(&text, name, language, &draw(args, machine)) {
            text = replaced;
            found = true;
        }
    }
    if !found {
        return Err(Failure::Usage(format!(
            "`{path}` has no place for a diagram; put this where it shall stand:\n\n{}",
            places()
        )));
    }
    finish(args, path, &text)
}

/// Compares, or writes.
fn finish(args: &DiagramArgs, path: &str, text: &str) -> Result<Outcome, Failure> {
    if args.check.is_none() {
        output::write(path, text)?;
        return Ok(Outcome::Fine);
    }
    let machine = args.machine.iter().map(|name| format!(" --machine {name}")).collect::<String>();
    let to = if args.to == Language::Dot { " --to dot" } else { "" };
    let command = format!("statewright diagram {}{machine}{to} -o {path}", args.file);
    target::compare(path, text, &command)
}
