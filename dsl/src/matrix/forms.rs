//! Tables as text for terminals, as Markdown and as CSV.

use super::{Answer, Cell, Matrix, Row, Verb};
use std::fmt::Write;

/// What a cell without answers says where there is no room for words.
const MISSING: &str = "-";

/// Columns under each other, a table behind the other, and below them what the marks mean.
pub fn text(tables: &[Matrix]) -> String {
    let mut out = String::new();
    for table in tables {
        let mut lines: Vec<Vec<String>> =
            vec![std::iter::once(&table.machine).chain(columns(table)).cloned().collect()];
        for row in &table.rows {
            let cells = cells(row).map(|cell| words(cell, "", MISSING));
            lines.push(std::iter::once(row.state.clone()).chain(cells).collect());
        }
        let width = |column: usize| {
            lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
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
        let head: String = columns(table).map(|column| format!(" `{column}` |")).collect();
        let _ = writeln!(out, "| state |{head}");
        let _ = writeln!(out, "|---|{}", "---|".repeat(columns(table).count()));
        for row in &table.rows {
            let cells: String =
                cells(row).map(|cell| format!(" {} |", words(cell, "`", MISSING))).collect();
            let _ = writeln!(out, "| `{}` |{cells}", row.state);
        }
        out.push('\n');
    }
    for note in legend(tables) {
        let _ = writeln!(out, "* {note}");
    }
    format!("{}\n", out.trim_end())
}

/// One table for all machines, for programs: a line a state, a column for each name of an event, then
/// for each end of an activity. A cell is empty if the machine has no such event, or if nothing that
/// runs there can end so, and `missing` if the state says nothing.
pub fn csv(tables: &[Matrix]) -> String {
    let mut events: Vec<&str> = Vec::new();
    for event in tables.iter().flat_map(|table| &table.events) {
        if !events.contains(&event.as_str()) {
            events.push(event);
        }
    }
    let mut ends: Vec<&str> = Vec::new();
    for end in tables.iter().flat_map(|table| &table.ends) {
        if !ends.contains(&end.as_str()) {
            ends.push(end);
        }
    }
    let head = ["machine", "state"].into_iter();
    let mut out = line(head.chain(events.iter().copied()).chain(ends.iter().copied()));
    for table in tables {
        for row in &table.rows {
            let of_event = |event: &&str| {
                let column = table.events.iter().position(|own| own == event)?;
                Some(&row.cells[column])
            };
            let of_end = |end: &&str| {
                let column = table.ends.iter().position(|own| own == end)?;
                row.ends[column].as_ref()
            };
            let cells = events.iter().map(of_event).chain(ends.iter().map(of_end));
            let cells: Vec<String> = cells.map(|cell| words(cell, "", "missing")).collect();
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

/// The heads of all columns: events, then ends of activities.
fn columns(table: &Matrix) -> impl Iterator<Item = &String> {
    table.events.iter().chain(&table.ends)
}

/// The cells below them.
fn cells(row: &Row) -> impl Iterator<Item = Option<&Cell>> {
    row.cells.iter().map(Some).chain(row.ends.iter().map(Option::as_ref))
}

/// The answers of a cell, with a mark around names; nothing if it cannot happen.
fn words(cell: Option<&Cell>, mark: &str, missing: &str) -> String {
    let Some(cell) = cell else { return String::new() };
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
    let rows = || tables.iter().flat_map(|table| &table.rows);
    let ends = || rows().flat_map(|row| &row.ends);
    let mut notes = Vec::new();
    if rows().flat_map(cells).flatten().any(|cell| cell.iter().any(|answer| answer.guarded)) {
        notes.push("`?`: if a guard holds; else what is behind it, or nothing".to_owned());
    }
    if rows().flat_map(|row| &row.cells).any(Cell::is_empty) {
        let regions = match tables.iter().any(|table| table.has_regions) {
            true => "; in a parallel state, unless another region says something",
            false => "",
        };
        notes.push(format!("`-`: nothing, the event is unhandled{regions}"));
    }
    if ends().flatten().any(Cell::is_empty) {
        notes.push(
            "`-` below `done`: the result is dropped; below `error`: nothing catches it, and the step \
             fails"
                .to_owned(),
        );
    }
    if ends().any(Option::is_none) {
        notes.push("empty: no activity runs there that can end so".to_owned());
    }
    notes
}
