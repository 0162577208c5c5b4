//! Diagnostics for people, with the look of rustc.

use super::excerpt::excerpts;
use super::{Style, summary};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Severity};
use crate::source::{Source, Sources};
use crate::span::{SourceId, Span};
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet,
};
use std::ops::Range;

/// All diagnostics with their source lines, and a line that counts them. Empty if there are none.
pub fn human(sources: &Sources, diagnostics: &Diagnostics, style: Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        out.push_str(&human_one(sources, diagnostic, style));
        out.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        out.push_str(&summary(diagnostics));
        out.push('\n');
    }
    out
}

/// One diagnostic with its source lines, without a line break at the end.
pub fn human_one(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.to_string());
    let mut group = title.elements(places(sources, diagnostic));
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let mut groups = vec![group];
    groups.extend(diagnostic.fixes.iter().filter_map(|fix| suggestion(sources, fix)));
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(style.width).render(&groups)
}

/// What stands beside a place: its span, its words, and whether it is the mistake itself.
struct Mark<'a> {
    span: Span,
    text: &'a str,
    kind: AnnotationKind,
}

/// The source lines: those of the primary place first, other files after it.
fn places<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Element<'a>> {
    let primary = Mark {
        span: diagnostic.primary,
        text: &diagnostic.primary_label,
        kind: AnnotationKind::Primary,
    };
    let labels = diagnostic.labels.iter().map(|label| Mark {
        span: label.span,
        text: &label.text,
        kind: AnnotationKind::Context,
    });
    let marks: Vec<Mark> = std::iter::once(primary).chain(labels).collect();
    let mut files: Vec<SourceId> = Vec::new();
    for mark in &marks {
        if !files.contains(&mark.span.source) {
            files.push(mark.span.source);
        }
    }
    files
        .iter()
        .filter_map(|&file| Some((file, sources.get(file)?)))
        .flat_map(|(file, source)| {
            let marks: Vec<&Mark> = marks.iter().filter(|mark| mark.span.source == file).collect();
            in_file(source, &marks)
        })
        .collect()
}

fn in_file<'a>(source: &'a Source, marks: &[&Mark<'a>]) -> Vec<Element<'a>> {
    let ranges: Vec<Range<usize>> = marks.iter().map(|mark| mark.span.range()).collect();
    let mut elements = Vec::new();
    for excerpt in excerpts(source, &ranges) {
        let first = excerpt.places.iter().map(|(i, _)| *i).min().unwrap_or(0);
        // The renderer counts columns in what it is given, which is wrong in a line that was cut.
        if excerpt.shifted {
            let at = source.position(ranges[first].start);
            let origin = Origin::path(&source.name).line(at.line).char_column(at.column);
            elements.push(origin.into());
        }
        let path = (!excerpt.shifted).then_some(&source.name);
        let annotations = excerpt.places.into_iter().map(|(i, range)| annotation(marks[i], range));
        let snippet = Snippet::source(excerpt.text)
            .path(path)
            .line_start(excerpt.first_line)
            .annotations(annotations.collect::<Vec<_>>());
        elements.push(snippet.into());
    }
    elements
}

fn annotation<'a>(mark: &Mark<'a>, range: Range<usize>) -> Annotation<'a> {
    mark.kind.span(range).label((!mark.text.is_empty()).then_some(mark.text))
}

/// A fix, as the line would look with it; `None` if it belongs to no known source, or replaces
/// more lines than are shown.
fn suggestion<'a>(sources: &'a Sources, fix: &'a Fix) -> Option<Group<'a>> {
    let source = sources.get(fix.span.source)?;
    let excerpt = excerpts(source, &[fix.span.range()]).into_iter().next()?;
    let (_, range) = excerpt.places.into_iter().next()?;
    if range.len() != fix.span.range().len() {
        return None;
    }
    let patch = Patch::new(range, &fix.replacement);
    let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).patch(patch);
    Some(Level::HELP.secondary_title(&fix.title).element(snippet))
}
