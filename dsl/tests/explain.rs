//! The catalogue keeps its word: every bad example gives its code and nothing else, every good
//! example gives nothing, and `docs/diagnostics.md` says what the catalogue says.

#![allow(clippy::unwrap_used)]

use statewright_dsl::code::Code;
use statewright_dsl::compile::{Compilation, TextLoader, compile, compile_text};
use statewright_dsl::emit::shape;
use statewright_dsl::lower::lower;
use statewright_dsl::{simulate, verify};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The examples of one kind in a page.
fn examples(page: &str, kind: &str) -> Vec<String> {
    let mark = format!("```flow,{kind}\n");
    page.split(&mark)
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .map(String::from)
        .collect()
}

/// What compiling says and, if it has nothing to say, what exploring does.
fn found(code: Code, compilation: &Compilation) -> Vec<Code> {
    if code == Code::ShapeChanged && compilation.diagnostics.is_empty() {
        return changed(compilation);
    }
    let mut codes: Vec<Code> = compilation.diagnostics.iter().map(|d| d.code).collect();
    if codes.is_empty() {
        for machine in &compilation.machines {
            let chart = lower(machine);
            let explored = verify::explore(&chart, &machine.properties, 10_000, &mut |_, _| {});
            codes.extend(explored.diagnostics(&str::to_owned).iter().map(|d| d.code));
            for scenario in &machine.scenarios {
                let ran = simulate::run(&chart, scenario);
                codes.extend(simulate::diagnostic(scenario, &ran).map(|d| d.code));
            }
        }
    }
    codes
}

/// What comparing says, given that the machine had a smaller number and the same version, 1.
fn changed(compilation: &Compilation) -> Vec<Code> {
    let machine = lower(&compilation.machines[0]);
    let now = shape::hash(&machine);
    let text = compilation.sources.iter().next().unwrap().1.text.replace("u64 = 0", "u32 = 0");
    let text = text.replace("Pay(cents: u64)", "Pay(cents: u32)");
    let before = compile_text("example.flow", &text);
    let before = lower(&before.machines[0]);
    let is_changed = before.version == 1 && machine.version == 1 && shape::hash(&before) != now;
    is_changed.then_some(Code::ShapeChanged).into_iter().collect()
}

fn said(compilation: &Compilation) -> Vec<String> {
    compilation.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect()
}

