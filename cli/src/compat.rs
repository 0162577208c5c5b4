//! `statewright compat`

use crate::args::{CompatArgs, Format, ReportArgs};
use crate::input::{compile_input, is_readable};
use crate::instances::open::{Opened, refused};
use crate::machines::choose;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use serde_json::json;
use statewright::shape::{Comparison, Difference, Document, Verdict};
use statewright::store::Store;
use statewright_dsl::code::Code;
use statewright_dsl::diagnostic::{Diagnostic, Diagnostics};
use statewright_dsl::emit::shape;
use statewright_dsl::lower::lower;
use statewright_dsl::model::{Model, Valid};
use std::fmt::Write;
use std::io::Read;

/// Says what becomes of instances of the old machines in the new ones.
pub(crate) fn run(args: &ReportArgs, compat: &CompatArgs) -> Result<Outcome, Failure> {
    let mut report = Report::new(args);
    let Some(old) = old_shapes(&mut report, &compat.old)? else {
        report.summary("")?;
        return Ok(if is_readable(&compat.old) { Outcome::Wrong } else { Outcome::Unreadable });
    };
    let compilation = compile_input(&compat.new)?;
    report.show(&compilation)?;
    if compilation.diagnostics.has_errors() {
        report.summary("")?;
        return Ok(if is_readable(&compat.new) { Outcome::Wrong } else { Outcome::Unreadable });
    }
    let name = compat.machine.as_deref();
    let machines = choose(&compat.new, name, &compilation.machines)?;
    let machines: Vec<_> = machines.into_iter().filter(|m| m.durable.is_some()).collect();
    if machines.is_empty() {
        let text = format!("`{}` has no durable machine, so nothing is kept of it", compat.new);
        return Err(Failure::Usage(text));
    }
    let mut missing = Diagnostics::default();
    for machine in machines {
        let mut is_known = false;
        for old in old.iter().filter(|old| old.machine == machine.name.text) {
            is_known = true;
            let comparison = Comparison::new(old.clone(), document(machine)?);
            tell(args.format, machine, old.version, &comparison)?;
            missing.extend(missing_version(machine, old.version, &comparison));
        }
        if !is_known {
            output::note(&format!("`{}` is new: `{}` has none", machine.name.text, compat.old));
        }
    }
    report.show_all(&compilation.sources, &missing)?;
    report.summary("")?;
    Ok(report.outcome())
}

/// The shapes in a store, or of the machines in a `.flow` file; none if that has errors.
fn old_shapes(report: &mut Report<'_>, file: &str) -> Result<Option<Vec<Document>>, Failure> {
    if is_store(file) {
        let shapes = Opened::new(file)?.store.shapes().map_err(refused)?;
        // A shape that was kept before shapes had documents says nothing.
        let known = shapes.into_iter().filter_map(|(_, shape)| Document::parse(&shape.body).ok());
        return Ok(Some(known.collect()));
    }
    let compilation = compile_input(file)?;
    if compilation.diagnostics.has_errors() {
        report.show(&compilation)?;
        return Ok(None);
    }
    let durable = compilation.machines.iter().filter(|machine| machine.durable.is_some());
    durable.map(document).collect::<Result<_, _>>().map(Some)
}

/// True if a file begins as SQLite files do.
fn is_store(file: &str) -> bool {
    let mut first = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == *b"SQLite format 3\0"
}

fn document(machine: &Valid<Model>) -> Result<Document, Failure> {
    let text = shape::document(&lower(machine));
    Document::parse(&text).map_err(|why| {
        Failure::Refused(format!("the shape of `{}` cannot be read: {why}", machine.name.text))
    })
}

fn tell(
    format: Format,
    machine: &Valid<Model>,
    old_version: u64,
    comparison: &Comparison,
) -> Result<(), Failure> {
    let (name, verdict) = (&machine.name.text, comparison.verdict());
    let differences = comparison.differences();
    if format != Format::Human {
        let line = json!({
            "machine": name, "old_version": old_version, "new_version": machine.version,
            "verdict": verdict, "differences": differences,
        });
        // Other forms have no place for what is no diagnostic.
        return if format == Format::Json { output::print(&format!("{line}\n")) } else { Ok(()) };
    }
    let words = match verdict {
        Verdict::Same => "the same",
        Verdict::Compatible => "compatible: instances go on by themselves",
        Verdict::Migrated => "migrated: `migrate` blocks say what becomes of instances",
        Verdict::NeedsMigration => "needs a migration: some instances cannot go on",
    };
    let mut text = format!("{name}, version {old_version} to {}: {words}\n", machine.version);
    for Difference { what, why, way_out, migrated_from } in differences {
        let _ = match (way_out, migrated_from) {
            (Some(_), Some(from)) => {
                writeln!(
                    text,
                    "  + {what} {why}\n      `migrate from {from}` says what becomes of it"
                )
            }
            (Some(way_out), None) => writeln!(text, "  ! {what} {why}\n      {way_out}"),
            (None, _) => writeln!(text, "  - {what} {why}"),
        };
    }
    output::print(&text)
}

/// What is said where the shape has changed and the version has not.
fn missing_version(
    machine: &Valid<Model>,
    old_version: u64,
    comparison: &Comparison,
) -> Option<Diagnostic> {
    if old_version != machine.version || comparison.verdict() == Verdict::Same {
        return None;
    }
    let name = &machine.name.text;
    let message =
        format!("the shape of `{name}` has changed, and it is still version {old_version}");
    let mut diagnostic = Diagnostic::new(Code::ShapeChanged, machine.name.span, message)
        .at("instances that this version has made are others than it makes now")
        .help(format!("write `machine {name} version {} {{`", old_version + 1));
    for difference in comparison.differences() {
        diagnostic = diagnostic.note(format!("{} {}", difference.what, difference.why));
    }
    Some(diagnostic)
}
