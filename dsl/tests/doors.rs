//! The same chart through every door is the same syntax tree.

use proc_macro2::TokenStream;
use statewright_dsl::ast;
use statewright_dsl::chart::Chart;
use statewright_dsl::compile::compile_text;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::door::{annotated, inline};
use statewright_dsl::emit::rust::{RustOptions, rust};
use statewright_dsl::lower::lower;
use statewright_dsl::model::Model;
use statewright_dsl::parse::parse;
use statewright_dsl::source::Sources;
use std::path::{Path, PathBuf};

fn tree(text: &str) -> ast::File {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = parse(sources.add("text", text), text, &mut diagnostics);
    let said: Vec<_> =
        diagnostics.iter().map(|d| (d.message.as_str(), d.primary.range())).collect();
    assert!(said.is_empty(), "{said:?}\n{text}");
    file
}

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the text lexes as Rust")
}

fn flows() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/flows")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn a_text_in_flow_is_the_same_as_in_a_file() {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(flows()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "flow")) {
        let text = read(path);
        let joined = inline::read(tokens(&text)).text;
        assert_eq!(tree(joined.text()), tree(&text), "{}", path.display());
    }
}

#[test]
fn joining_the_joined_tokens_changes_nothing() {
    for name in ["traffic_light", "order_saga", "document_agents", "refine_loop", "protected_call"]
    {
        let text = read(&flows().join(format!("{name}.flow")));
        let once = inline::read(tokens(&text)).text;
        let twice = inline::read(tokens(once.text())).text;
        assert_eq!(once.text(), twice.text(), "{name}");
        let one_line = once.text().replace('\n', "\n ");
        assert_eq!(tree(&one_line), tree(&text), "{name}");
    }
}

/// The model, and the generated code without places in the text.
fn meaning(text: &str) -> (Vec<Model>, String) {
    let compilation = compile_text("text", text);
    assert!(compilation.machines.len() == 1, "{:?}", compilation.diagnostics);
    let charts: Vec<Chart> = compilation.machines.iter().map(lower).collect();
    let code = rust(&charts, &RustOptions::default()).to_string();
    (compilation.machines.into_iter().map(|m| (*m).clone()).collect(), code)
}

#[test]
fn a_text_in_flow_has_the_same_model_and_code() {
    for file in ["traffic_light.flow", PAYMENT] {
        let file = read(&flows().join(file));
        let inline = inline::read(tokens(&file)).text;
        assert!(meaning(inline.text()) == meaning(&file));
    }
}

/// The arguments of `#[machine]` in front of a module, and the module.
fn attribute(source: &str) -> (&str, &str) {
    match source.strip_prefix("#[statewright::machine]") {
        Some(module) => ("", module),
        None => {
            let rest = source.strip_prefix("#[statewright::machine(");
            rest.and_then(|rest| rest.split_once(")]")).expect("the attribute is in front")
        }
    }
}

#[test]
fn a_module_is_the_same_as_a_file() {
    let crossing = read(&flows().join("../doors/traffic_light.rs"));
    let crossing = format!("#[statewright::machine]pub mod crossing {{ {crossing} }}");
    let payment = read(&flows().join("../doors/payment.rs"));
    for (module, file) in [(crossing, "traffic_light.flow"), (payment, PAYMENT)] {
        let (arguments, module) = attribute(&module);
        let text = annotated::read(tokens(arguments), tokens(module)).text_or_refusals();
        let file = read(&flows().join(file));
        assert_eq!(tree(&text), tree(&file), "{text}");
        assert!(meaning(&text) == meaning(&file), "{text}");
    }
}

/// A `use` for each name: a module brings in only those that its machine needs.
fn with_single_uses(mut file: ast::File) -> ast::File {
    let single = |item: ast::Item| match item {
        ast::Item::Use(all) => {
            let span = all.span;
            let one = |import| ast::Item::Use(ast::Use { imports: vec![import], span });
            all.imports.into_iter().map(one).collect()
        }
        other => vec![other],
    };
    file.items = file.items.into_iter().flat_map(single).collect();
    file
}

/// The text with some of its lines in front of another one.
fn moved(text: &str, lines: &[&str], before: &str) -> String {
    let (moved, others): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| lines.iter().any(|start| line.trim().starts_with(start)));
    assert_eq!(moved.len(), lines.len(), "{moved:?}");
    let at = others.iter().position(|line| line.trim().starts_with(before)).expect(before);
    [&others[..at], &moved, &others[at..]].concat().join("\n")
}

/// The other files of the language in use. What two of them say behind the states stands in front
/// of them in a module.
#[test]
fn whole_files_can_be_written_as_modules() {
    let cases: [(&str, &[&str], &str); 4] = [
        ("order_saga", &[], ""),
        ("document_agents", &[], ""),
        ("refine_loop", &["on Accept", "on converged", "on exhausted"], "initial state Writing"),
        ("protected_call", &["output Answered", "output Refused"], "initial state Idle"),
    ];
    for (name, behind, before) in cases {
        let module = read(&flows().join(format!("../doors/{name}.rs")));
        let (arguments, module) = attribute(&module);
        let text = annotated::read(tokens(arguments), tokens(module)).text_or_refusals();
        let mut file = read(&flows().join(format!("{name}.flow")));
        if !behind.is_empty() {
            file = moved(&file, behind, before);
        }
        assert_eq!(with_single_uses(tree(&text)), with_single_uses(tree(&file)), "{text}");
        assert!(meaning(&text) == meaning(&file), "{text}");
    }
}