#[test]
fn bad_examples_give_their_code_alone() {
    let mut wrong = String::new();
    for code in Code::ALL {
        for text in examples(code.explanation(), "bad") {
            let compilation = compile_text("example.flow", &text);
            let codes = found(*code, &compilation);
            if codes != [*code] {
                let said = said(&compilation);
                writeln!(wrong, "{code}:\n{text}said {said:#?}, found {codes:?}\n").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn good_examples_give_nothing() {
    let mut wrong = String::new();
    for code in Code::ALL {
        for text in examples(code.explanation(), "good") {
            let compilation = compile_text("example.flow", &text);
            let explores =
                code.short().starts_with(['E', 'W']) && code.short()[1..].starts_with("080");
            let nothing = match explores {
                true => found(*code, &compilation).is_empty(),
                false => compilation.diagnostics.is_empty(),
            };
            if !nothing || compilation.machines.is_empty() {
                writeln!(wrong, "{code}:\n{text}said {:#?}\n", said(&compilation)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_has_examples() {
    for code in Code::ALL {
        // One needs a text that nobody reads, the other several files: both have tests of their own.
        if !matches!(code, Code::TooDeep | Code::ImportCycle) {
            let page = code.explanation();
            assert_eq!(examples(page, "bad").len(), 1, "{code}");
            assert_eq!(examples(page, "good").len(), 1, "{code}");
        }
    }
}

/// What is said of machines that nobody should run, by what goes wrong with them.
const TROUBLE: [(&str, &[Code]); 7] = [
    ("retry storms", &[Code::RetryStorm, Code::UselessRetry, Code::Amplified]),
    ("endless loops", &[Code::EndlessCalls, Code::NoUntil, Code::EventlessCycle]),
    ("steps that cannot be undone", &[Code::Irreversible, Code::OpenSaga, Code::OutsideEffect]),
    ("unbounded fan-out", &[Code::UnboundedFanOut, Code::Herd]),
    ("context loss", &[Code::UnsetRead, Code::LostValue]),
    ("waits without timeout", &[Code::NoTimeout, Code::NoTimeLeft]),
    ("failures that nobody sees", &[Code::Uncaught, Code::Swallowed, Code::SilentFailure]),
];

#[test]
fn the_seeds_of_trouble_are_caught() {
    for (trouble, codes) in TROUBLE {
        for code in codes {
            let page = code.explanation();
            let bad = examples(page, "bad");
            assert!(!bad.is_empty(), "{trouble}: {code} has no bad example");
            for text in bad {
                let codes = found(*code, &compile_text("example.flow", &text));
                assert_eq!(codes, [*code], "{trouble}\n{text}");
            }
            for text in examples(page, "good") {
                let compilation = compile_text("example.flow", &text);
                assert!(compilation.diagnostics.is_empty(), "{trouble}: {code}\n{text}");
            }
        }
    }
}

/// The numbers of the rules for activities, sagas, joins and durable machines that are meant to be there.
#[test]
fn no_rule_of_orchestration_is_missing() {
    let numbers = [(501, 511), (601, 608), (701, 705), (801, 805)];
    let missing: Vec<u32> = numbers
        .iter()
        .flat_map(|(first, last)| *first..=*last)
        .filter(|number| {
            let text = |word: char| Code::find(&format!("{word}0{number}")).is_none();
            text('E') && text('W')
        })
        .collect();
    assert_eq!(missing, []);
    // Each has a bad and a good example: `every_code_has_examples`.
}

#[test]
fn what_is_nested_too_deeply_gives_its_code() {
    let nested = |depth: usize| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        format!(
            "machine Deep {{ context {{ n: u32 = 1 }} event Go initial state A {{ \
             on Go if {open}n > 0{close} do set n = n -> B }} final state B }}"
        )
    };
    let found = |depth| {
        let compilation = compile_text("example.flow", &nested(depth));
        compilation.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(found(200), [Code::TooDeep]);
    assert_eq!(found(100), []);
}

#[test]
fn a_circle_of_imports_gives_its_code() {
    let machine = "machine Turning { initial state A { after 1s -> B } final state B }";
    let found = |last: &str| {
        let loader = TextLoader::default()
            .with("a.flow", format!("import \"b.flow\" {machine}"))
            .with("b.flow", last.to_owned());
        let compilation = compile(&loader, "a.flow");
        compilation.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>()
    };
    assert_eq!(found("import \"a.flow\""), [Code::ImportCycle]);
    assert_eq!(found("enum Side { Left, Right }"), []);
}

#[test]
fn a_number_means_one_thing() {
    let numbers: BTreeSet<&str> = Code::ALL.iter().map(|code| &code.short()[1..]).collect();
    assert_eq!(numbers.len(), Code::ALL.len());
}

/// `E0402`, `W0107` and the like in a text.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| {
        let digits = word.strip_prefix(['E', 'W']).unwrap_or_default();
        digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

#[test]
fn codes_that_documents_promise_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|e| e == "md"));
    let own = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|page| root.join(page));
    let (mut seen, mut unknown) = (0, Vec::new());
    for page in pages.chain(own) {
        let text = std::fs::read_to_string(&page).unwrap();
        for code in codes_in(&text) {
            seen += 1;
            // One is rustc's.
            if Code::find(code).is_none() && code != "E0046" {
                unknown.push(format!("{}: {code}", page.display()));
            }
        }
    }
    assert!(seen > 100 && unknown.is_empty(), "{seen} codes, unknown: {unknown:#?}");
}

#[test]
fn the_index_is_up_to_date() {
    let mut text = String::from(
        "# Diagnostics\n\nWhat the compiler says, by code: `statewright explain E0102` prints one of these pages.\n\
         Errors (`E`) stop code generation, warnings (`W`) do not; `@allow(W0107, \"why\")` in front of an\n\
         item silences a warning in it, and `statewright.toml` sets levels for a folder: see\n\
         [language.md](language.md#6-warnings). This page is generated from the catalogue.\n\n",
    );
    for code in Code::ALL {
        writeln!(text, "- [{code}: {}](#{})", code.title(), code.anchor()).unwrap();
    }
    for code in Code::ALL {
        write!(text, "\n## {code}: {}\n\n{}", code.title(), code.explanation()).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/diagnostics.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == text, "docs/diagnostics.md is out of date: run this test with BLESS=1");
}
