//! Trees to models: what names and types mean, and what is said of those that mean nothing.
//! `BLESS=1` writes the expected files anew.

#![allow(clippy::unwrap_used)]

mod model_dump;

use model_dump::dump;
use statewright_dsl::compile::{Compilation, FileLoader, TextLoader, compile, compile_text};
use statewright_dsl::diagnostic::{Diagnostic, Diagnostics};
use statewright_dsl::model::Model;
use statewright_dsl::parse::parse;
use statewright_dsl::resolve::{Package, ParsedFile, resolve};
use statewright_dsl::source::Sources;
use statewright_dsl::unfold::unfold;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn flows(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut flows: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|e| e == "flow"))
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .collect();
    flows.sort();
    assert!(!flows.is_empty());
    flows
}

/// The models of a text, and what `resolve` says; the text has to parse.
fn resolved(text: &str) -> (Vec<Model>, String) {
    let mut sources = Sources::default();
    let source = sources.add("test.flow", text);
    let mut diagnostics = Diagnostics::default();
    let tree = parse(source, text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "does not parse: {diagnostics:?}");
    let files = vec![ParsedFile { source, tree, imports: Vec::new() }];
    let package = Package { files, beside: None };
    let package = unfold(&package, &mut diagnostics).into_owned();
    let models = resolve(&package, &mut diagnostics);
    diagnostics.sort();
    let said: String = diagnostics.iter().map(|d| one(d, &sources)).collect();
    (models, said)
}

/// A diagnostic as `line:column code message`, with what belongs to it in the lines below.
fn one(d: &Diagnostic, sources: &Sources) -> String {
    let place = |span: statewright_dsl::span::Span, offset: u32| {
        let place = sources.get(span.source).unwrap().position(offset as usize);
        format!("{}:{}", place.line, place.column)
    };
    let mut said = String::new();
    writeln!(said, "{} {} {}", place(d.primary, d.primary.start), d.code.short(), d.message)
        .unwrap();
    if !d.primary_label.is_empty() {
        writeln!(said, "    here: {}", d.primary_label).unwrap();
    }
    for label in &d.labels {
        writeln!(said, "    {} {}", place(label.span, label.span.start), label.text).unwrap();
    }
    for help in d.help.iter().chain(&d.notes) {
        writeln!(said, "    help: {help}").unwrap();
    }
    for fix in &d.fixes {
        let (start, end) = (place(fix.span, fix.span.start), place(fix.span, fix.span.end));
        writeln!(said, "    fix: {} {start}..{end} {:?}", fix.title, fix.replacement).unwrap();
    }
    said
}

fn compare(path: &Path, ending: &str, actual: &str) {
    let golden = path.with_extension(ending);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(actual == expected, "{} differs:\n{actual}", golden.display());
}

