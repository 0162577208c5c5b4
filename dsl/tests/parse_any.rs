//! What holds for every text: layout means nothing, nothing panics, nothing takes long.

#![allow(clippy::unwrap_used)]

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use proptest::prelude::*;
use statewright_dsl::ast::File;
use statewright_dsl::code::Code;
use statewright_dsl::diagnostic::Diagnostics;
use statewright_dsl::parse::{DEPTH_LIMIT, parse};
use statewright_dsl::span::SourceId;
use std::path::Path;
use std::time::{Duration, Instant};

fn parsed(text: &str) -> (File, Vec<(Code, String)>) {
    let mut diagnostics = Diagnostics::default();
    let file = parse(SourceId(0), text, &mut diagnostics);
    for d in diagnostics.iter() {
        assert!(text.get(d.primary.range()).is_some(), "{d:?}");
        for fix in &d.fixes {
            assert!(text.get(fix.span.range()).is_some(), "{d:?}");
        }
    }
    (file, diagnostics.iter().map(|d| (d.code, d.message.clone())).collect())
}

/// The good files of the tests.
fn good() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["../tests/flows", "tests/parse/ok"].map(|f| folder.join(f)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "flow") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(texts.len() > 7);
    texts
}

/// Rust's tokens of a text with a single space between them, as a macro's text is made.
fn joined(text: &str) -> String {
    let mut out = String::new();
    join(text.parse().unwrap(), &mut out);
    out
}

fn join(stream: TokenStream, out: &mut String) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    _ => ("( ", ") "),
                };
                out.push_str(open);
                join(group.stream(), out);
                out.push_str(close);
            }
            // Documentation reaches a macro as `#[doc = "text"]` or `#![doc = "text"]`.
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let inner = trees.next_if(|t| t.to_string() == "!").is_some();
                let Some(TokenTree::Group(attribute)) = trees.next() else {
                    panic!("no attribute")
                };
                let text = attribute.stream().into_iter().nth(2).unwrap().to_string();
                let plain = text.trim_matches('"').replace("\\\"", "\"");
                out.push_str(&format!("//{}{plain}\n", if inner { '!' } else { '/' }));
            }
            TokenTree::Punct(mark) => {
                out.push(mark.as_char());
                if mark.spacing() == Spacing::Alone {
                    out.push(' ');
                }
            }
            other => out.push_str(&format!("{other} ")),
        }
    }
}

#[test]
fn tokens_joined_by_spaces_give_the_same_tree() {
    for text in good() {
        let (tree, said) = parsed(&text);
        assert_eq!(said, []);
        assert!((tree, said) == parsed(&joined(&text)), "{text}");
    }
}

/// A mistake in a long file, told well, for every token that can be missing, doubled or wrong.
#[test]
fn any_token_may_be_missing_doubled_or_replaced() {
    for text in good() {
        for (start, end) in words(&text).into_iter().step_by(17) {
            let (before, word, behind) = (&text[..start], &text[start..end], &text[end..]);
            for middle in ["", "}", "{", "state", "7", "\"", "(", "=>"] {
                let (_, said) = parsed(&format!("{before}{middle}{behind}"));
                assert!(said.len() < 30, "{said:#?}");
            }
            parsed(&format!("{before}{word} {word}{behind}"));
        }
    }
}

/// However the rest is read, somebody is told.
#[test]
fn a_brace_without_its_pair_is_a_mistake() {
    for text in good() {
        for (start, end) in words(&text) {
            let line = text[..start].lines().next_back().unwrap_or("");
            let quoted = ["\"", "//", "/*"].iter().any(|mark| line.contains(mark));
            if matches!(&text[start..end], "{" | "}") && !quoted {
                let dropped = format!("{}{}", &text[..start], &text[end..]);
                assert_ne!(parsed(&dropped).1, [], "{dropped}");
            }
        }
        for end in [" state A {", " state A\n{ (", "\nstate state A\n{", " }", "{"] {
            let more = format!("{text}{end}");
            assert_ne!(parsed(&more).1, [], "{more}");
        }
    }
}

/// The words of a text, and every mark as a word of its own.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let carries_on = is_letter(c) && text[..at].ends_with(is_letter);
        match words.last_mut() {
            Some(word) if carries_on => word.1 = at + c.len_utf8(),
            _ => words.push((at, at + c.len_utf8())),
        }
    }
    words
}

/// Runs on a stack of 2 MiB, the smallest that threads of tools get.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(test).unwrap().join().unwrap();
}

/// Texts that nest `depth` times in every way there is, with and without their ends.
fn nested(depth: usize) -> Vec<String> {
    let n = depth.saturating_sub(2);
    let r = |s: &str, n: usize| s.repeat(n);
    let mut texts = vec![
        format!("machine A {{ {}{} }}", r("state B { ", n), r("} ", n)),
        format!("machine A {{ invariant {}x{} }}", r("(", n), r(")", n)),
        format!("machine A {{ invariant {}x{} }}", r("f(", n), r(")", n)),
        format!("machine A {{ invariant {}{} }}", r("[", n), r("]", n)),
        format!("machine A {{ invariant {}x }}", r("!", n)),
        format!("machine A {{ invariant {}x }}", r("- ", n)),
        format!("machine A {{ event E(x: {}u8{}) }}", r("Vec<", n), r(">", n)),
        format!("use a::{}b{};", r("{c::", n), r("}", n)),
        format!("{}{}", r("/*", n), r("*/", n)),
        format!("machine A {{ on E {}if x -> A{} }}", r("{ if y do x() ", n), r("}", n)),
    ];
    texts.extend(texts.clone().iter().map(|t| t[..t.len() / 2].to_string()));
    texts
}

