//! `statewright diagram`

use crate::args::{DiagramArgs, Language, ReportArgs};
use crate::input::{compile_input, is_readable};
use crate::outcome::{Failure, Outcome};
use crate::report::Report;
use crate::{markdown, output, target};
use statewright_dsl::emit;
use statewright_dsl::model::{Model, Valid};

/// Draws a machine and prints, writes or compares the diagram.
pub(crate) fn run(report: &ReportArgs, args: &DiagramArgs) -> Result<Outcome, Failure> {
    let compilation = compile_input(&args.file)?;
    let mut report = Report::new(report);
    report.show(&compilation)?;
    report.summary("");
    if !is_readable(&args.file) {
        return Ok(Outcome::Unreadable);
    }
    if compilation.diagnostics.has_errors() {
        return Ok(Outcome::Wrong);
    }
    let machines = choose(args, &compilation.machines)?;
    let outcome = match args.check.as_ref().or(args.out.as_ref()) {
        Some(path) if markdown::is_markdown(path) => in_markdown(args, path, &machines)?,
        Some(path) => whole_file(args, path, only(args, &machines)?)?,
        None => {
            output::print(&draw(args, only(args, &machines)?))?;
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

/// The machines that were asked for: the named one, or all of the file.
fn choose<'a>(
    args: &DiagramArgs,
    machines: &'a [Valid<Model>],
) -> Result<Vec<&'a Valid<Model>>, Failure> {
    let Some(name) = &args.machine else { return Ok(machines.iter().collect()) };
    match machines.iter().find(|machine| machine.name.text == *name) {
        Some(machine) => Ok(vec![machine]),
        None => Err(Failure::Usage(format!(
            "`{}` has no machine `{name}`; it has {}",
            args.file,
            names(machines.iter())
        ))),
    }
}

/// The one machine, where only one can be drawn.
fn only<'a>(
    args: &DiagramArgs,
    machines: &[&'a Valid<Model>],
) -> Result<&'a Valid<Model>, Failure> {
    match machines {
        [machine] => Ok(machine),
        [] => Err(Failure::Usage(format!("`{}` has no machine", args.file))),
        several => Err(Failure::Usage(format!(
            "`{}` has several machines, {}; name one with `--machine`",
            args.file,
            names(several.iter().copied())
        ))),
    }
}

fn names<'a>(machines: impl Iterator<Item = &'a Valid<Model>>) -> String {
    let names: Vec<String> = machines.map(|machine| format!("`{}`", machine.name.text)).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

fn whole_file(args: &DiagramArgs, path: &str, machine: &Valid<Model>) -> Result<Outcome, Failure> {
    finish(args, path, &draw(args, machine))
}

fn in_markdown(
    args: &DiagramArgs,
    path: &str,
    machines: &[&Valid<Model>],
) -> Result<Outcome, Failure> {
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
        let names: String = machines.iter().map(|m| markdown::place_for(&m.name.text)).collect();
        return Err(Failure::Usage(format!(
            "`{path}` has no place for a diagram; put this where it shall stand:\n\n{names}"
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