#[test]
fn every_form_gives_its_model() {
    for (path, text) in flows("tests/resolve/ok") {
        let (models, said) = resolved(&text);
        assert_eq!(said, "", "{}", path.display());
        compare(&path, "model", &models.iter().map(dump).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn mistakes_are_told_once_and_in_place() {
    for (path, text) in flows("tests/resolve/err") {
        compare(&path, "said", &resolved(&text).1);
    }
}

#[test]
fn examples_resolve() {
    for (path, text) in flows("../tests/flows") {
        let (models, said) = resolved(&text);
        assert_eq!(models.len(), 1, "{}", path.display());
        assert_eq!(said, "", "{}", path.display());
    }
}

/// The codes of everything that is said, in order.
fn codes(compilation: &Compilation) -> Vec<&'static str> {
    compilation.diagnostics.iter().map(|d| d.code.short()).collect()
}

const LAMP: &str = "enum Lamp { Red, Green }";

fn machine(items: &str) -> String {
    format!("machine M {{ event Go initial state A {{ {items} on Go -> B }} final state B }}")
}

#[test]
fn imports_bring_types_errors_and_policies() {
    let root = format!(
        "import \"parts/lamp.flow\" import \"parts/../parts/lamp.flow\" {}",
        machine("on Show(lamp) if lamp == Lamp::Red -> B")
            .replace("event Go", "event Go event Show(lamp: Lamp)")
    );
    let loader = TextLoader::default()
        .with("flows/root.flow", root)
        .with("flows/parts/lamp.flow", format!("\u{feff}import \"deep.flow\" {LAMP}"))
        .with("flows/parts/deep.flow", "struct Deep { lamp: Lamp }");
    let compilation = compile(&loader, "flows/root.flow");
    assert_eq!(compilation.package.files.len(), 3);
    let model = &compilation.machines[0];
    let types: Vec<_> =
        model.declarations.types.iter().map(|t| (t.name.text.as_str(), t.imported)).collect();
    assert_eq!(types, [("Deep", true), ("Lamp", true)]);
}

#[test]
fn what_cannot_be_read_is_said_where_it_is_imported() {
    let huge_path = "x/".repeat(20) + "no.flow";
    let root = format!(
        "import \"no.flow\"\nimport \"bytes.flow\"\nimport \"{huge_path}\"\n{}",
        machine("")
    );
    let loader =
        TextLoader::default().with("root.flow", root).with("bytes.flow", b"enum \xff".to_vec());
    let compilation = compile(&loader, "root.flow");
    assert_eq!(codes(&compilation), ["E0004", "E0004", "E0004"]);
    let lines: Vec<_> = compilation
        .diagnostics
        .iter()
        .map(|d| {
            compilation
                .sources
                .get(d.primary.source)
                .unwrap()
                .position(d.primary.start as usize)
                .line
        })
        .collect();
    assert_eq!(lines, [1, 2, 3]);
    assert!(compilation.diagnostics.iter().nth(1).unwrap().message.contains("offset 5"));
    assert!(compilation.machines.is_empty());

    let missing = compile(&FileLoader, "/no/such/file.flow");
    assert_eq!(codes(&missing), ["E0004"]);
    let directory = compile(&FileLoader, env!("CARGO_MANIFEST_DIR"));
    assert!(directory.diagnostics.iter().next().unwrap().message.contains("directory"));
}

#[test]
fn a_circle_of_imports_is_named_once() {
    let loader = TextLoader::default()
        .with("a.flow", format!("import \"b.flow\" import \"a.flow\" {}", machine("")))
        .with("b.flow", "import \"c.flow\"")
        .with("c.flow", "import \"b.flow\"\nimport \"a.flow\"\nimport \"d.flow\"")
        .with("d.flow", "enum Last { One }");
    let compilation = compile(&loader, "a.flow");
    assert_eq!(codes(&compilation), ["E0005", "E0005", "E0005"]);
    let notes: Vec<_> = compilation.diagnostics.iter().map(|d| d.notes[0].as_str()).collect();
    assert_eq!(
        notes,
        [
            "`a.flow` imports `a.flow`",
            "`b.flow` imports `c.flow` imports `b.flow`",
            "`a.flow` imports `b.flow` imports `c.flow` imports `a.flow`",
        ]
    );
}

#[test]
fn allow_takes_away_warnings_of_its_item_alone() {
    let text =
        |allow: &str| format!("enum lamp {{ red }} {allow} enum sign {{ red }} {}", machine(""));
    let with = |allow: &str| codes(&compile_text("test.flow", &text(allow)));
    let all = with("").iter().filter(|code| **code == "W0901").count();
    let rest =
        with("@allow(W0901, \"as on the road\")").iter().filter(|code| **code == "W0901").count();
    assert!(0 < rest && rest < all, "{rest} of {all}");
    assert!(with("@allow(W0901)").contains(&"E0401"));
    assert!(with("@allow(E0101, \"no\")").contains(&"E0401"));
    assert!(with("@allow(W0999, \"no\")").contains(&"E0104"));
}

#[test]
fn after_a_syntax_error_only_certain_mistakes_are_told() {
    let text =
        "machine M { event event Go initial state A { on Go -> B on Stop -> Bb } final state B }";
    let compilation = compile_text("test.flow", text);
    let all = codes(&compilation);
    assert!(all.contains(&"E0001") && !all.contains(&"E0103"), "{all:?}");
    assert!(compilation.machines.is_empty());
}

/// A small generator of numbers, so that the test is the same everywhere.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % below
}

#[test]
fn texts_with_words_moved_about_never_panic() {
    let mut seed = 7;
    for (path, text) in flows("../tests/flows").into_iter().chain(flows("tests/resolve/ok")) {
        let words: Vec<&str> = text.split_inclusive([' ', '\n', '(', ')', ',']).collect();
        for _ in 0..60 {
            let mut words = words.clone();
            for _ in 0..1 + random(&mut seed, 3) {
                let (from, to) = (random(&mut seed, words.len()), random(&mut seed, words.len()));
                match random(&mut seed, 3) {
                    0 => drop(words.remove(from)),
                    1 => words.insert(to, words[from]),
                    _ => words[to] = words[from],
                }
            }
            let compilation = compile_text("test.flow", &words.concat());
            let sound = compilation.machines.is_empty() == compilation.diagnostics.has_errors()
                || compilation.package.files[0].tree.items.is_empty();
            assert!(sound, "{}", path.display());
        }
    }
}
