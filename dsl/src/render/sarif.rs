//! SARIF 2.1.0, for code scanning and other programs that gather what tools say.

use super::literal::{join, string};
use super::place::place;
use super::{text, word};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix};
use crate::source::Sources;
use crate::span::Span;
use std::collections::BTreeSet;
use std::fmt::Write;

/// One log of one run, for all that is compiled in it.
#[derive(Debug, Default)]
pub struct SarifLog {
    rules: BTreeSet<Code>,
    results: Vec<String>,
    /// What two files import is said for both, and is one result.
    known: BTreeSet<String>,
}

impl SarifLog {
    /// Takes in what one compilation has to say.
    pub fn add(&mut self, sources: &Sources, diagnostics: &Diagnostics) {
        for diagnostic in diagnostics.iter() {
            let result = result(sources, diagnostic);
            if self.known.insert(result.clone()) {
                self.rules.insert(diagnostic.code);
                self.results.push(result);
            }
        }
    }

    /// The log: one JSON object, with the rules that its results name. Columns count characters
    /// (`unicodeCodePoints`).
    pub fn finish(&self) -> String {
        let rules = join(self.rules.iter().map(|code| rule(*code)));
        let driver = format!(
            "{{\"name\":\"statewright\",\"version\":{},\"informationUri\":{},\"rules\":[{rules}]}}",
            string(env!("CARGO_PKG_VERSION")),
            string(REPOSITORY),
        );
        format!(
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
             \"runs\":[{{\"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\
             \"results\":[{}]}}]}}\n",
            join(self.results.iter().cloned()),
        )
    }
}

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A code as a rule: its explanation, and where to read it.
fn rule(code: Code) -> String {
    let explanation = code.explanation();
    let first = explanation.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let page = format!("{REPOSITORY}/blob/main/docs/diagnostics.md#{}", code.anchor());
    format!(
        "{{\"id\":{},\"name\":\"{code:?}\",\"shortDescription\":{{\"text\":{}}},\
         \"fullDescription\":{{\"text\":{}}},\"helpUri\":{},\
         \"help\":{{\"text\":{},\"markdown\":{}}},\"defaultConfiguration\":{{\"level\":\"{}\"}}}}",
        string(&code.to_string()),
        string(code.title()),
        string(first.trim()),
        string(&page),
        string(explanation),
        string(explanation),
        word(code.severity()),
    )
}

fn result(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut out = format!(
        "{{\"ruleId\":{},\"level\":\"{}\",\"message\":{{\"text\":{}}},\"locations\":[{}]",
        string(&diagnostic.code.to_string()),
        word(diagnostic.severity),
        string(&text(diagnostic)),
        location(sources, diagnostic.primary).map_or(String::new(), |place| format!("{{{place}}}")),
    );
    let related = diagnostic.labels.iter().enumerate().filter_map(|(id, label)| {
        let place = location(sources, label.span)?;
        Some(format!("{{\"id\":{id},{place},\"message\":{{\"text\":{}}}}}", string(&label.text)))
    });
    let _ = write!(out, ",\"relatedLocations\":[{}]", join(related));
    let fixes: Vec<String> = diagnostic.fixes.iter().filter_map(|f| fix(sources, f)).collect();
    if !fixes.is_empty() {
        let _ = write!(out, ",\"fixes\":[{}]", fixes.join(","));
    }
    out.push('}');
    out
}

fn fix(sources: &Sources, fix: &Fix) -> Option<String> {
    let file = artifact(&sources.get(fix.span.source)?.name);
    Some(format!(
        "{{\"description\":{{\"text\":{}}},\"artifactChanges\":[{{\"artifactLocation\":{file},\
         \"replacements\":[{{\"deletedRegion\":{},\"insertedContent\":{{\"text\":{}}}}}]}}]}}",
        string(&fix.title),
        region(sources, fix.span),
        string(&fix.replacement),
    ))
}

/// The property that says where something is; `None` for what stands in no file.
fn location(sources: &Sources, span: Span) -> Option<String> {
    let file = artifact(&sources.get(span.source)?.name);
    Some(format!(
        "\"physicalLocation\":{{\"artifactLocation\":{file},\"region\":{}}}",
        region(sources, span)
    ))
}

fn region(sources: &Sources, span: Span) -> String {
    let place = place(sources, span);
    format!(
        "{{\"startLine\":{},\"startColumn\":{},\"endLine\":{},\"endColumn\":{}}}",
        place.start.line, place.start.column, place.end.line, place.end.column,
    )
}

fn artifact(path: &str) -> String {
    format!("{{\"uri\":{}}}", string(&uri(path)))
}

/// A path as a URI, or as a reference relative to where the program runs.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let has_drive = path.get(1..3) == Some(":/");
    let mut uri = match (path.starts_with('/'), has_drive) {
        (true, _) => "file://".to_owned(),
        (_, true) => "file:///".to_owned(),
        _ => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(byte.into());
            }
            b':' if has_drive => uri.push(':'),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("flows/light.flow"), "flows/light.flow");
        assert_eq!(uri("/a b/ü.flow"), "file:///a%20b/%C3%BC.flow");
        assert_eq!(uri("C:\\flows\\a.flow"), "file:///C:/flows/a.flow");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("a:b#c?.flow"), "a%3Ab%23c%3F.flow");
    }
}
