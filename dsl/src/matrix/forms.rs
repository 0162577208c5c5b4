//! Tables as text for terminals, as Markdown and as CSV.

use super::{Answer, Cell, Matrix, Verb};
use std::fmt::Write;

/// What a cell without answers says where there is no room for words.
const MISSING: &str = "-";

/// Columns under each other, a table behind the other, and below them what the marks mean.
pub fn text(tables: &[Matrix]) -> String {
    let mut out = String::new();
    for table in tables {
        let head = std::iter::once(table.machine.clone()).chain(table.events.iter().cloned());
        let mut lines: Vec<Vec<String>> = vec![head.collect()];
        for row in &table.rows {
            let cells = row.cells.iter().map(|cell| words(cell, "", MISSING));
            lines.push(std::iter::once(row.state.clone()).chain(cells).collect());
        }
        let width = |column: usize| {
            lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..=table.events.len()).map(width).collect();
        for line in &lines {
            let padded = line.iter().zip(&widths).map(|(text, width)| format!("{text:width$}"));
            let padded: Vec<String> = padded.collect();
            let _ = writeln!(out, "{}", padded.join("  ").trim_end());
        }
        out.push('\n');
    }
    for note in legend(tables) {
        let _ = writeln!(out, "{note}");
    }
    format!("{}\n", out.trim_end())
}

/// A table each, with a heading if there are several.
pub fn markdown(tables: &[Matrix]) -> String {
    let mut out = String::new();
    for table in tables {
        if tables.len() > 1 {
            let _ = writeln!(out, "## {}\n", table.machine);
        }
        let events: String = table.events.iter().map(|event| format!(" `{event}` |")).collect();
        let _ = writeln!(out, "| state |{events}");
        let _ = writeln!(out, "|---|{}", "---|".repeat(table.events.len()));
        for row in &table.rows {
            let cells: String =
                row.cells.iter().map(|cell| format!(" {} |", words(cell, "`", MISSING))).collect();
            let _ = writeln!(out, "| `{}` |{cells}", row.state);
        }
        out.push('\n');
    }
    for note in legend(tables) {
        let _ = writeln!(out, "* {note}");
    }
    format!("{}\n", out.trim_end())
}

/// One table for all machines, for programs: a line a state, a column for each name of an event. A
/// cell is empty if the machine has no such event, and `missing` if the state says nothing.
pub fn csv(tables: &[Matrix]) -> String {
    let mut events: Vec<&str> = Vec::new();
    for event in tables.iter().flat_map(|table| &table.events) {
        if !events.contains(&event.as_str()) {
            events.push(event);
        }
    }
    let mut out = line(["machine", "state"].into_iter().chain(events.iter().copied()));
    for table in tables {
        for row in &table.rows {
            let cells: Vec<String> = events
                .iter()
                .map(|event| {
                    let column = table.events.iter().position(|own| own == event);
                    column.map_or(String::new(), |at| words(&row.cells[at], "", "missing"))
                })
                .collect();
            let head = [table.machine.as_str(), row.state.as_str()];
            out.push_str(&line(head.into_iter().chain(cells.iter().map(String::as_str))));
        }
    }
    out
}

/// One record, as RFC 4180 has it but for the line break.
fn line<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let quoted = |field: &str| match field.contains([',', '"', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    };
    fields.map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// The answers of a cell, with a mark around names.
fn words(cell: &Cell, mark: &str, missing: &str) -> String {
    let words = |answer: &Answer| {
        let guarded = if answer.guarded { "?" } else { "" };
        match (answer.verb, &answer.from) {
            (Verb::Handled, None) => format!("handled{guarded}"),
            (Verb::Handled, Some(from)) => format!("inherited{guarded} ({mark}{from}{mark})"),
            (Verb::Deferred, None) => "deferred".to_owned(),
            (Verb::Deferred, Some(from)) => format!("deferred ({mark}{from}{mark})"),
            (Verb::Ignored, None) => "ignored".to_owned(),
            (Verb::Ignored, Some(from)) => format!("ignored ({mark}{from}{mark})"),
        }
    };
    match cell.is_empty() {
        true => missing.to_owned(),
        false => cell.iter().map(words).collect::<Vec<_>>().join(", "),
    }
}

/// What the marks mean that are in some table.
fn legend(tables: &[Matrix]) -> Vec<String> {
    let cells = || tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let mut notes = Vec::new();
    if cells().any(|cell| cell.iter().any(|answer| answer.guarded)) {
        notes.push("`?`: if a guard holds; else what is behind it, or nothing".to_owned());
    }
    if cells().any(Cell::is_empty) {
        let regions = match tables.iter().any(|table| table.has_regions) {
            true => "; in a parallel state, unless another region says something",
            false => "",
        };
        notes.push(format!("`-`: nothing, the event is unhandled{regions}"));
    }
    notes
}