/// Every construct, in a file and in a module beside it.
#[test]
fn every_construct_has_its_form_in_a_module() {
    let folder = flows().join("../doors/constructs");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "flow"));
    assert!(files.len() > 7, "{files:?}");
    for path in files {
        let (file, module) = (read(&path), read(&path.with_extension("rs")));
        let (arguments, module) = attribute(&module);
        let text = annotated::read(tokens(arguments), tokens(module)).text_or_refusals();
        assert_eq!(tree(&text), tree(&file), "{}\n{text}", path.display());
        assert!(meaning(&text) == meaning(&file), "{text}");
        let said = compile_text("text", &text).diagnostics;
        assert!(said.is_empty(), "{}: {said:?}", path.display());
    }
}

/// What docs/language.md says of sagas, people, fan-outs, loops, messages and machines, word by word.
const ORCHESTRATION: &[&str] = &[
    "saga state",
    "step",
    "concurrent {",
    "pivot step",
    "compensate",
    "compensate machine",
    ": machine",
    "@readonly",
    "abort",
    "on compensated(",
    "on compensation_error(",
    "human",
    "assign role(",
    "assign user(",
    "title",
    "remind every",
    "escalate after",
    "timeout never",
    "on timeout",
    "fan_out {",
    " in people max",
    "concurrency",
    "fallback",
    "join all",
    "join all_settled",
    "join any",
    "join first",
    "join quorum 2",
    "join quorum 60%",
    "tolerate 2",
    "tolerate 30%",
    "into",
    "failures into",
    "plurality",
    "majority",
    "unanimous",
    "vote one quorum",
    "weighted by",
    "loop state",
    " max 4",
    "deadline",
    "until",
    " for 2",
    "change(",
    "round",
    "on converged",
    "on exhausted",
    "do send",
    "invoke machine",
    "@outcome(failure)",
];

#[test]
fn no_construct_is_without_a_form_in_a_module() {
    let folder = flows().join("../doors/constructs");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|e| e == "flow"));
    let whole = ["order_saga", "document_agents", "refine_loop", "protected_call"];
    let whole = whole.map(|name| flows().join(format!("{name}.flow")));
    let said: String = files.chain(whole).map(|path| read(&path)).collect();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let missing: Vec<&&str> =
        ORCHESTRATION.iter().filter(|words| !said.contains(**words)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

const PAYMENT: &str = "../doors/payment.flow";

const TURNSTILE: &str = "
    /// Lets one person through for a coin.
    machine Turnstile version 2 {
        events shop::Event
        context shop::Coins
        guard enough(value: u32)
        action beep(times: u8)
        on Reset -> Locked
        /// Nobody passes.
        initial state Locked {
            on Coin(value) if enough(value) do set coins = coins + value, beep(1) -> Unlocked
            on Coin { value } do beep(2)
        }
        state Unlocked { on Push -> Locked }
    }";

#[test]
fn an_enum_is_the_same_as_a_file() {
    let arguments = tokens(
        "events shop::Event, context shop::Coins, guard enough(value: u32)
         action beep(times: u8) version 2 on Reset -> Locked",
    );
    let item = tokens(
        "/// Lets one person through for a coin.
         #[derive(Clone)]
         enum Turnstile {
             /// Nobody passes.
             #[state(initial)]
             #[on(Coin(value) if enough(value) do set coins = coins + value, beep(1) -> Unlocked)]
             #[on(Coin { value } do beep(2))]
             Locked,
             #[on(Push -> Locked)]
             Unlocked,
         }",
    );
    let text = annotated::read(arguments, item).text_or_refusals();
    assert_eq!(tree(&text), tree(TURNSTILE), "{text}");
    assert_eq!(tree(inline::read(tokens(TURNSTILE)).text.text()), tree(TURNSTILE));
}

const DRAFT: &str = "
    machine Draft {
        context { score: f64 = 0.0 }
        event Written(score: f64)
        output Told(round: u32)
        initial loop state Writing(least: f64 = 0.9) max 6 deadline 30m {
            until score >= least
            until change(score) < 0.01 for 2
            entry do emit Told(round)
            on converged -> Good
            on exhausted -> Poor
            initial state Waiting { on Written(s) do set score = s -> Round }
            final state Round
        }
        final state Good
        final state Poor
    }";

#[test]
fn a_loop_in_a_module_is_the_same_as_in_a_file() {
    let module = tokens(
        "mod draft {
            #[context] struct Context { #[init(0.0)] score: f64 }
            #[events] enum Event { Written { score: f64 } }
            #[outputs] enum Output { Told { round: u32 } }
            enum State {
                #[state(initial, loop, max 6, deadline 30m)]
                #[until(score >= least)]
                #[until(change(score) < 0.01 for 2)]
                #[entry(do emit Told(round))]
                #[on(converged -> Good)]
                #[on(exhausted -> Poor)]
                Writing { #[init(0.9)] least: f64, state: Writing },
                #[state(final)]
                Good,
                #[state(final)]
                Poor,
            }
            enum Writing {
                #[state(initial)]
                #[on(Written(s) do set score = s -> Round)]
                Waiting,
                #[state(final)]
                Round,
            }
        }",
    );
    let text = annotated::read(tokens(""), module).text_or_refusals();
    assert_eq!(tree(&text), tree(DRAFT), "{text}");
    assert!(meaning(&text) == meaning(DRAFT), "{text}");
}