#[test]
fn nesting_up_to_the_limit_parses() {
    on_small_stack(|| {
        for text in nested(DEPTH_LIMIT).iter().take(9) {
            assert_eq!(parsed(text).1, [], "{text}");
        }
    });
}

#[test]
fn nesting_beyond_the_limit_is_one_error() {
    on_small_stack(|| {
        for depth in [DEPTH_LIMIT + 5, 2_000, 50_000] {
            for text in nested(4 * depth) {
                let codes: Vec<_> = parsed(&text).1.into_iter().map(|said| said.0).collect();
                assert_eq!(codes, [Code::TooDeep], "{}", &text[..60]);
            }
        }
    });
}

/// Rows are not nested, but lean their tree to one side.
#[test]
fn long_rows_of_operators_are_refused_once() {
    on_small_stack(|| {
        for (row, end) in [("a + ", "a"), ("a && ", "a"), ("a.", "b")] {
            let text = format!("machine A {{ invariant {}{end} }}", row.repeat(100_000));
            let codes: Vec<_> = parsed(&text).1.into_iter().map(|said| said.0).collect();
            assert_eq!(codes, [Code::TooDeep], "{row}");
        }
        let wide = format!("machine A {{ invariant f({}) }}", "a, ".repeat(100_000));
        assert_eq!(parsed(&wide).1, []);
        let long = format!("machine A {{ invariant {}a }}", "a::".repeat(100_000));
        assert_eq!(parsed(&long).1, []);
    });
}

#[test]
fn strange_texts_end_soon() {
    let rows = [
        "x ",
        "$ ",
        "{ ",
        "} ",
        "( ",
        "\" ",
        "/* ",
        "= ",
        "; ",
        ", ",
        "state ",
        "on A => B ",
        "0x1 ",
        "@ ",
        "@a ",
        "/// a\n",
        "//! a\n",
        "machine A { ",
        "machine A { } ",
        "machine A { state ",
        "\0",
        "\u{A0}",
        "a: b, ",
        "state A { on B -> C } ",
        "é",
        "'",
        "on ",
        "enum E { A, ",
        "initial ",
        "machine A\n",
    ];
    for row in rows {
        for (start, end) in
            [("", ""), ("machine M { ", ""), ("machine M { ", "}"), ("enum E { ", "}")]
        {
            let text = format!("{start}{}{end}", row.repeat(4_000));
            let begin = Instant::now();
            parsed(&text);
            let took = begin.elapsed();
            assert!(took < Duration::from_secs(5), "{start}{row}: {took:?}");
        }
    }
}

/// Longer than any line that people write; the time grows with the length alone.
#[test]
fn a_long_line_ends_soon() {
    for state in ["state A { on B -> C } ", "state A { on B => C } "] {
        let text = format!("machine M {{ {} }}", state.repeat((3 << 17) / state.len()));
        let begin = Instant::now();
        parsed(&text);
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    }
}

fn word() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "machine",
        "state",
        "region",
        "on",
        "if",
        "else",
        "do",
        "->",
        "=>",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        ",",
        ":",
        "::",
        ";",
        "=",
        "==",
        "&&",
        "||",
        "!",
        "-",
        "+",
        ".",
        "..",
        "@",
        "?",
        "30s",
        "3",
        "0.5",
        "5%",
        "x",
        "Name",
        "\"text\"",
        "\"open",
        "/*",
        "*/",
        "// c\n",
        "/// d\n",
        "\n",
        "initial",
        "final",
        "context",
        "event",
        "policy",
        "retry",
        "max",
        "human",
        "fan_out",
        "join",
        "call",
        "step",
        "pivot",
        "invoke",
        "with",
        "after",
        "every",
        "always",
        "entry",
        "exit",
        "set",
        "raise",
        "emit",
        "send",
        "history",
        "use",
        "import",
        "enum",
        "struct",
        "durable",
        "scenario",
        "property",
        "given",
        "expect",
        "and",
        "leads",
        "to",
        "never",
        "eventually",
        "handled",
        "..",
        "transient",
        "error",
        "concurrent",
        "until",
        "é",
        "\0",
        "'",
        "$",
    ];
    prop_oneof![20 => prop::sample::select(WORDS).prop_map(String::from), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn token_soup_ends(words in prop::collection::vec(word(), 0..120)) {
        parsed(&words.join(" "));
        parsed(&words.concat());
    }

    #[test]
    fn token_soup_in_a_machine_ends(words in prop::collection::vec(word(), 0..60)) {
        parsed(&format!("machine M {{ state A {{ {} }} on B -> C }}", words.join(" ")));
    }

    #[test]
    fn any_text_ends(text in any::<String>()) {
        parsed(&text);
    }

    #[test]
    #[cfg(feature = "tools")]
    fn token_soup_as_a_script_ends(words in prop::collection::vec(word(), 0..60)) {
        let text = words.join(" ");
        for text in [text.clone(), format!("scenario \"x\" {{ {text} }}")] {
            let mut diagnostics = Diagnostics::default();
            statewright_dsl::parse::script(SourceId(0), &text, &mut diagnostics);
            statewright_dsl::parse::claims(SourceId(0), &text, &mut diagnostics);
            parsed(&text);
        }
    }
}
