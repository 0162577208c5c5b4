//! Golden tests of the rules: `check/NAME.flow` and beside it `NAME.txt` with what is said. `BLESS=1`
//! writes the latter anew.

#![allow(clippy::unwrap_used)]

use statewright_dsl::code::Code;
use statewright_dsl::compile::{
    Compilation, FileLoader, TextLoader, compile, compile_at, compile_text,
};
use statewright_dsl::diagnostic::{Diagnostic, Fix, Severity};
use statewright_dsl::levels::{Level, Levels};
use statewright_dsl::source::Sources;
use statewright_dsl::span::Span;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn flows() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    let entries = fs::read_dir(folder).unwrap();
    let mut flows: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "flow"))
        .collect();
    flows.sort();
    flows
}

fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source).unwrap();
    let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
    if start.line == end.line {
        format!("{}:{}-{}", start.line, start.column, end.column)
    } else {
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    }
}

/// One diagnostic with everything it has.
fn show(sources: &Sources, d: &Diagnostic) -> String {
    let mut text = format!("{} {} {}\n", place(sources, d.primary), d.code, d.message);
    if !d.primary_label.is_empty() {
        writeln!(text, "  here: {}", d.primary_label).unwrap();
    }
    for label in &d.labels {
        writeln!(text, "  {}: {}", place(sources, label.span), label.text).unwrap();
    }
    for note in &d.notes {
        writeln!(text, "  note: {note}").unwrap();
    }
    if let Some(help) = &d.help {
        writeln!(text, "  help: {help}").unwrap();
    }
    for fix in &d.fixes {
        let old = sources.slice(fix.span);
        writeln!(text, "  fix: {}: {old:?} -> {:?}", fix.title, fix.replacement).unwrap();
    }
    text
}

fn show_all(compilation: &Compilation) -> String {
    compilation.diagnostics.iter().map(|d| show(&compilation.sources, d)).collect()
}

fn compile_file(path: &Path) -> (String, Compilation) {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let compilation = compile_text(&name, &text);
    (text, compilation)
}

#[test]
fn rules_say_what_they_said() {
    let mut wrong = String::new();
    for path in flows() {
        let (_, compilation) = compile_file(&path);
        let said = show_all(&compilation);
        let golden = path.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&golden, &said).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if said != expected {
            writeln!(wrong, "{}\n--- expected\n{expected}--- said\n{said}", path.display())
                .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn good_machines_are_left_alone() {
    let mut flows = flows();
    flows.retain(|path| path.to_string_lossy().contains("_good"));
    let mut wrong = String::new();
    for path in flows {
        let (_, compilation) = compile_file(&path);
        if !compilation.diagnostics.is_empty() || compilation.machines.is_empty() {
            writeln!(wrong, "{}\n{}", path.display(), show_all(&compilation)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// All `.flow` files in a folder and in those in it, without scenarios.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(below(&path));
        } else if name.ends_with(".flow") && !name.ends_with(".scenarios.flow") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Nothing is doubted in the language in use and in the examples, with every warning switched on that
/// is not asked for by `@strict`; and that one says only what it is for.
#[test]
fn no_lint_fires_on_machines_in_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let flows = [below(&root.join("tests/flows")), below(&root.join("examples"))].concat();
    assert!(flows.len() >= 12, "{flows:#?}");
    let mut all = Levels::default();
    all.set_all(Level::Warn);
    let mut strict = all.clone();
    Code::ALL
        .iter()
        .filter(|code| code.is_opt_in())
        .for_each(|code| strict.set(*code, Level::Warn));
    for path in flows {
        let compiled = |levels| compile_at(&FileLoader, path.to_str().unwrap(), levels);
        let compilation = compiled(&all);
        let said = show_all(&compilation);
        assert!(said.is_empty() && !compilation.machines.is_empty(), "{}\n{said}", path.display());
        let compilation = compiled(&strict);
        let others = compilation.diagnostics.iter().filter(|d| d.code != Code::Unhandled);
        assert_eq!(others.count(), 0, "{}\n{}", path.display(), show_all(&compilation));
    }
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    text.replace_range(fix.span.range(), &fix.replacement);
    text
}

#[test]
fn fixes_make_their_diagnostic_go_away() {
    for path in flows() {
        let (text, before) = compile_file(&path);
        let count = |c: &Compilation, d: &Diagnostic| {
            c.diagnostics.iter().filter(|other| other.code == d.code).count()
        };
        for d in before.diagnostics.iter() {
            for fix in &d.fixes {
                let after = compile_text("fixed.flow", &apply(&text, fix));
                assert!(
                    count(&after, d) < count(&before, d),
                    "{}: {}\n{}",
                    path.display(),
                    fix.title,
                    show_all(&after)
                );
                let errors = |c: &Compilation| {
                    c.diagnostics.iter().filter(|d| d.severity == Severity::Error).count()
                };
                assert!(errors(&after) <= errors(&before), "{}", show_all(&after));
            }
        }
    }
}

#[test]
fn attempts_multiply_through_imported_machines() {
    let part = "durable machine Part {
            key id
            context { id: String  found: bool = false }
            transient error Busy
            activity look(id: String) -> bool raises Busy
            policy patient { timeout 5s  retry max 9 backoff exponential 1s..5m jitter full on transient }
            initial state Looking {
                invoke look(id) with patient
                on done(f) do set found = f { if found -> Found  else -> Lost }
                on error(_) -> Lost
            }
            final state Found
            final state Lost
        }";
    let whole = |rounds: u32| {
        format!(
            "import \"part.flow\"
            durable machine Whole {{
                key id
                context {{ id: String  done: bool = false }}
                fn part_of(id: String, round: u32) -> String
                initial loop state Trying max {rounds} {{
                    until done
                    initial state Asking {{
                        invoke machine Part(part_of(id, round))
                        on done do set done = true -> Round
                        on error(_) -> Round
                    }}
                    final state Round
                    on converged -> Made
                    on exhausted -> Broken
                }}
                final state Made
                final state Broken
            }}"
        )
    };
    let found = |rounds: u32| {
        let loader = TextLoader::default()
            .with("whole.flow", whole(rounds))
            .with("part.flow", part.to_owned());
        show_all(&compile(&loader, "whole.flow"))
    };
    let said = found(20);
    assert!(said.contains("W0510 `look` of `Part` may be tried 200 times"), "{said}");
    assert!(said.contains("6:47-"), "the attempts of the other file: {said}");
    assert_eq!(found(5), "");
}
